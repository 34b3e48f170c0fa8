import Foundation
import Testing
import TreeSync
import TreeTesting

/// Runs that end in the middle of a copy.
@Suite struct InterruptionTests {
    /// Large enough that a look every few hundred microseconds sees its copy grow.
    private static let big = Contents.random(256 << 20, seed: 1)
    private static let source = Tree.directory(["dir": .directory(["big": .file(big), "small": .file("small")])])
    private static let destination = Tree.directory(["dir": .directory(["big": .file("old version")])])

    private func names(_ mirror: Mirror) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: mirror.destination + "/dir").sorted()
    }

    @Test(arguments: widths) func cancellingLeavesNothingHalfWritten(jobs: Int) throws {
        for old in [nil, Self.destination] {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, Self.source, old)
                try cancel(whileCopying: mirror, jobs: jobs, onto: old)
                #expect(try names(mirror).filter { $0 != "small" } == (old == nil ? [] : ["big"]))
                if old != nil {
                    let bytes = try #require(FileManager.default.contents(atPath: mirror.destination + "/dir/big"))
                    #expect(bytes == Data("old version".utf8))
                }
                try expectConvergence(mirror, jobs: jobs, "after a cancelled run")
            }
        }
    }

    /// Cancels a run as soon as a copy has begun. A busy machine may copy all before the look at it comes; then once more.
    private func cancel(whileCopying mirror: Mirror, jobs: Int, onto old: Tree?) throws {
        for _ in 1...10 {
            let cancellation = Cancellation()
            whenCopying(to: mirror.destination + "/dir") { cancellation.cancel() }
            do {
                if try mirror.run(jobs: jobs, cancellation: cancellation).report.isCancelled { return }
            } catch let error as SynchronizationError {
                #expect(error == .cancelled)
                return
            }
            try removeTree(mirror.destination)
            try old?.build(at: mirror.destination)
        }
        Issue.record("no run of ten was cancelled")
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
            #expect(left.count == 1)
            let bytes = try #require(FileManager.default.contents(atPath: mirror.destination + "/dir/big"))
            #expect(bytes == Data("old version".utf8))
            let plan = try expectPlan(mirror)
            #expect(
                plan.planned.filter { $0.verb == .deleteTemporary }.map { "\($0.path)" } == left.map { "dir/\($0)" })
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

    /// Runs in another process, which dies as soon as a new name appears beside `big`.
    private func kill(whileCopying mirror: Mirror, jobs: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [source = mirror.source as String, destination = mirror.destination as String, jobs = jobs as Int] in
            whenCopying(to: destination + "/dir") { killProcess() }
            for _ in 1...10 {
                _ = try Mirror(source: source, destination: destination, options: Options()).run(jobs: jobs)
                try removeTree(destination)
                try InterruptionTests.destination.build(at: destination)
            }
        }
    }
}

/// Calls `body` once a name appears in `folder` that is neither `big` nor `small`: a copy has begun.
private func whenCopying(to folder: String, _ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
        while true {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            if names.contains(where: { $0 != "big" && $0 != "small" }) { break }
            usleep(200)
        }
        body()
    }
}
