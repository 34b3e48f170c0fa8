import TreeTesting

/// Random words about where things go, and as whom.
extension RandomCases {
    /// Options that have to do with each other, and the trees that show what they do.
    private struct Family: Sendable {
        var trees: DifferentialCase.Trees
        var options: [String]
        var operands: [[String]]
    }

    private static let families = [
        Family(
            trees: .kept,
            options: [
                "-b", "--suffix=.old", "--backup-dir=../bak", "--backup-dir=bak", "--backup-dir=../older", "--delete",
                "--delete-excluded", "--filter=P_extra",
            ],
            operands: [
                ["src/", "dst"], ["src/changed", "src/sub", "dst"], ["src/", "new"], ["src/sub/", "dst/sub"],
            ]),
        Family(
            trees: .several,
            options: [
                "--link-dest=../p", "--link-dest=../q", "--copy-dest=../p", "--copy-dest=../q", "--compare-dest=../p",
                "--compare-dest=../q", "--link-dest=../none", "-y", "-b",
            ],
            operands: [["src/", "empty"], ["src/", "dst"], ["src/", "new"], ["src/changed", "src/sub", "empty"]]),
        Family(
            trees: .contents,
            options: [
                "--inplace", "--append", "--append-verify", "--no-W", "-W", "-S", "--preallocate", "--partial",
                "--partial-dir=.part", "--delay-updates", "-T/tmp", "-B1000", "--fsync",
            ],
            operands: [["a/", "b"], ["a", "b"], ["a/", "new"], ["a/changed", "a/d", "b"]]),
        Family(
            trees: .links,
            options: [
                "-L", "-k", "--copy-unsafe-links", "--safe-links", "--munge-links", "--no-l", "--insecure-links", "-K",
                "--exclude=round", "--exclude=l*",
            ],
            operands: [["src/", "dst"], ["src/", "new"], ["src/ld", "src/lf", "new"], ["src/d", "src/lo", "dst"]]),
        // Two directories of the source that go to one of the destination compare its time as the other has left it.
        Family(
            trees: .keptLinks, options: ["-K", "-K", "-K", "--insecure-links", "--no-l"],
            operands: [["--exclude=two", "src/", "dst"], ["src/d", "src/sub", "dst"], ["src/", "new"]]),
        Family(
            trees: .modes,
            options: [
                "--executability", "--no-p", "--chmod=ugo=rwX", "--chmod=D2775,F640", "--chmod=F+x", "--no-super", "-A",
                "--no-g", "--no-o", "--drop-D", "--no-D", "--specials", "--copy-as=0:0",
            ],
            operands: [["src/", "dst"], ["src/", "new"], ["src", "dst/dacl"], ["src", "dst/set"]]),
    ]

    private static let common = [
        "--delete", "--delete-before", "--delete-during", "--delete-after", "--existing", "--ignore-existing", "-u",
        "-I", "-c", "--size-only", "-n", "-H", "-X", "-A", "--no-p", "--no-t", "--exclude=f*", "--chmod=F600", "-m",
        "-O", "--max-size=6", "--min-size=2", "--remove-source-files", "--force", "--out-format=%i␣%n%L", "-q",
        "--info=name",
    ]

    mutating func placing() -> DifferentialCase {
        let family = random.pick(Self.families)
        var words = [random.pick(["-a", "-ai", "-ai", "-aii", "-rlpti"])]
        for _ in 0...random.below(3) { words.append(random.pick(family.options)) }
        for _ in 0..<random.below(3) { words.append(random.pick(Self.common)) }
        Self.removeDifferences(&words)
        let alike = words.filter { !Self.isDifferent($0, among: words, family.trees) }
        return DifferentialCase(family.trees, (alike + random.pick(family.operands)).joined(separator: " "))
    }

    private static func leavesOut(_ word: String) -> Bool {
        word.hasPrefix("--max-size") || word.hasPrefix("--min-size") || word == "--ignore-existing"
    }

    /// Whether the word leads to what `Docs/differences-from-rsync.md` explains.
    private static func isDifferent(_ word: String, among words: [String], _ trees: DifferentialCase.Trees) -> Bool {
        switch trees {
        // What kept links lead to stays.
        case .keptLinks: word.hasPrefix("--delete") || word == "--ignore-existing"
        // Which name of an inode is the first; full directories after an error in reading the source.
        case .links:
            word == "--copy-unsafe-links" && words.contains { $0 == "--force" || $0.hasPrefix("--delete") }
                || word == "-H" || word == "--remove-source-files" || word == "--info=name"
                || word == "--exclude=l*" || word == "--delete-before"
        // Lines of older backups, of joined names, and of times of directories in which something was deleted; backups
        // that are deleted; directories that stay because of backups or rules.
        case .kept:
            word == "--backup-dir=../older" || word == "-H" || word == "--delete-before"
                || word == "--delete-after"
                    && ["--backup-dir=bak", "--delete-excluded"].contains(where: words.contains)
                || word == "-n" && ["-b", "--exclude=f*"].contains(where: words.contains)
        // Times of directories that are left alone; permissions of what a file was made from; attributes in a dry run.
        case .several:
            word == "-n" && words.contains("-X") || word == "-b" || word == "-O" || word == "-H"
                || word == "--remove-source-files" || word == "--no-p"
        case .modes: word == "-A" && words.contains("--no-p") || word == "--copy-as=0:0" && words.contains("--no-super")
        // A file is named twice that is put right, times of directories in which something was deleted, holes
        // that are appended, parts of complete files and what they are compared with, and permissions of what gives
        // its place to a FIFO.
        case .contents:
            word == "--append-verify" || word == "--delete-before" || word == "-S" && words.contains("--append")
                || word == "--partial-dir=.part"
                    && words.contains { Self.leavesOut($0) || ["--no-p", "-A", "-X"].contains($0) }
                || word == "--no-p" && ["--chmod=F600", "--delay-updates"].contains(where: words.contains)
        case .older, .names, .small, .gone, .hollow, .paths, .stored: false
        }
    }
}
