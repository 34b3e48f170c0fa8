import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Trees that keep in attributes what only root may set (`--fake-super`): what was stored comes back, as root and as
/// anybody else.
@Suite struct FakeSuperTests {
    /// Everything that a file system cannot hold for somebody who is not root, as far as this user can make it.
    static var everyKind: Tree {
        var tree = Tree.directory([
            "file": .file("contents"), "empty": .file(), "readOnly": .file("r", Attributes(permissions: 0o444)),
            "shared": .file("s", Attributes(permissions: 0o666)),
            "program": .file("p", Attributes(permissions: 0o4755)),
            "group": .file("g", Attributes(permissions: 0o2711)), "fifo": .fifo(Attributes(permissions: 0o620)),
            "socket": .socket(Attributes(permissions: 0o777)), "link": .link("file"), "dangling": .link("/no/where"),
            "one": .file("names").sharing("names"), "two": .file("names").sharing("names"),
            "linkOne": .link("x").sharing("links"), "linkTwo": .link("x").sharing("links"),
            "sticky": .directory(["in": .file("in")], Attributes(permissions: 0o1777)),
            "closed": .directory(["in": .file("in")], Attributes(permissions: 0o500)),
            "inherits": .directory(
                ["in": .file("in")],
                Attributes(
                    permissions: 0o2775,
                    defaultList: AccessControlList(owner: 7, group: 5, other: 0, mask: 7, groups: [9: 6]))),
            "listed": .file(
                "l",
                Attributes(
                    extended: ["user.note": [1, 2, 3], "user.rsync.mine": [4]],
                    accessList: AccessControlList(owner: 6, group: 4, other: 0, mask: 6, users: [7: 6, 8: 4]))),
        ])
        guard isRoot else { return tree }
        tree["device"] = Tree(.characterDevice(major: 1, minor: 3), Attributes(permissions: 0o666))
        tree["block"] = Tree(.blockDevice(major: 4000, minor: 70000), Attributes(owner: 7, group: 6))
        tree["owned"] = .file("o", Attributes(permissions: 0o4710, owner: 1000, group: 4_000_000))
        tree["ownedLink"] = .link("owned", Attributes(owner: 3, group: 4))
        tree["hidden"] = .file("h", Attributes(permissions: 0))
        tree["ownedDirectory"] = .directory(
            ["in": .file("in", Attributes(owner: 9))], Attributes(permissions: 0, owner: 8))
        tree["marked"] = .file("m", Attributes(extended: ["trusted.mark": [9]], capabilities: 1 << 13))
        return tree
    }

    private func stored(_ mirror: Mirror) -> Mirror {
        var mirror = mirror
        mirror.options.fakeSuper = .destination
        return mirror
    }

    /// Takes a store for the source of a mirror that brings everything back.
    private func restored(_ store: Mirror) -> Mirror {
        var mirror = Mirror(
            source: store.destination, destination: store.destination + ".restored", options: store.options)
        mirror.options.fakeSuper = .source
        return mirror
    }

    private func expectRoundTrip(_ mirror: Mirror, jobs: Int, _ comment: String = "") throws {
        let store = stored(mirror)
        let plan = try expectPlan(store, comment)
        let run = try store.run(jobs: jobs)
        expectSuccess(run, comment)
        #expect(plan.planned == run.planned, "\(comment)")
        try expectNothingToDo(store, comment)
        let restored = restored(store)
        try expectPlan(restored, comment)
        expectSuccess(try restored.run(jobs: jobs), comment)
        try expectEqual(mirror.source, restored.destination, comment)
        try expectNothingToDo(restored, comment)
    }

    @Test(arguments: widths) func everyKindComesBack(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let mirror = try Mirror(in: folder, Self.everyKind)
            try expectRoundTrip(mirror, jobs: jobs)
            let found = try Snapshot(of: mirror.destination)
            // Nothing in it is anything but a file or a directory, is closed to its owner, or gives rights away.
            let (status, listing) = try runProgram([
                "find", mirror.destination, "(", "-not", "-type", "f", "-not", "-type", "d", ")", "-o", "-perm",
                "/7000",
                "-o", "-not", "-perm", "-600", "-o", "-not", "-uid", "\(getuid())",
            ])
            #expect(status == 0 && listing == "" && found.count > 20)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func randomTreesComeBack(seed: UInt64) throws {
        for jobs in widths {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
                let options = Options.deleting().with { $0.allowsEmptySource = true }
                try expectRoundTrip(
                    Mirror(in: folder, generator.tree(), options: options), jobs: jobs, "seed \(seed)")
            }
        }
    }

    /// A store is brought from any tree to any other.
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func storesAreUpdated(seed: UInt64) throws {
        for jobs in widths {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var old = TreeGenerator(seed: seed &+ 500, abilities: TreeAbilities(isSource: true))
                var new = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
                let options = Options.deleting().with { $0.allowsEmptySource = true }
                var mirror = try Mirror(in: folder, old.tree(), options: options)
                expectSuccess(try stored(mirror).run(jobs: jobs))
                mirror.source = folder + "/new"
                try new.tree().build(at: mirror.source)
                try expectRoundTrip(mirror, jobs: jobs, "seed \(seed)")
            }
        }
    }

    /// What is stored is stored as rsync does, and either reads what the other has written.
    @Test(.enabled(if: rsync.isInstalled, "rsync is not installed"), arguments: widths)
    func storesAreExchangedWithRsync(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var tree = Self.everyKind
            // Nobody but root writes with rsync to a directory that is closed to its owner.
            if !isRoot { tree["closed"]?.attributes.permissions = 0o700 }
            // rsync loses attributes of this name.
            tree["listed"]?.attributes.extended["user.rsync.mine"] = nil
            let mirror = stored(try Mirror(in: folder, tree))
            expectSuccess(try mirror.run(jobs: jobs))
            let theirs = folder + "/theirs"
            let words = [rsync.path, "-aHAX", "--modify-window=-1", "-M--fake-super", mirror.source + "/", theirs]
            // rsync stores default ACLs of new directories in the second run only.
            for _ in 1...2 { #expect(try runProgram(words).status == 0) }
            let found = try differences(theirs, mirror.destination).filter { difference in
                // Of links rsync makes files that everybody may write to.
                !(difference.property == "permissions" && difference.left.hasSuffix("777")
                    && isStoredLink(mirror.destination, difference.path))
            }
            #expect(found == [])
            // Each finds nothing to do in the other's store.
            let again = try runProgram([
                rsync.path, "-aHAXi", "--modify-window=-1", "-M--fake-super", "--delete",
                mirror.source + "/", mirror.destination,
            ])
            #expect(again.status == 0 && again.output == "")
            try expectNothingToDo(Mirror(source: mirror.source, destination: theirs, options: mirror.options))
            // Each brings back what the other has stored.
            for (store, name) in [(theirs, "byTreesync"), (mirror.destination, "byRsync")] {
                let back = folder + "/" + name
                if name == "byRsync" {
                    let words = [
                        rsync.path, "-aHAX", "--modify-window=-1", "--fake-super", "-M--super", store + "/", back,
                    ]
                    for _ in 1...2 { #expect(try runProgram(words).status == 0) }
                } else {
                    var restoring = Mirror(source: store, destination: back, options: mirror.options)
                    restoring.options.fakeSuper = .source
                    expectSuccess(try restoring.run(jobs: jobs))
                }
                let left = try differences(mirror.source, back).filter { isRoot || $0.property != "group" }
                #expect(left == [], "\(name)")
            }
        }
    }

    private func isStoredLink(_ store: String, _ path: Name) -> Bool {
        let attribute = try? runProgram([
            "getfattr", "--absolute-names", "--only-values", "-n", "user.rsync.%stat", "\(store)/\(path)",
        ])
        return attribute?.output.hasPrefix("120") ?? false
    }

    /// From one store to another everything stays stored.
    @Test(arguments: widths) func fromStoreToStore(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let first = stored(try Mirror(in: folder, Self.everyKind))
            expectSuccess(try first.run(jobs: jobs))
            var second = Mirror(source: first.destination, destination: folder + "/second", options: first.options)
            second.options.fakeSuper = [.source, .destination]
            expectSuccess(try second.run(jobs: jobs))
            try expectEqual(first.destination, second.destination)
            try expectNothingToDo(second)
            // The same without knowing what the attributes mean.
            var plain = Mirror(source: first.destination, destination: folder + "/plain", options: first.options)
            plain.options.fakeSuper = []
            plain.options.copiesStoredAttributes = true
            try expectConvergence(plain, jobs: jobs)
            // Without asking for that they are left out, and taken away: the copy is what it is.
            plain.options.copiesStoredAttributes = false
            for destination in ["/plain", "/bare"] {
                plain.destination = folder + destination
                expectSuccess(try plain.run(jobs: jobs))
                let bare = try runProgram(["getfattr", "-R", "-d", "-m", "user.rsync.%", plain.destination])
                #expect(bare.output == "")
                try expectNothingToDo(plain)
            }
        }
    }
}

private let rsync = (
    path: "/usr/bin/rsync", isInstalled: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsync")
)
