import Foundation
import Testing
import TreeSync
import TreeTesting

/// Names of one inode in the source are names of one inode in the destination.
@Suite struct HardLinkTests {
    private static var kinds: [Tree] {
        let kinds: [Tree] = [.file("contents"), .file(), .link("target"), .fifo(), .socket()]
        let devices = [Tree(.characterDevice(major: 120, minor: 1)), Tree(.blockDevice(major: 120, minor: 1))]
        return isRoot ? kinds + devices : kinds
    }

    private static func tree(_ entry: Tree, _ labels: [String]) -> Tree {
        .directory([
            "a": entry.sharing(labels[0]), "b": entry.sharing(labels[1]),
            "dir": .directory(["a": entry.sharing(labels[2]), "z": entry.sharing(labels[3])]),
            "after": .directory(["deep": .directory(["c": entry.sharing(labels[4])])]),
        ])
    }

    private static let partitions = [
        ["1", "1", "1", "1", "1"], ["1", "2", "3", "4", "5"], ["1", "1", "2", "2", "3"], ["1", "2", "1", "2", "1"],
        ["1", "2", "2", "1", "2"],
    ]

    /// Every way to share becomes every other one, for every kind.
    @Test(arguments: kinds, widths) func groupsAreRegrouped(_ entry: Tree, jobs: Int) throws {
        for old in Self.partitions {
            for new in Self.partitions {
                try withTemporaryDirectory { folder in
                    let mirror = try Mirror(in: folder, Self.tree(entry, new), Self.tree(entry, old))
                    try expectConvergence(mirror, jobs: jobs, "\(entry.shape) \(old) becomes \(new)")
                }
            }
        }
    }

    /// New groups come with new contents, attributes and times.
    @Test(arguments: kinds, widths) func groupsAreCreatedAndChanged(_ entry: Tree, jobs: Int) throws {
        let changed = entry.with { $0.modified.seconds += 5 }
        for labels in Self.partitions {
            for old in [nil, Self.tree(changed, Self.partitions[0]), Self.tree(changed, labels)] {
                try withTemporaryDirectory { folder in
                    let mirror = try Mirror(in: folder, Self.tree(entry, labels), old)
                    try expectConvergence(mirror, jobs: jobs, "\(entry.shape) \(labels)")
                }
            }
        }
    }

    /// The first name in the order of the tree is copied and the others are linked to it, whichever directory a thread
    /// comes to first. Often enough that a race shows.
    @Test(arguments: widths) func theFirstNameInOrderIsCopied(jobs: Int) throws {
        let file = Tree.file("shared").sharing("1")
        let source = Tree.directory([
            "a": .directory(["b": .directory(["c": .directory(["x": file])])]), "b": .directory(["x": file]),
            "c": .directory(["d": .directory(["x": file])]), "d": .directory(["x": file]),
        ])
        let first = RelativePath(bytes: Array("a/b/c/x".utf8))
        for _ in 1...20 {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, source)
                let files = try mirror.plan(jobs: jobs).planned.filter { $0.kind == .regular }
                #expect(files.map { "\($0.path)" } == ["a/b/c/x", "b/x", "c/d/x", "d/x"])
                #expect(files.map(\.verb) == [.create, .link(to: first), .link(to: first), .link(to: first)])
                try expectConvergence(mirror, jobs: jobs)
            }
        }
    }

    /// Names of one inode in the destination that the source keeps apart get inodes, and attributes, of their own.
    @Test(arguments: widths) func namesArePartedThatDifferInAttributes(jobs: Int) throws {
        let file = Tree.file("same")
        let source = Tree.directory([
            "a": file.with { $0.permissions = 0o600 }, "b": file.with { $0.permissions = 0o644 },
            "c": file.with { $0.modified.seconds += 1 },
        ])
        let destination = Tree.directory(["a": file.sharing("1"), "b": file.sharing("1"), "c": file.sharing("1")])
        try withTemporaryDirectory { folder in
            try expectConvergence(try Mirror(in: folder, source, destination), jobs: jobs)
        }
    }

    /// The first name of a group is of another kind in the destination, its last one is gone.
    @Test(arguments: widths) func groupsTakeThePlaceOfOtherKinds(jobs: Int) throws {
        let file = Tree.file("shared").sharing("1")
        let source = Tree.directory(["a": file, "b": file, "d": .directory(["c": file])])
        let destination = Tree.directory([
            "a": .directory(["full": .file()]), "b": .link("a"), "d": .file("d"), "e": .file("e"),
        ])
        try withTemporaryDirectory { folder in
            try expectConvergence(try Mirror(in: folder, source, destination), jobs: jobs)
        }
    }

    /// ext4 gives an inode 65,000 names. The rest is copied, which is said and not an error; nothing is left to do.
    @Test(arguments: widths) func seventyThousandNames(jobs: Int) throws {
        let (source, destination) = (FileSystem.tmpfs, FileSystem.ext4)
        if let reason = source.unavailability ?? destination.unavailability { try Test.cancel("\(reason)") }
        let file = Tree.file("shared").sharing("1")
        let names = (0..<70_000).map { (Name("name \($0)".utf8), file) }
        try withTemporaryDirectory(in: try source.folder()) { from in
            try Tree.directory(["d": .directory(Dictionary(uniqueKeysWithValues: names))]).build(at: from + "/source")
            try withTemporaryDirectory(in: try destination.folder()) { to in
                let mirror = Mirror(source: from + "/source", destination: to + "/destination")
                let run = try mirror.run(jobs: jobs)
                #expect(run.report.succeeded)
                #expect(run.problems.allSatisfy { $0.cause == .linkLimit })
                #expect(!run.problems.isEmpty)
                try expectEqual(mirror.source, mirror.destination, in: .all.subtracting([.hardLinks]))
                let (status, output) = try runProgram([
                    "sh", "-c", "find \(to) -type f -printf '%i\\n' | sort -u | wc -l",
                ])
                #expect(status == 0)
                #expect(output == "2\n", "inodes of the copy")
                #expect(try mirror.plan(jobs: jobs).planned.isEmpty)
            }
        }
    }

    /// Names that are one inode in the destination alone, where hard links are not preserved: what one of them gets does
    /// not reach the others.
    @Test(arguments: [Tree.file("q"), .fifo(), .socket()], widths)
    func namesThatTheDestinationAloneJoins(_ entry: Tree, jobs: Int) throws {
        let shared = entry.sharing("1")
        let source = Tree.directory([
            "a": entry, "b": entry.with { $0.permissions = 0o600 },
            "x": .directory(["y": .directory(["c": entry.with { $0.permissions = 0o640 }])]),
        ])
        try withTemporaryDirectory { folder in
            var options = Options.deleting()
            options.preserved.remove(.hardLinks)
            let mirror = try Mirror(
                in: folder, source,
                .directory(["a": shared, "b": shared, "x": .directory(["y": .directory(["c": shared])])]),
                options: options)
            // A snapshot beside the mirror keeps what it has.
            try Tree.directory().build(at: folder + "/snapshot")
            try FileManager.default.linkItem(atPath: mirror.destination + "/b", toPath: folder + "/snapshot/b")
            let snapshot = try Snapshot(of: folder + "/snapshot")
            try expectConvergence(mirror, jobs: jobs, in: .all.subtracting(.hardLinks))
            #expect(
                differences(snapshot, try Snapshot(of: folder + "/snapshot"), in: .all.subtracting(.hardLinks)) == [])
        }
    }

    /// The same where the source joins its names otherwise than the destination.
    @Test(arguments: [Tree.file("q"), .fifo(), .socket()], widths)
    func namesThatAreJoinedOtherwise(_ entry: Tree, jobs: Int) throws {
        let (one, other) = (entry.sharing("1"), entry.with { $0.permissions = 0o600 }.sharing("2"))
        try withTemporaryDirectory { folder in
            var options = Options.deleting()
            options.preserved.remove(.hardLinks)
            let mirror = try Mirror(
                in: folder, .directory(["p": one, "q": one, "r": other, "z": other]),
                .directory(["p": entry.sharing("1"), "r": entry.sharing("1")]), options: options)
            try expectConvergence(mirror, jobs: jobs, in: .all.subtracting(.hardLinks))
        }
    }

    /// The first name may not take the place of a full directory: the next one is copied, and its directory finished.
    @Test(arguments: widths) func aFirstNameThatIsRefused(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.deletionLimit = .count(0) }
            let mirror = try Mirror(
                in: folder, .directory(["h": Tree.file("h").sharing("1"), "h2": Tree.file("h").sharing("1")]),
                .directory(["h": .directory(["full": .file("full")])], Attributes(modified: Time(5))), options: options)
            let run = try mirror.run(jobs: jobs)
            #expect(run.report.problems.map(\.first.cause) == [.guarded])
            let left = try differences(mirror.source, mirror.destination, in: .all.subtracting(.hardLinks))
            #expect(Set(left.map { "\($0.path)" }) == ["h", "h/full"])
        }
    }
}
