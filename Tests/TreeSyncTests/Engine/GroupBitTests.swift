import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Set-group-id bits of directories where groups are not preserved: what is made in a directory has the group that it
/// would have if the bit had been right all along.
@Suite(.enabled(if: isRoot, "foreign groups need root")) struct GroupBitTests {
    private static let foreign: UInt32 = 4321
    private static let inner: [Name: Tree] = [
        "file": .file("text"), "dir": .directory(["deep": .file("deep")]), "fifo": .fifo(), "link": .link("x"),
        "one": .file("names").sharing("names"), "two": .file("names").sharing("names"),
    ]

    private static let options = Options.deleting().with {
        $0.preserved = [.symbolicLinks, .permissions, .times, .specials, .hardLinks]
    }

    private func directory(_ permissions: UInt32, _ group: UInt32? = nil, _ inner: [Name: Tree] = [:]) -> Tree {
        .directory(inner, Attributes(permissions: permissions, group: group))
    }

    /// The groups of what a directory holds.
    private func groups(in folder: String) throws -> Set<UInt32> {
        let found = try runProgram(["find", folder, "-mindepth", "1", "-maxdepth", "1", "-printf", "%G\n"])
        return Set(found.output.split(separator: "\n").compactMap { UInt32($0) })
    }

    private func permissions(_ path: String) throws -> UInt16 { try At.workingDirectory.status(path).permissions }

    /// Synchronises and expects everything in these directories of the destination to have the group.
    private func expect(
        _ group: UInt32, in paths: String..., from source: Tree, over old: Tree?, _ options: Options = Self.options,
        jobs: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(in: folder, source, old, options: options)
            try expectPlan(mirror, sourceLocation: sourceLocation)
            expectSuccess(try mirror.run(jobs: jobs), sourceLocation: sourceLocation)
            for path in paths {
                let found = try groups(in: mirror.destination + "/" + path)
                #expect(found == [group], "\(path)", sourceLocation: sourceLocation)
            }
            try expectNothingToDo(mirror, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: widths) func anExistingDirectoryGetsTheBit(jobs: Int) throws {
        try expect(
            Self.foreign, in: "d", from: .directory(["d": directory(0o2775, nil, Self.inner)]),
            over: .directory(["d": directory(0o755, Self.foreign)]), jobs: jobs)
    }

    @Test(arguments: widths) func anExistingDirectoryLosesTheBit(jobs: Int) throws {
        try expect(
            0, in: "d", from: .directory(["d": directory(0o755, nil, Self.inner)]),
            over: .directory(["d": directory(0o2775, Self.foreign)]), jobs: jobs)
    }

    @Test(arguments: widths) func theRootGetsAndLosesTheBit(jobs: Int) throws {
        for (new, group) in [(0o2775, Self.foreign), (0o755, 0)] as [(UInt32, UInt32)] {
            let old = directory(new ^ 0o2000, Self.foreign)
            try expect(group, in: "", from: directory(new, nil, Self.inner), over: old, jobs: jobs)
        }
    }

    /// The bit may be a change of the source's permissions: each new directory gives it to what is made in it.
    @Test(arguments: widths) func theBitComesFromAChange(jobs: Int) throws {
        let change = try #require(PermissionChange(Array("Dg+s".utf8)))
        let options = Self.options.with { $0.permissionChange = change }
        let source = Tree.directory(["d": .directory(Self.inner), "file": .file("f")])
        try expect(
            Self.foreign, in: "", "d", "d/dir", from: source, over: directory(0o755, Self.foreign), options, jobs: jobs)
    }

    /// A new root takes its group from the directory that it is made in, and keeps the bit or not.
    @Test(arguments: widths) func aNewRoot(jobs: Int) throws {
        for (bit, group) in [(0o2755, Self.foreign), (0o755, 0)] as [(UInt32, UInt32)] {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                try directory(0o2755, Self.foreign).build(at: folder + "/shared")
                var mirror = try Mirror(in: folder, directory(bit, nil, Self.inner), options: Self.options)
                mirror.destination = folder + "/shared/new"
                expectSuccess(try mirror.run(jobs: jobs))
                // Its subdirectories have no bit in the source, so that what is in them has the process's group.
                #expect(try groups(in: mirror.destination) == [group])
                #expect(try groups(in: mirror.destination + "/dir") == [0])
                try expectNothingToDo(mirror)
            }
        }
    }

    /// A new directory that has the bit where the one above has none.
    @Test(arguments: widths) func newDirectoriesInOneWithoutTheBit(jobs: Int) throws {
        try expect(
            0, in: "d", from: .directory(["d": directory(0o2775, nil, Self.inner)]),
            over: directory(0o755, Self.foreign),
            jobs: jobs)
    }

    /// The rest of the mode is set when the last entry is done: a directory that is to be closed is closed then.
    @Test(arguments: widths) func theRestIsSetLast(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(
                in: folder, .directory(["d": directory(0o3500, nil, Self.inner)]),
                .directory(["d": directory(0o2711, Self.foreign)]), options: Self.options)
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try permissions(mirror.destination + "/d") == 0o3500)
            #expect(try groups(in: mirror.destination + "/d") == [Self.foreign])
            try expectNothingToDo(mirror)
        }
    }

    /// What stands for a directory gives no groups away.
    @Test(arguments: widths) func storedDirectories(jobs: Int) throws {
        let options = Self.options.with { $0.fakeSuper = .destination }
        for bit: UInt32 in [0o755, 0o2775] {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["d": directory(bit, nil, Self.inner)]),
                    .directory(["d": directory(bit ^ 0o2000, Self.foreign)]), options: options)
                expectSuccess(try mirror.run(jobs: jobs))
                #expect(try groups(in: mirror.destination + "/d") == [0])
                #expect(try permissions(mirror.destination + "/d") & 0o2000 == 0)
                try expectNothingToDo(mirror)
            }
        }
    }

    /// A batch does to a twin what the run has done.
    @Test(arguments: widths) func recorded(jobs: Int) throws {
        for (new, group) in [(0o2775, Self.foreign), (0o755, 0)] as [(UInt32, UInt32)] {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let mirror = try BatchMirror(
                    in: folder, .directory(["d": directory(new, nil, Self.inner)]),
                    .directory(["d": directory(new ^ 0o2000, Self.foreign)]), options: Self.options)
                let twin = try mirror.twin()
                expectSuccess(try mirror.mirror.run(jobs: jobs))
                expectSuccess(try mirror.apply(to: twin, jobs: jobs, Self.options))
                #expect(try groups(in: twin + "/d") == [group])
            }
        }
    }
}
