import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Somebody changes the source while it is copied.
@Suite struct ChangingSourceTests {
    /// The plan for a directory is told before it is carried out: what is removed then is gone when it is copied.
    @Test(arguments: widths) func whatVanishesIsAProblemOfItsOwn(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["gone": .file("gone"), "stays": .file("stays")])
            try source.build(at: folder + "/source")
            try Tree.directory(["old": .file("old")]).build(at: folder + "/destination")
            var options = Options.deleting()
            options.jobs = jobs
            let synchronizer = Synchronizer(
                from: FilePath(folder + "/source"), to: FilePath(folder + "/destination"), options: options)
            let report = try synchronizer.runBlocking(events: .planned) { event in
                guard case .planned(let action) = event, action.path.description == "gone" else { return }
                try? FileManager.default.removeItem(atPath: folder + "/source/gone")
            }
            #expect(report.problems.map(\.first.cause) == [.vanished])
            // As in rsync, a vanished file does not stop deletions.
            #expect(report.refusal == nil)
            #expect(!entryExists(at: folder + "/destination/gone"))
            #expect(!entryExists(at: folder + "/destination/old"))
            #expect(try differences(folder + "/source/stays", folder + "/destination/stays") == [])
        }
    }

    /// A file that never rests is not copied, and its old version stays complete.
    @Test(arguments: widths) func aFileThatNeverRestsKeepsItsOldVersion(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let restless = folder + "/source/restless"
            let contents = Contents(bytes: [UInt8](repeating: 0x61, count: 2 << 20))
            try Tree.directory(["restless": .file(contents)]).build(at: folder + "/source")
            try Tree.directory(["restless": .file("old")]).build(at: folder + "/destination")
            let end = Cancellation()
            var options = Options()
            options.jobs = jobs
            // Slow enough for the other thread to get a turn during each attempt.
            options.bytesPerSecond = 8 << 20
            let synchronizer = Synchronizer(
                from: FilePath(folder + "/source"), to: FilePath(folder + "/destination"), options: options)
            let report = try repeating(until: end) { round in
                let date = Date(timeIntervalSince1970: Double(round))
                try? FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: restless)
            } while: {
                try synchronizer.runBlocking()
            }
            #expect(report.problems.map(\.first.cause) == [.unstable])
            #expect(try String(contentsOfFile: folder + "/destination/restless", encoding: .utf8) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/destination") == ["restless"])
        }
    }

    /// Repeats `work` on a thread of its own, from before `body` begins until it ends.
    private func repeating<Value>(
        until end: Cancellation, _ work: @escaping @Sendable (Int) -> Void, while body: () throws -> Value
    ) rethrows -> Value {
        let (hasBegun, hasEnded) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            var round = 1
            while !end.isCancelled {
                work(round)
                if round == 1 { hasBegun.signal() }
                round += 1
            }
            hasEnded.signal()
        }
        hasBegun.wait()
        defer {
            end.cancel()
            hasEnded.wait()
        }
        return try body()
    }
}
