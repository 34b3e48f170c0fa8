import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Whoever owns a directory may rename what lies in it, whoever that belongs to, and fill it: before each system call of a
/// run in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct MovedEntryTests {
    /// An attribute of one entry never arrives with the contents of another.
    @Test func attributesAreThoseOfTheEntry() async {
        await #expect(processExitsWith: .success) {
            func file(_ value: String) -> Tree {
                .file(value, Attributes(modified: Time(Int64(value)! * 10), extended: ["user.u": Array(value.utf8)]))
            }
            let plain = Tree.file("1", Attributes(modified: Time(10)))
            var found = [0, 0, 0]
            try beforeEachCall(
                .directory([
                    "x": file("1"), "y": file("2"), "1": file("1"), "2": file("2"), "plain": plain,
                ]),
                .directory(["x": plain]), .deleting(), { source, _ in rename(source + "/y", source + "/x") }
            ) { mirror, call, _ in
                let whole = try ["1", "2", "plain"].firstIndex { name in
                    try differences(mirror.source + "/" + name, mirror.destination + "/x").isEmpty
                }
                if let whole { found[whole] += 1 } else { Issue.record("parts of both, before \(call)") }
            }
            #expect(found.allSatisfy { $0 > 0 }, "\(found)")
        }
    }

    /// A directory of the source that was exchanged after it was listed by its name is not what was meant: perhaps it was
    /// the mount point of what is gone.
    @Test func anEmptyDirectoryInThePlaceOfAFullOneDeletesNothing() async {
        await #expect(processExitsWith: .success) {
            let data = Tree.directory(["f": .file("f")])
            var lost: [String] = []
            var kept = 0
            try beforeEachCall(
                .directory(["data": data, "z": .file()]), .directory(["data": data]), .deleting(),
                { source, _ in
                    rename(source + "/data", source + "/.gone")
                    mkdir(source + "/data", 0o755)
                }
            ) { mirror, call, run in
                if entryExists(at: mirror.destination + "/data/f") { kept += 1 } else { lost.append(call) }
                if run?.report.succeeded == true, entryExists(at: mirror.destination + "/data/f") {
                    // After the directory was opened nobody sees the other one.
                    #expect(lost.last == "statx", "\(call): \(lost.last ?? "none")")
                }
            }
            // What is empty before anybody has looked is empty.
            #expect(lost.last == "statx" && kept > 5, "\(lost), \(kept)")
        }
    }

    /// What somebody puts in the place of an entry that is to become one of another kind is theirs, also where that
    /// happens after the last look before the exchange of names.
    @Test func anExchangeBringsBackWhatIsSomebodyElses() async {
        await #expect(processExitsWith: .success) {
            let full = Tree.directory(["f": .file("f")])
            for (new, old): (Tree, Tree) in [(full, .fifo()), (.fifo(), .directory()), (.file("new"), .directory())] {
                var (kept, lost): ([String], [String]) = ([], [])
                try beforeEachCall(
                    .directory(["x": new]), .directory(["x": old, "theirs": .file("theirs")]), Options(),
                    { _, destination in
                        rmdir(destination + "/x")
                        rename(destination + "/theirs", destination + "/x")
                    }
                ) { mirror, call, run in
                    let isThere = ["x", "theirs"].contains {
                        (try? String(contentsOfFile: mirror.destination + "/" + $0, encoding: .utf8)) == "theirs"
                    }
                    if isThere { kept.append(call) } else { lost.append(call) }
                    // What is there when the run looks for the first time is what it replaces.
                    #expect(isThere || kept.isEmpty, "\(new), before \(call): \(run?.errors ?? [])")
                    let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination)
                    #expect(!names.contains { $0.hasPrefix(".treesync-") }, "before \(call)")
                }
                #expect(kept.contains("renameat2") && !lost.isEmpty, "\(new): \(kept), \(lost)")
            }
        }
    }

    /// What comes into an empty directory that a file is to replace keeps it there.
    @Test(arguments: [false, true]) func whatComesIntoADirectoryStays(_ isDeleting: Bool) async {
        await #expect(processExitsWith: .success) { [isDeleting = isDeleting as Bool] in
            var options = isDeleting ? Options.deleting() : Options()
            options.filters = FilterRules([.exclude("precious")])
            let written = Atomic<Bool>(false)
            var stays = 0
            try beforeEachCall(
                .directory(["x": .file("file")]), .directory(["x": .directory()]), options,
                { _, destination in
                    let file = open(destination + "/x/precious", O_CREAT | O_WRONLY, 0o644)
                    written.store(file >= 0, ordering: .relaxed)
                    if file >= 0 { close(file) }
                }
            ) { mirror, call, _ in
                guard written.exchange(false, ordering: .relaxed) else { return }
                stays += 1
                #expect(entryExists(at: mirror.destination + "/x/precious"), "before \(call)")
            }
            #expect(stays > 20)
        }
    }

    /// An edit of a file that a directory is to replace is lost in one moment only: after the last look.
    @Test func anEditedFileIsNotReplacedByADirectory() async {
        await #expect(processExitsWith: .success) {
            var lost: [String] = []
            var kept = 0
            try beforeEachCall(
                .directory(["x": .directory(["f": .file()])]),
                .directory(["x": .file("old", Attributes(modified: Time(1)))]), .deleting(),
                { _, destination in
                    let file = open(destination + "/x", O_WRONLY | O_NOFOLLOW)
                    guard file >= 0 else { return }
                    _ = "their edit".withCString { write(file, $0, 10) }
                    close(file)
                }
            ) { mirror, call, _ in
                let contents = FileManager.default.contents(atPath: mirror.destination + "/x")
                if contents == Data("their edit".utf8) { kept += 1 } else { lost.append(call) }
            }
            // Before it was scanned it is an old version like any other; after the exchange there is no such file.
            #expect(kept >= 3, "\(lost)")
        }
    }
}

/// The same, by somebody who is not root, while root synchronises.
@Suite(
    .enabled(if: FaultInjection.isPossible, "a released build has no door for faults"),
    .enabled(if: isRoot, "only root gives files away"))
struct MovedByOthersTests {
    private static let stranger: UInt32 = 65534

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    /// Whoever may rename a directory to the name of a temporary one does not have it removed by that.
    @Test(arguments: widths) func theNameOfALeftoverIsNoLicence(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let name: Name = ".treesync-7fffffff-1-1.tmp"
            let stranger = Attributes(owner: Self.stranger)
            let full = Tree.directory(["precious": .file("precious")])
            let mirror = try Mirror(
                in: folder, .directory(["theirs": .directory([:], stranger), "ours": .directory()]),
                .directory(["theirs": .directory([name: full], stranger), "ours": .directory([name: full])]),
                options: Options())
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(entryExists(at: mirror.destination + "/theirs/\(name)/precious"))
            #expect(!entryExists(at: mirror.destination + "/ours/\(name)"))
            // It is an entry like any other, for the guards as well.
            var limited = mirror
            limited.options = .deleting().with { $0.deletionLimit = .count(1) }
            #expect(try limited.run(jobs: jobs).report.refusal == .deletionLimit(planned: 2, allowed: 1))
            limited.options = .deleting()
            try expectConvergence(limited, jobs: jobs)
        }
    }

    /// What is mounted below something that goes away is not emptied.
    @Test(arguments: widths) func whatIsMountedBelowALeftoverStays(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let leftover = ".treesync-7fffffff-1-1.tmp"
            let mirror = try Mirror(
                in: folder, .directory(), .directory([Name(leftover.utf8): .directory(["mnt": .directory()])]))
            let mounted = mirror.destination + "/" + leftover + "/mnt"
            try withMemoryFileSystem(at: mounted, megabytes: 1) {
                try Tree.file("precious").build(at: mounted + "/precious")
                #expect(try !mirror.run(jobs: jobs).report.succeeded)
                #expect(entryExists(at: mounted + "/precious"))
            }
            expectSuccess(try mirror.run(jobs: jobs))
        }
    }

    /// A file of the size and time of the source's becomes no program that runs with its owner's rights, and what only
    /// root may read is not given away: both get the contents of the source.
    @Test(arguments: widths) func contentsThatOnlySeemEqualAreCopied(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let stranger = Attributes(owner: Self.stranger)
            let mirror = try Mirror(
                in: folder,
                .directory([
                    "tool": .file("root's tool", Attributes(permissions: 0o4755)),
                    "group": .file("root's tool", Attributes(permissions: 0o2755)), "given": .file("public", stranger),
                    "plain": .file("plain", stranger),
                ]),
                .directory([
                    "tool": .file("their  tool", stranger),
                    "group": .file("their  tool", Attributes(group: Self.stranger)),
                    "given": .file("secret", Attributes(permissions: 0o600)),
                    "plain": .file("PLAIN"),
                ]))
            expectSuccess(try mirror.run(jobs: jobs))
            func contents(_ name: String) throws -> String {
                try String(contentsOfFile: mirror.destination + "/" + name, encoding: .utf8)
            }
            #expect(try contents("tool") == "root's tool" && contents("group") == "root's tool")
            #expect(try contents("given") == "public")
            // Anybody may read it already: as rsync, size and time are believed.
            #expect(try contents("plain") == "PLAIN")
        }
    }

    /// A directory that is filled belongs to whom it shall before the first file is in it, and lets nobody else in.
    @Test func aDirectoryIsOursWhileItIsFilled() async {
        await #expect(processExitsWith: .success) {
            let look = Look()
            try beforeEachCall(
                .directory(["d": .directory(["f": .file("secret")], Attributes(permissions: 0o700))]),
                .directory(["d": .directory([:], Attributes(permissions: 0o777, owner: 65534))]), .deleting(),
                { _, destination in
                    guard entryExists(at: destination + "/d/f"), let status = Self.status(destination + "/d") else {
                        return
                    }
                    look.note(isBad: status.st_uid != 0 || status.st_mode & 0o77 != 0)
                }
            ) { _, call, _ in look.take(before: call) }
            #expect(look.count > 2)
        }
    }

    /// What a file is made under meanwhile is for nobody else, whatever the directory's group.
    @Test func aTemporaryFileIsOursAlone() async {
        await #expect(processExitsWith: .success) {
            let look = Look()
            let shared = Attributes(permissions: 0o2775, group: 65534)
            try beforeEachCall(
                .directory(["d": .directory(["f": .file("secret", Attributes(permissions: 0o640))], shared)]),
                .directory(["d": .directory(["f": .file("old", Attributes(modified: Time(1)))], shared)]), .deleting(),
                { _, destination in
                    guard let path = Self.temporary(in: destination + "/d"), let status = Self.status(path) else {
                        return
                    }
                    look.note(isBad: status.st_gid != 0 && status.st_mode & 0o77 != 0)
                }
            ) { _, call, _ in look.take(before: call) }
            #expect(look.count > 2)
        }
    }

    /// A directory that takes the place of a new one, between its making and its opening, is not given away.
    @Test(arguments: [1, 6]) func aDirectoryInThePlaceOfANewOneStaysOurs(_ files: Int) async {
        await #expect(processExitsWith: .success) { [files = files as Int] in
            let swaps = Look()
            var entries: [Name: Tree] = [:]
            for index in 0..<files { entries[Name("f\(index)".utf8)] = .file() }
            try beforeEachCall(
                .directory(["pub": .directory(entries, Attributes(owner: 65534))]),
                .directory(["root": .directory(["secret": .file()], Attributes(permissions: 0o700))]), Options(),
                { _, place in
                    let new = Self.temporary(in: place) ?? place + "/pub"
                    guard rename(new, place + "/aside") == 0 else { return }
                    if rename(place + "/root", new) == 0 { swaps.note(isBad: false) }
                }
            ) { mirror, call, _ in
                swaps.take(before: call)
                // Whatever its name is now, it is the one that holds the secret.
                let place = mirror.destination
                let held = try FileManager.default.contentsOfDirectory(atPath: place).map { place + "/" + $0 }
                    .first { entryExists(at: $0 + "/secret") }
                let status = try #require(held.flatMap(Self.status), "before \(call)")
                #expect(status.st_uid == 0 && status.st_mode & 0o777 == 0o700, "before \(call)")
            }
            #expect(swaps.count > 2)
        }
    }

    /// The first temporary entry of a directory.
    private static func temporary(in directory: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.first { $0.hasPrefix(".treesync-") }.map { directory + "/" + $0 }
    }

    /// What somebody has seen, or done, between two calls.
    private final class Look: Sendable {
        private let seen = Atomic<Int>(0)
        private let bad = Atomic<Bool>(false)

        var count: Int { seen.load(ordering: .relaxed) }

        func note(isBad: Bool) {
            seen.add(1, ordering: .relaxed)
            if isBad { bad.store(true, ordering: .relaxed) }
        }

        func take(before call: String) {
            let wasBad = bad.exchange(false, ordering: .relaxed)
            #expect(!wasBad, "before \(call)")
        }
    }
}
