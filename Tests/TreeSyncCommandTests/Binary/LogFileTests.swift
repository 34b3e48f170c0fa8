import Testing

@testable import TreeSyncCommand

/// `--log-file`: the lines of rsync, behind the time and the number of the process.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct LogFileTests {
    @Test(arguments: [
        "-ai --delete", "-a --log-file-format=%n", "-a --delete --log-file-format=%o|%n", "-a --log-file-format=",
        "-aii", "-ai --existing", "-ai --log-file-format=%i␣%l␣%n%L",
    ])
    func lines(options: String) throws {
        try inTemporaryDirectory { folder in
            try shell(
                "mkdir rsync; cd rsync\n" + DifferentialTrees.script(.small) + "\ncd ..; cp -a rsync ours", in: folder)
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

    /// The lines of the log without what no two runs share, and whether each had its prefix. The log goes away.
    private func logged(_ folder: String) throws -> (lines: [String], prefixes: Bool) {
        let lines = try shell("cat log; rm log", in: folder).split(separator: "\n").map(String.init)
        let prefix = #/^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\d+\] /#
        let rest = lines.compactMap { line in line.firstMatch(of: prefix).map { String(line[$0.range.upperBound...]) } }
        return (rest.filter { !$0.hasPrefix("sent ") }, rest.count == lines.count)
    }
}
