import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Somebody changes the destination between two system calls of the run: before each of them in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct MeanwhileTests {
    /// A file that somebody puts in the place of one that is updated, before any call of the run, is lost in one moment
    /// only: after the look that finds the old one, and before the rename.
    @Test func whatSomebodyPutsThereIsKept() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var (lost, kept) = ([String](), 0)
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file("new contents")]),
                        .directory(["f": .file("old", Attributes(modified: Time(1)))]))
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (theirs, target) = (folder + "/theirs", mirror.destination + "/f")
                    try "somebody's own".write(toFile: theirs, atomically: false, encoding: .utf8)
                    let call = FaultInjection.interposing({ rename(theirs, target) }, before: number) {
                        _ = try? mirror.run(jobs: 1)
                    }
                    guard let call else { break }
                    let contents = FileManager.default.contents(atPath: target)
                    let isKept = contents == Data("somebody's own".utf8)
                    if isKept { kept += 1 } else { lost.append(call) }
                }
                // What was there before the destination was read is an old version like any other; so it is lost to
                // every call up to the one that reads its status.
                #expect(lost.last == "renameat" && lost.dropLast().last == "statx", "\(lost)")
                #expect(kept > 5)
            }
        }
    }

    /// An attacker who owns the directory puts a program of its own under the temporary name of a FIFO: it must not get
    /// the FIFO's owner and set-id bits.
    @Test(.enabled(if: isRoot, "only root gives files away")) func nobodyElsesEntryGetsTheAttributes() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var swaps = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["fifo": .fifo(Attributes(permissions: 0o6755))]), .directory())
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let program = folder + "/program"
                    try "#!".write(toFile: program, atomically: false, encoding: .utf8)
                    try giveAway(program)
                    let place = mirror.destination
                    let swapped = Atomic<Bool>(false)
                    let call = FaultInjection.interposing(
                        {
                            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
                            guard let name = names.first(where: { $0.hasPrefix(".treesync-") }) else { return }
                            swapped.store(rename(program, place + "/" + name) == 0, ordering: .relaxed)
                        }, before: number
                    ) { _ = try? mirror.run(jobs: 1) }
                    if call == nil { break }
                    if swapped.load(ordering: .relaxed) { swaps += 1 }
                    for name in try FileManager.default.contentsOfDirectory(atPath: place) {
                        var status = stat()
                        lstat(place + "/" + name, &status)
                        let isProgram = status.st_mode & S_IFMT == S_IFREG
                        #expect(!isProgram || status.st_uid == 65534 && status.st_mode & 0o6000 == 0, "call \(number)")
                    }
                }
                #expect(swaps > 2)
            }
        }
    }

    /// A directory that is swapped for a link, before any call, leads nowhere.
    @Test func aDirectoryThatBecomesALinkIsNotFollowed() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let outside = folder + "/outside"
                try Tree.directory(["f": .file("outside"), "extra": .file("x")]).build(at: outside)
                let sentinel = try Snapshot(of: outside)
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["d": .directory(["f": .file("new"), "l": .link("f")])]),
                        .directory([
                            "d": .directory(["f": .file("old", Attributes(modified: Time(1))), "extra": .file()])
                        ]))
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (place, aside) = (mirror.destination + "/d", mirror.destination + "/aside")
                    let call = FaultInjection.interposing(
                        {
                            rename(place, aside)
                            symlink(outside, place)
                        }, before: number
                    ) { _ = try? mirror.run(jobs: 1) }
                    if call == nil { break }
                    try expectUntouched(sentinel, outside, "before call \(number)")
                }
            }
        }
    }
}

/// Several runs into one destination.
@Suite struct SeveralRunsTests {
    private static let source = Tree.directory(entries)
    private static let entries: [Name: Tree] = {
        var entries: [Name: Tree] = [:]
        for number in 0..<60 {
            entries[Name("d\(number % 6)-\(number)".utf8)] = .directory([
                "file": .file(.random(Int64(number) * 2000, seed: UInt64(number))), "fifo": .fifo(),
                "link": .link("file"),
            ])
        }
        return entries
    }()

    /// Neither corrupts what the other does, in one process, where both make temporary names.
    @Test(arguments: widths) func ofOneProcess(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source, .directory(["extra": .file(), "d0-0": .fifo()]))
            for _ in 1...5 {
                let problems = Mutex<[Problem]>([])
                DispatchQueue.concurrentPerform(iterations: 3) { _ in
                    let run = try? mirror.run(jobs: jobs)
                    problems.withLock { $0 += run?.errors ?? [] }
                }
                // Somebody else was faster: never a clash of temporary names, never one that was taken away.
                for problem in problems.withLock({ $0 }) {
                    #expect(!problem.line.contains(".treesync-"), "\(problem.line)")
                    #expect(problem.errno != .fileExists, "\(problem.line)")
                }
                try expectConvergence(mirror, jobs: jobs, "after three runs at once")
                try removeTree(mirror.destination)
                try Tree.directory(["extra": .file()]).build(at: mirror.destination)
            }
        }
    }

    /// Several of them replace the same entries by another kind: one is faster with each of them, and no exchange of
    /// names takes its work away.
    @Test(arguments: widths) func whatChangesItsKind(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            func tree(_ kind: Tree) -> Tree { .directory(Self.entries.mapValues { _ in kind }) }
            for (new, old) in [
                (Self.source, tree(.fifo())), (tree(.file("f")), Self.source), (tree(.fifo()), Self.source),
            ] {
                let mirror = try Mirror(in: folder, new, old, options: .deleting())
                for _ in 1...10 {
                    DispatchQueue.concurrentPerform(iterations: 3) { _ in _ = try? mirror.run(jobs: jobs) }
                    let left = try FileManager.default.contentsOfDirectory(atPath: mirror.destination)
                    #expect(!left.contains { $0.hasPrefix(".treesync-") }, "\(left)")
                    try expectConvergence(mirror, jobs: jobs, "after three runs at once")
                    try removeTree(mirror.destination)
                    try old.build(at: mirror.destination)
                }
                for path in [mirror.source, mirror.destination] { try removeTree(path) }
            }
        }
    }

    /// A lock that somebody keeps on the directory stops nobody.
    @Test(arguments: widths) func aLockedDirectory(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, .directory(Self.entries.mapValues { _ in .fifo() }), options: .deleting())
            let descriptor = open(mirror.destination, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            try #require(flock(descriptor, LOCK_EX) == 0)
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// What a living process works with is no leftover, and nothing that the source lacks either.
    @Test(arguments: widths) func aLivingProcessKeepsItsTemporaries(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file("f")]), .directory())
            let names = TemporaryNames(ProcessFacts())
            let living = [names.next(), names.next(replacing: .directory)].map {
                String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            for name in living {
                try Tree.directory(["kept": .file()]).build(at: mirror.destination + "/" + name)
            }
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            let names2 = try FileManager.default.contentsOfDirectory(atPath: mirror.destination).sorted()
            #expect(names2 == (living + ["f"]).sorted())
        }
    }

    /// What a killed run had replaced and not yet removed waits for the guards like any other deletion.
    @Test(arguments: widths) func whatAKilledRunHadReplacedWaitsForTheGuards(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory(["kept": .file()])
            var mirror = try Mirror(
                in: folder, .directory(["f": .file("f")]),
                .directory([
                    ".treesync-7fffffff-1-a.old": old, ".treesync-7fffffff-1-b.tmp": .file("half"),
                    ".treesync-7fffffff-1-c.old": .fifo(),
                ]), options: Options())
            expectSuccess(try mirror.run(jobs: jobs))
            let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination).sorted()
            #expect(names == [".treesync-7fffffff-1-a.old", "f"])
            mirror.options = .deleting().with { $0.deletionLimit = .count(1) }
            #expect(try mirror.run(jobs: jobs).report.refusal == .deletionLimit(planned: 2, allowed: 1))
            mirror.options = .deleting()
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// A link on the way to what is chosen that comes to lead elsewhere, before any call: what is there is made like one
    /// of the two directories, or that is a problem. Never are attributes of one compared for the other.
    @Test func aLinkOnTheWayThatLeadsElsewhere() async {
        await #expect(processExitsWith: .success) {
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                func directory(_ value: UInt8, changed seconds: Int64) -> Tree {
                    .directory(
                        ["f": .file("f", Attributes(modified: Time(1)))],
                        Attributes(modified: Time(seconds), extended: ["user.u": [value]]))
                }
                let (source, destination, other) = (folder + "/source", folder + "/destination", folder + "/other")
                var (outcomes, calls) = ([0, 0, 0], 0)
                for number in 1... {
                    defer { for path in [source, destination, other] { try? removeTree(path) } }
                    try Tree.directory([
                        "b": directory(1, changed: 1000), "c": directory(2, changed: 2000), "l": .link("b"),
                    ]).build(at: source)
                    // The time of one, the attribute of the other.
                    try Tree.directory(["l": directory(2, changed: 1000)]).build(at: destination)
                    try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: "c")
                    let selection = SourceSelection([.init(RelativePath(bytes: Array("l".utf8)), part: .contents)])
                    let synchronizer = Synchronizer(
                        sources: [Source(FilePath(source), placement: .selection(selection))],
                        to: FilePath(destination), options: Options().with { $0.jobs = 1 })
                    var report: Report?
                    let call = FaultInjection.interposing({ rename(other, source + "/l") }, before: number) {
                        report = try? synchronizer.runBlocking()
                    }
                    if call == nil { break }
                    calls += 1
                    guard let report, report.succeeded else {
                        outcomes[2] += 1
                        continue
                    }
                    let isFirst = try differences(source + "/b", destination + "/l").isEmpty
                    let isSecond = try differences(source + "/c", destination + "/l").isEmpty
                    #expect(isFirst || isSecond, "call \(number): \(call ?? "")")
                    outcomes[isFirst ? 0 : 1] += 1
                }
                #expect(outcomes.allSatisfy { $0 > 0 }, "\(outcomes) of \(calls)")
            }
        }
    }
}
