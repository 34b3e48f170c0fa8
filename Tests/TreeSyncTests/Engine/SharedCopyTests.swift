import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// A large file that two threads copy.
@Suite struct SharedCopyTests {
    /// Not a whole number of pieces, and beyond `ContentCopy.leastShared`.
    private static let size: Int64 = ContentCopy.leastShared + 5_000_001

    /// Data alone, data around a hole, and such a file beside others that keep the threads busy.
    private static func source() -> Tree {
        var entries: [Name: Tree] = [
            "whole": .file(.random(size, seed: 1)),
            "pieces": .file(
                Contents(
                    size: 3 * size,
                    pieces: [
                        .random(seed: 2, count: size, at: 40_960), .random(seed: 3, count: 9, at: 2 * size),
                    ])),
        ]
        for number in 0..<40 { entries[Name("small\(number)".utf8)] = .file("small") }
        return .directory(entries)
    }

    @Test(arguments: widths) func everyByteArrives(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source(), .directory())
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    @Test func bytesAreCountedOnce() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["whole": .file(.random(Self.size, seed: 1))]), .directory())
            var options = Options()
            options.jobs = 8
            let synchronizer = Synchronizer(
                from: FilePath(mirror.source), to: FilePath(mirror.destination), options: options)
            let told = Lock<[Int64]>([])
            let report = try synchronizer.runBlocking(events: .progress) { event in
                if case .progress(let progress) = event { told.withLock { $0.append(progress.copiedBytes) } }
            }
            #expect(report.statistics.writtenBytes == Self.size)
            let totals = told.withLock { $0 }
            #expect(totals == totals.sorted() && totals.allSatisfy { $0 <= Self.size }, "\(totals)")
        }
    }

    /// What is kept of a file that could not be finished is its beginning: one thread copies it.
    @Test func whatIsKeptIsABeginning() throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(in: folder, .directory(["whole": .file(.random(Self.size, seed: 1))]), .directory())
            mirror.options.arrival.partialFiles = .inPlace
            let cancellation = Cancellation()
            _ = try mirror.runSlowly(jobs: 8, cancellation) { cancellation.cancel() }
            let kept = try #require(FileManager.default.contents(atPath: mirror.destination + "/whole"))
            let whole = try #require(FileManager.default.contents(atPath: mirror.source + "/whole"))
            #expect(kept.count < whole.count && whole.starts(with: kept))
            try expectConvergence(mirror, jobs: 8)
        }
    }
}

/// What goes wrong while two threads copy a file.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct SharedCopyFaultTests {
    /// The old version stays, and nothing is left behind.
    @Test(arguments: [EIO, ENOSPC, EDQUOT]) func aPieceThatFails(_ code: Int32) async {
        await #expect(processExitsWith: .success) { [code = code as Int32] in
            endWhenHanging()
            try withTemporaryDirectory { folder in
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file(.random(80 << 20, seed: 1))]),
                        .directory(["f": .file("old", Attributes(modified: Time(1)))]), options: Options())
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    var run: Run?
                    let isRefused = FaultInjection.refusing("copy_file_range", code, number: number) {
                        run = try? mirror.run(jobs: 8)
                    }
                    if !isRefused {
                        #expect(number > 4)
                        break
                    }
                    let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination)
                    #expect(names == ["f"])
                    // Without deletions want of space is final.
                    #expect(run?.errors.map(\.errno) == [Errno(rawValue: code)], "call \(number)")
                    #expect(FileManager.default.contents(atPath: mirror.destination + "/f") == Data("old".utf8))
                    try expectConvergence(mirror, jobs: 8, "call \(number)")
                }
            }
        }
    }

    /// Two threads are at work on one file at the same time; of a small one, or of one that is to keep its beginning, not.
    @Test(arguments: [(80 << 20, false, true), (32 << 20, false, false), (80 << 20, true, false)])
    func anIdleThreadHelps(_ size: Int64, _ keepsParts: Bool, _ isHelped: Bool) async {
        await #expect(processExitsWith: .success) {
            [size = size as Int64, keepsParts = keepsParts as Bool, isHelped = isHelped as Bool] in
            endWhenHanging()
            try withTemporaryDirectory { folder in
                var mirror = try Mirror(in: folder, .directory(["f": .file(.random(size, seed: 1))]), .directory())
                if keepsParts { mirror.options.arrival.partialFiles = .inPlace }
                let met = FaultInjection.meeting(in: "copy_file_range", patience: isHelped ? 20 : 2) {
                    _ = try? mirror.run(jobs: 2)
                }
                #expect(met == isHelped)
                try expectConvergence(mirror, jobs: 2)
            }
        }
    }

    /// A file that changes while both threads are at work is copied again.
    @Test func aFileThatShrinksAndGrows() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory { folder in
                for number in stride(from: 1, through: 60, by: 7) {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file(.random(80 << 20, seed: 1))]), .directory())
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (path, size) = (mirror.source + "/f", number % 2 == 0 ? 90 << 20 : 30 << 20)
                    var run: Run?
                    _ = FaultInjection.interposing({ truncate(path, size) }, before: number) {
                        run = try? mirror.run(jobs: 8)
                    }
                    #expect(run?.errors.isEmpty == true, "call \(number)")
                    try expectConvergence(mirror, jobs: 8, "call \(number)")
                }
            }
        }
    }
}
