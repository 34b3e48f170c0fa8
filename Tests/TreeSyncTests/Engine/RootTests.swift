import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What makes a whole run pointless is thrown before anything is written.
@Suite struct RootTests {
    private func expectThrown(
        _ mirror: Mirror, _ isExpected: (SynchronizationError) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for jobs in widths {
            for call in [{ try mirror.plan(jobs: jobs) }, { try mirror.run(jobs: jobs) }] {
                do {
                    _ = try call()
                    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
                } catch let error as SynchronizationError {
                    #expect(isExpected(error), "\(error)", sourceLocation: sourceLocation)
                }
            }
        }
    }

    @Test func missingSource() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: folder + "/nothing", destination: folder + "/destination")
            try expectThrown(mirror) { $0 == .source(FilePath(mirror.source), .noSuchFileOrDirectory) }
            #expect(!entryExists(at: mirror.destination))
        }
    }

    @Test func fileAsSourceOfContents() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .file("a file"))
            try expectThrown(mirror) { $0 == .source(FilePath(mirror.source), .notDirectory) }
            #expect(!entryExists(at: mirror.destination))
        }
    }

    @Test func unreadableSource() async throws {
        await #expect(processExitsWith: .success) {
            asUnprivileged {
                try withTemporaryDirectory { folder in
                    let source = Tree.directory(["f": .file()], Attributes(permissions: 0))
                    let mirror = try Mirror(in: folder, source, .directory(["kept": .file()]))
                    do {
                        _ = try mirror.run()
                        Issue.record("nothing was thrown")
                    } catch let error as SynchronizationError {
                        #expect(error == .source(FilePath(mirror.source), .permissionDenied))
                    }
                    #expect(entryExists(at: mirror.destination + "/kept"))
                }
            }
        }
    }

    @Test func fileAsDestination() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file()]), .file("kept"))
            try expectThrown(mirror) {
                switch $0 {
                case .destination(_, .notDirectory), .destinationNotDirectory: true
                default: false
                }
            }
            #expect(try String(contentsOfFile: mirror.destination, encoding: .utf8) == "kept")
        }
    }

    /// rsync makes the last directory of the path only, and finds out when it runs.
    @Test func destinationWithoutAParent() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file()]).build(at: folder + "/source")
            let mirror = Mirror(source: folder + "/source", destination: folder + "/no/such/folder")
            #expect(throws: SynchronizationError.destination(FilePath(mirror.destination), .noSuchFileOrDirectory)) {
                try mirror.run()
            }
            #expect(!entryExists(at: folder + "/no"))
        }
    }

    @Test func destinationInsideSource() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["a": .directory(["b": .directory()]), "f": .file()]).build(at: folder + "/source")
            let before = try Snapshot(of: folder + "/source")
            try Tree.link("source").build(at: folder + "/link")
            try Tree.link("source/a/b").build(at: folder + "/inner")
            for path in ["/source/a", "/source/a/b", "/source/new", "/source/a/b/new", "/link/a", "/inner"] {
                let mirror = Mirror(source: folder + "/source", destination: folder + path)
                try expectThrown(mirror) { if case .destinationInsideSource = $0 { true } else { false } }
            }
            try expectUntouched(before, folder + "/source")
        }
    }

    @Test func sourceInsideDestination() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["a": .directory(["b": .directory(["f": .file()])])]).build(at: folder + "/top")
            try Tree.link("top/a").build(at: folder + "/link")
            let before = try Snapshot(of: folder + "/top")
            for path in ["/top/a", "/top/a/b", "/link", "/link/b"] {
                let mirror = Mirror(source: folder + path, destination: folder + "/top")
                try expectThrown(mirror) { if case .sourceInsideDestination = $0 { true } else { false } }
            }
            try expectUntouched(before, folder + "/top")
        }
    }

    /// What lies between the two need not be readable, nor open to be searched: the source was deleted as extra.
    @Test(arguments: [0o300, 0o000] as [UInt16]) func sourceBehindAClosedDirectory(_ permissions: UInt16) async {
        await #expect(processExitsWith: .success) { [permissions = permissions as UInt16] in
            try withTemporaryDirectory { folder in
                let (closed, file) = (folder + "/top/a", folder + "/top/a/b/f")
                try Tree.directory(["a": .directory(["b": .directory(["f": .file("the only one")])])])
                    .build(at: folder + "/top")
                try #require(chdir(closed + "/b") == 0 && chmod(closed, mode_t(permissions)) == 0)
                defer { chmod(closed, 0o700) }
                let mirror = Mirror(source: ".", destination: folder + "/top")
                try RootTests().expectThrown(mirror) { if case .sourceInsideDestination = $0 { true } else { false } }
                #expect(chmod(closed, 0o700) == 0 && entryExists(at: file))
            }
        }
    }

    @Test func theSameDirectory() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file()]).build(at: folder + "/source")
            try Tree.link("source").build(at: folder + "/link")
            for path in ["/source", "/link", "/source/../source", "/link/."] {
                let mirror = Mirror(source: folder + "/source", destination: folder + path)
                try expectThrown(mirror) { if case .sameDirectory = $0 { true } else { false } }
            }
        }
    }

    /// Roots may themselves be reached through links; links below them are never followed.
    @Test(arguments: widths) func rootsThroughLinks(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["l": .link("../outside/f"), "d": .directory(["f": .file("new")])]),
                .directory(["l": .file("old"), "d": .link("../outside")]))
            try Tree.directory(["f": .file("outside"), "g": .file("g")]).build(at: folder + "/outside")
            let outside = try Snapshot(of: folder + "/outside")
            try Tree.link("source").build(at: folder + "/source link")
            try Tree.link("destination").build(at: folder + "/destination link")
            let linked = Mirror(source: folder + "/source link", destination: folder + "/destination link")
            expectSuccess(try linked.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
            try expectUntouched(outside, folder + "/outside")
            try expectNothingToDo(linked)
        }
    }

    @Test func emptyPaths() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory().build(at: folder + "/source")
            try expectThrown(Mirror(source: "", destination: folder + "/d")) { $0 == .emptyPath }
            try expectThrown(Mirror(source: folder + "/source", destination: "")) { $0 == .emptyPath }
        }
    }

    /// It may be where a disk should be mounted.
    @Test func aLinkThatLeadsNowhere() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file("f")]))
            try FileManager.default.createDirectory(atPath: folder + "/mnt", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: mirror.destination, withDestinationPath: "mnt/backup")
            try expectThrown(mirror) { $0 == .destination(FilePath(mirror.destination), .fileExists) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/mnt") == [])
        }
    }

    /// It is refused before a directory is made on the way to it.
    @Test func aPathToBeMadeInTheSource() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file("f")]).build(at: folder + "/source")
            let before = try Snapshot(of: folder + "/source")
            let destination = folder + "/source/p/q/r"
            try expectThrown(
                Mirror(
                    source: folder + "/source", destination: destination,
                    options: Options().with { $0.makesPath = true })
            ) {
                $0
                    == .destinationInsideSource(
                        source: FilePath(folder + "/source"), destination: FilePath(destination))
            }
            #expect(differences(before, try Snapshot(of: folder + "/source"), in: [.all, .identity]) == [])
        }
    }

    /// Backups would take the place of what is to be copied.
    @Test(arguments: ["../source", "../source/d", "/source", "../source/not yet", "/source/not/yet"])
    func backupsInTheSource(_ directory: String) throws {
        try withTemporaryDirectory { folder in
            let given = FilePath((directory.hasPrefix("/") ? folder : "") + directory)
            let tree = Tree.directory(["d": .directory(["f": .file("new")]), "e": .file("e")])
            let options = Options.deleting().with { $0.backups = Backups(directory: given) }
            let mirror = try Mirror(in: folder, tree, .directory(["e": .file("old e")]), options: options)
            let before = try Snapshot(of: mirror.source)
            try expectThrown(mirror) { $0 == .backupDirectoryInSource(given) }
            #expect(differences(before, try Snapshot(of: mirror.source), in: [.all, .identity]) == [])
        }
    }

    /// What lies above a destination that does not exist yet is there already; the rest will lie in the destination.
    @Test(arguments: ["../source", "../source/d", "../source/not yet/there", "../link/d"])
    func backupsOfANewDestinationInTheSource(_ directory: String) throws {
        try withTemporaryDirectory { folder in
            let given = FilePath(directory)
            let mirror = try Mirror(
                in: folder, .directory(["d": .directory(["f": .file("f")])]),
                options: .deleting().with { $0.backups = Backups(directory: given) })
            try Tree.link("source").build(at: folder + "/link")
            try expectThrown(mirror) { $0 == .backupDirectoryInSource(given) }
            #expect(!entryExists(at: mirror.destination))
        }
    }

    @Test(arguments: ["..source", "d", "../other", "../other/new", ".."])
    func backupsOfANewDestinationElsewhere(_ directory: String) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["d": .directory(["f": .file("f")])]),
                options: .deleting().with { $0.backups = Backups(directory: FilePath(directory)) })
            expectSuccess(try mirror.run(jobs: 1))
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// What has the name of a part would be taken for one.
    @Test(arguments: ["/source", "/source/d", "/destination", "/source/not yet"]) func partsInARoot(_ directory: String)
        throws
    {
        try withTemporaryDirectory { folder in
            let given = FilePath(folder + directory)
            let tree = Tree.directory(["d": .directory(["f": .file("new")]), "e": .file("e")])
            let options = Options().with { $0.arrival.partialFiles = .directory(given) }
            let mirror = try Mirror(in: folder, tree, .directory(["e": .file("old e")]), options: options)
            let before = try Snapshot(of: mirror.source)
            try expectThrown(mirror) { $0 == .partialDirectoryIsRoot(given) }
            #expect(differences(before, try Snapshot(of: mirror.source), in: [.all, .identity]) == [])
            let mine = Mirror(
                source: mirror.source, destination: mirror.destination,
                options: options.with {
                    $0.arrival.partialFiles = .directory(FilePath(folder + "/destination/own"))
                })
            expectSuccess(try mine.run(jobs: 1))
        }
    }
}
