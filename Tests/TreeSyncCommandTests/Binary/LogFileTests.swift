import Testing
import TreeTesting

@testable import TreeSyncCommand

/// `--log-file`: the lines of rsync, behind the time and the number of the process.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct LogFileTests {
    @Test(arguments: [
        "-ai --delete", "-a --log-file-format=%n", "-a --delete --log-file-format=%o|%n", "-a --log-file-format=",
        "-aii", "-ai --existing", "-ai --log-file-format=%i␣%l␣%n%L",
    ])
    func lines(options: String) throws {
        try inTemporaryDirectory { folder in
            try TreeTemplates.copy(.small, to: folder)
            let words = DifferentialCase(.small, "\(options) --log-file=../log a/ b").words
            _ = try run(Tool.rsync.path, words, in: folder + "/rsync")
            let expected = try logged(folder)
            _ = try run(treesync, words, in: folder + "/ours")
            let ours = try logged(folder)
            #expect(ours.prefixes && expected.prefixes)
            // rsync deletes first, treesync last.
            #expect(ours.lines.sorted() == expected.lines.sorted())
            #expect(ours.lines.contains("building file list"))
        }
    }

    /// What an option keeps from being updated, what is up to date, and the figures stand in the log, too.
    @Test(arguments: [
        "-vv --existing", "-vv --ignore-existing", "-vvu", "-vv --max-size=3", "-vv --min-size=4",
        "--info=skip --existing", "--info=skip2 --ignore-existing", "--info=name2", "-vvi", "-vvii", "-vv", "-v",
        "--stats", "-h --info=stats2", "--log-file-format= --info=skip2 --ignore-existing", "--log-file-format= -vv",
        "--no-r", "--info=remove --remove-source-files", "-b --info=backup", "-vv --copy-dest=../a", "-vv --safe-links",
        "-vv --log-file-format=%n␣%i --existing", "-i a/d", "-i --existing --ignore-existing a/d",
    ])
    func remarks(options: String) throws {
        try compareLogs("-a \(options) --log-file=../log a/ b")
        // What is not printed is logged all the same; of rsync's processes only one does that.
        try compareLogs("-a \(options) --log-file=../log a/ b", isQuiet: true)
    }

    /// A single file is logged under its own name, but for what concerns the destination's alone.
    @Test(arguments: ["-avv --remove-source-files a/eq b/new", "-avv --existing a/eq b/other", "-avv a/new b/other"])
    func singleFiles(words: String) throws { try compareLogs("--log-file=../log \(words)") }

    /// `--list-only`, with what stands behind the list.
    @Test(arguments: ["-a", "-av", "-aU", "-a --stats", "-d", "-a --log-file-format="], [false, true])
    func lists(options: String, isQuiet: Bool) throws {
        try compareLogs("\(options) --list-only --log-file=../log a/ b", isQuiet: isQuiet)
    }

    /// But for what is about rsync's protocol, and for changes of attributes, which rsync names without columns or not.
    private func compareLogs(_ line: String, isQuiet: Bool = false) throws {
        try inTemporaryDirectory { folder in
            try TreeTemplates.copy(.small, to: folder)
            try shell("find . -exec touch -h -a -d '2015-01-01' {} +", in: folder)
            let words = DifferentialCase(.small, line).words
            _ = try run(Tool.rsync.path, words, in: folder + "/rsync")
            let expected = try logged(folder)
            let ending = try run(treesync, (isQuiet ? ["-q"] : []) + words, in: folder + "/ours")
            #expect(!isQuiet || ending.output == "")
            let ours = try logged(folder)
            #expect(ours.prefixes && expected.prefixes)
            let isMeant = { (line: String) in
                let talk = ["done", "delta-transmission", "total: ", "File list ", "Total bytes ", "total size is "]
                return talk.contains(where: line.hasPrefix) || line == "attr" || line.hasPrefix("attr .f")
                    || line.hasSuffix("p..... attr")
            }
            #expect(
                ours.lines.filter { !isMeant($0) }.sorted() == expected.lines.filter { !isMeant($0) }.sorted(),
                "\(line)")
            let totals = { (lines: [String]) in
                lines.filter { $0.hasPrefix("total size is") }.map { $0.split(separator: "  ")[0] }
            }
            #expect(totals(ours.lines) == totals(expected.lines), "\(line)")
        }
    }

    /// Random words. `TREESYNC_RANDOM_CASES` says how many, `TREESYNC_SEED` which.
    @Test func random() throws {
        let (count, seed) = RandomCases.asked
        for number in 0..<UInt64(count) {
            var generator = RandomCases(seed: seed &+ number)
            let line = generator.logged()
            do { try compareLogs(line) } catch { Issue.record("TREESYNC_SEED=\(seed &+ number): \(error)") }
        }
    }

    @Test func isAppendedTo() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir a; touch a/x; echo before > log", in: folder)
            for _ in 1...2 { _ = try run(treesync, "-a", "--log-file=log", "a/", "b", in: folder) }
            let text = try shell("cat log", in: folder)
            #expect(text.hasPrefix("before\n") && text.split(separator: "building file list").count == 3)
        }
    }

    /// Nothing stops because of a log that cannot be written, as in rsync.
    @Test func cannotBeOpened() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir a; touch a/x", in: folder)
            let ending = try run(treesync, "-a", "--log-file=no/such/log", "a/", "b", in: folder)
            let expected = try run(Tool.rsync.path, "-a", "--log-file=no/such/log", "a/", "c", in: folder)
            #expect(ending.status == expected.status)
            #expect(ending.errors.contains("cannot open the log file \"no/such/log\""))
            #expect(try shell("ls b", in: folder) == "x\n")
        }
    }

    /// The log of a run that is done is told to be missing; nothing else changes.
    @Test(.enabled(if: entryExists(at: "/dev/full"))) func cannotBeWritten() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir a; touch a/x", in: folder)
            let ending = try run(treesync, "-a", "--log-file=/dev/full", "a/", "b", in: folder)
            #expect(ending.status == 0)
            #expect(
                ending.errors == "treesync: cannot write the log file \"/dev/full\": No space left on device; "
                    + "some of it is missing\n")
            #expect(try shell("ls b", in: folder) == "x\n")
        }
    }

    /// The lines of the log without what no two runs share, and whether each had its prefix. The log goes away; where the
    /// words are wrong there is none.
    private func logged(_ folder: String) throws -> (lines: [String], prefixes: Bool) {
        let lines = try shell("touch log; cat log; rm log", in: folder).split(separator: "\n").map(String.init)
        let prefix = #/^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\d+\] /#
        let rest = lines.compactMap { line in line.firstMatch(of: prefix).map { String(line[$0.range.upperBound...]) } }
        return (rest.filter { !$0.hasPrefix("sent ") }, rest.count == lines.count)
    }
}
