import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Every system call of the engine fails once.
///
/// In processes of their own, because the door belongs to the whole process; a hang ends with SIGALRM.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct FaultTests {
    /// One series: what is refused in it, and of which run.
    struct Series: Codable, Sendable, CustomTestStringConvertible {
        var jobs = 1
        var deletion = "after"
        var isUnprivileged = false
        /// The use that is made of a basis directory.
        var basis = ""
        var first = 1
        var step = 2

        var testDescription: String {
            "\(isUnprivileged ? "nobody, " : "")jobs \(jobs), delete \(deletion), "
                + (basis.isEmpty ? "" : "basis to \(basis), ") + "from \(first) in steps of \(step)"
        }

        var options: Options {
            let use: [String: BasisDirectories.Use] = ["link": .link, "copy": .copy]
            return plain.with { options in options.basis = use[basis].map { BasisDirectories(["../basis"], use: $0) } }
        }

        private var plain: Options {
            switch deletion {
            case "before": .deleting(.before)
            case "during": .deleting(.during)
            case "after, names given in batches": .deleting().with { $0.durability = .batch }
            case "after, files made durable": .deleting().with { $0.durability = .file }
            default: .deleting(.after)
            }
        }
    }

    /// Every call of a run with one thread, in two halves; some of the other kinds of run.
    private static let series: [Series] = {
        let root = [Series(first: 1), Series(first: 2)]
        let others = [
            Series(jobs: 8, first: 3, step: 7), Series(deletion: "before", first: 4, step: 11),
            Series(deletion: "during", first: 5, step: 11),
            Series(deletion: "after, names given in batches", first: 3, step: 4),
            Series(jobs: 8, deletion: "after, names given in batches", first: 5, step: 11),
            Series(deletion: "after, files made durable", first: 7, step: 9),
            Series(isUnprivileged: true, first: 6, step: 5),
            Series(basis: "link", first: 2, step: 7), Series(jobs: 8, basis: "copy", first: 3, step: 13),
        ]
        let nobody = [
            Series(isUnprivileged: true, first: 1, step: 5),
            Series(isUnprivileged: true, basis: "link", first: 1, step: 9),
        ]
        return isRoot ? root + others : nobody
    }()

    @Test(arguments: series) func everyCallFailsOnce(_ series: Series) async throws {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [folder = folder as String, series = series as Series, every = LongTests.areWanted as Bool] in
                endWhenHanging(every ? 3000 : 900)
                if series.isUnprivileged { try enterAsNobody(folder) }
                var trial = try FaultTrial(in: folder, options: series.options, jobs: series.jobs)
                try trial.run(first: series.first, step: series.step, everyFault: every)
                for failure in trial.failures { Issue.record("\(failure)") }
                print(
                    "FAULTS \(trial.reported + trial.coped + trial.thrown): \(trial.reported) reported,"
                        + " \(trial.coped) coped with, \(trial.thrown) before anything was written")
            }
            expectCount("FAULTS", of: "\(series.testDescription)", in: result?.standardOutputContent)
        }
    }
}

/// Gives the folder away and becomes its owner.
func enterAsNobody(_ folder: String) throws {
    if isRoot { try runProgram(["chown", "65534:65534", folder]) }
    try becomeUnprivileged()
}
