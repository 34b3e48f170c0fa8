import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Users and groups that are named in ACLs become others, as owners do.
@Suite struct MappedAccessListTests {
    private static func options(users: String? = "50:70", groups: String? = "51:71") throws -> Options {
        var options = Options.deleting()
        options.ownerMap = try users.map { try IdentityMap(Array($0.utf8), of: .users) }
        options.groupMap = try groups.map { try IdentityMap(Array($0.utf8), of: .groups) }
        return options
    }

    private static func list(users: [UInt32: UInt16] = [:], groups: [UInt32: UInt16] = [:]) -> AccessControlList {
        AccessControlList(owner: 7, group: 5, other: 4, mask: 7, users: users, groups: groups)
    }

    /// A file, a FIFO, and a directory that new entries inherit from.
    private static func tree(_ list: AccessControlList?) -> Tree {
        let attributes = Attributes(permissions: list == nil ? 0o754 : nil, accessList: list)
        return .directory([
            "file": .file("f", attributes), "fifo": .fifo(attributes), "plain": .file("p"),
            "dir": .directory(["in": .file("in")], Attributes(permissions: 0o755, defaultList: list)),
        ])
    }

    private static let source = list(users: [50: 6, 60: 4], groups: [51: 4, 61: 1])
    private static let wanted = list(users: [60: 4, 70: 6], groups: [61: 1, 71: 4])

    /// The destination becomes what `tree` says, and nothing is left to do.
    private func expect(
        _ wanted: Tree, from source: Tree, over old: Tree?, _ options: Options, jobs: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(in: folder, source, old, options: options)
            try wanted.build(at: folder + "/wanted")
            try expectPlan(mirror, sourceLocation: sourceLocation)
            expectSuccess(try mirror.run(jobs: jobs), sourceLocation: sourceLocation)
            try expectEqual(folder + "/wanted", mirror.destination, sourceLocation: sourceLocation)
            try expectNothingToDo(mirror, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: widths) func newAndExistingEntries(jobs: Int) throws {
        let (source, wanted) = (Self.tree(Self.source), Self.tree(Self.wanted))
        let other = Self.list(users: [70: 1], groups: [9: 7])
        for old in [nil, .directory(), source, Self.tree(nil), Self.tree(other)] {
            try expect(wanted, from: source, over: old, try Self.options(), jobs: jobs)
        }
    }

    /// What is there as it shall be is left alone from the first run on.
    @Test(arguments: widths) func nothingToDoWhereEntriesAreMappedAlready(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(
                in: folder, Self.tree(Self.source), Self.tree(Self.wanted), options: try Self.options())
            try expectNothingToDo(mirror)
        }
    }

    @Test(arguments: widths) func entriesThatBecomeOneAreJoined(jobs: Int) throws {
        let list = Self.list(users: [50: 1, 60: 2, 70: 4], groups: [51: 1, 61: 4])
        let wanted = Self.list(users: [70: 7], groups: [71: 5])
        let options = try Self.options(users: "50-60:70", groups: "51-61:71")
        try expect(Self.tree(wanted), from: Self.tree(list), over: .directory(), options, jobs: jobs)
    }

    /// `--chown` is about owners: ACLs keep whom they name.
    @Test(.enabled(if: isRoot, "foreign owners need root"), arguments: widths)
    func oneOwnerForAllLeavesListsAlone(jobs: Int) throws {
        var options = Options.deleting()
        options.ownerMap = try IdentityMap(everybody: Array("7".utf8), of: .users)
        options.groupMap = try IdentityMap(everybody: Array("8".utf8), of: .groups)
        func tree(_ owner: UInt32?, _ group: UInt32?) -> Tree {
            .directory(
                ["file": .file("f", Attributes(owner: owner, group: group, accessList: Self.source))],
                Attributes(owner: owner, group: group))
        }
        try expect(tree(7, 8), from: tree(nil, nil), over: nil, options, jobs: jobs)
    }

    /// The kernel keeps lists in any order of their ids.
    @Test(arguments: widths) func theOrderOfTheDestinationsEntriesDoesNotCount(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            func file(_ list: AccessControlList) -> Tree {
                .directory(["file": .file("f", Attributes(accessList: list))])
            }
            let mirror = try Mirror(
                in: folder, file(Self.list(users: [50: 6, 60: 4])), file(Self.list(users: [60: 4, 70: 6])),
                options: try Self.options())
            let value =
                "0x0200000001000700ffffffff020006004600000002000400" + "3c00000004000500ffffffff10000700ffffffff"
                + "20000400ffffffff"
            let words = ["setfattr", "-n", "system.posix_acl_access", "-v", value, mirror.destination + "/file"]
            #expect(try runProgram(words).status == 0)
            try expectNothingToDo(mirror)
        }
    }

    /// Stored lists name whom the map says, and so do those that are brought back by another map.
    @Test(arguments: widths) func storedLists(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var store = try Mirror(in: folder, Self.tree(Self.source), options: try Self.options())
            store.options.fakeSuper = .destination
            expectSuccess(try store.run(jobs: jobs))
            try expectNothingToDo(store)
            let (stored, mappedBack) = (Options.deleting(), try Self.options(users: "70:50", groups: "71:51"))
            for (name, options, list) in [("stored", stored, Self.wanted), ("back", mappedBack, Self.source)] {
                var back = Mirror(
                    source: store.destination, destination: "\(folder)/\(name)", options: options)
                back.options.fakeSuper = .source
                expectSuccess(try back.run(jobs: jobs))
                try expectNothingToDo(back)
                try Self.tree(list).build(at: "\(folder)/wanted-\(name)")
                try expectEqual("\(folder)/wanted-\(name)", back.destination)
            }
        }
    }

    /// A batch holds the lists as the run has set them.
    @Test(arguments: widths) func recordedLists(jobs: Int) throws {
        for old in [.directory(), Self.tree(Self.source)] as [Tree] {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let mirror = try BatchMirror(
                    in: folder, Self.tree(Self.source), old, options: try Self.options())
                let twin = try mirror.twin()
                expectSuccess(try mirror.mirror.run(jobs: jobs))
                expectSuccess(try mirror.apply(to: twin, jobs: jobs))
                try Self.tree(Self.wanted).build(at: folder + "/wanted")
                try expectEqual(folder + "/wanted", twin)
                #expect(try mirror.plan(for: twin, jobs: jobs).planned.isEmpty)
            }
        }
    }

    /// What goes to the backups is the destination's own: nobody in it becomes anybody else.
    @Test(arguments: widths) func backupsKeepTheirLists(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let old = Tree.directory([
                "d": .directory(
                    ["f": .file("old", Attributes(accessList: Self.source))],
                    Attributes(permissions: 0o755, defaultList: Self.source))
            ])
            var options = try Self.options()
            options.backups = Backups(directory: FilePath(folder + "/backups"))
            let mirror = try Mirror(
                in: folder, .directory(["d": .directory(["f": .file("newer")])]), old, options: options)
            try Mirror(source: mirror.destination, destination: folder + "/before", options: .deleting()).run()
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(folder + "/before", folder + "/backups", in: [.contents])
            let lists = try ["before", "backups"].map { name in
                try runProgram(["bash", "-c", "cd \(folder)/\(name) && getfacl -nc d d/f"]).output
            }
            #expect(lists[0] == lists[1] && lists[0].contains("user:50:rw-"))
        }
    }

    /// Who may not give files away may still say in ACLs who may do what.
    @Test(.enabled(if: isRoot, "the whole suite is unprivileged")) func unprivileged() async throws {
        let folder = try FileSystem.quick.folder()
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            asUnprivileged {
                for jobs in widths {
                    try withTemporaryDirectory(in: folder) { folder in
                        let mirror = try Mirror(in: folder, Self.tree(Self.source), options: try Self.options())
                        expectSuccess(try mirror.run(jobs: jobs))
                        try Self.tree(Self.wanted).build(at: folder + "/wanted")
                        try expectEqual(folder + "/wanted", mirror.destination)
                        try expectNothingToDo(mirror)
                    }
                }
            }
        }
    }
}
