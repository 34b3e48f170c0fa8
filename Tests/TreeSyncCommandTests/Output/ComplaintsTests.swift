import SystemPackage
import Testing
import TreeSync

@testable import TreeSyncCommand

/// What goes to standard error: problems, refusals, an interruption; remarks unless `-q`.
@Suite struct ComplaintsTests {
    @Test func nothingToSay() throws { #expect(try lines(Report(), "-a src dst") == []) }

    @Test func remarksAreSilencedByQuiet() throws {
        var report = Report()
        let remark = Problem(.create, path("s"), .socket, cause: .leftOut)
        let error = Problem(.create, path("e"), .regular, errno: .noSpace)
        report.problems = [remark, error].map { ProblemGroup(first: $0, count: 1, paths: [$0.path]) }
        #expect(try lines(report, "-a src dst").count == 2)
        let quiet = try lines(report, "-aq src dst")
        #expect(quiet.count == 1)
        #expect(quiet[0].contains("\"e\""))
    }

    /// Skipped directories are said on standard output, as rsync does.
    @Test func skippedDirectoriesAreListedElsewhere() throws {
        var report = Report()
        let problem = Problem(.create, path("d"), .directory, cause: .leftOut)
        report.problems = [ProblemGroup(first: problem, count: 1, paths: [problem.path])]
        #expect(try lines(report, "src dst") == [])
    }

    @Test(arguments: [
        (GuardRefusal.emptySource, "-a src dst", ["nothing was deleted", "source is empty", "--allow-empty-source"]),
        (.emptySource, "-an src dst", ["nothing would be deleted"]),
        (
            .deletionLimit(planned: 1234, allowed: 100), "-a src dst",
            ["1,234 entries are", "allows 100", "--max-delete"]
        ),
        (.deletionLimit(planned: 1, allowed: 0), "-a src dst", ["1 entry is", "allows 0"]),
        (.sourceErrors, "-a src dst", ["could not be read", "--ignore-errors"]),
        (.noSourceMarker(path("m")), "-a src dst", ["does not hold \"m\"", "--source-marker"]),
        (.unmounted(path("/mnt")), "-a src dst", ["\"/mnt\" is a mount point", "--allow-unmounted"]),
    ])
    func refusals(refusal: GuardRefusal, line: String, parts: [String]) throws {
        var report = Report()
        report.refusal = refusal
        let lines = try lines(report, line)
        #expect(lines.count == 1)
        for part in parts { #expect(lines[0].contains(part)) }
    }

    @Test func interruption() throws {
        var report = Report()
        report.isCancelled = true
        report.statistics.created.regular = 3
        report.duration = .seconds(1)
        #expect(
            try lines(report, "-aq src dst", signal: "SIGINT") == [
                "stopped by SIGINT: 3 created, 0 updated, 0 deleted, 0 bytes written in 1.00 seconds; no problems; "
                    + "run it again to go on"
            ])
    }

    private func lines(_ report: Report, _ line: String, signal: String? = nil) throws -> [String] {
        Complaints(report: report, request: try request(line), signal: signal).lines
    }
}
