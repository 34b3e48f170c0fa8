import Foundation
import Testing
import TreeSync
import TreeTesting

/// Attributes whose order of setting matters, or that a naive copy loses.
@Suite struct MetadataTests {
    private func converge(_ source: Tree, _ destination: Tree?, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try expectConvergence(try Mirror(in: folder, source, destination), jobs: jobs)
        }
    }

    /// Directories on every level get their own times, whatever happens inside of them.
    @Test(arguments: widths) func directoriesKeepTheirTimes(jobs: Int) throws {
        func tree(_ inner: [Name: Tree]) -> Tree {
            let low = Tree.directory(inner, Attributes(modified: Time(-5, nanoseconds: 7)))
            return .directory(
                ["mid": .directory(["low": low], Attributes(modified: Time(4_200_000_000, nanoseconds: 1)))],
                Attributes(modified: Time(77, nanoseconds: 999_999_999)))
        }
        for change: [Name: Tree] in [
            ["new": .file()], ["same": .file("other")], [:], ["same": .directory(["x": .fifo()])],
        ] {
            try converge(
                tree(change.merging(["stays": .file("s")]) { $1 }), tree(["same": .file("s"), "stays": .file("s")]),
                jobs: jobs)
        }
    }

    /// Times at the edges of what 32 and 34 bits hold are times like any other where the file system keeps them.
    @Test(arguments: widths) func timesAtTheEdges(jobs: Int) throws {
        let times = [
            Time(-2_147_483_647), Time(-1, nanoseconds: 999_999_999), Time(0),
            Time(2_147_483_647, nanoseconds: 999_999_999),
            Time(2_147_483_647), Time(2_147_483_648), Time(4_294_967_295, nanoseconds: 999_999_999),
            Time(12_375_528_226),
        ]
        func tree(_ time: Time) -> Tree {
            let attributes = Attributes(modified: time)
            return .directory([
                "f": .file("f", attributes), "d": .directory([:], attributes), "l": .link("x", attributes),
            ])
        }
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            for (index, (old, new)) in times.flatMap({ old in times.map { (old, $0) } }).enumerated() {
                let folder = "\(folder)/\(index)"
                try Tree.directory().build(at: folder)
                let mirror = try Mirror(in: folder, tree(new), tree(old))
                try expectConvergence(mirror, jobs: jobs, "\(old) becomes \(new)")
            }
        }
    }

    /// A change of the owner clears set-id bits and capabilities; they are there afterwards all the same.
    @Test(.enabled(if: isRoot, "giving files away needs root"), arguments: widths)
    func setIDAndCapabilitiesSurviveAChangeOfTheOwner(jobs: Int) throws {
        let attributes = Attributes(permissions: 0o6755, owner: 1234, group: 4321, capabilities: 1 << 13)
        let source = Tree.directory([
            "file": .file("same", attributes), "dir": .directory([:], Attributes(permissions: 0o7755, owner: 1234)),
            "fifo": .fifo(Attributes(permissions: 0o6644, owner: 1234)),
        ])
        let destination = Tree.directory([
            "file": .file("same", Attributes(permissions: 0o6755, capabilities: 1 << 13)),
            "dir": .directory([:], Attributes(permissions: 0o7755)), "fifo": .fifo(Attributes(permissions: 0o6644)),
        ])
        try converge(source, destination, jobs: jobs)
        try converge(source, nil, jobs: jobs)
    }

    /// Permissions are the list's where there is one: both change together, each alone, and the list goes away.
    @Test(arguments: widths) func accessListsChange(jobs: Int) throws {
        let lists: [AccessControlList?] = [
            nil, AccessControlList(owner: 6, group: 4, other: 0, mask: 6, users: [7: 6]),
            AccessControlList(owner: 6, group: 4, other: 0, mask: 4, users: [7: 6]),
            AccessControlList(owner: 7, group: 0, other: 7, mask: 0, users: [7: 1, 8: 2], groups: [9: 4]),
        ]
        func tree(_ list: AccessControlList?) -> Tree {
            let attributes = Attributes(accessList: list)
            // Whoever owns a directory must get into it, also without privileges.
            var open = list
            open?.owner = 7
            return .directory([
                "file": .file("f", attributes), "fifo": .fifo(attributes),
                "dir": .directory(["in": .file()], Attributes(accessList: open, defaultList: list)),
            ])
        }
        for old in lists { for new in lists { try converge(tree(new), tree(old), jobs: jobs) } }
    }

    /// What is made in a directory with a default list inherits it; the source's entries had none.
    @Test(arguments: widths) func inheritedListsDoNotStay(jobs: Int) throws {
        let list = AccessControlList(owner: 7, group: 7, other: 7, mask: 7, users: [7: 7], groups: [8: 7])
        let inner: [Name: Tree] = [
            "file": .file("text"), "dir": .directory(["deep": .file("deep")]), "fifo": .fifo(), "socket": .socket(),
        ]
        let directory = Tree.directory(["d": .directory(inner, Attributes(defaultList: list))])
        let empty = Tree.directory(["d": .directory([:], Attributes(defaultList: list))])
        try converge(directory, empty, jobs: jobs)
        try converge(.directory(["d": .directory(inner)]), empty, jobs: jobs)
    }

    /// What is made in a set-group-id directory gets its group.
    @Test(.enabled(if: isRoot, "foreign groups need root"), arguments: widths)
    func inheritedGroupsDoNotStay(jobs: Int) throws {
        let inner: [Name: Tree] = ["file": .file("text"), "dir": .directory(), "fifo": .fifo(), "link": .link("x")]
        let attributes = Attributes(permissions: 0o2755, group: 4321)
        try converge(
            .directory(["d": .directory(inner, attributes)]), .directory(["d": .directory([:], attributes)]), jobs: jobs
        )
    }

    /// Attributes are added, changed and removed, on what has them already.
    @Test(arguments: widths) func extendedAttributesChange(jobs: Int) throws {
        func tree(_ extended: [Name: [UInt8]]) -> Tree {
            .directory([
                "file": .file("f", Attributes(extended: extended)),
                "read-only": .file("f", Attributes(permissions: 0o444, extended: extended)),
                "dir": .directory([:], Attributes(extended: extended)),
            ])
        }
        let sets: [[Name: [UInt8]]] = [
            [:], ["user.a": []], ["user.a": [0, 1, 255]],
            ["user.b": [1], "user.größe": Array(repeating: 9, count: 2000)],
        ]
        for old in sets { for new in sets { try converge(tree(new), tree(old), jobs: jobs) } }
    }

    /// What `/etc/xattr.conf` says to skip is neither copied nor missed.
    @Test(arguments: widths) func skippedAttributesAreNotCopied(jobs: Int) throws {
        let policy = try runProgram(["grep", "-q", "^user.Beagle.*skip", "/etc/xattr.conf"])
        if policy.status != 0 { try Test.cancel("/etc/xattr.conf skips no attribute that this test can set") }
        let source = Tree.directory(["f": .file("x", Attributes(extended: ["user.Beagle.id": [1], "user.kept": [2]]))])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, source)
            expectSuccess(try mirror.run(jobs: jobs))
            let found = try differences(mirror.source, mirror.destination).map { "\($0.path) \($0.property)" }
            #expect(found == ["f attribute user.Beagle.id"])
            try expectNothingToDo(mirror)
        }
    }

    /// The root counts as an entry, new or old.
    @Test(arguments: widths) func theRootIsAnEntry(jobs: Int) throws {
        let list = AccessControlList(owner: 7, group: 5, other: 0, mask: 5, users: [7: 5])
        let attributes = Attributes(
            permissions: 0o1750, modified: Time(1, nanoseconds: 2), extended: ["user.root": [1]], defaultList: list)
        let source = Tree.directory(["f": .file()], attributes)
        try converge(source, nil, jobs: jobs)
        try converge(source, .directory(["f": .file()]), jobs: jobs)
    }

    /// A source that was written in the same tick of the kernel's clock in which its copy is made has the time that the
    /// copy is born with; writing the copy moves that on. Not every attempt meets the tick.
    @Test func aTimeOfThisMomentIsSetAgain() throws {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            // The second piece is written some ticks later.
            let options = Options.deleting().with { $0.bytesPerSecond = 100_000 }
            for attempt in 0..<40 {
                let mirror = Mirror(
                    source: "\(folder)/source \(attempt)", destination: "\(folder)/copy \(attempt)", options: options)
                try Tree.directory([:]).build(at: mirror.source)
                try Data(repeating: 1, count: 7000).write(to: URL(fileURLWithPath: mirror.source + "/file"))
                try mirror.run(jobs: 1)
                try expectEqual(mirror.source, mirror.destination, "attempt \(attempt)")
            }
        }
    }

    /// A default ACL says nothing that the permissions say too: each of its entries counts.
    @Test(arguments: widths) func everyEntryOfADefaultListCounts(jobs: Int) throws {
        let list = AccessControlList(owner: 7, group: 5, other: 5, mask: 7, users: [7: 6])
        let changes: [WritableKeyPath<AccessControlList, UInt16>] = [\.owner, \.group, \.other, \.mask]
        for change in changes {
            try withTemporaryDirectory { folder in
                var other = list
                other[keyPath: change] = 4
                let mirror = try Mirror(
                    in: folder, .directory(["d": .directory([:], Attributes(defaultList: list))]),
                    .directory(["d": .directory([:], Attributes(defaultList: other))]))
                try expectConvergence(mirror, jobs: jobs)
            }
        }
    }
}
