import Foundation
import Testing
import TreeSync
import TreeTesting

/// Names, depths, sizes and numbers at the limits, and entries that somebody is using.
@Suite struct ExtremeTreeTests {
    private static let long = Name(Array(repeating: UInt8(ascii: "n"), count: 255))

    @Test(arguments: widths) func namesOf255Bytes(jobs: Int) throws {
        let bytes = Name(Array(repeating: 0xFF, count: 255))
        func tree(_ version: Int) -> Tree {
            let file = Tree.file("text of version \(version)", Attributes(modified: Time(Int64(version))))
            return .directory([
                Self.long: file, bytes: .directory([Self.long: file, bytes: .socket()]), "x": .link(Self.long),
                "linked": .directory([Self.long: file.sharing("1"), bytes: file.sharing("1")]),
            ])
        }
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, tree(1))
            try expectConvergence(mirror, jobs: jobs)
            try removeTree(mirror.source)
            try tree(2).build(at: mirror.source)
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// The longest that ext4 and btrfs keep; xfs ends earlier.
    @Test(arguments: widths) func linksOf4000Bytes(jobs: Int) throws {
        let targets = [UInt8(ascii: "l"), 0xFF].map { Name(Array(repeating: $0, count: 4000)) }
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(
                in: folder, .directory(["a": .link(targets[0]), "b": .link(targets[1])]),
                .directory(["b": .link(targets[0]), "c": .link(targets[1])]))
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// Paths of 6,000 bytes, of which the system takes 4,096.
    @Test(arguments: widths) func thousandsOfLevels(jobs: Int) throws {
        let (levels, name) = LongTests.areWanted ? (3000, "d" as Name) : (1200, "dddd")
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: .deleting())
            let last = Tree.directory(["file": .file("deep"), "socket": .socket(), "link": .link("file")])
            try buildChain(at: mirror.source, levels: levels, name: name, last: last)
            try expectConvergence(mirror, jobs: jobs, "first copy")
            try removeTree(mirror.source)
            try buildChain(at: mirror.source, levels: levels, name: name, last: .file("another"))
            expectSuccess(try mirror.run(jobs: jobs), "the end changes its kind")
            try expectEqual(mirror.source, mirror.destination)
            try removeTree(mirror.source)
            try Tree.directory([name: .file("flat")]).build(at: mirror.source)
            expectSuccess(try mirror.run(jobs: jobs), "a file takes the place of all levels")
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// 5,000 entries in one directory, of which a tenth changes.
    @Test(arguments: widths) func aWideDirectory(jobs: Int) throws {
        func tree(_ version: Int) -> Tree {
            var entries: [Name: Tree] = [:]
            for index in 0..<5000 {
                let time = Time(index % 10 == 0 ? Int64(version) : 7)
                entries[Name("\(index * 7919)".utf8)] =
                    index % 3 == 0
                    ? .file("v\(time.seconds)", Attributes(modified: time)) : .socket(Attributes(modified: time))
            }
            return .directory(entries)
        }
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(in: folder, tree(1), tree(2))
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// 64 GiB of which a few blocks hold data: read as holes, written as holes.
    @Test(arguments: widths) func aSparseImageOf64GiB(jobs: Int) throws {
        let size: Int64 = 64 << 30
        let image = Contents(
            size: size,
            pieces: [
                .random(seed: 1, count: 4096, at: 0), .random(seed: 2, count: 10_000, at: 40 << 30),
                .bytes([1], at: size - 1),
            ])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["image": .file(image), "hole": .file(Contents(size: size))]))
            let clock = ContinuousClock()
            let duration = try clock.measure { expectSuccess(try mirror.run(jobs: jobs)) }
            #expect(duration < .seconds(5))
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// The server at a socket in the source goes on answering; the copy is a socket that nobody serves.
    @Test(arguments: widths) func aServerGoesOnServing(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["run": .directory(["file": .file("f")])]))
            let server = try SocketServer(in: mirror.source + "/run", name: "server.sock")
            #expect(try server.answers())
            try expectConvergence(mirror, jobs: jobs)
            #expect(try server.answers())
            let copy = try Snapshot(of: mirror.destination + "/run/server.sock")
            #expect(copy.count == 1)
        }
    }

    /// A FIFO with no other end is never opened: a reader or a writer would wait for ever.
    @Test(.timeLimit(.minutes(5)), arguments: widths) func fifosAreNotOpened(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.contentComparison = .contents }
            let mirror = try Mirror(
                in: folder, .directory(["a": .fifo(), "b": .file("text"), "c": .fifo()]),
                .directory(["a": .fifo(Attributes(permissions: 0o600)), "b": .fifo(), "c": .file("text")]),
                options: options)
            try expectConvergence(mirror, jobs: jobs)
        }
    }
}
