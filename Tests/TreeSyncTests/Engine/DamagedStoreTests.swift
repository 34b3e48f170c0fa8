import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Stores that somebody has damaged, or made to harm (`--fake-super`).
@Suite struct DamagedStoreTests {
    private func store(_ value: String, at path: String) throws {
        let status = try runProgram(["setfattr", "-n", "user.rsync.%stat", "-v", value, path]).status
        #expect(status == 0)
    }

    /// A damaged entry of the source is a problem that names it; the others are copied, what the destination has of it
    /// stays, and nothing is deleted.
    @Test(
        arguments: StoredStatusTests.damaged.filter { !$0.contains("\0") && !$0.hasPrefix("0x") } + ["40755 0,0 5:6"],
        widths)
    func inTheSource(value: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder, .directory(["bad": .file("new"), "good": .file("good")]),
                .directory(["bad": .file("old"), "extra": .file()]))
            mirror.options.fakeSuper = .source
            try store(value, at: mirror.source + "/bad")
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            #expect(plan.errors == run.errors && plan.planned == run.planned)
            #expect(run.errors.map(\.path.description) == ["bad"] && run.errors.map(\.cause) == [.damagedStatus])
            #expect(try String(contentsOfFile: mirror.destination + "/bad", encoding: .utf8) == "old")
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("good") && found.contains("extra"))
        }
    }

    /// A directory that says to be something else is not entered; so is the root.
    @Test(arguments: widths) func directories(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder, .directory(["bad": .directory(["inner": .file()]), "good": .file()]),
                .directory(["x": .file()]))
            mirror.options.fakeSuper = .source
            try store("120777 0,0 0:0", at: mirror.source + "/bad")
            var run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.cause) == [.damagedStatus])
            #expect(try !Snapshot(of: mirror.destination).contains("bad"))
            try store("100644 0,0 0:0", at: mirror.source)
            try removeTree(mirror.source + "/bad")
            run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.path) == [.root] && run.errors.map(\.cause) == [.damagedStatus])
            #expect(try Snapshot(of: mirror.destination).contains("x"))
        }
    }

    /// What is damaged in the destination is set again.
    @Test(arguments: ["", "x", "100644 0,0 5", "40755 0,0 0:0", "100644 0,0 4294967295:0"], widths)
    func inTheDestination(value: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory([
                "file": .file("f", Attributes(permissions: 0o4755)), "plain": .file("p"), "link": .link("to"),
                "fifo": .fifo(),
            ])
            var mirror = try Mirror(in: folder, tree)
            mirror.options.fakeSuper = .destination
            expectSuccess(try mirror.run(jobs: jobs))
            let expected = try Snapshot(of: mirror.destination)
            for name in ["file", "plain", "link", "fifo"] { try store(value, at: mirror.destination + "/" + name) }
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(differences(expected, try Snapshot(of: mirror.destination)) == [])
            try expectNothingToDo(mirror)
        }
    }

    /// The text of a link is what a file holds: one that no link could have is a problem.
    @Test(arguments: ["", "a%b", String(repeating: "x", count: 4096)], widths)
    func impossibleLinks(text: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder, .directory(["link": .file(text.replacing("%", with: "\0")), "good": .file()]),
                .directory(["link": .file("old")]))
            mirror.options.fakeSuper = .source
            try store("120777 0,0 0:0", at: mirror.source + "/link")
            let run = try mirror.run(jobs: jobs)
            #expect(Set(run.errors.map(\.path.description)) == ["link"] && run.errors.first?.operation == .readLink)
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("good"))
            #expect(try String(contentsOfFile: mirror.destination + "/link", encoding: .utf8) == "old")
        }
    }

    /// A damaged ACL is a problem of the source; in the destination it is set again.
    @Test(arguments: widths) func lists(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let list = AccessControlList(owner: 6, group: 4, other: 0, mask: 6, users: [7: 6])
            let mirror = try Mirror(in: folder, .directory(["listed": .file("x", Attributes(accessList: list))]))
            var store = mirror
            store.options.fakeSuper = .destination
            expectSuccess(try store.run(jobs: jobs))
            let words = ["setfattr", "-n", "user.rsync.%aacl", "-v", "0x1234", store.destination + "/listed"]
            #expect(try runProgram(words).status == 0)
            var back = Mirror(source: store.destination, destination: folder + "/back", options: store.options)
            back.options.fakeSuper = .source
            let run = try back.run(jobs: jobs)
            #expect(
                run.errors.map(\.operation) == [.readExtendedAttributes] && run.errors.allSatisfy(\.isSourceFailure))
            expectSuccess(try store.run(jobs: jobs))
            try expectNothingToDo(store)
            expectSuccess(try back.run(jobs: jobs))
            try expectEqual(mirror.source, back.destination)
        }
    }

    /// Without root what is stored gives nobody more than the process has.
    @Test(.enabled(if: !isRoot, "root may do what is stored"), arguments: widths) func nothingIsGained(jobs: Int) throws
    {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder, .directory(["program": .file("p"), "device": .file(), "theirs": .file("t")]))
            try store("104755 0,0 0:0", at: mirror.source + "/program")
            try store("20666 1,3 0:0", at: mirror.source + "/device")
            try store("100600 0,0 0:0", at: mirror.source + "/theirs")
            mirror.options.fakeSuper = .source
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors.map(\.path.description) == ["device"])
            let program = try At.workingDirectory.status(mirror.destination + "/program")
            #expect(program.owner == getuid() && program.permissions == 0o4755)
            #expect(try At.workingDirectory.status(mirror.destination + "/theirs").owner == getuid())
        }
    }

    /// Links and nodes that stand in a store themselves make room where anything is to be stored with them.
    @Test(arguments: widths) func realEntriesInAStore(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let source = FakeSuperTests.everyKind
            var mirror = try Mirror(in: folder, source, source)
            mirror.options.fakeSuper = .destination
            expectSuccess(try mirror.run(jobs: jobs))
            try expectNothingToDo(mirror)
            var back = Mirror(source: mirror.destination, destination: folder + "/back", options: mirror.options)
            back.options.fakeSuper = .source
            expectSuccess(try back.run(jobs: jobs))
            // An ACL that the store's own files have says nothing.
            try expectEqual(mirror.source, back.destination)
        }
    }
}
