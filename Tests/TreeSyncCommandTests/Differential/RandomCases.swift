import TreeTesting

/// Makes random words for the trees of the differential cases. The same seed makes the same words.
struct RandomCases {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Options that may stand beside each other in any number and order.
    private static let options = [
        "--existing", "--ignore-existing", "-u", "-I", "--size-only", "-c", "--no-p", "--no-t", "--no-g", "--no-o",
        "--no-D", "--no-l", "-X", "-A", "-S", "-W", "-n", "--numeric-ids", "--delete", "--delete-after",
        "--delete --force", "--stats", "-h", "--no-h", "-8", "-q", "--info=name", "--info=del", "--info=skip2",
        "--out-format=%i␣%n%L", "--out-format=%o|%l|%f", "--modify-window=1", "-d", "--no-r", "-ii", "-m", "--inplace",
        "--no-W", "--preallocate",
        "--exclude=f*", "--exclude=/a/b", "--include=*/", "--exclude=*.o", "--filter=P_*o", "--delete-excluded", "-x",
        "-O", "-J", "--ignore-missing-args", "--delete-missing-args", "--no-implied-dirs", "-H",
        "--max-size=3", "--min-size=2", "--remove-source-files", "--chmod=go-w", "--info=name2", "--force",
    ]

    mutating func example() -> DifferentialCase {
        let trees = random.pick([DifferentialCase.Trees.older, .small, .names, .hollow, .contents, .paths, .paths])
        var words = [random.pick(["-a", "-a", "-a", "-ai", "-aii", "-rlt", "-rlpti"])]
        for _ in 0..<random.below(5) { words.append(random.pick(Self.options)) }
        // `Docs/differences-from-rsync.md`: what counts as newer within the window, and how holes are accounted for.
        if words.contains("--modify-window=1") { words.removeAll { $0 == "-u" } }
        if trees == .contents || words.contains("--inplace") { words.removeAll { $0 == "--stats" } }
        Self.removeDifferences(&words)
        words.append(contentsOf: operands(trees))
        // Which name of an inode is the first.
        if trees == .paths { words.removeAll { $0 == "-H" } }
        // rsync tells of a directory where the path begins, which it does not go into.
        if words.contains("--no-r"), words.contains("./s/a/lf") { words.removeAll { $0 == "--no-implied-dirs" } }
        // The directories above a missing path.
        if words.contains("--files-from=missing") { words.removeAll { $0 == "--delete-missing-args" } }
        return DifferentialCase(trees, words.joined(separator: " "))
    }

    /// `Docs/differences-from-rsync.md`: a dry run for a destination that is not there yet, and what cannot be copied is
    /// not counted; what counts as literal data; directories that are only on the way; kinds that are left out.
    static func removeDifferences(_ words: inout [String]) {
        if words.contains("--existing") { words.removeAll { $0 == "-n" } }
        if words.contains("--existing") || words.contains("--ignore-existing") {
            words.removeAll { $0 == "--info=skip2" || $0 == "-vv" }
        }
        if !Set(words).isDisjoint(with: ["--existing", "--no-W", "-S", "--no-implied-dirs"]) {
            words.removeAll { ["--stats", "--info=stats2"].contains($0) }
        }
    }

    mutating func operands(_ trees: DifferentialCase.Trees) -> [String] {
        switch trees {
        case .older, .kept, .several:
            random.pick([
                ["src/", "dst"], ["src/", "new"], ["src", "dst"], ["src/sub", "dst"], ["src/same", "src/sub/", "dst"],
                ["src/sub/", "src/full", "new"], ["src/same", "new"],
            ])
        case .small, .gone:
            random.pick([["a/", "b"], ["a", "b"], ["a/", "new"], ["a/d", "a/eq", "b"], ["a/d/", "b/d"]])
        case .names: random.pick([["a/", "b"], ["a/dir", "b"], ["a/", "new"]])
        case .paths:
            random.pick([
                ["-R", "s/./a/b", "dst"], ["-R", "s/./a", "s/./x/y", "dst"], ["-R", "s/a/b/", "s/top", "new"],
                ["--files-from=dirs", "s", "dst"], ["--files-from=contents", "s/", "new"], ["-R", "./s/a/lf", "dst"],
                ["--files-from=file", "s", "dst"], ["--files-from=missing", "s", "dst"],
                ["--files-from=hollow", "s", "dst"], ["--files-from=links", "s", "dst"],
                ["--files-from=contents", "-r", "s", "dst"], ["--no-R", "--files-from=hollow", "s", "dst"],
                ["-R", "s/./la/f1", "s/./a/b/c", "s/./x", "dst"],
            ])
        case .links: [random.pick(["src/", "src"]), random.pick(["dst", "new"])]
        case .keptLinks, .modes: ["src/", "dst"]
        case .contents: random.pick([["a/", "b"], ["a", "b"], ["a/", "new"]])
        case .stored: [random.pick(["store/", "a/"]), random.pick(["b", "new"])]
        case .hollow: random.pick([["a/", "b"], ["a", "b"], ["a/chain", "b"]])
        }
    }
}
