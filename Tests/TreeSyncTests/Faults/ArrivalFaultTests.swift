import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// System calls that fail while contents arrive in other ways than by replacing a file.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct ArrivalFaultTests {
    private static let size: Int64 = 1 << 20
    private static let source = Tree.directory([
        "f": .file(.random(size, seed: 2), Attributes(modified: Time(1_600_000_000)))
    ])
    private static let old = Tree.directory(["f": .file(.random(size, seed: 1), Attributes(modified: Time(1)))])

    /// Each call of a run fails in turn: either the run says so, or the trees are equal. The next run makes them equal,
    /// and nothing temporary is left.
    @Test(arguments: ArrivalWay.all) func everyCallFailsOnce(_ way: ArrivalWay) async throws {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let name = way.testDescription
            await #expect(processExitsWith: .success) {
                [folder = folder as String, name = name as String, every = LongTests.areWanted as Bool] in
                endWhenHanging(every ? 3000 : 900)
                let way = ArrivalWay.all.first { $0.testDescription == name }!
                let options = Options.deleting().with { way.apply(to: &$0) }
                let tree = FaultTrees.destination(asRoot: isRoot)
                let mirror = try Mirror(in: folder, FaultTrees.source(asRoot: isRoot), tree, options: options)
                var failed = 0
                for number in sequence(first: 1, next: { $0 + (every ? 1 : 29) }) {
                    try removeTree(mirror.destination)
                    try tree.build(at: mirror.destination)
                    var result: Result<Run, any Error>?
                    let injected = FaultInjection.refusing(number, choice: number) {
                        result = Result { try mirror.run(jobs: 1) }
                    }
                    guard let injected else { break }
                    if try !Self.check(injected, result, mirror) { failed += 1 }
                }
                #expect(failed > 5)
            }
        }
    }

    /// - Returns: whether the run succeeded all the same.
    private static func check(
        _ injected: InjectedFault, _ result: Result<Run, any Error>?, _ mirror: Mirror
    ) throws -> Bool {
        let left = try differences(mirror.source, mirror.destination)
        let names = try FileManager.default.subpathsOfDirectory(atPath: mirror.destination)
        // A run that begins removes what another one has left; one that is refused at the door leaves all as it was.
        let temporaries = names.filter { $0.contains(".treesync-") && !$0.contains("killed") }
        let run = try? result?.get()
        let succeeded = run?.report.succeeded == true
        if succeeded { #expect(left == [], "\(injected)") }
        if run != nil { #expect(temporaries == [] || !succeeded, "\(injected)") }
        if !isRoot, mirror.options.arrival.writesInPlace || mirror.options.arrival.growth != nil {
            // A file whose time could not be set is to be written to again, and may be one that nobody may write to.
            try runProgram(["chmod", "-R", "u+rwX", mirror.destination])
        }
        let again = try mirror.run(jobs: 1)
        #expect(again.report.succeeded, "\(injected): \(again.errors.map(\.line))")
        try expectEqual(mirror.source, mirror.destination, "\(injected)")
        return succeeded
    }

    /// A file that finds no space in the middle has the time of one that is not finished: nothing takes it for equal or
    /// for newer. What was right of it is not written again.
    @Test(arguments: [ENOSPC, EIO]) func whatIsNotFinishedSaysSo(_ code: Int32) async throws {
        await #expect(processExitsWith: .success) { [code = code as Int32] in
            endWhenHanging()
            try withTemporaryDirectory { folder in
                let options = Options().with {
                    $0.arrival.writesInPlace = true
                    $0.skipsNewer = true
                }
                let mirror = try Mirror(in: folder, Self.source, Self.old, options: options)
                var run: Run?
                #expect(FaultInjection.refusing("pwrite", code, number: 3) { run = try? mirror.run(jobs: 1) })
                #expect(run?.problems(at: "f").map(\.errno) == [Errno(rawValue: code)])
                var status = stat()
                lstat(mirror.destination + "/f", &status)
                #expect(status.st_mtim.tv_sec == 0 && status.st_size == Self.size)
                let again = try mirror.run(jobs: 1)
                #expect(again.report.succeeded)
                #expect(again.report.statistics.writtenBytes == Self.size - 2 * 256 * 1024)
                try expectEqual(mirror.source, mirror.destination)
            }
        }
    }

    /// What could be read of a file is kept, and the next run reads on.
    @Test(arguments: [true, false]) func aFailedReadKeepsAPart(inDirectory: Bool) async throws {
        await #expect(processExitsWith: .success) { [inDirectory = inDirectory as Bool] in
            endWhenHanging()
            try withTemporaryDirectory { folder in
                let options = Options().with {
                    $0.arrival.partialFiles = inDirectory ? .directory(".kept") : .inPlace
                    // Contents are read in pieces of 256 KiB then.
                    $0.bytesPerSecond = 4 << 20
                }
                let mirror = try Mirror(in: folder, Self.source, .directory(), options: options)
                var parts = 0
                // Files of /proc are read with the same call, before; with as many calls as there are mounts.
                for number in 1... {
                    var run: Run?
                    let injected = FaultInjection.refusing("pread", EIO, number: number) {
                        run = try? mirror.run(jobs: 1)
                    }
                    if !injected { break }
                    if run?.problems(at: "f").map(\.operation) == [.readFile] {
                        let kept = mirror.destination + (inDirectory ? "/.kept/f" : "/f")
                        if let part = FileManager.default.contents(atPath: kept) {
                            parts += 1
                            #expect(part.count % (256 * 1024) == 0 && part.count < Self.size)
                            #expect(
                                FileManager.default.contents(atPath: mirror.source + "/f")?.starts(with: part) == true)
                            let again = try mirror.run(jobs: 1)
                            expectSuccess(again)
                            #expect(again.report.statistics.writtenBytes == Self.size - Int64(part.count))
                            try expectEqual(mirror.source, mirror.destination)
                        }
                    }
                    try removeTree(mirror.destination)
                    try Tree.directory().build(at: mirror.destination)
                }
                #expect(parts == 3)
            }
        }
    }

    /// A file that somebody puts in the place of one that is to be written to is not written to.
    @Test func whatSomebodyPutsThereIsNotWrittenTo() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var kept = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file("new contents")]),
                        .directory(["f": .file("old", Attributes(modified: Time(1)))]),
                        options: Options().with { $0.arrival.writesInPlace = true })
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (theirs, target) = (folder + "/theirs", mirror.destination + "/f")
                    try "somebody's own".write(toFile: theirs, atomically: false, encoding: .utf8)
                    let before = Data("somebody's own".utf8)
                    let call = FaultInjection.interposing({ rename(theirs, target) }, before: number) {
                        _ = try? mirror.run(jobs: 1)
                    }
                    guard let call else { break }
                    let contents = FileManager.default.contents(atPath: target)
                    if contents == before {
                        kept += 1
                    } else {
                        #expect(call != "pwrite" && call != "ftruncate", "\(number)")
                    }
                }
                #expect(kept > 5)
            }
        }
    }
}
