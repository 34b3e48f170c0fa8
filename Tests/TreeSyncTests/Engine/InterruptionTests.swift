import Foundation
import Testing
import TreeSync
import TreeTesting

/// Runs that end in the middle of a copy.
@Suite struct InterruptionTests {
    /// Large enough that a look every few hundred microseconds finds it being copied.
    private static let big = Contents.random(256 << 20, seed: 1)
    private static let source = Tree.directory(["dir": .directory(["big": .file(big), "small": .fifo()])])
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
            do {
                let run = try watching(mirror, then: { cancellation.cancel() }) {
                    try mirror.run(jobs: jobs, cancellation: cancellation)
                }
                if run.report.isCancelled { return }
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

    /// Runs in another process, which dies as soon as a new name appears beside `big`.
    private func kill(whileCopying mirror: Mirror, jobs: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [source = mirror.source as String, destination = mirror.destination as String, jobs = jobs as Int] in
            let mirror = Mirror(source: source, destination: destination, options: Options())
            for _ in 1...10 {
                _ = try watching(mirror, then: { killProcess() }) { try mirror.run(jobs: jobs) }
                try removeTree(destination)
                try InterruptionTests.destination.build(at: destination)
            }
        }
    }
}

/// Calls `body` once a file of the destination's `dir` is open, which is a copy under way: `big` is the only file.
private func watching(_ mirror: Mirror, then body: @escaping @Sendable () -> Void, run: () throws -> Run) rethrows
    -> Run
{
    let isOver = Cancellation()
    defer { isOver.cancel() }
    // Without what comes before the test's own folder, which may be reached through links.
    let folder = mirror.destination.split(separator: "/").suffix(2).joined(separator: "/") + "/dir/"
    Thread.detachNewThread {
        while !isOver.isCancelled {
            if openFiles().contains(where: { $0.contains(folder) }) { return body() }
            usleep(200)
        }
    }
    return try run()
}

/// The paths of what this process has open; files that have no name yet are among them.
private func openFiles() -> [String] {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
}
