import Testing
import TreeTesting

@testable import TreeSync

/// Rules that directories hold themselves. What is chosen is what rsync 3.5 chose of the same trees.
@Suite struct FilterScopeTests {
    static let cases: [(rules: [String], tree: [String: String], hidden: [String])] = [
        // They hold below, too, and the nearest comes first.
        ([": R"], ["R": "- a", "a": "", "d/a": "", "d/b": ""], ["a", "d/a"]),
        ([": R"], ["R": "- a", "d/R": "+ a", "a": "", "d/a": ""], ["a"]),
        ([":n R"], ["R": "- a", "a": "", "d/a": ""], ["a"]),
        // At the place of their rule.
        (["+ a", ": R"], ["R": "- a", "a": ""], []),
        ([": R", "+ a"], ["R": "- a", "a": ""], ["a"]),
        // The file itself.
        ([":e R"], ["R": "+ R", "d/R": "", "a": ""], ["R", "d/R"]),
        (["+ R", ":e R"], ["R": "", "a": ""], []),
        // Anchored where the file lies; floating patterns see the whole path.
        (
            [": R"], ["d/R": "- /a\n- q/z", "a": "", "d/a": "", "d/e/a": "", "d/q/z": "", "d/e/q/z": ""],
            ["d/a", "d/e/q/z", "d/q/z"]
        ),
        ([": R"], ["d/R": "- d/a\n- d/*b", "d/a": "", "d/xb": "", "d/c": ""], ["d/a", "d/xb"]),
        ([":/ R"], ["d/R": "- /a", "d/a": ""], []),
        // A clearing rule clears what the same file's name has brought.
        (
            [": R", "- z"], ["R": "- a", "d/R": "!\n- b", "a": "", "d/a": "", "d/b": "", "d/z": ""],
            ["a", "d/b", "d/z"]
        ),
        // Files that files name.
        (
            [": R"],
            [
                "d/R": ": Q\n- n", "d/Q": "- b", "d/b": "", "d/n": "", "d/e/Q": "- a", "d/e/a": "", "d/e/b": "",
                "Q": "- *",
            ], ["d/b", "d/e/a", "d/e/b", "d/n"]
        ),
        // Only patterns, and words.
        ([":- R"], ["R": "a\n- b\n#c\n;d", "a": "", "b": "", "- b": "", "#c": "", ";d": ""], ["- b", "a"]),
        ([":C R"], ["R": "a - b\n#c", "a": "", "b": "", "#c": "", "-": "", "d/a": ""], ["#c", "-", "a", "b"]),
        ([":C"], [".cvsignore": "a", "a": "", "d/a": ""], ["a"]),
        // The second of two for one name has no effect; another name has.
        ([": R", "- a", ":- R"], ["R": "- b", "- b": "", "b": ""], ["b"]),
        ([": R", ": Q"], ["R": "+ a", "Q": "- a\n- b", "a": "", "b": ""], ["b"]),
        // A directory of that name holds no rules.
        ([": R"], ["R/a": "", "a": ""], []),
        // Sides.
        ([":s R"], ["R": "- a", "a": ""], ["a"]),
        ([":r R"], ["R": "- a", "a": ""], []),
    ]

    @Test(arguments: cases.indices) func chooses(_ index: Int) throws {
        let (rules, entries, hidden) = Self.cases[index]
        let tree = FilterTree(entries)
        let chosen = Set(try tree.chosen(.testing(rules)))
        #expect(tree.paths.filter { !chosen.contains($0) } == hidden)
    }

    @Test(.enabled(if: hasRsync, "rsync is not installed"), arguments: cases.indices)
    func rsyncChoosesTheSame(_ index: Int) throws {
        let (rules, entries, hidden) = Self.cases[index]
        let tree = FilterTree(entries)
        try withTemporaryDirectory { folder in
            try tree.build(at: folder + "/tree")
            let chosen = try #require(try chosenByRsync(folder + "/tree", rules.flatMap { ["-f", $0] }))
            #expect(tree.paths.filter { !chosen.contains($0) } == hidden)
        }
    }

    @Test func aWrongRuleNamesItsFileAndLine() throws {
        let tree = FilterTree(["d/R": "- a\nfoo"])
        let error = #expect(throws: FilterError.self) { _ = try tree.chosen(.testing([": R"])) }
        #expect(error == FilterError(.unknownRule, Array("foo".utf8), .file(Array("d/R".utf8), line: 2)))
    }

    /// Below `/home/me`, with files in `/`, `/home` and in the tree.
    @Test func filesAboveTheTreeAreAnchoredThere() throws {
        var scope = try FilterScope.testing([": /R"], root: "/home/me")
        for (length, text) in [(0, "- /home/*/top\n- deep"), (4, "- /me/x\n- me/y\n+ deep")] {
            scope = try scope.above(length: length) {
                $0.start == [UInt8(ascii: "/")]
            } read: { _ in
                Array(text.utf8)
            }
        }
        #expect(try scope.hides("top") && scope.hides("x"))
        #expect(try !scope.hides("d/top") && !scope.hides("d/x") && !scope.hides("y") && !scope.hides("deep"))
    }
}
