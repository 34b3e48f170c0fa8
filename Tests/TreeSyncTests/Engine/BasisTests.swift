import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Entries that are taken from other trees.
@Suite struct BasisTests {
    private static let older = Time(1_300_000_000)

    private static let source = Tree.directory([
        "attributes": .file("same", Attributes(permissions: 0o600)), "contents": .file("new contents"),
        "d": .directory([
            "e": .directory(["deep": .file("deep")]), "x": .file("x", Attributes(extended: ["user.a": [1]])),
        ]),
        "equal": .file("equal"), "fifo": .fifo(), "h1": .file("h").sharing("h"), "h2": .file("h").sharing("h"),
        "large": .file(.random(300_000, seed: 5)), "link": .link("target"), "new": .file("new"), "socket": .socket(),
    ])

    private static let basis: Tree = {
        var tree = source
        tree["attributes"] = .file("same", Attributes(permissions: 0o644))
        tree["contents"] = .file("old contents", Attributes(modified: older))
        tree["d"]?["x"] = .file("x", Attributes(extended: ["user.a": [2]]))
        tree["new"] = nil
        return tree
    }()

    private func mirror(
        _ folder: String, _ use: BasisDirectories.Use, destination: Tree? = nil, basis: Tree = Self.basis
    ) throws -> Mirror {
        try basis.build(at: folder + "/basis")
        return try Mirror(
            in: folder, Self.source, destination,
            options: .deleting().with { $0.basis = BasisDirectories(["../basis"], use: use) })
    }

    private func isSame(_ path: String, _ folder: String) throws -> Bool {
        var (left, right) = (stat(), stat())
        try #require(
            lstat(folder + "/destination/" + path, &left) == 0 && lstat(folder + "/basis/" + path, &right) == 0)
        return left.st_ino == right.st_ino
    }

    /// The trees are equal; what the basis holds in every attribute is one inode with it, and nothing else is.
    @Test(arguments: widths) func equalEntriesBecomeLinks(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, .link)
            let before = try Snapshot(of: folder + "/basis")
            try expectConvergence(mirror, jobs: jobs)
            for path in ["equal", "d/e/deep", "fifo", "h1", "h2", "large", "link", "socket"] {
                #expect(try isSame(path, folder), "\(path)")
            }
            for path in ["attributes", "contents", "d/x"] { #expect(try !isSame(path, folder), "\(path)") }
            #expect(differences(before, try Snapshot(of: folder + "/basis")) == [])
        }
    }

    /// Copies share nothing with the basis but what the file system shares.
    @Test(arguments: widths) func equalEntriesAreCopied(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, .copy)
            let before = try Snapshot(of: folder + "/basis")
            try expectConvergence(mirror, jobs: jobs)
            for path in ["equal", "d/e/deep", "fifo", "link", "attributes"] {
                #expect(try !isSame(path, folder), "\(path)")
            }
            try expectUntouched(before, folder + "/basis")
        }
    }

    /// Where sizes and times agree the contents are the basis', as with any quick check.
    @Test(arguments: widths) func copiesComeFromTheBasis(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var basis = Self.basis
            basis["equal"] = .file("EQUAL")
            let mirror = try mirror(folder, .copy, basis: basis)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(try contents(mirror.destination + "/equal") == "EQUAL")
            #expect(run.planned(at: "equal").map(\.verb) == [.copyBasis])
        }
    }

    /// Only what the basis does not hold arrives, and what it holds goes away.
    @Test(arguments: widths) func whatTheBasisHoldsIsLeftOut(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let destination = Tree.directory(["equal": .file("equal"), "extra": .file(), "large": .fifo()])
            let mirror = try mirror(folder, .compare, destination: destination)
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.planned == plan.planned)
            let expected = Tree.directory([
                "attributes": Self.source["attributes"]!, "contents": Self.source["contents"]!,
                "d": .directory(["e": .directory(), "x": Self.source["d"]!["x"]!]), "new": Self.source["new"]!,
            ])
            try expected.build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination)
            try expectNothingNew(mirror, jobs)
        }
    }

    /// With `hardLinks` too each name is left out by itself, and those that are made are one inode.
    @Test(arguments: widths) func namesOfOneInodeAreLeftOut(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let names = ["a", "b", "c", "d"]
            func tree(_ names: [String]) -> Tree {
                .directory(Dictionary(uniqueKeysWithValues: names.map { (Name($0.utf8), Tree.file("h").sharing("h")) }))
            }
            try tree(["a", "b"]).build(at: folder + "/basis")
            let mirror = try Mirror(
                in: folder, tree(names), tree(["a", "c"]),
                options: Options().with { $0.basis = BasisDirectories(["../basis"], use: .compare) })
            expectSuccess(try mirror.run(jobs: jobs))
            try tree(["c", "d"]).build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination)
        }
    }

    private func expectNothingNew(_ mirror: Mirror, _ jobs: Int) throws {
        let again = try mirror.plan(jobs: jobs).planned.map(\.description)
        #expect(again == [])
    }

    /// What is set on a destination's entry is not set on the basis', although both are one inode.
    @Test(arguments: widths) func sharedInodesAreParted(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, .link, basis: Self.source)
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try isSame("equal", folder) && isSame("link", folder) && isSame("fifo", folder))
            let before = try Snapshot(of: folder + "/basis")
            for path in ["equal", "fifo"] { try runProgram(["chmod", "4711", mirror.source + "/" + path]) }
            for path in ["link", "h1", "socket"] {
                try runProgram(["touch", "-h", "-d", "2001-01-01", mirror.source + "/" + path])
            }
            try expectConvergence(mirror, jobs: jobs)
            #expect(differences(before, try Snapshot(of: folder + "/basis")) == [])
            for path in ["equal", "fifo", "link", "h1", "socket"] { #expect(try !isSame(path, folder), "\(path)") }
        }
    }

    /// Neither are contents written through a shared inode.
    @Test(arguments: widths) func nothingIsWrittenThroughASharedInode(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try mirror(folder, .link, basis: Self.source)
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try isSame("equal", folder) && isSame("large", folder))
            let before = try Snapshot(of: folder + "/basis")
            for path in ["equal", "large", "h2"] {
                try "changed".write(toFile: mirror.source + "/" + path, atomically: false, encoding: .utf8)
            }
            mirror.options.arrival.writesInPlace = true
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
            #expect(differences(before, try Snapshot(of: folder + "/basis")) == [])
        }
    }

    /// A link to a directory or a file is no basis.
    @Test(arguments: widths) func linksInTheBasisAreNotFollowed(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Self.source.build(at: folder + "/elsewhere")
            let basis = Tree.directory([
                "d": .link(Name("\(folder)/elsewhere/d".utf8)), "equal": .link(Name("\(folder)/elsewhere/equal".utf8)),
            ])
            for use in [BasisDirectories.Use.link, .copy] {
                let mirror = try mirror(folder, use, basis: basis)
                let before = try Snapshot(of: folder + "/elsewhere")
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                #expect(
                    run.planned.allSatisfy { $0.kind == .directory || ($0.verb != .linkBasis && $0.verb != .copyBasis) }
                )
                try expectEqual(mirror.source, mirror.destination)
                try expectUntouched(before, folder + "/elsewhere")
                for path in [mirror.source, mirror.destination, folder + "/basis"] { try removeTree(path) }
            }
        }
    }

    /// Where something else has the name in the destination, only files are taken from a basis directory: the others are
    /// made, and told.
    @Test(arguments: [BasisDirectories.Use.compare, .copy, .link], widths)
    func otherKindsAreReplaced(_ use: BasisDirectories.Use, jobs: Int) throws {
        let names: [Name] = ["link", "fifo", "socket"]
        for other in [Tree.file("precious"), .directory()] {
            try withTemporaryDirectory { folder in
                let destination = Tree.directory(Dictionary(uniqueKeysWithValues: names.map { ($0, other) }))
                let mirror = try mirror(folder, use, destination: destination, basis: Self.source)
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                for name in ["link", "fifo", "socket"] {
                    #expect(run.planned(at: name).map(\.verb) == [.create])
                    #expect(try differences(mirror.source + "/" + name, mirror.destination + "/" + name) == [])
                }
            }
        }
    }

    /// A basis inside of the destination is not deleted, one that does not exist is a remark, and 21 are too many.
    @Test(arguments: widths) func directoriesAreFoundAndKept(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try mirror(folder, .link, destination: .directory(["old": Self.basis]))
            mirror.options.basis?.directories = ["missing", "old", "../missing"]
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.problems.map(\.cause) == [.noBasis, .noBasis])
            #expect(run.planned(at: "equal").map(\.verb) == [.linkBasis])
            #expect(entryExists(at: mirror.destination + "/old/equal"))
            mirror.options.basis?.directories = Array(repeating: "old", count: 21)
            #expect(throws: SynchronizationError.tooManyBasisDirectories) { try mirror.run(jobs: jobs) }
        }
    }

    /// On another file system what would be linked is copied.
    @Test(.enabled(if: FileSystem.tmpfs.unavailability == nil), arguments: widths)
    func anotherFileSystemGivesCopies(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.tmpfs.folder()) { other in
            try withTemporaryDirectory { folder in
                var mirror = try mirror(folder, .link)
                try Self.basis.build(at: other + "/basis")
                mirror.options.basis?.directories = [FilePath(other + "/basis")]
                try expectConvergence(mirror, jobs: jobs)
                #expect(try mirror.plan(jobs: jobs).planned == [])
            }
        }
    }
}
