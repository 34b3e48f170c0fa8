import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// A batch is applied to destinations that have changed or not, in every way.
@Suite struct BatchTests {
    /// A pair of trees as one run has left them and another finds them.
    private static let old = Tree.directory([
        "changed": .file("old text"), "same": .file("same"), "gone": .file("gone"),
        "goes": .directory(["in": .file("in"), "deep": .directory(["er": .file("deeper")])]),
        "dir": .directory(["kept": .file("kept")]), "link": .link("old target"),
        "full": .directory(["x": .file("x")]), "attributes": .file("text", Attributes(permissions: 0o600)),
    ])
    private static let new = Tree.directory([
        "changed": .file("new text, longer"), "same": .file("same"), "new": .file("new"),
        "dir": .directory(["kept": .file("kept"), "added": .file("added")]), "link": .link("new target"),
        "full": .file("a file now"), "attributes": .file("text", Attributes(permissions: 0o640)), "fifo": .fifo(),
        "fresh": .directory(["a": .file("a"), "b": .directory(["c": .file("c")])]),
    ])

    private func withBatch(
        jobs: Int, _ old: Tree = old, _ new: Tree = new, options: Options = .deleting(),
        _ body: (BatchMirror, String) throws -> Void
    ) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try BatchMirror(in: folder, new, old, options: options)
            let twin = try mirror.twin()
            expectSuccess(try mirror.mirror.run(jobs: jobs))
            try body(mirror, twin)
        }
    }

    private func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    // MARK: A destination that has changed

    /// What somebody does to the twin, where that is said, and what must still be there.
    static let changes: [(name: String, script: String, path: String, kept: String)] = [
        ("a file that was to be replaced", "echo mine > changed", "changed", "echo mine | cmp - changed"),
        ("a file of the same size", "echo MINE-OK > changed", "changed", "echo MINE-OK | cmp - changed"),
        ("a file that was to go", "echo mine > gone", "gone", "echo mine | cmp - gone"),
        (
            "a file in a directory that was to go", "echo mine > goes/deep/mine", "goes/deep/mine",
            "test -e goes/deep/mine"
        ),
        ("a changed file in a directory that was to go", "echo mine > goes/in", "goes/in", "echo mine | cmp - goes/in"),
        ("a file where one was to be made", "echo mine > new", "new", "echo mine | cmp - new"),
        ("a file where a directory was to be made", "echo mine > fresh", "fresh", "echo mine | cmp - fresh"),
        ("a link where a file was to be replaced", "ln -sf same changed", "changed", "test -L changed"),
        ("another link", "ln -sfn elsewhere link", "link", "test $(readlink link) = elsewhere"),
        ("a file in a directory that was to be replaced", "echo mine > full/mine", "full/mine", "test -e full/mine"),
        ("no file where one was to be replaced", "rm changed", "changed", "! test -e changed"),
        ("a file in the place of a directory on the way", "rm -r dir; echo mine > dir", "dir", "test -f dir"),
    ]

    @Test(arguments: changes.indices, widths) func whatHasChangedSinceStays(_ index: Int, jobs: Int) throws {
        let change = Self.changes[index]
        try withBatch(jobs: jobs) { mirror, twin in
            try runProgram(["bash", "-euc", "cd \(twin); \(change.script)"])
            let run = try mirror.apply(to: twin, jobs: jobs)
            let problems = run.problems(at: change.path)
            #expect(problems.contains { $0.cause == .notAsRecorded }, "\(change.name): \(run.errors.map(\.line))")
            #expect(try runProgram(["bash", "-euc", "cd \(twin); \(change.kept)"]).status == 0, "\(change.name)")
            // Everything else is done all the same.
            #expect((try? text(twin + "/dir/added")) == "added" || change.path == "dir", "\(change.name)")
            #expect((try? text(twin + "/attributes")) == "text", "\(change.name)")
        }
    }

    /// `-I` applies it all the same.
    @Test(arguments: widths) func everythingIsAppliedWhereThatIsAskedFor(jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            try write("mine", twin + "/changed")
            try write("mine", twin + "/gone")
            let run = try mirror.apply(to: twin, jobs: jobs, Options().with { $0.contentComparison = .always })
            expectSuccess(run)
            try expectEqual(mirror.mirror.source, twin)
        }
    }

    // MARK: How it is applied

    @Test(arguments: widths) func aPlanChangesNothingAndSaysWhatIsDone(jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            let before = try Snapshot(of: twin)
            let plan = try mirror.plan(for: twin, jobs: jobs)
            try expectUntouched(before, twin)
            #expect(plan.planned(at: "changed").map(\.verb) == [.update])
            #expect(plan.planned(at: "goes/deep/er").map(\.verb) == [.delete])
            #expect(plan.planned(at: "fresh/b/c").map(\.verb) == [.create])
            let run = try mirror.apply(to: twin, jobs: jobs)
            #expect(run.planned == plan.planned)
            let again = try mirror.plan(for: twin, jobs: jobs)
            #expect(again.planned.isEmpty)
        }
    }

    @Test(arguments: widths) func whatIsReplacedIsBackedUp(jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            let options = Options().with { $0.backups = Backups(directory: FilePath(mirror.folder + "/backups")) }
            expectSuccess(try mirror.apply(to: twin, jobs: jobs, options))
            try expectEqual(mirror.mirror.source, twin)
            #expect(try text(mirror.folder + "/backups/changed") == "old text")
            #expect(try text(mirror.folder + "/backups/goes/deep/er") == "deeper")
            #expect(try text(mirror.folder + "/backups/gone") == "gone")
        }
    }

    @Test(arguments: widths) func filesKeepTheirInodes(jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            let before = try inode(twin + "/changed")
            expectSuccess(try mirror.apply(to: twin, jobs: jobs, Options().with { $0.arrival.writesInPlace = true }))
            #expect(try inode(twin + "/changed") == before)
            try expectEqual(mirror.mirror.source, twin)
        }
    }

    private func inode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
    }

    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func deletionsComeWhenTheyAreAskedFor(_ time: Options.DeletionTime, jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            expectSuccess(try mirror.apply(to: twin, jobs: jobs, .deleting(time)))
            try expectEqual(mirror.mirror.source, twin)
        }
    }

    @Test(arguments: widths) func tooManyDeletionsAreRefused(jobs: Int) throws {
        try withBatch(jobs: jobs) { mirror, twin in
            let run = try mirror.apply(to: twin, jobs: jobs, Options().with { $0.deletionLimit = .count(1) })
            guard case .deletionLimit = run.report.refusal else { return #expect(Bool(false), "\(run.report)") }
            #expect(entryExists(at: twin + "/gone"))
            #expect(entryExists(at: twin + "/full/x"))
            #expect(try text(twin + "/changed") == "new text, longer")
        }
    }

    // MARK: What a batch holds

    /// Files of one size and time: nothing but their contents tells them apart.
    @Test(arguments: widths) func contentsThatOnlyReadingTellsApart(jobs: Int) throws {
        let options = Options.deleting().with { $0.contentComparison = .contents }
        try withBatch(
            jobs: jobs, .directory(["f": .file("text"), "g": .file("same")]),
            .directory(["f": .file("TEXT"), "g": .file("same")]), options: options
        ) { mirror, twin in
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectEqual(mirror.mirror.source, twin)
            #expect(try mirror.plan(for: twin, jobs: jobs).planned.isEmpty)
        }
    }

    @Test(arguments: widths) func holesTakeNoRoom(jobs: Int) throws {
        let holes = Contents(
            size: 1 << 36, pieces: [.bytes([1, 2, 3], at: 0), .random(seed: 1, count: 9000, at: 1 << 30)])
        try withBatch(
            jobs: jobs, .directory([:]),
            .directory(["holes": .file(holes), "hole": .file(Contents(size: 1 << 34)), "empty": .file()])
        ) { mirror, twin in
            let size = try FileManager.default.attributesOfItem(atPath: mirror.batch)[.size] as? Int
            #expect(try #require(size) < 100_000)
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            let status = try runProgram(["stat", "-c", "%s %b", twin + "/holes", twin + "/hole"]).output
            let numbers = status.split(whereSeparator: { $0 == " " || $0 == "\n" }).compactMap { Int($0) }
            #expect(numbers.count == 4 && numbers[0] == 1 << 36 && numbers[2] == 1 << 34, "\(status)")
            #expect(numbers.count == 4 && numbers[1] < 200 && numbers[3] < 16, "\(status)")
            let cut = "dd status=none bs=1M skip=1024 count=1 if="
            let (left, right) = (mirror.mirror.source + "/holes", twin + "/holes")
            #expect(try runProgram(["bash", "-c", "cmp <(\(cut)\(left)) <(\(cut)\(right))"]).status == 0)
        }
    }

    /// A further name of a file that itself has not changed; and a file that becomes one of two names.
    @Test(arguments: widths) func linksToWhatStays(jobs: Int) throws {
        try withBatch(
            jobs: jobs,
            .directory(["a": .file("a"), "b": .file("other"), "d": .directory(["e": .file("e").sharing("e")])]),
            .directory([
                "a": .file("a").sharing("a"), "b": .file("a").sharing("a"), "z": .file("a").sharing("a"),
                "d": .directory(["e": .file("e").sharing("e"), "f": .file("e").sharing("e")]),
            ])
        ) { mirror, twin in
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectEqual(mirror.mirror.source, twin)
        }
    }

    /// The first name of an inode has changed since: the others get the contents all the same.
    @Test(arguments: widths) func linksWhoseFirstNameStays(jobs: Int) throws {
        try withBatch(
            jobs: jobs, .directory(["a": .file("old"), "k": .file("k")]),
            .directory(["a": .file("new a").sharing("a"), "b": .file("new a").sharing("a"), "k": .file("k")])
        ) { mirror, twin in
            try write("mine", twin + "/a")
            let run = try mirror.apply(to: twin, jobs: jobs)
            #expect(run.problems(at: "a").map(\.cause) == [.notAsRecorded])
            #expect(try text(twin + "/a") == "mine")
            #expect(try text(twin + "/b") == "new a")
        }
    }

    /// The permissions are those that the run has set, not those that the source's ACL says.
    @Test(arguments: widths) func permissionsThatTheRunHasChanged(jobs: Int) throws {
        let list = AccessControlList(owner: 7, group: 6, other: 4, mask: 6, users: [5: 6])
        var options = Options.deleting()
        options.preserved.insert(.accessControlLists)
        options.permissionChange = try #require(PermissionChange(Array("go-rwx".utf8)))
        let entry = Tree.file("text", Attributes(permissions: 0o764, accessList: list))
        try withBatch(
            jobs: jobs, .directory(["old": .file("text")]), .directory(["old": entry, "new": entry]), options: options
        ) { mirror, twin in
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            for name in ["/old", "/new"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: twin + name)
                #expect(attributes[.posixPermissions] as? Int == 0o700)
            }
            #expect(try mirror.plan(for: twin, jobs: jobs).planned.isEmpty)
        }
    }

    /// The time of an inode could not be set, which all its names show; what has other contents is somebody's.
    @Test(arguments: widths) func linksThatOnlyLackTheirTime(jobs: Int) throws {
        func names(_ text: String) -> Tree {
            .directory(["a": .file(text).sharing("a"), "b": .file(text).sharing("a"), "c": .file(text).sharing("a")])
        }
        try withBatch(jobs: jobs, names("old"), names("text")) { mirror, twin in
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try runProgram(["touch", twin + "/a"])
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectEqual(mirror.mirror.source, twin)
            try runProgram(["bash", "-euc", "cd \(twin); rm c; printf mine > c"])
            let run = try mirror.apply(to: twin, jobs: jobs)
            #expect(run.errors.map(\.cause) == [.notAsRecorded])
            #expect(try text(twin + "/c") == "mine")
        }
    }

    /// What came from a basis directory is in the batch too: the twin's side needs none.
    @Test(arguments: [BasisDirectories.Use.link, .copy], widths)
    func whatComesFromABasisDirectory(_ use: BasisDirectories.Use, jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let basis = folder + "/basis"
            try Self.new.build(at: basis)
            let options = Options.deleting().with {
                $0.basis = BasisDirectories([FilePath(basis)], use: use)
            }
            let mirror = try BatchMirror(in: folder, Self.new, Self.old, options: options)
            let twin = try mirror.twin()
            expectSuccess(try mirror.mirror.run(jobs: jobs))
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectEqual(mirror.mirror.source, twin)
        }
    }

    /// Without times the twins have their own, which say nothing of changes.
    @Test(arguments: widths) func timesThatAreNotPreserved(jobs: Int) throws {
        let options = Options.deleting().with { $0.preserved.remove(.times) }
        try withBatch(jobs: jobs, options: options) { mirror, twin in
            try runProgram(["touch", "-d", "2001-01-01", twin + "/changed", twin + "/gone"])
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectEqual(mirror.mirror.source, twin, in: .all.subtracting([.modified]))
            #expect(try mirror.plan(for: twin, jobs: jobs).planned.isEmpty)
        }
    }

    @Test(arguments: widths) func aDestinationThatDoesNotExist(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try BatchMirror(in: folder, Self.new, nil)
            try mirror.record(jobs: jobs)
            #expect(!entryExists(at: mirror.mirror.destination))
            expectSuccess(try mirror.apply(to: folder + "/made", jobs: jobs))
            try expectEqual(mirror.mirror.source, folder + "/made")
        }
    }

    /// Nothing is to be done: a batch of nothing.
    @Test(arguments: widths) func nothing(jobs: Int) throws {
        try withBatch(jobs: jobs, Self.new, Self.new) { mirror, twin in
            #expect(try Batch(contentsOf: FilePath(mirror.batch)).count == 0)
            let before = try Snapshot(of: twin)
            expectSuccess(try mirror.apply(to: twin, jobs: jobs))
            try expectUntouched(before, twin)
        }
    }

    // MARK: Where it is written

    @Test(arguments: widths) func notIntoTheDestination(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var mirror = try Mirror(in: folder, Self.new, Self.old)
            mirror.options.batch = FilePath(mirror.destination + "/dir/batch")
            let before = try Snapshot(of: mirror.destination)
            #expect(throws: SynchronizationError.batchInsideDestination(FilePath(mirror.destination + "/dir/batch"))) {
                try mirror.run(jobs: jobs)
            }
            mirror.options.batch = FilePath(folder + "/missing/batch")
            #expect(throws: SynchronizationError.batchFile(FilePath(folder + "/missing/batch"), .noSuchFileOrDirectory))
            {
                try mirror.run(jobs: jobs)
            }
            mirror.options.batch = FilePath("/dev/null")
            #expect(throws: SynchronizationError.batchFile("/dev/null", .fileExists)) { try mirror.run(jobs: jobs) }
            try expectUntouched(before, mirror.destination)
        }
    }

    /// A batch of that name is replaced when the new one is complete, and a plan writes none.
    @Test(arguments: widths) func anOlderBatchIsReplaced(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try BatchMirror(in: folder, Self.new, Self.old)
            try write("older", mirror.batch)
            _ = try mirror.mirror.plan(jobs: jobs)
            #expect(try text(mirror.batch) == "older")
            try mirror.record(jobs: jobs)
            #expect(try Batch(contentsOf: FilePath(mirror.batch)).count > 5)
            let mode = try FileManager.default.attributesOfItem(atPath: mirror.batch)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                    "batch", "destination", "source",
                ])
        }
    }
}
