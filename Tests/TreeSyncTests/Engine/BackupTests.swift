import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What is kept of what a run replaces or deletes.
@Suite struct BackupTests {
    private static let old = Time(1_300_000_000)
    private static let note = Attributes(permissions: 0o640, modified: old, extended: ["user.note": [1]])

    /// FIFOs and sockets carry no attributes of users.
    private static let plain = Attributes(permissions: 0o640, modified: old)

    private static let source = Tree.directory([
        "a": .file("new a"), "becomes directory": .directory(["in": .file("in")]), "becomes file": .file("file"),
        "d": .directory(["x": .file("new x")]), "h1": .file("new h").sharing("h"), "h2": .file("new h").sharing("h"),
        "kept": .file("kept"), "link": .link("new"),
    ])

    private static let destination = Tree.directory(
        [
            "a": .file("a", note), "becomes directory": .fifo(plain),
            "becomes file": .directory(["full": .file("f", note)]),
            "d": .directory(["x": .file("x", note)], Attributes(permissions: 0o710, modified: old)),
            "extra": .file("extra", note), "gone": .directory(["deep": .directory(["socket": .socket(plain)])]),
            "h1": .file("h", note).sharing("h"), "h2": .file("h", note).sharing("h"), "kept": .file("kept"),
            "link": .link("old"),
        ], Attributes(modified: old))

    /// What the run replaces or deletes, by its paths.
    private static let backups = Tree.directory([
        "a": .file("a", note), "becomes directory": .fifo(plain),
        "becomes file": .directory(["full": .file("f", note)]),
        "d": .directory(["x": .file("x", note)], Attributes(permissions: 0o710)), "extra": .file("extra", note),
        "gone": .directory(["deep": .directory(["socket": .socket(plain)])]), "h1": .file("h", note).sharing("h"),
        "h2": .file("h", note).sharing("h"), "link": .link("old"),
    ])

    private static let times: [Options.DeletionTime] = [.before, .during, .after]

    private func options(_ time: Options.DeletionTime?, _ directory: String?, suffix: String? = nil) -> Options {
        var options = Options()
        options.deletion = time
        options.backups = Backups(directory: directory.map { FilePath($0) }, suffix: suffix.map { Array($0.utf8) })
        if directory == nil { options.kindsWithoutTimes = [.directory] }
        return options
    }

    /// The directory for backups lies in the destination, though its path does not say so.
    @Test(arguments: times, widths) func aLinkLeadsIntoTheDestination(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["f": .file("longer")]),
                .directory([
                    "f": .file("old"), "gone": .file("gone"), "bk": .directory(["kept": .file("kept")]),
                ]), options: options(time, "../way"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/way", withDestinationPath: mirror.destination + "/bk")
            for _ in 0..<2 { expectSuccess(try mirror.run(jobs: jobs)) }
            let kept = try FileManager.default.contentsOfDirectory(atPath: mirror.destination + "/bk").sorted()
            #expect(kept == ["f", "gone", "kept"])
        }
    }

    /// A directory that stands where a file should be, and holds backups of earlier runs.
    @Test(arguments: [nil, .before, .during, .after] as [Options.DeletionTime?], widths)
    func backupsInTheWay(_ time: Options.DeletionTime?, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let kept = Tree.directory(["y": .directory(["backup": .file("precious")])])
            let mirror = try Mirror(
                in: folder, .directory(["d": .directory(["y": .file("new")]), "f": .file("f")]),
                .directory(["d": kept]), options: options(time, "d"))
            let run = try mirror.run(jobs: jobs)
            let problems = run.report.problems.map(\.first)
            #expect(problems.map(\.cause) == [.keptPlace] && problems.map { "\($0.path)" } == ["d/y"])
            #expect(FileManager.default.contents(atPath: mirror.destination + "/d/y/backup") == Data("precious".utf8))
            #expect(entryExists(at: mirror.destination + "/f"))
        }
    }

    /// Where earlier backups are deleted like anything else, those of this run take their names and stay.
    @Test(arguments: times, widths) func whatThisRunKeepsIsNotDeleted(_ time: Options.DeletionTime, jobs: Int) throws {
        for delays in [false, true] { try checkThatNewBackupsStay(time, jobs, delays: delays) }
    }

    private func checkThatNewBackupsStay(_ time: Options.DeletionTime, _ jobs: Int, delays: Bool) throws {
        let source = Tree.directory(["f": .file("new"), "g": .directory(["in": .file("in")]), "sub": .directory()])
        let destination = Tree.directory([
            "f": .file("f precious"), "f~": .file("older"), "g": .file("g precious"), "g~": .file("older"),
            "z": .file("z precious"), "z~": .file("older"), "stale~": .file("older"),
            "sub": .directory(["y": .file("y precious"), "y~": .file("older")]),
        ])
        try withTemporaryDirectory { folder in
            let options = options(time, nil).with {
                $0.deletesExcluded = true
                $0.arrival.delaysUpdates = delays
            }
            let mirror = try Mirror(in: folder, source, destination, options: options)
            expectSuccess(try mirror.run(jobs: jobs))
            for name in ["f", "g", "z", "sub/y"] {
                let text = try? String(contentsOfFile: "\(mirror.destination)/\(name)~", encoding: .utf8)
                #expect(text == "\(name.split(separator: "/").last ?? "") precious")
            }
            #expect(!entryExists(at: mirror.destination + "/stale~"))
            #expect(!entryExists(at: mirror.destination + "/z"))
        }
    }

    /// The trees become equal, and what was there before is in the other directory, in every attribute.
    @Test(arguments: times, widths) func anotherDirectoryTakesThem(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, Self.destination, options: options(time, "../backups/today"))
            try expectConvergence(mirror, jobs: jobs, "\(time)")
            try expectBackups(folder + "/backups/today", in: folder)
        }
    }

    /// On another file system they are complete copies; names of one inode are copied each.
    @Test(.enabled(if: FileSystem.tmpfs.unavailability == nil), arguments: times, widths)
    func anotherFileSystemTakesCopies(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.tmpfs.folder()) { other in
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, Self.source, Self.destination, options: options(time, other + "/backups"))
                try expectConvergence(mirror, jobs: jobs, "\(time)")
                try expectBackups(other + "/backups", in: folder, except: .hardLinks)
            }
        }
    }

    private func expectBackups(
        _ path: String, in folder: String, except properties: ComparedProperties = []
    ) throws {
        try Self.backups.build(at: folder + "/expected")
        let found = try differences(folder + "/expected", path, in: .all.subtracting(properties))
        // A directory's time is that of the last backup in it.
        let directories = ["", "d", "gone", "gone/deep", "becomes file"]
        #expect(found.filter { $0.property != "modified" || !directories.contains("\($0.path)") } == [])
    }

    /// Beside: every replaced or deleted entry is there under its name and the suffix; a second run deletes none.
    @Test(arguments: times, widths) func theyStayBeside(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var source = Self.source
            source["becomes file"] = nil
            var destination = Self.destination
            destination["becomes file"] = nil
            let mirror = try Mirror(in: folder, source, destination, options: options(time, nil, suffix: ".b"))
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.planned == plan.planned)
            let expected = [
                "a.b", "becomes directory.b", "d/x.b", "extra.b", "gone", "h1.b", "h2.b", "link.b",
            ]
            let extra = try differences(mirror.source, mirror.destination, in: .all.subtracting(.modified))
            #expect(extra.filter { $0.property == "name" }.map { "\($0.path)" }.sorted() == expected)
            #expect(extra.allSatisfy { $0.property == "name" }, "\(extra)")
            let kept = try Snapshot(of: mirror.destination)
            #expect(kept.contains("gone/deep/socket.b"))
            try expectNothingToDo(mirror)
        }
    }

    /// An older backup makes room, whatever it is; one of a file whose place a directory needs, too.
    @Test(arguments: widths) func olderBackupsMakeRoom(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, Self.destination, options: options(.after, "../backups/today"))
            try Tree.directory([
                "today": .directory([
                    "a": .file("older"), "d": .link("/etc"), "extra": .directory(["full": .file("older")]),
                    "gone": .fifo(), "link": .file("older"), "untouched": .file("older"),
                ])
            ]).build(at: folder + "/backups")
            try expectConvergence(mirror, jobs: jobs)
            try removeTree(folder + "/backups/today/untouched")
            try expectBackups(folder + "/backups/today", in: folder)
        }
    }

    /// What is beside the file under the backup's name is no backup if it is a directory that is not empty: nothing is
    /// replaced.
    @Test(arguments: widths) func aFullDirectoryIsNoOlderBackup(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["a": .file("new")]),
                .directory(["a": .file("older"), "a~": .directory(["full": .file("f")])]), options: options(nil, nil))
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "a").map(\.operation) == [.backUp])
            #expect(try contents(mirror.destination + "/a") == "older")
            #expect(try contents(mirror.destination + "/a~/full") == "f")
        }
    }

    /// Where the source has an entry of the backup's name, neither is put over the other.
    @Test(arguments: widths) func theSourcesOwnNamesAreNotTaken(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["a": .file("new a"), "a~": .file("new a~"), "b~": .file("b~")]),
                .directory(["a": .file("a"), "a~": .file("a~"), "b": .file("b"), "b~": .file("b~")]),
                options: options(.after, nil))
            expectSuccess(try mirror.run(jobs: jobs))
            let expected = [
                "a": "new a", "a~": "new a~", "a~~": "a~", "a~~~": "a", "b~": "b~", "b~~~": "b",
            ]
            let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination)
            #expect(names.sorted() == expected.keys.sorted())
            for (name, text) in expected { #expect(try contents(mirror.destination + "/" + name) == text, "\(name)") }
        }
    }

    /// Inside of the destination the directory and what it holds are never deleted, also where a rule would have it so.
    @Test(arguments: times, widths) func theDirectoryIsNotDeleted(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var options = options(time, "sub/backups")
            options.filters = FilterRules([.risk("**")])
            let mirror = try Mirror(
                in: folder, .directory(["a": .file("new a")]),
                .directory([
                    "a": .file("a"),
                    "sub": .directory(["backups": .directory(["older": .file("older")]), "extra": .file("extra")]),
                ]), options: options)
            for _ in 1...2 { expectSuccess(try mirror.run(jobs: jobs)) }
            let kept = try Snapshot(of: mirror.destination)
            for path in ["a", "sub/backups/a", "sub/backups/older", "sub/backups/sub/extra"] as [Name] {
                #expect(kept.contains(path), "\(path)")
            }
            #expect(!kept.contains("sub/extra"))
        }
    }

    /// Nothing is begun with names that cannot be.
    @Test(arguments: widths) func impossibleNamesAreRefused(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            for backups in [
                Backups(suffix: []), Backups(suffix: Array("a/b".utf8)), Backups(directory: "."),
                Backups(directory: FilePath(folder + "/destination")), Backups(directory: "../source/a"),
            ] {
                let mirror = try Mirror(
                    in: folder, .directory(["a": .file("new")]), .directory(["a": .file("old")]),
                    options: Options().with { $0.backups = backups })
                #expect(throws: SynchronizationError.self, "\(backups)") { try mirror.run(jobs: jobs) }
                #expect(try contents(mirror.destination + "/a") == "old")
                for path in [mirror.source, mirror.destination] { try removeTree(path) }
            }
        }
    }

    /// Where there are no hard links the entry itself is moved.
    @Test(.enabled(if: FileSystem.exfat.unavailability == nil), arguments: widths)
    func withoutHardLinksTheyAreMoved(jobs: Int) throws {
        for directory in ["../backups", nil] {
            try withTemporaryDirectory(in: FileSystem.exfat.folder()) { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["a": .file("new a")]), .directory(["a": .file("a"), "extra": .file("e")]),
                    options: options(.after, directory).with { $0.preserved = [.times] })
                expectSuccess(try mirror.run(jobs: jobs))
                let place = directory == nil ? mirror.destination + "/%~" : folder + "/backups/%"
                for (name, text) in [("a", "a"), ("extra", "e")] {
                    #expect(try contents(place.replacing("%", with: name)) == text)
                }
                #expect(try contents(mirror.destination + "/a") == "new a")
            }
        }
    }

    /// What is written in place is copied first; a file with several names is replaced.
    @Test(arguments: widths) func whatIsWrittenInPlaceIsCopied(jobs: Int) throws {
        for directory in ["../backups", nil] {
            try withTemporaryDirectory { folder in
                let old = Attributes(permissions: 0o640, modified: Self.old, extended: ["user.note": [1]])
                let mirror = try Mirror(
                    in: folder, .directory(["f": .file("new text"), "h1": .file("new h"), "h2": .file("new h")]),
                    .directory([
                        "f": .file("old text", old), "h1": .file("old h", old).sharing("h"),
                        "h2": .file("old h", old).sharing("h"),
                    ]),
                    options: options(nil, directory).with { $0.arrival.writesInPlace = true })
                let before = try inode(mirror.destination + "/f")
                expectSuccess(try mirror.run(jobs: jobs))
                #expect(try inode(mirror.destination + "/f") == before)
                let place = directory == nil ? mirror.destination + "/%~" : folder + "/backups/%"
                for (name, text) in [("f", "text"), ("h1", "h"), ("h2", "h")] {
                    #expect(try contents(place.replacing("%", with: name)) == "old " + text)
                    #expect(try contents(mirror.destination + "/" + name) == "new " + text)
                }
                try Tree.directory(["f": .file("old text", old)]).build(at: folder + "/expected")
                try expectEqual(folder + "/expected/f", place.replacing("%", with: "f"))
            }
        }
    }

    private func inode(_ path: String) throws -> UInt64 {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return UInt64(status.st_ino)
    }

    /// A directory that is closed to its owner has a closed one among the backups.
    @Test func closedDirectoriesAreClosedAmongTheBackups() async {
        await #expect(processExitsWith: .success) {
            asUnprivileged {
                for jobs in widths {
                    try withTemporaryDirectory { folder in
                        let closed = Attributes(permissions: 0o500)
                        let mirror = try Mirror(
                            in: folder, .directory(["c": .directory(["f": .file("new")], closed)]),
                            .directory(["c": .directory(["f": .file("older")], closed)]),
                            options: Options().with { $0.backups = Backups(directory: "../backups") })
                        expectSuccess(try mirror.run(jobs: jobs))
                        try Tree.directory(["c": .directory(["f": .file("older")], closed)]).build(
                            at: folder + "/expected")
                        try expectEqual(folder + "/expected", folder + "/backups", in: .all.subtracting(.modified))
                    }
                }
            }
        }
    }
}

/// The text of a file.
func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
