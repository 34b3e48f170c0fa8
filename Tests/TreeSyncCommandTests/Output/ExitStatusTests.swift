import SystemPackage
import Testing
import TreeSync

@testable import TreeSyncCommand

/// The numbers are those that rsync's manual page lists, and those that rsync 3.5.0 ended with in the same case.
@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            ([], 0),
            ([Problem(.create, path("a"), cause: .leftOut)], 0),
            ([Problem(.link, path("a"), cause: .linkLimit)], 0),
            ([Problem(.create, path("a"), errno: .notPermitted)], 23),
            ([Problem(.readFile, path("a"), cause: .vanished)], 24),
            ([Problem(.readFile, path("a"), cause: .vanished), Problem(.create, path("a"), cause: .leftOut)], 24),
            ([Problem(.readFile, path("a"), cause: .vanished), Problem(.create, path("b"), errno: .ioError)], 23),
            ([Problem(.readFile, path("a"), cause: .unstable)], 23),
            // rsync: a write that finds no room is 11, a file that cannot be made for want of room 23.
            ([Problem(.write, path("a"), errno: .noSpace)], 11),
            ([Problem(.create, path("a"), errno: .noSpace)], 23),
        ] as [([Problem], Int32)])
    func problems(problems: [Problem], expected: Int32) {
        #expect(ExitStatus(report(problems)).rawValue == expected)
    }

    @Test func refusals() {
        let guarded = Problem(.delete, path("a"), cause: .guarded)
        let failed = Problem(.create, path("b"), errno: .ioError)
        #expect(ExitStatus(report([], .emptySource)).rawValue == 25)
        #expect(ExitStatus(report([guarded], .deletionLimit(planned: 2, allowed: 1))).rawValue == 25)
        // rsync -a --delete --ignore-errors --max-delete=0 src/ missing dst/ ends with 25.
        #expect(ExitStatus(report([failed], .deletionLimit(planned: 2, allowed: 1))).rawValue == 25)
        #expect(ExitStatus(report([failed, guarded], .sourceErrors)).rawValue == 23)
    }

    @Test func interruptionComesFirst() {
        var report = report([Problem(.create, path("b"), errno: .ioError)], .emptySource)
        report.isCancelled = true
        #expect(ExitStatus(report).rawValue == 20)
    }

    @Test(
        arguments: [
            (.source("s", .noSuchFileOrDirectory), 23),
            (.source("s", .permissionDenied), 23),
            (.source("s", .notDirectory), 23),
            (.destination("d", .noSuchFileOrDirectory), 11),
            (.destination("d", .readOnlyFileSystem), 11),
            (.destination("d", .notDirectory), 3),
            (.destinationNotDirectory("d"), 3),
            (.sameDirectory("s", "d"), 3),
            (.destinationInsideSource(source: "s", destination: "d"), 3),
            (.sourceInsideDestination(source: "s", destination: "d"), 3),
            (.emptyPath, 1),
            (.cancelled, 20),
        ] as [(SynchronizationError, Int32)])
    func errors(error: SynchronizationError, expected: Int32) {
        #expect(ExitStatus(error).rawValue == expected)
    }

    private func report(_ problems: [Problem], _ refusal: GuardRefusal? = nil) -> Report {
        var report = Report()
        report.problems = problems.map { ProblemGroup(first: $0, count: 1, paths: [$0.path]) }
        report.refusal = refusal
        return report
    }
}
