import Testing
import TreeTesting

@testable import TreeSync

/// Random rules on random trees choose what rsync chooses. A failure prints its seed, its rules and its tree.
@Suite(.enabled(if: hasRsync, "rsync is not installed")) struct FilterRsyncTests {
    @Test(arguments: Seeds.some(80)) func rulesChooseWhatTheyChooseInRsync(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        let rules = random.rules(count: Int.random(in: 1...6, using: &random.generator), mayMerge: true)
        let tree = random.tree()
        try withTemporaryDirectory { folder in
            try tree.build(at: folder + "/tree")
            let scope = try FilterScope.testing(rules, root: folder + "/tree")
            let expected = try chosenByRsync(folder + "/tree", rules.flatMap { ["-f", $0] })
            let found = try? tree.chosen(scope)
            #expect(found == expected, "seed \(seed), rules \(rules), \(difference(found, expected))\n\(tree)")
        }
    }

    /// Patterns of the oddest kind, one at a time.
    @Test(arguments: Seeds.some(30)) func patternsMatchWhatTheyMatchInRsync(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        let tree = random.tree(holdsRules: false)
        try withTemporaryDirectory { folder in
            try tree.build(at: folder + "/tree")
            for _ in 0..<5 {
                let rule = random.rule(random.oddPattern())
                let scope = try FilterScope.testing([rule], root: folder + "/tree")
                let expected = try chosenByRsync(folder + "/tree", ["-f", rule])
                let found = try tree.chosen(scope)
                #expect(found == expected, "seed \(seed), rule \(rule), \(difference(found, expected))\n\(tree)")
            }
        }
    }
}

private func difference(_ found: [String]?, _ expected: [String]?) -> String {
    guard let found, let expected else { return found == nil ? "only we refuse" : "only rsync refuses" }
    return "too many \(Set(found).subtracting(expected).sorted()), too few \(Set(expected).subtracting(found).sorted())"
}

/// Rules and trees whose names have much to do with each other.
struct RandomFilters {
    var generator: SplitMix64
    static let ruleFiles = [".r", "q"]
    private static let names = ["a", "b", "ab", "ba", "a.o", "b.o", "x-a", "[a]", "a*b", ".r", "q"]

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator)! }
    mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &generator) == 0 }

    mutating func tree(holdsRules: Bool = true) -> FilterTree {
        var tree = FilterTree()
        for _ in 0..<Int.random(in: 5...40, using: &generator) {
            let depth = Int.random(in: 1...4, using: &generator)
            let path = (0..<depth).map { _ in pick(Self.names) }.joined(separator: "/")
            tree.add(path + (chance(4) ? "/" : ""))
        }
        guard holdsRules else { return tree }
        // In rsync the wildcards of a directory's own name have an effect on the anchored rules of its file.
        let plain = tree.paths.filter { $0.hasSuffix("/") && !$0.contains { "[*".contains($0) } }
        for directory in [""] + plain where chance(3) {
            let lines = rules(count: Int.random(in: 1...3, using: &generator), mayMerge: false)
            tree.add(directory + pick(Self.ruleFiles), lines.joined(separator: "\n"))
        }
        return tree
    }

    mutating func rules(count: Int, mayMerge: Bool) -> [String] {
        (0..<count).map { _ in
            if chance(mayMerge ? 3 : 12) {
                let modifiers = ["", "", "n", "s", "/", "p"] + (mayMerge ? ["e"] : [])
                return ":" + pick(modifiers) + " " + pick(Self.ruleFiles)
            }
            return chance(15) ? "!" : rule(pattern())
        }
    }

    mutating func rule(_ pattern: String) -> String {
        let effect = pick(["-", "-", "-", "+", "+", "H", "S", "P", "R"])
        return effect + pick(["", "", "", "", "!", "p", "/"]) + " " + pattern
    }

    /// Names, sometimes blurred by wildcards.
    private mutating func pattern() -> String {
        let count = pick([1, 1, 1, 2, 2, 3])
        let parts = (0..<count).map { _ in
            chance(3) ? pick(["*", "**", "?", "a*", "*b", "*.o", "[ab]", "x-?"]) : pick(Self.names)
        }
        return pick(["", "", "/"]) + parts.joined(separator: "/") + pick(["", "", "", "/", "/***", "/**"])
    }

    mutating func oddPattern() -> String {
        let pieces = [
            "a", "b", "*", "**", "***", "?", "/", "[a-b]", "[!a]", "[", "]", "\\", "\\*", ".", "-", "[]a]",
            "[[:alpha:]]", "x",
        ]
        return (0..<Int.random(in: 1...7, using: &generator)).map { _ in pick(pieces) }.joined()
    }
}
