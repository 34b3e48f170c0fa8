import TreeTesting

/// Random words about what is shown: formats with any widths, lists, figures.
extension RandomCases {
    private static let views = [
        "--list-only", "--list-only", "--list-only", "--stats", "-v", "-vv", "-i", "-q", "-h", "--no-h", "-hh", "-8",
        "-d",
        "-r", "-c", "-u", "-m", "-n", "-x", "-H", "--no-l", "--no-D", "--no-r", "--existing", "--ignore-existing",
        "--delete", "--max-size=3", "--min-size=2", "--exclude=f*", "--info=skip2", "--info=name2", "--info=stats2",
        "--info=name0", "--msgs2stderr", "--no-msgs2stderr", "--remove-source-files", "--ignore-missing-args",
    ]
    private static let letters = Array("BfGilLmMnoU%q")

    mutating func view() -> DifferentialCase {
        let trees = random.pick([DifferentialCase.Trees.older, .small, .names, .paths])
        var words = [random.pick(trees == .older ? ["-a", "-r", "-ai", "-aU", "-U"] : ["-a", "-a", "-r", "-ai"])]
        for _ in 0..<random.below(4) { words.append(random.pick(Self.views)) }
        // Widths of names that are escaped, and owners that are not kept.
        let isPlain = trees != .names && words[0].hasPrefix("-a")
        if isPlain, random.below(2) == 0 {
            // Lines of deletions could not be told from others.
            words.removeAll { $0 == "--delete" }
            words.append("--out-format=" + format(Self.letters.filter { trees == .small || !"nf".contains($0) }))
        }
        // What rsync says of its memory, its processes and its rules.
        let isDeep = words.filter { $0.hasPrefix("-v") }.count > 1 || words.contains("--stats")
        if isDeep || words.contains("--info=stats2") || words.contains("--exclude=f*") {
            words.removeAll { $0 == "-vv" }
        }
        if words.filter({ $0 == "-v" }).count > 1 { words.removeAll { $0 == "-v" } }
        // Of a link whose access time alone differs rsync says neither that nor that it is up to date.
        if words[0].contains("U") { words.removeAll { $0 == "-vv" || $0 == "--info=name2" } }
        // Which name of an inode is the first.
        if trees == .paths { words.removeAll { $0 == "-H" } }
        Self.removeDifferences(&words)
        return DifferentialCase(trees, (words + operands(trees)).joined(separator: " "))
    }

    /// Words for a run with a log. Itemized, because otherwise changes of attributes are logged here alone.
    mutating func logged() -> String {
        let formats = ["--log-file-format=%i␣%n%L", "--log-file-format=%o␣%i␣%l␣%n", "--log-file-format=%-12n␣%'8l␣%i"]
        var words = ["--log-file=../log", random.pick(["-ai", "-ai", "-aii", "-avi", "-avvi"])]
        // `Docs/differences-from-rsync.md`: dry runs, kinds that are left out. Where lines are printed does not matter.
        let others: Set = ["-n", "-q", "-v", "-vv", "-i", "--no-D", "--no-l", "--msgs2stderr", "--no-msgs2stderr"]
        let views = Self.views.filter { !others.contains($0) }
        for _ in 0..<random.below(4) { words.append(random.pick(views)) }
        if random.below(3) == 0 { words.append(random.pick(formats)) }
        if words[1].contains("vv") || words.contains("--existing") {
            words.removeAll { ["--exclude=f*", "--stats", "--info=stats2"].contains($0) }
        }
        // Wrong words are not logged, and what cannot be copied is not counted here.
        if words.contains("--no-r") { words.removeAll { $0 == "--delete" } }
        if words.contains("--existing") { words[1] = "-ai" }
        return (words + operands(.small)).joined(separator: " ")
    }

    private mutating func format(_ letters: [Character]) -> String {
        let apostrophes = ["", "", "", "'", "''", "'''"]
        let widths = ["", "", "1", "12", "-12", "012", "-0", "0", "33"]
        return (0...random.below(4)).map { _ in
            "%" + random.pick(apostrophes) + random.pick(widths) + random.pick(apostrophes)
                + String(random.pick(letters))
        }.joined(separator: "|")
    }
}
