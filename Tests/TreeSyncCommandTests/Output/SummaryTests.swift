import Testing
import TreeSync

@testable import TreeSyncCommand

/// The figures at the end. The labels of `--stats` are those that rsync prints.
@Suite struct SummaryTests {
    private static let report: Report = {
        var report = Report()
        report.statistics.entries.regular = 1500
        report.statistics.entries.directories = 3
        report.statistics.entries.symbolicLinks = 2
        report.statistics.entries.devices = 1
        report.statistics.entries.specials = 4
        report.statistics.created.regular = 2
        report.statistics.created.directories = 1
        report.statistics.deleted.symbolicLinks = 1
        report.statistics.updated = 5
        report.statistics.copiedFiles = 7
        report.statistics.totalSize = 1_234_567
        report.statistics.copiedSize = 9000
        report.statistics.writtenBytes = 8000
        report.duration = .milliseconds(2500)
        return report
    }()

    @Test func statistics() throws {
        let text = text("-a --stats src dst")
        #expect(
            text.hasPrefix(
                """

                Number of files: 1,510 (reg: 1,500, dir: 3, link: 2, dev: 1, special: 4)
                Number of created files: 3 (reg: 2, dir: 1)
                Number of deleted files: 1 (link: 1)
                Number of regular files transferred: 7
                Total file size: 1,234,567 bytes
                Total transferred file size: 9,000 bytes
                Literal data: 8,000 bytes
                Matched data: 1,000 bytes

                """))
    }

    /// The same labels in the same order as rsync's own output for the same options.
    @Test(.enabled(if: Tool.rsync.isInstalled)) func labelsAreThoseOfRsync() throws {
        try inTemporaryDirectory { folder in
            let expected = try run(Tool.rsync.path, "-rn", "--stats", "\(folder)/", "\(folder)/new").output
            let labels = { (text: String) in
                text.split(separator: "\n").filter { $0.contains(": ") }.map { $0.prefix { $0 != ":" } }
            }
            #expect(labels(text("-rn --stats src dst")) == labels(expected))
            #expect(labels(expected).count == 13)
        }
    }

    @Test(arguments: [
        ("-a src dst", ""),
        ("-aq --stats src dst", ""),
        (
            "-av src dst",
            """

            3 created, 5 updated, 1 deleted, 8,000 bytes written in 2.50 seconds; no problems
            total size is 1,234,567  speedup is 154.32

            """
        ),
        (
            "-avn src dst",
            """

            would create 3, update 5, delete 1, write 9,000 bytes; compared in 2.50 seconds; no problems
            total size is 1,234,567  speedup is 137.17 (DRY RUN)

            """
        ),
        (
            "-avh src dst",
            """

            3 created, 5 updated, 1 deleted, 8.00K bytes written in 2.50 seconds; no problems
            total size is 1.23M  speedup is 154.32

            """
        ),
    ])
    func summary(line: String, expected: String) throws {
        #expect(text(line) == expected)
    }

    @Test func nothingWritten() throws {
        var report = Self.report
        report.statistics = Statistics()
        report.statistics.totalSize = 5000
        report.problems = [ProblemGroup(first: Problem(.create, path("a")), count: 1, paths: [path("a")])]
        #expect(
            text("-av src dst", report) == """

                0 created, 0 updated, 0 deleted, 0 bytes written in 2.50 seconds; 1 problem
                total size is 5,000  speedup is 5,000.00

                """)
    }

    /// Where somebody looks, the sentence also ends a run that lists or only tries; a script counts its lines.
    @Test(arguments: [
        ("-ai src dst", "3 created, 5 updated, 1 deleted, 8,000 bytes written in 2.50 seconds; no problems\n"),
        (
            "-n src dst",
            "would create 3, update 5, delete 1, write 9,000 bytes; compared in 2.50 seconds; no problems\n"
        ),
        ("-a src dst", ""), ("-aiq src dst", ""),
    ])
    func onTerminal(line: String, expected: String) throws {
        let request = try request(line)
        let summary = Summary(report: Self.report, isDryRun: request.isDryRun, style: .grouped)
        #expect(summary.text(request.presentation, for: .person) == expected)
        #expect(summary.text(request.presentation) == "")
    }

    @Test func linked() throws {
        var report = Self.report
        report.statistics.linked = 1000
        #expect(text("-av src dst", report).contains("5 updated, 1,000 linked, 1 deleted"))
    }

    private func text(_ line: String, _ report: Report = report) -> String {
        guard let request = try? request(line) else { return "no request" }
        return Summary(report: report, isDryRun: request.isDryRun, style: request.presentation.numberStyle)
            .text(request.presentation)
    }
}
