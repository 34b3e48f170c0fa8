import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// What a file system says only when a file is closed (NFS, a quota): that its contents did not arrive.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct ClosingFaultTests {
    private static let new = Tree.directory(["f": .file("new", Attributes(modified: Time(1_600_000_000)))])
    private static let old = Tree.directory(["f": .file("old", Attributes(modified: Time(1)))])

    private static func time(_ path: String) -> Int? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : nil
    }

    /// Runs again and again, and each time another call of that name fails; `check` says what became of it.
    private static func failing(
        _ call: String, jobs: Int, _ options: Options, _ destination: Tree, _ code: Int32 = EIO,
        _ check: (Run, Mirror, Int) throws -> Void
    ) throws {
        for number in 1... {
            let isLast = try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, new, destination, options: options)
                var run: Run?
                let injected = FaultInjection.refusing(call, code, number: number) {
                    run = try? mirror.run(jobs: jobs)
                }
                if injected, let run { try check(run, mirror, number) }
                return !injected
            }
            if isLast { break }
        }
    }

    /// It had the source's time all the same, so that the next run found nothing to do.
    @Test(arguments: widths) func whatIsWrittenInPlaceIsMarked(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            var failed = 0
            let options = Options().with { $0.arrival.writesInPlace = true }
            try Self.failing("close", jobs: jobs, options, Self.old) { run, mirror, number in
                guard run.problems(at: "f").contains(where: { $0.operation == .write }) else { return }
                failed += 1
                #expect(Self.time(mirror.destination + "/f") == 0, "close \(number)")
                expectSuccess(try mirror.run(jobs: jobs))
                try expectEqual(mirror.source, mirror.destination)
            }
            #expect(failed > 0)
        }
    }

    /// It had its name already, and nobody was told. What is mounted below the destination may be any file system.
    @Test(.enabled(if: isRoot, "mounting needs root"), arguments: widths) func aNewFileGetsNoName(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            var failed = 0
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["d": Self.new]), .directory(["d": .directory()]), options: Options())
                try withMemoryFileSystem(at: mirror.destination + "/d", megabytes: 1) {
                    for number in 1... {
                        unlink(mirror.destination + "/d/f")
                        var run: Run?
                        let injected = FaultInjection.refusing("close", EIO, number: number) {
                            run = try? mirror.run(jobs: jobs)
                        }
                        guard injected else { break }
                        guard run?.problems(at: "d/f").contains(where: { $0.operation == .write }) == true else {
                            continue
                        }
                        failed += 1
                        #expect(!entryExists(at: mirror.destination + "/d/f"), "close \(number)")
                    }
                }
            }
            #expect(failed > 0)
        }
    }

    @Test(arguments: widths) func aCopiedBackupGetsNoNameAndItsFileStays(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            var failed = 0
            let options = Options().with { ($0.arrival.writesInPlace, $0.backups) = (true, Backups()) }
            try Self.failing("close", jobs: jobs, options, Self.old) { run, mirror, number in
                guard run.problems(at: "f").contains(where: { $0.operation == .backUp }) else { return }
                failed += 1
                let left = try differences(Snapshot(of: mirror.destination), Snapshot(of: Self.built(Self.old, mirror)))
                #expect(left == [], "close \(number)")
            }
            #expect(failed > 0)
        }
    }

    /// A tree beside the destination.
    private static func built(_ tree: Tree, _ mirror: Mirror) throws -> String {
        try tree.build(at: mirror.destination + ".expected")
        return mirror.destination + ".expected"
    }

    // MARK: Waiting for the disk

    /// Neither the copy nor its name had been waited for when the old contents went.
    @Test(arguments: [false, true], widths) func aCopiedBackupIsOnTheDiskBeforeItsFileGoes(
        inBatches: Bool, jobs: Int
    ) async {
        await #expect(processExitsWith: .success) { [inBatches = inBatches as Bool, jobs = jobs as Int] in
            endWhenHanging()
            let options = Options().with {
                ($0.arrival.writesInPlace, $0.backups) = (true, Backups())
                $0.durability = inBatches ? .batch : .file
            }
            var failed = 0
            try Self.failing("fsync", jobs: jobs, options, Self.old) { run, mirror, number in
                guard number < 3 else { return }
                failed += 1
                #expect(run.problems(at: "f").map(\.operation) == [.backUp], "fsync \(number)")
                let left = try differences(Snapshot(of: mirror.destination), Snapshot(of: Self.built(Self.old, mirror)))
                #expect(left == [], "fsync \(number)")
            }
            #expect(failed == 2)
        }
    }

    /// The source went before its directory, or its file system, was waited for.
    @Test(arguments: [false, true], widths) func theSourceStaysUntilTheCopyIsOnTheDisk(
        inBatches: Bool, jobs: Int
    ) async {
        await #expect(processExitsWith: .success) { [inBatches = inBatches as Bool, jobs = jobs as Int] in
            endWhenHanging()
            let options = Options().with {
                $0.removesSources = true
                $0.durability = inBatches ? .batch : .file
            }
            for destination in [Tree.directory(), Self.old, inBatches ? Self.new : Self.old] {
                var failed = 0
                try Self.failing(inBatches ? "syncfs" : "fsync", jobs: jobs, options, destination) {
                    run, mirror, number in
                    failed += 1
                    #expect(!run.report.succeeded)
                    #expect(entryExists(at: mirror.source + "/f"), "\(number)")
                    expectSuccess(try mirror.run(jobs: jobs))
                    #expect(!entryExists(at: mirror.source + "/f"), "\(number)")
                }
                #expect(failed >= 1)
            }
        }
    }
}
