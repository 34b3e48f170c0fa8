import Testing
import TreeSync
import TreeTesting

/// A directory where the source has something else.
@Suite struct DirectoryInTheWayTests {
    private static let kinds: [Tree] = [.file("text"), .link("target"), .fifo(), .socket()]

    @Test(arguments: kinds, widths) func staysWhenItIsFull(_ new: Tree, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory(["x": .directory(["inner": .file("kept")])])
            let mirror = try Mirror(in: folder, .directory(["x": new, "y": .file("y")]), old, options: Options())
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "x").map(\.cause) == [.directoryInTheWay])
            #expect(run.problems.count == 1)
            #expect(!run.report.succeeded)
            #expect(entryExists(at: mirror.destination + "/x/inner"))
            #expect(entryExists(at: mirror.destination + "/y"))
        }
    }

    @Test(arguments: kinds, widths) func isReplacedWhenItIsEmpty(_ new: Tree, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory(["x": .directory()])
            try expectConvergence(try Mirror(in: folder, .directory(["x": new]), old, options: Options()), jobs: jobs)
        }
    }

    @Test(arguments: kinds, widths) func isReplacedByForce(_ new: Tree, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory(["x": .directory(["inner": .directory(["deep": .file("gone")])])])
            let options = Options().with { $0.force = true }
            try expectConvergence(try Mirror(in: folder, .directory(["x": new]), old, options: options), jobs: jobs)
        }
    }

    /// The owner may do everything to a directory that gives nobody any permission.
    @Test(arguments: [UInt32(0), 0o100, 0o200, 0o300, 0o400, 0o500, 0o600, 0o077]) func isOpenedByItsOwner(
        permissions: UInt32
    ) async throws {
        await #expect(processExitsWith: .success) { [permissions = permissions as UInt32] in
            asUnprivileged {
                let inner: [Name: Tree] = [
                    "f": .file("old", Attributes(permissions: 0)), "gone": .file("gone"),
                    "d": .directory(["g": .file("g")], Attributes(permissions: permissions)),
                ]
                let old = Tree.directory(["x": .directory(inner, Attributes(permissions: permissions))])
                let times: [Options.DeletionTime] = [.before, .during, .after]
                let news: [Tree] = [
                    .directory(["f": .file("new text"), "d": .directory(["h": .fifo()])]),
                    .directory(["f": .file("new text")], Attributes(permissions: 0o500)),
                    .file("instead"), .socket(),
                ]
                for new in news {
                    for (jobs, time) in widths.flatMap({ jobs in times.map { (jobs, $0) } }) {
                        try withTemporaryDirectory { folder in
                            let mirror = try Mirror(in: folder, .directory(["x": new]), old, options: .deleting(time))
                            let comment = "mode \(String(permissions, radix: 8)) deletion \(time)"
                            try expectConvergence(mirror, jobs: jobs, comment)
                        }
                    }
                }
            }
        }
    }

    /// A root that is closed to its owner cannot be looked into by a plan, which writes nothing; a run opens it.
    @Test(arguments: [UInt32(0), 0o500, 0o300, 0o077]) func aClosedRootIsOpenedByItsOwner(permissions: UInt32)
        async throws
    {
        await #expect(processExitsWith: .success) { [permissions = permissions as UInt32] in
            asUnprivileged {
                for jobs in widths {
                    try withTemporaryDirectory { folder in
                        let old: [Name: Tree] = ["f": .file("old"), "gone": .directory(["g": .fifo()])]
                        let source = Tree.directory(["f": .file("new text"), "d": .directory(["h": .file("h")])])
                        let destination = Tree.directory(old, Attributes(permissions: permissions))
                        let mirror = try Mirror(in: folder, source, destination)
                        expectSuccess(try mirror.run(jobs: jobs))
                        try expectEqual(mirror.source, mirror.destination)
                        try expectNothingToDo(mirror)
                    }
                }
            }
        }
    }

    /// What is made in a directory whose default list gives the owner little starts with as little.
    @Test(arguments: [UInt16(0), 1, 2, 3, 4, 5]) func defaultListsThatCloseNewEntries(bits: UInt16) async throws {
        await #expect(processExitsWith: .success) { [bits = bits as UInt16] in
            asUnprivileged {
                let list = AccessControlList(owner: bits, group: 7, other: 0, mask: 7, users: [7: 7])
                let file = Tree.file("text", Attributes(extended: ["user.a": [1]]))
                let inner: [Name: Tree] = [
                    "dir": .directory(["file": file, "deep": .directory(["fifo": .fifo()])]), "file": file,
                    "fifo": .fifo(),
                ]
                for attributes in [Attributes(defaultList: list), Attributes()] {
                    for jobs in widths {
                        try withTemporaryDirectory { folder in
                            let destination = Tree.directory([:], Attributes(defaultList: list))
                            let mirror = try Mirror(
                                in: folder, .directory(["x": .directory(inner, attributes)]),
                                .directory(["x": destination]))
                            try expectConvergence(mirror, jobs: jobs, "default list \(bits)")
                        }
                    }
                }
            }
        }
    }

    /// The same for a source whose directories may not be written to: they are copied, filled and closed again.
    @Test(arguments: widths) func readOnlyDirectoriesAreCopied(jobs: Int) async throws {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            asUnprivileged {
                try withTemporaryDirectory { folder in
                    let closed = Attributes(permissions: 0o500)
                    let source = Tree.directory(
                        [
                            "a": .directory(
                                ["b": .directory(["f": .file("f", Attributes(permissions: 0o400))], closed)], closed)
                        ],
                        closed)
                    try expectConvergence(try Mirror(in: folder, source), jobs: jobs)
                }
            }
        }
    }
}
