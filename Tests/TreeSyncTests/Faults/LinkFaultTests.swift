import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Links that are followed: each system call fails in turn, and somebody swaps them before each call in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct LinkFaultTests {
    private static let source = Tree.directory([
        "dir": .directory(["x": .file("x", Attributes(extended: ["user.note": [1]]))]), "toDir": .link("dir"),
        "file": .file("file"), "toFile": .link("file"), "toFifo": .link("fifo"), "fifo": .fifo(),
        "kept": .directory(["new": .file("new"), "same": .file("same")]),
    ])
    private static let destination = Tree.directory([
        "kept": .link("real"), "real": .directory(["same": .file("same"), "old": .file("old")]), "toFile": .link("x"),
    ])
    private static let options = Options.deleting().with {
        $0.links.followed = .all
        $0.links.keepsDirectoryLinks = true
    }

    /// Success means that everything is there; after a failure the next run makes it so.
    @Test(arguments: [(1, 1), (8, 3)]) func everyCallFailsOnce(_ jobs: Int, _ step: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int, step = step as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let expected = folder + "/expected"
                try expectation(Self.source, at: expected)
                let mirror = try Mirror(in: folder, Self.source, nil, options: Self.options)
                let before = try Snapshot(of: mirror.source)
                var (coped, reported) = (0, 0)
                for number in sequence(first: 1, next: { $0 + step }) {
                    try? removeTree(mirror.destination)
                    try Self.destination.build(at: mirror.destination)
                    var result: Result<Run, any Error>?
                    let injected = FaultInjection.refusing(number, choice: number) {
                        result = Result { try mirror.run(jobs: jobs) }
                    }
                    guard let injected else { break }
                    let isSpared = entryExists(at: mirror.destination + "/real/same")
                    // That says that the link leads in a circle: then it is none to a directory.
                    if !isSpared, injected.call == "openat", injected.fault == .error(ELOOP) { continue }
                    #expect(isSpared, "\(injected): what a link leads to is lost")
                    let isComplete = try isExpected(mirror.destination, expected)
                    if case .success(let run)? = result, run.report.succeeded {
                        coped += 1
                        #expect(isComplete, "\(injected): success is reported")
                    } else {
                        reported += 1
                        expectSuccess(try mirror.run(jobs: jobs))
                        #expect(try isExpected(mirror.destination, expected), "\(injected): after the next run")
                    }
                }
                try expectUntouched(before, mirror.source)
                #expect(coped > 5 && reported > 20)
                print("faults (followed links, jobs \(jobs)): \(reported) reported, \(coped) coped with")
            }
        }
    }

    /// A link of the source that leads elsewhere from any call on: nothing outside of the confinement is copied.
    @Test(arguments: ["toDir", "toFile", "file", "dir"]) func confinedLinksLeadNowhereElse(_ name: String) async {
        await #expect(processExitsWith: .success) { [name = name as String] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                try Tree.directory(["x": .file("TOP SECRET"), "more": .file("TOP SECRET")]).build(
                    at: folder + "/outside")
                for number in 1... {
                    var mirror = try Mirror(in: folder, Self.source, .directory(), options: Self.options)
                    mirror.options.links.confinement = FilePath(mirror.source)
                    let (source, destination) = (mirror.source, mirror.destination)
                    defer { for path in [source, destination] { try? removeTree(path) } }
                    let target = folder + (name.hasSuffix("ile") ? "/outside/x" : "/outside")
                    let call = FaultInjection.interposing(
                        {
                            rename(source + "/" + name, source + "/aside")
                            symlink(target, source + "/" + name)
                        }, before: number
                    ) { _ = try? mirror.run(jobs: 1) }
                    if call == nil { break }
                    let found = try runProgram(["grep", "-rlsF", "--devices=skip", "TOP SECRET", destination])
                    #expect(found.status == 1, "before call \(number), \(call ?? ""): \(found.output)")
                }
            }
        }
    }

    /// Another kind of entry takes the place of the source's directory before each call in turn: which links of the
    /// destination it keeps was not seen, so that nothing is deleted.
    @Test(arguments: [Options.DeletionTime.after, .before], widths)
    func aReplacedDirectorySparesWhatLinksLeadTo(_ time: Options.DeletionTime, jobs: Int) async {
        let isBefore = time == .before
        await #expect(processExitsWith: .success) { [isBefore = isBefore as Bool, jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var met = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["d": .directory(["link": .directory(["x": .file()])])]),
                        .directory([
                            "d": .directory(["link": .link("../real")]), "real": .directory(["x": .file()]),
                        ]),
                        options: .deleting(isBefore ? .before : .after).with {
                            ($0.deletesDespiteErrors, $0.links.keepsDirectoryLinks) = (true, true)
                        })
                    let (source, destination) = (mirror.source, mirror.destination)
                    defer { for path in [source, destination] { try? removeTree(path) } }
                    var result: Result<Run, any Error>?
                    let call = FaultInjection.interposing(
                        {
                            rename(source + "/d", folder + "/aside")
                            _ = FileManager.default.createFile(atPath: source + "/d", contents: nil)
                        }, before: number
                    ) { result = Result { try mirror.run(jobs: jobs) } }
                    if call == nil { break }
                    try? removeTree(folder + "/aside")
                    guard case .success(let run)? = result else { continue }
                    guard let problem = run.errors.first(where: { $0.cause == .unstable }) else { continue }
                    #expect(problem.isSourceFailure)
                    // Where the deletions came before, the directory was seen for them.
                    if entryExists(at: destination + "/d/link") {
                        met += 1
                        #expect(entryExists(at: destination + "/real/x"), "before call \(number), \(call ?? "")")
                    }
                }
                #expect(met > 0)
            }
        }
    }

    /// A kept link that leads out of the destination from any call on: nothing there is written to.
    @Test(arguments: ["kept", "real"]) func keptLinksLeadNowhereElse(_ name: String) async {
        await #expect(processExitsWith: .success) { [name = name as String] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let outside = folder + "/outside"
                try Tree.directory(["same": .file("theirs"), "old": .file("theirs")]).build(at: outside)
                let sentinel = try Snapshot(of: outside)
                for number in 1... {
                    let mirror = try Mirror(in: folder, Self.source, Self.destination, options: Self.options)
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (place, aside) = (mirror.destination + "/" + name, mirror.destination + "/aside")
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

/// What a destination without kept links becomes.
private func expectation(_ source: Tree, at path: String) throws {
    try source.build(at: path + ".source")
    try runProgram(["cp", "-rL", "--preserve=mode,ownership,timestamps,xattr", path + ".source", path])
}

/// Whether the destination is what it shall be; the directory of the kept link stands under its own name.
private func isExpected(_ destination: String, _ expected: String) throws -> Bool {
    let kept = try differences(expected + "/kept", destination + "/real")
    let others = try differences(expected, destination).filter { difference in
        let name = difference.path.description
        return !name.hasPrefix("kept") && !name.hasPrefix("real")
    }
    return kept.isEmpty && others.isEmpty && readLink(destination + "/kept") == "real"
}
