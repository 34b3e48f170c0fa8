import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Other file systems inside of the trees.
@Suite(.enabled(if: isRoot, "mounting needs root")) struct MountPointTests {
    private static let source = Tree.directory(["mount": .directory(), "f": .file("f")])

    @Test(arguments: widths) func oneFileSystemDoesNotEnter(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.oneFileSystem = true }
            let mirror = try Mirror(in: folder, Self.source, nil, options: options)
            try withMemoryFileSystem(at: mirror.source + "/mount", megabytes: 1) {
                try Tree.file("inner").build(at: mirror.source + "/mount/inner")
                expectSuccess(try mirror.run(jobs: jobs))
                #expect(entryExists(at: mirror.destination + "/mount"))
                #expect(!entryExists(at: mirror.destination + "/mount/inner"))
                try expectNothingToDo(mirror)
            }
        }
    }

    /// Left out, not missing: what the destination has of that name stays.
    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func mountPointsAreLeftOut(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting(time).with { ($0.oneFileSystem, $0.leavesOutMountPoints) = (true, true) }
            let kept = Tree.directory(["mount": .directory(["old": .file("old")]), "gone": .file()])
            let old = try Mirror(in: folder, Self.source, kept, options: options)
            let new = Mirror(source: old.source, destination: folder + "/new", options: options)
            try withMemoryFileSystem(at: old.source + "/mount", megabytes: 1) {
                try Tree.file("inner").build(at: old.source + "/mount/inner")
                expectSuccess(try new.run(jobs: jobs))
                #expect(entryExists(at: new.destination + "/f") && !entryExists(at: new.destination + "/mount"))
                expectSuccess(try old.run(jobs: jobs))
                #expect(entryExists(at: old.destination + "/mount/old") && !entryExists(at: old.destination + "/gone"))
                #expect(!entryExists(at: old.destination + "/mount/inner"))
                try expectNothingToDo(old)
            }
        }
    }

    /// A link to a directory of another file system is like a mount point; one to a file is followed.
    @Test(arguments: [false, true], widths) func oneFileSystemAndLinks(_ leavesOut: Bool, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "toDir": .link("../elsewhere/dir"), "toFile": .link("../elsewhere/file"), "inside": .link("dir"),
                "dir": .directory(["x": .file("x")]),
            ])
            let options = Options.deleting().with {
                $0.oneFileSystem = true
                $0.leavesOutMountPoints = leavesOut
                $0.links.followed = .all
            }
            let mirror = try Mirror(in: folder, source, nil, options: options)
            try Tree.directory().build(at: folder + "/elsewhere")
            try withMemoryFileSystem(at: folder + "/elsewhere", megabytes: 1) {
                try Tree.directory(["inner": .file()]).build(at: folder + "/elsewhere/dir")
                try Tree.file("far").build(at: folder + "/elsewhere/file")
                expectSuccess(try mirror.run(jobs: jobs))
                #expect(entryExists(at: mirror.destination + "/toDir") == !leavesOut)
                #expect(!entryExists(at: mirror.destination + "/toDir/inner"))
                #expect(entryExists(at: mirror.destination + "/inside/x"))
                try expectEqual(folder + "/elsewhere/file", mirror.destination + "/toFile")
            }
        }
    }

    @Test(arguments: widths) func otherwiseItIsEntered(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source)
            try withMemoryFileSystem(at: mirror.source + "/mount", megabytes: 1) {
                try Tree.file("inner").build(at: mirror.source + "/mount/inner")
                try expectConvergence(mirror, jobs: jobs)
            }
        }
    }

    @Test(arguments: widths) func aMountPointInTheDestinationIsFilled(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory(["mount": .directory(["a": .file("a"), "d": .directory(["b": .file("b")])])])
            let mirror = try Mirror(in: folder, tree, Self.source)
            try withMemoryFileSystem(at: mirror.destination + "/mount", megabytes: 1) {
                try expectConvergence(mirror, jobs: jobs)
            }
        }
    }

    /// A mount point that is not in the source cannot be removed: a problem, and the rest is done.
    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func aMountPointIsNotDeleted(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file("new")]), Self.source, options: .deleting(time))
            try withMemoryFileSystem(at: mirror.destination + "/mount", megabytes: 1) {
                let run = try mirror.run(jobs: jobs)
                #expect(run.problems(at: "mount").map(\.cause) == [.mountPoint])
                #expect(run.errors.count == 1)
                #expect(entryExists(at: mirror.destination + "/mount"))
                #expect(try differences(mirror.source + "/f", mirror.destination + "/f") == [])
            }
        }
    }

    /// With `oneFileSystem` it stays without a word, and so does the directory that holds it, as with rsync.
    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func oneFileSystemLeavesMountPoints(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory([
                "mount": .directory(), "dir": .directory(["deep": .directory(), "gone": .file()]), "old": .file(),
            ])
            let options = Options.deleting(time).with { $0.oneFileSystem = true }
            let mirror = try Mirror(in: folder, .directory(["f": .file("new")]), old, options: options)
            try withMemoryFileSystem(at: mirror.destination + "/mount", megabytes: 1) {
                try withMemoryFileSystem(at: mirror.destination + "/dir/deep", megabytes: 1) {
                    for place in ["/mount/kept", "/dir/deep/kept"] {
                        try Tree.file("kept").build(at: mirror.destination + place)
                    }
                    let run = try mirror.run(jobs: jobs)
                    #expect(run.errors == [])
                    #expect(run.report.statistics.deleted.total == 2)
                    for place in ["/mount/kept", "/dir/deep/kept", "/f"] {
                        #expect(entryExists(at: mirror.destination + place), "\(place)")
                    }
                    for place in ["/dir/gone", "/old"] {
                        #expect(!entryExists(at: mirror.destination + place), "\(place)")
                    }
                    #expect(try mirror.run(jobs: jobs).report.statistics.deleted.total == 0)
                }
            }
        }
    }

    /// But nothing takes its place.
    @Test(arguments: widths) func oneFileSystemDoesNotReplaceMountPoints(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.oneFileSystem = true }
            let mirror = try Mirror(
                in: folder, .directory(["mount": .file("file")]), Self.source, options: options)
            try withMemoryFileSystem(at: mirror.destination + "/mount", megabytes: 1) {
                let run = try mirror.run(jobs: jobs)
                #expect(run.problems(at: "mount").map(\.cause) == [.mountPoint])
            }
        }
    }

    /// Nor can a file take its place.
    @Test(arguments: widths) func aMountPointIsNotReplaced(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["mount": .file("file"), "f": .file("new")])
            let mirror = try Mirror(in: folder, source, Self.source)
            try withMemoryFileSystem(at: mirror.destination + "/mount", megabytes: 1) {
                let run = try mirror.run(jobs: jobs)
                #expect(run.errors.map { "\($0.path)" } == ["mount"])
                #expect(run.problems(at: "mount").map(\.cause) == [.mountPoint])
                #expect(try differences(mirror.source + "/f", mirror.destination + "/f") == [])
            }
        }
    }

    /// Nor that of a directory which holds one, whatever the options let go: that it is full is no advice then.
    @Test(arguments: [false, true], widths) func whatHoldsAMountPointIsNotReplaced(_ stays: Bool, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { ($0.force, $0.oneFileSystem) = (true, stays) }
            let old = Tree.directory(["dir": .directory(["mount": .directory()])])
            let mirror = try Mirror(in: folder, .directory(["dir": .file("file")]), old, options: options)
            try withMemoryFileSystem(at: mirror.destination + "/dir/mount", megabytes: 1) {
                let run = try mirror.run(jobs: jobs)
                #expect(run.problems(at: "dir/mount").map(\.cause) == [.mountPoint])
                #expect(run.problems(at: "dir").map(\.errno) == [.directoryNotEmpty])
                #expect(entryExists(at: mirror.destination + "/dir/mount"))
            }
        }
    }

    /// The destination, mounted inside of the source, would be copied into itself without end.
    @Test(arguments: widths) func theDestinationInsideOfTheSourceIsLeftOut(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source, .directory(["old": .file("old")]))
            let mounted = mirror.source + "/mount"
            #expect(try runProgram(["mount", "--bind", mirror.destination, mounted]).status == 0)
            defer { _ = try? runProgram(["umount", mounted]) }
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.destinationItself])
            #expect(!entryExists(at: mirror.destination + "/mount"))
            #expect(try differences(mirror.source + "/f", mirror.destination + "/f") == [])
        }
    }

    /// A directory of the same file system that is mounted in the destination is not this tree's to empty either.
    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func aBindMountIsNotEmptied(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file("new")]), Self.source, options: .deleting(time))
            try Tree.directory(["precious": .file("precious")]).build(at: folder + "/data")
            let mounted = mirror.destination + "/mount"
            #expect(try runProgram(["mount", "--bind", folder + "/data", mounted]).status == 0)
            defer { _ = try? runProgram(["umount", mounted]) }
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "mount").map(\.cause) == [.mountPoint])
            #expect(entryExists(at: folder + "/data/precious"))
        }
    }
}
