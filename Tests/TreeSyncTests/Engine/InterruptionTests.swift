import Foundation
import Testing
import TreeSync
import TreeTesting

/// Runs that end in the middle of a copy.
@Suite struct InterruptionTests {
    private static let big = Contents.random(32 << 20, seed: 1)
    private static let source = Tree.directory(["dir": .directory(["big": .file(big), "small": .fifo()])])
    private static let destination = Tree.directory(["dir": .directory(["big": .file("old version")])])

    private func names(_ mirror: Mirror) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: mirror.destination + "/dir").sorted()
    }

    @Test(arguments: widths) func cancellingLeavesNothingHalfWritten(jobs: Int) throws {
        for old in [nil, Self.destination] {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, Self.source, old)
                try cancel(whileCopying: mirror, jobs: jobs)
                #expect(try names(mirror).filter { $0 != "small" } == (old == nil ? [] : ["big"]))
                if old != nil {
                    let bytes = try #require(FileManager.default.contents(atPath: mirror.destination + "/dir/big"))
                    #expect(bytes == Data("old version".utf8))
                }
                try expectConvergence(mirror, jobs: jobs, "after a cancelled run")
            }
        }
    }

    private func cancel(whileCopying mirror: Mirror, jobs: Int) throws {
        let cancellation = Cancellation()
        do {
            let report = try mirror.runSlowly(jobs: jobs, cancellation) { cancellation.cancel() }
            #expect(report.isCancelled)
        } catch let error as SynchronizationError {
            #expect(error == .cancelled)
        }
    }

    @Test(arguments: widths) func cancelledBeforeItStartsWritesNothing(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file("new")]), .directory(["extra": .file()]))
            let before = try Snapshot(of: mirror.destination)
            let cancellation = Cancellation()
            cancellation.cancel()
            do { #expect(try mirror.run(jobs: jobs, cancellation: cancellation).report.isCancelled) } catch let error
                as SynchronizationError
            {
                #expect(error == .cancelled)
            }
            try expectUntouched(before, mirror.destination)
        }
    }

    /// What a killed run left is recognised and removed by the next one, which deletes nothing else.
    @Test(arguments: widths) func leftoversOfAKilledRunGoAway(jobs: Int) async throws {
        try await withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source, Self.destination, options: Options())
            try await kill(whileCopying: mirror, jobs: jobs)
            let left = try names(mirror).filter { $0 != "small" && $0 != "big" }
            // Several threads copy both files at once.
            #expect((1...min(jobs, 2)).contains(left.count))
            let bytes = try #require(FileManager.default.contents(atPath: mirror.destination + "/dir/big"))
            #expect(bytes == Data("old version".utf8))
            let plan = try expectPlan(mirror)
            #expect(
                Set(plan.planned.filter { $0.verb == .deleteTemporary }.map { "\($0.path)" })
                    == Set(left.map { "dir/\($0)" }))
            try expectConvergence(mirror, jobs: jobs, "after a killed run")
        }
    }

    /// A file of the source that looks like a leftover is a file like any other.
    @Test(arguments: widths) func aSourceMayHoldSuchNames(jobs: Int) async throws {
        try await withTemporaryDirectory { folder in
            let killed = try Mirror(in: folder, Self.source, Self.destination, options: Options())
            try await kill(whileCopying: killed, jobs: jobs)
            let left = try #require(try names(killed).first { $0 != "small" && $0 != "big" })
            try removeTree(killed.source)
            try removeTree(killed.destination)
            let file = Tree.file("the user's own")
            let name = Name(left.utf8)
            let mirror = try Mirror(
                in: folder, .directory([name: file, "dir": .directory([name: .fifo(), "f": .file("f")])]))
            try expectConvergence(mirror, jobs: jobs, "a source with a file called \(left)")
        }
    }

    /// Runs in another process, which dies while it copies.
    private func kill(whileCopying mirror: Mirror, jobs: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [source = mirror.source as String, destination = mirror.destination as String, jobs = jobs as Int] in
            let mirror = Mirror(source: source, destination: destination, options: Options())
            _ = try mirror.runSlowly(jobs: jobs) { killProcess() }
        }
    }
}
