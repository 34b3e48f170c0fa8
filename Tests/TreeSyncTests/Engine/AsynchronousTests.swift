import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// The library's asynchronous face: a plan as a value, a run as a sequence of events.
@Suite struct AsynchronousTests {
    private static let source = Tree.directory([
        "a": .file("text"), "d": .directory(["l": .link("a"), "p": .fifo()]),
    ])

    private static func synchronizer(_ folder: String) throws -> Synchronizer {
        try source.build(at: folder + "/source")
        return Synchronizer(from: FilePath(folder + "/source"), to: FilePath(folder + "/destination"))
    }

    private func withSynchronizer(_ body: (Synchronizer, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { (folder: String) async throws -> Void in
            try await body(try Self.synchronizer(folder), folder)
        }
    }

    @Test func aPlanIsAValueAndWritesNothing() async throws {
        try await withSynchronizer { synchronizer, folder in
            let plan = try await synchronizer.plan()
            #expect(plan.map { "\($0.path)" } == [".", "a", "d", "d/l", "d/p"])
            #expect(plan.allSatisfy { $0.verb == .create })
            #expect(plan.filter { $0.kind == .fifo }.map { "\($0.path)" } == ["d/p"])
            #expect(!entryExists(at: folder + "/destination"))
        }
    }

    @Test func aRunTellsWhatWasPlannedAndWhatBecameOfIt() async throws {
        try await withSynchronizer { synchronizer, folder in
            let plan = try await synchronizer.plan()
            var planned: [Action] = []
            var finished: Set<RelativePath> = []
            let run = synchronizer.run()
            for try await event in run {
                switch event {
                case .planned(let action): planned.append(action)
                case .finished(let action, let outcome):
                    #expect(outcome == .done)
                    finished.insert(action.path)
                case .problem(let problem): Issue.record("\(problem)")
                case .kept, .removedSource: break
                case .progress(let progress): #expect(progress.copiedFiles <= 1)
                }
            }
            #expect(planned == plan.actions)
            #expect(finished == Set(plan.map(\.path)))
            let report = try await run.report
            #expect(report.statistics.copiedFiles == 1)
            #expect(try differences(folder + "/source", folder + "/destination") == [])
            let again = try await synchronizer.plan()
            #expect(again.isEmpty)
        }
    }

    @Test func theReportComesWithoutListeningAndAfterStopping() async throws {
        try await withSynchronizer { synchronizer, folder in
            let first = try await synchronizer.run().report
            #expect(first.succeeded)
            try Tree.file("more").build(at: folder + "/source/more")
            let run = synchronizer.run()
            for try await _ in run { break }
            let second = try await run.report
            #expect(second.statistics.copiedFiles == 1)
        }
    }

    @Test func whatMakesTheRunPointlessIsThrown() async throws {
        try await withSynchronizer { _, folder in
            let missing = FilePath(folder + "/missing")
            let synchronizer = Synchronizer(from: missing, to: FilePath(folder + "/destination"))
            let expected = SynchronizationError.source(missing, .noSuchFileOrDirectory)
            await #expect(throws: expected) { try await synchronizer.plan() }
            await #expect(throws: expected) { try await synchronizer.run().report }
            await #expect(throws: expected) { for try await _ in synchronizer.run() {} }
        }
    }

    @Test func aCancelledTaskStopsTheRun() async throws {
        try await withSynchronizer { synchronizer, folder in
            let task = Task {
                let run = synchronizer.run()
                withUnsafeCurrentTask { $0?.cancel() }
                for try await _ in run {}
                return try await run.report
            }
            let report = try await task.value
            #expect(report.isCancelled)
            let planning = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await synchronizer.plan()
            }
            await #expect(throws: SynchronizationError.cancelled) { try await planning.value }
        }
    }
}
