import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Links of the source that count as what they lead to.
@Suite struct FollowedLinkTests {
    private static let outside = Tree.directory([
        "file": .file("far"), "dir": .directory(["inner": .file("inner", Attributes(permissions: 0o600))]),
    ])

    /// Links to everything, inside the tree and out of it.
    private static let source = Tree.directory([
        "file": .file("near", Attributes(permissions: 0o640, extended: ["user.note": [1]])), "toFile": .link("file"),
        "toLink": .link("toFile"), "dir": .directory(["x": .file("x"), "up": .link("../file")]), "toDir": .link("dir"),
        "far": .link("../outside/dir"), "farFile": .link("../outside/file"), "fifo": .fifo(), "toFifo": .link("fifo"),
    ])

    private func mirror(_ folder: String, _ source: Tree, _ change: (inout Options) -> Void) throws -> Mirror {
        try Self.outside.build(at: folder + "/outside")
        return try Mirror(in: folder, source, .directory(), options: .deleting().with(change))
    }

    /// What planning says is what the run does, and a second run finds nothing to do.
    private func run(_ mirror: Mirror, jobs: Int) throws -> Run {
        let plan = try mirror.plan(jobs: jobs)
        let run = try mirror.run(jobs: jobs)
        #expect(plan.planned == run.planned)
        #expect(try mirror.plan(jobs: jobs).planned == [])
        return run
    }

    @Test(arguments: widths) func everyLink(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, Self.source) { $0.links.followed = .all }
            #expect(try run(mirror, jobs: jobs).errors == [])
            try runProgram(["cp", "-aL", mirror.source, folder + "/expected"])
            try expectEqual(folder + "/expected", mirror.destination, in: .all.subtracting(.hardLinks))
        }
    }

    @Test(arguments: widths) func linksToDirectories(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, Self.source) { $0.links.followed = .directories }
            #expect(try run(mirror, jobs: jobs).errors == [])
            try runProgram(["cp", "-a", mirror.source, folder + "/expected"])
            for (name, target) in [("toDir", "dir"), ("far", "../outside/dir")] {
                try runProgram(["rm", folder + "/expected/" + name])
                try runProgram(["cp", "-a", mirror.source + "/" + target, folder + "/expected/" + name])
            }
            try runProgram(["touch", "-r", mirror.source, folder + "/expected"])
            try expectEqual(folder + "/expected", mirror.destination)
        }
    }

    @Test(arguments: widths) func linksOutOfTheTree(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, Self.source) { $0.links.followed = .unsafe }
            #expect(try run(mirror, jobs: jobs).errors == [])
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("far/inner") && !found.contains("toDir/x"))
            try expectEqual(folder + "/outside/dir", mirror.destination + "/far")
            try expectEqual(folder + "/outside/file", mirror.destination + "/farFile")
            #expect(readLink(mirror.destination + "/toDir") == "dir")
            #expect(readLink(mirror.destination + "/dir/up") == "../file")
        }
    }

    /// A link to a directory above is a problem and not entered: neither is one by way of another link.
    @Test(arguments: ["..", ".", "../..", "../../source"], widths) func loopsEnd(_ target: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "a": .directory(["up": .link(Name(target.utf8)), "again": .link("../a"), "file": .file("a")]),
                "file": .file("b"),
            ])
            let mirror = try mirror(folder, source) { $0.links.followed = .all }
            #expect(try mirror.plan(jobs: 1).planned == mirror.plan(jobs: 8).planned)
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.allSatisfy { $0.cause == .linkLoop || $0.cause == .destinationItself }, "\(run.errors)")
            #expect(!run.errors.isEmpty && run.errors.count < 40)
            #expect(run.problems(at: "a/again").map(\.cause) == [.linkLoop])
            try expectEqual(mirror.source + "/file", mirror.destination + "/file")
            try expectEqual(mirror.source + "/a/file", mirror.destination + "/a/file")
        }
    }

    /// What leads nowhere is a problem, stops deletions, and takes no part.
    @Test(arguments: widths) func danglingLinks(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["nowhere": .link("missing"), "round": .link("round"), "file": .file()])
            var mirror = try mirror(folder, source) { $0.links.followed = .all }
            try Tree.directory(["nowhere": .file("old"), "extra": .file()]).build(at: folder + "/old")
            mirror.destination = folder + "/old"
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.danglingLink, .danglingLink])
            #expect(run.report.refusal == .sourceErrors)
            #expect(try Snapshot(of: mirror.destination).contains("extra"))
            mirror.options.deletesDespiteErrors = true
            try mirror.run(jobs: jobs)
            let left = try Snapshot(of: mirror.destination)
            #expect(!left.contains("extra") && !left.contains("nowhere") && left.contains("file"))
        }
    }

    /// Names that links add to an inode are names of one inode in the destination.
    @Test(arguments: widths) func hardLinks(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "a": .file("one").sharing("1"), "b": .file("one").sharing("1"), "c": .link("a"), "d": .link("b"),
                "e": .directory(["f": .link("../a")]),
            ])
            let mirror = try mirror(folder, source) { $0.links.followed = .all }
            #expect(try run(mirror, jobs: jobs).errors == [])
            let same = try runProgram(["find", mirror.destination, "-samefile", mirror.destination + "/a"])
            #expect(same.output.split(separator: "\n").count == 5)
        }
    }

    /// A confinement lets links lead to what lies in it, however they say it, and to nothing else.
    @Test(arguments: [Options.Links.Followed.all, .directories, .unsafe], widths)
    func confinement(_ followed: Options.Links.Followed, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "in": .link(Name("\(folder)/source/dir".utf8)), "out": .link("../outside/dir"),
                "outFile": .link("../outside/file"), "around": .link("../outside/../source/dir"),
                "dir": .directory(["x": .file()]), "system": .link("/etc"),
            ])
            let mirror = try mirror(folder, source) {
                $0.links.followed = followed
                $0.links.confinement = FilePath(folder + "/source")
                $0.deletion = nil
            }
            let run = try mirror.run(jobs: jobs)
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("in/x") && found.contains("around/x") && !found.contains("out/inner"))
            for name in ["out", "outFile", "system"] as [Name] {
                if followed != .directories {
                    #expect(run.problems(at: "\(name)").map(\.cause) == [.outsideConfinement])
                    #expect(!found.contains(name))
                } else {
                    #expect(readLink(mirror.destination + "/\(name)") == readLink(mirror.source + "/\(name)"))
                }
            }
        }
    }

    /// What links lead to is read before anything goes away; what lies behind a link stays.
    @Test(arguments: widths) func removingSources(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, Self.source) {
                $0.links.followed = .all
                $0.removesSources = true
                $0.deletion = nil
            }
            let run = try mirror.run(jobs: jobs)
            #expect(Set(run.errors.map(\.cause)) == [.behindLink], "\(run.errors)")
            #expect(run.problems(at: "far/inner").count == 1)
            let left = try Snapshot(of: mirror.source)
            #expect(!left.contains("file") && !left.contains("dir/x") && !left.contains("farFile"))
            try expectEqual(folder + "/outside/dir", mirror.destination + "/far")
            #expect(try Snapshot(of: folder + "/outside").contains("file"))
            for name in ["toFile", "toLink", "toDir/x", "dir/up"] as [Name] {
                #expect(try Snapshot(of: mirror.destination).contains(name), "\(name)")
            }
        }
    }

    /// Whichever goes away first, the file or the links to it, or a link to such a link: all of them do.
    @Test(arguments: widths) func removingSourcesAndLinksToThem(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "a": .link("m"), "m": .file("m"), "z": .link("m"), "chain": .link("z"),
                "dir": .directory(["up": .link("../m"), "x": .file("x")]), "to": .link("dir/x"),
            ])
            let mirror = try mirror(folder, source) {
                $0.links.followed = .all
                $0.removesSources = true
                $0.deletion = nil
            }
            expectSuccess(try mirror.run(jobs: jobs))
            let left = try Snapshot(of: mirror.source)
            for name in ["a", "m", "z", "chain", "dir/up", "dir/x", "to"] as [Name] {
                #expect(!left.contains(name), "\(name)")
                #expect(try Snapshot(of: mirror.destination).contains(name), "\(name)")
            }
        }
    }

    /// With empty directories left out, links to directories are looked through, also where they go round.
    @Test(arguments: widths) func pruning(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "empty": .directory(["more": .directory()]), "toEmpty": .link("empty"),
                "round": .directory(["up": .link("..")]),
                "full": .directory(["to": .link("../dir")]), "dir": .directory(["x": .file()]),
            ])
            let mirror = try mirror(folder, source) {
                $0.links.followed = .directories
                $0.prunesEmptyDirectories = true
            }
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.linkLoop])
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("full/to/x") && !found.contains("toEmpty") && !found.contains("empty"))
        }
    }

    /// Links that lead out take no part with `--safe-links`; what the destination has of them stays.
    @Test(arguments: widths) func unsafeLinksAreLeftOut(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try mirror(folder, Self.source) { $0.links.leavesOutUnsafe = true }
            try Tree.directory(["far": .file("mine"), "extra": .file()]).build(at: folder + "/old")
            mirror.destination = folder + "/old"
            #expect(try run(mirror, jobs: jobs).errors == [])
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("far") && !found.contains("farFile") && !found.contains("extra"))
            #expect(readLink(mirror.destination + "/toFile") == "file")
        }
    }

    /// Links that were made unusable lead where they did after the way back.
    @Test(arguments: widths) func munging(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try mirror(folder, Self.source) { $0.links.munges = true }
            #expect(try run(mirror, jobs: jobs).errors == [])
            #expect(readLink(mirror.destination + "/far") == "/rsyncd-munged/../outside/dir")
            mirror = Mirror(source: mirror.destination, destination: folder + "/back")
            mirror.options.links.restoresMunged = true
            #expect(try run(mirror, jobs: jobs).errors == [])
            try expectEqual(folder + "/source", folder + "/back")
        }
    }
}

/// Where a link points.
func readLink(_ path: String) -> String? {
    let result = try? runProgram(["readlink", "-n", path])
    return result?.status == 0 ? result?.output : nil
}
