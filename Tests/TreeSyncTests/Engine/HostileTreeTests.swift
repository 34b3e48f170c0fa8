import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Trees that somebody made to break a tool.
@Suite struct HostileTreeTests {
    /// A name of every byte that a name may hold, and names that drive a terminal.
    @Test(arguments: widths) func everyByteInNames(jobs: Int) throws {
        var entries: [Name: Tree] = [:]
        for byte in UInt8(1)...255 where byte != UInt8(ascii: "/") && byte != UInt8(ascii: ".") {
            entries[Name([byte])] = byte % 2 == 0 ? .file("\(byte)") : .directory([Name([byte, byte]): .fifo()])
        }
        for text in ["\u{1b}[2J\u{1b}[H", "\u{1b}]0;title\u{7}", "a\nb", "-rf", "*", "\u{202e}gpj.exe", " "] {
            entries[Name(text.utf8)] = .link(Name(text.utf8))
        }
        try withTemporaryDirectory { folder in
            try expectConvergence(try Mirror(in: folder, .directory(entries)), jobs: jobs)
        }
    }

    /// Values of 64 KiB, two thousand names, lists of hundreds of users: as much as xfs keeps.
    @Test(.enabled(if: isRoot, "needs a file system of its own"), arguments: widths)
    func attributesAsLargeAsTheyMayBe(jobs: Int) throws {
        let large = [UInt8](repeating: 7, count: 65536)
        var many: [Name: [UInt8]] = [:]
        for number in 0..<2000 { many[Name("user.attribute.\(number)".utf8)] = [UInt8(number % 251)] }
        let users = Dictionary(uniqueKeysWithValues: (1000..<1400).map { (UInt32($0), UInt16($0 % 8)) })
        let list = AccessControlList(owner: 7, group: 5, other: 0, mask: 7, users: users)
        try withTemporaryDirectory(in: try FileSystem.xfs.folder()) { folder in
            let mirror = try Mirror(
                in: folder,
                .directory([
                    "large": .file("l", Attributes(extended: ["user.a": large, "user.b": large])),
                    "many": .file("m", Attributes(extended: many)),
                    "list": .directory([:], Attributes(accessList: list, defaultList: list)),
                ]), .directory(["many": .file("m", Attributes(extended: ["user.other": large]))]))
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// Files of holes, as large as a file may be.
    @Test(.enabled(if: isRoot, "needs a file system of its own"), arguments: [FileSystem.xfs, .btrfs, .tmpfs], widths)
    func eightExbibytesOfHoles(_ fileSystem: FileSystem, jobs: Int) throws {
        // Nobody can read beyond the largest number; the comparer reads a mebibyte at once.
        let size = Int64.max - (16 << 20)
        try withTemporaryDirectory(in: try fileSystem.folder()) { folder in
            let image = Contents(size: size, pieces: [.bytes([1, 2], at: 5), .bytes([3], at: size - 10_000)])
            let mirror = try Mirror(in: folder, .directory(["f": .file(image), "g": .file(Contents(size: size))]))
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// Times that the destination cannot hold become the nearest that it can, and then are equal.
    @Test(.enabled(if: isRoot, "needs file systems of its own"), arguments: [FileSystem.ext4, .xfs, .tmpfs], widths)
    func timesOutOfRange(_ fileSystem: FileSystem, jobs: Int) throws {
        let times = [Int64(-1) << 40, -1 << 33, -1, 0, 1 << 31, 1 << 33, 1 << 36, 1 << 40, 1 << 55, .min, .max]
        var entries: [Name: Tree] = [:]
        for time in times {
            entries[Name("file \(time)".utf8)] = .file("f", Attributes(modified: Time(time, nanoseconds: 999_999_999)))
            entries[Name("directory \(time)".utf8)] = .directory([:], Attributes(modified: Time(time)))
        }
        try withTemporaryDirectory(in: try FileSystem.tmpfs.folder()) { source in
            try withTemporaryDirectory(in: try fileSystem.folder()) { destination in
                try Tree.directory(entries).build(at: source + "/source")
                var mirror = Mirror(source: source + "/source", destination: destination + "/d")
                expectSuccess(try mirror.run(jobs: jobs))
                try expectNothingToDo(mirror)
                for window in [0, 5, Int.max] {
                    mirror.options = mirror.options.with { ($0.modifyWindow, $0.skipsNewer) = (window, true) }
                    _ = try mirror.plan(jobs: jobs)
                }
            }
        }
    }
}

/// The same, where it takes minutes.
@Suite(
    .enabled(if: LongTests.areWanted, LongTests.reason), .enabled(if: isRoot, "nothing in them depends on the user"),
    .serialized)
struct LongHostileTreeTests {
    /// Without the comparisons of plans, each of which reads paths of 20,000 bytes.
    @Test(arguments: widths) func tenThousandLevels(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: .deleting())
            try buildChain(at: mirror.source, levels: 10_000, name: "d", last: .file("deep"))
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
            #expect(try mirror.plan(jobs: jobs).planned == [])
        }
    }

    /// A directory with a million names, and a file with as many names as the file system allows, in several groups.
    @Test func aMillionNames() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: .deleting())
            try Tree.directory(["wide": .directory(), "links": .directory()]).build(at: mirror.source)
            let script = """
                import os, sys
                wide, links = sys.argv[1] + "/wide", sys.argv[1] + "/links"
                for i in range(1000000): os.mknod(f"{wide}/{i * 7919}")
                for group in range(4):
                    os.mknod(f"{links}/{group}")
                    for i in range(50000): os.link(f"{links}/{group}", f"{links}/{i}-{group}")
                """
            #expect(try runProgram(["python3", "-c", script, mirror.source]).status == 0)
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }
}
