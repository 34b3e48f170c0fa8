import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// However the disk is waited for, the result is the same, and nothing stays under a temporary name.
@Suite struct DurabilityTests {
    private static let modes: [Options.Durability] = [.none, .batch, .file]

    /// More entries than a batch holds, directories within directories, kinds that change and hard links.
    private static func tree(_ version: Int) -> Tree {
        var wide: [Name: Tree] = [:]
        for index in 0..<5000 {
            let version = index % 7 == 0 ? version : 0
            wide[Name("file \(index)".utf8)] = .file("v\(version)", Attributes(modified: Time(Int64(version))))
        }
        let shared = Tree.file("shared \(version)", Attributes(modified: Time(Int64(version)))).sharing("1")
        return .directory([
            "wide": .directory(wide), "first": shared, "socket": .socket(),
            "inner": .directory([
                "second": shared, "link": .link(Name("target \(version)".utf8)), "fifo": .fifo(),
                "deep": .directory([
                    "third": shared, "changes": version == 1 ? .file("file") : .directory(["new": .file()]),
                ]),
            ]),
            "empty": .directory(),
        ])
    }

    /// Without durability: every other test of the engine.
    @Test(arguments: modes.filter { $0 != .none }, widths) func converges(durability: Options.Durability, jobs: Int)
        throws
    {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            let options = Options.deleting().with { $0.durability = durability }
            let mirror = try Mirror(in: folder, Self.tree(1), options: options)
            try expectConvergence(mirror, jobs: jobs, "first copy")
            try removeTree(mirror.source)
            try Self.tree(2).build(at: mirror.source)
            try expectConvergence(mirror, jobs: jobs, "second copy")
        }
    }

    /// What a cancelled run had not named is not left behind.
    @Test(arguments: modes, widths) func cancelledLeavesNothing(durability: Options.Durability, jobs: Int) throws {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            var options = Options.deleting().with { $0.durability = durability }
            options.jobs = jobs
            let mirror = try Mirror(in: folder, Self.tree(1), options: options)
            let cancellation = Cancellation()
            let synchronizer = Synchronizer(from: .init(mirror.source), to: .init(mirror.destination), options: options)
            let report = try synchronizer.runBlocking(cancellation: cancellation, events: .progress) { event in
                if case .progress(let progress) = event, progress.copiedBytes > 0 { cancellation.cancel() }
            }
            #expect(report.isCancelled)
            let left = try Snapshot(of: mirror.destination).paths(ofNamesLike: ".treesync-")
            #expect(left.isEmpty)
        }
    }
}

/// The limit on the rate of writing holds for all threads together.
@Suite struct ThrottleTests {
    @Test(arguments: widths) func theRateIsKept(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var entries: [Name: Tree] = [:]
            for index in 0..<40 {
                entries[Name("\(index)".utf8)] = .file(.random(index == 0 ? 200_000 : 5_000, seed: UInt64(index)))
            }
            let options = Options.deleting().with { $0.bytesPerSecond = 800_000 }
            let mirror = try Mirror(in: folder, .directory(["new": .directory(entries)]), options: options)
            let clock = ContinuousClock()
            let duration = try clock.measure { expectSuccess(try mirror.run(jobs: jobs)) }
            // 395,000 bytes, of which the last piece need not have taken its time.
            #expect(duration > .milliseconds(400))
            try expectEqual(mirror.source, mirror.destination)
        }
    }
}
