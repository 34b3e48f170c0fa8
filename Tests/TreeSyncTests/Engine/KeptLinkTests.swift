import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Links of the destination that count as the directories that they lead to.
@Suite struct KeptLinkTests {
    private static let source = Tree.directory([
        "d": .directory(
            ["x": .file("x"), "e": .directory(["y": .file("y")])],
            Attributes(permissions: 0o750, extended: ["user.note": [1]])),
        "file": .file(),
    ])
    private static let destination = Tree.directory([
        "d": .link("real"), "real": .directory(["old": .file("old")]), "gone": .link("real"),
    ])

    private func mirror(
        _ folder: String, _ destination: Tree = Self.destination, _ source: Tree = Self.source,
        _ change: (inout Options) -> Void = { _ in }
    ) throws -> Mirror {
        let options = Options().with {
            $0.links.keepsDirectoryLinks = true
            change(&$0)
        }
        return try Mirror(in: folder, source, destination, options: options)
    }

    @Test(arguments: widths) func theDirectoryIsMadeEqual(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder)
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(plan.planned == run.planned)
            #expect(readLink(mirror.destination + "/d") == "real")
            try runProgram(["rm", mirror.destination + "/real/old"])
            try runProgram(["touch", "-r", mirror.source + "/d", mirror.destination + "/real"])
            try expectEqual(mirror.source + "/d", mirror.destination + "/real")
            #expect(try mirror.plan(jobs: jobs).planned == [])
        }
    }

    /// What a kept link leads to is not deleted, whenever deletions come; what the source lacks in it is.
    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func deletionSparesIt(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder) { $0.deletion = time }
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(plan.planned.filter { $0.verb == .delete } == run.planned.filter { $0.verb == .delete })
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("real/x") && found.contains("real/e/y"))
            #expect(!found.contains("real/old") && !found.contains("gone"))
            try expectEqual(mirror.source + "/d", mirror.destination + "/real")
        }
    }

    /// Why ever a directory of the source could not be looked at: which links of the destination it keeps was not seen.
    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func whatWasNotLookedAtSparesIt(_ time: Options.DeletionTime, jobs: Int) throws {
        let source = Tree.directory([
            "d": .directory([
                "link": .directory(["x": .file()]), ".rules": .file("no rule\n"),
            ])
        ])
        let destination = Tree.directory([
            "d": .directory(["link": .link("../real")]), "real": .directory(["x": .file()]),
        ])
        let causes: [(String, (inout Options) -> Void)] = [
            (
                "filter",
                {
                    $0.filters = FilterRules()
                    $0.filters?.append(DirectoryMerge(Array(".rules".utf8)))
                }
            ),
            ("damagedStatus", { $0.fakeSuper = .source }),
        ]
        for (name, change) in causes {
            try withTemporaryDirectory { folder in
                let mirror = try mirror(folder, destination, source) {
                    ($0.deletion, $0.deletesDespiteErrors) = (time, true)
                    change(&$0)
                }
                try runProgram(["setfattr", "-n", "user.rsync.%stat", "-v", "damaged", mirror.source + "/d"])
                let run = try mirror.run(jobs: jobs)
                #expect(run.errors.contains { "\($0.cause)".hasPrefix(name) && $0.isSourceFailure }, "\(name)")
                #expect(!run.report.succeeded)
                #expect(entryExists(at: mirror.destination + "/real/x"), "\(name)")
            }
        }
    }

    /// A directory that holds what a link leads to loses everything else.
    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func deletionSparesWhatLiesDeeper(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let old = Tree.directory([
                "d": .link("store/a/real"), "z": .file(),
                "store": .directory([
                    "a": .directory(["real": .directory(["old": .file()]), "beside": .file()]),
                    "b": .directory(["c": .file()]),
                ]),
            ])
            let mirror = try mirror(folder, old) { $0.deletion = time }
            expectSuccess(try mirror.run(jobs: jobs))
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("store/a/real/x") && !found.contains("store/a/real/old"))
            #expect(!found.contains("store/a/beside") && !found.contains("store/b") && !found.contains("z"))
        }
    }

    /// Two directories of the source that go to one of the destination: nothing of either is deleted.
    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func sharedDirectoriesLoseNothing(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "d": .directory(["x": .file("x")]), "real": .directory(["r": .file("r"), "s": .file("s")]),
            ])
            let mirror = try mirror(folder, Self.destination, source) { $0.deletion = time }
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.allSatisfy { $0.cause == .sharedDirectory } && !run.errors.isEmpty)
            let found = try Snapshot(of: mirror.destination)
            for name in ["real/x", "real/r", "real/s", "real/old"] as [Name] {
                #expect(found.contains(name), "\(name)")
            }
        }
    }

    /// A file that belongs in the place of what a link leads to must not destroy it.
    @Test(arguments: widths) func aDirectoryThatIsNeededIsNotReplaced(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["d": .directory(["x": .file("x")]), "real": .file("a file now")])
            let mirror = try mirror(folder, Self.destination, source) { $0.deletion = .after }
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "real").map(\.cause) == [.directoryInTheWay])
            #expect(try Snapshot(of: mirror.destination).contains("real/x"))
        }
    }

    /// A link that leads out of the destination is followed only where everybody is trusted.
    @Test(arguments: ["../outside", "..", "/"], widths) func linksThatLeadOut(_ target: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["kept": .file()]).build(at: folder + "/outside")
            let old = Tree.directory(["d": .link(Name(target.utf8))])
            var mirror = try mirror(folder, old)
            let before = try Snapshot(of: folder + "/outside")
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "d").map(\.cause) == [.linkLeadsOut])
            #expect(readLink(mirror.destination + "/d") == target)
            #expect(try Snapshot(of: mirror.destination).contains("file"))
            try expectUntouched(before, folder + "/outside")
            guard target == "../outside" else { return }
            mirror.options.links.trustsEverybody = true
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try Snapshot(of: folder + "/outside").contains("e/y"))
        }
    }

    /// Links to something else than a directory make way for one.
    @Test(arguments: ["missing", "file", "d"], widths) func otherLinksAreReplaced(_ target: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try mirror(folder, .directory(["d": .link(Name(target.utf8)), "file": .file()]))
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// The further names of an inode lie behind a kept link.
    @Test(arguments: widths) func hardLinks(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory([
                "d": .directory(["a": .file("1").sharing("1"), "e": .directory(["b": .file("1").sharing("1")])]),
                "z": .directory(["c": .file("1").sharing("1")]),
            ])
            let mirror = try mirror(folder, Self.destination, source)
            expectSuccess(try mirror.run(jobs: jobs))
            let same = try runProgram(["find", mirror.destination, "-samefile", mirror.destination + "/real/a"])
            #expect(same.output.split(separator: "\n").count == 3)
        }
    }
}
