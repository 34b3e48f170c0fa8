import Foundation
import Testing
import TreeSync
import TreeTesting

/// What takes minutes and gigabytes runs only where the environment asks for it (`scripts/test --long`).
enum LongTests {
    static let areWanted = ProcessInfo.processInfo.environment["TREESYNC_LONG"] != nil
    static let reason: Comment = "long; scripts/test --long runs it"
}

/// Trees as people have them, mirrored and then compared in every attribute.
@Suite(.enabled(if: LongTests.areWanted, LongTests.reason), .serialized) struct RealTreeTests {
    /// The programs of this machine: some hundred thousand entries with links, hard links and set-id bits.
    @Test(.enabled(if: isRoot, "reads every file of /usr")) func programsOfTheMachine() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: "/usr", destination: folder + "/usr", options: .deleting())
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// 200,000 small files in 2,000 directories, of which some change between two runs.
    @Test func twoHundredThousandSmallFiles() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: .deleting())
            try Self.tree(of: 2000, version: 1).build(at: mirror.source)
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
            try removeTree(mirror.source)
            try Self.tree(of: 1990, version: 2).build(at: mirror.source)
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// A hundred files in each directory; every hundredth file depends on the version.
    private static func tree(of directories: Int, version: Int) -> Tree {
        var top: [Name: Tree] = [:]
        for number in 0..<directories {
            var entries: [Name: Tree] = [:]
            for file in 0..<100 {
                let version = file == number % 100 ? version : 0
                let time = Time(1_700_000_000 + Int64(version), nanoseconds: UInt32(number * 1000 + file))
                let contents = Contents.random(
                    Int64(1024 + (number * 131 + file * 17) % 7168), seed: UInt64(number * 1000 + file * 10 + version))
                entries[Name("file \(file)".utf8)] = .file(contents, Attributes(modified: time))
            }
            top[Name("directory \(number)".utf8)] = .directory(entries)
        }
        return .directory(top)
    }
}

/// The folder of a virtual machine's monitor that an administrator moves to another disk: live sockets, devices, images,
/// odd names.
@Suite struct MovedFolderTests {
    private static let size: Int64 = 64 << 30

    private static func folder(asRoot: Bool) -> Tree {
        let list = AccessControlList(owner: 6, group: 4, other: 0, mask: 6, users: [7: 6, 8: 4], groups: [9: 4])
        let open = AccessControlList(owner: 7, group: 5, other: 0, mask: 7, users: [7: 7, 8: 5])
        let image = Contents(
            size: size, pieces: [.random(seed: 1, count: 40_000, at: 1 << 20), .bytes([0x55, 0xAA], at: size - 2)])
        var run: [Name: Tree] = [
            "console": .fifo(Attributes(permissions: 0o620)), "0000.1003": .socket(Attributes(permissions: 0o777)),
            "0001.1003": .socket(Attributes(modified: Time(-5, nanoseconds: 123_456_789))),
        ]
        var tools = Tree.file("#!/bin/true", Attributes(permissions: 0o6755))
        if asRoot {
            run["null"] = Tree(.characterDevice(major: 1, minor: 3), Attributes(permissions: 0o666, group: 9))
            run["loop"] = Tree(.blockDevice(major: 7, minor: 200), Attributes(owner: 12))
            tools.attributes.capabilities = 1 << 13
        }
        return .directory([
            "run": .directory(run, Attributes(permissions: 0o2770, accessList: open, defaultList: open)),
            "images": .directory([
                "disk.raw": .file(image, Attributes(extended: ["user.note": Array("raw".utf8)], accessList: list)),
                "empty": .file(Contents(size: 0)), "later": .file("x", Attributes(modified: Time(1 << 33))),
            ]),
            "tool": tools, "dangling": .link("/nowhere"), "names": Tree.file("n").sharing("n"),
            Name([0xFF, 0x0A, 0x01]): Tree.file("n").sharing("n"), "  \u{301}": .directory(),
        ])
    }

    @Test(arguments: widths) func arrivesWholeWhileItIsServed(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.folder(asRoot: isRoot),
                .directory(["run": .fifo(), "gone": .directory(["x": .socket()])])
            )
            let server = try SocketServer(in: mirror.source + "/run", name: "live")
            #expect(try server.answers())
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try server.answers())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }
}
