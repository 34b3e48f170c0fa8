import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What is not preserved is left as it is or as the system makes it; what is preserved is made equal all the same.
@Suite struct PreservedSubsetTests {
    private func synchronize(
        _ source: Tree, _ destination: Tree? = nil, without: Options.Preserved, jobs: Int,
        _ check: (Mirror, Run) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.preserved.subtract(without) }
            let mirror = try Mirror(in: folder, source, destination, options: options)
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            #expect(run.planned == plan.planned)
            expectSuccess(run)
            try check(mirror, run)
            try expectNothingToDo(mirror)
        }
    }

    private static let rich = Tree.directory([
        "file": .file("text", Attributes(permissions: 0o640, extended: ["user.a": [1, 2]])),
        "dir": .directory(["inner": .file("inner")], Attributes(permissions: 0o750)),
        "link": .link("file"), "fifo": .fifo(), "socket": .socket(),
    ])

    @Test(arguments: widths) func withoutTimes(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            // A file of the same size is found to be equal by its contents alone where no times are kept.
            let options = Options.deleting().with {
                $0.preserved.remove(.times)
                $0.contentComparison = .contents
            }
            let mirror = try Mirror(in: folder, Self.rich, options: options)
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination, in: .all.subtracting([.modified]))
            let properties = Set(try differences(mirror.source, mirror.destination).map(\.property))
            #expect(properties == ["modified"])
            try expectNothingToDo(mirror)
        }
    }

    /// New entries get the source's permissions as far as the umask lets them; existing ones keep theirs.
    @Test(arguments: widths) func withoutPermissions(jobs: Int) throws {
        let source = Tree.directory([
            "new": .file("x", Attributes(permissions: 0o777)), "set-id": .file("x", Attributes(permissions: 0o6777)),
            "old": .file("new text", Attributes(permissions: 0o600)),
            "dir": .directory([:], Attributes(permissions: 0o777)),
        ])
        let destination = Tree.directory(["old": .file("old", Attributes(permissions: 0o751))])
        try synchronize(source, destination, without: [.permissions, .accessControlLists], jobs: jobs) { mirror, _ in
            let umask = try currentUmask()
            #expect(try permissions(mirror.destination + "/new") == 0o777 & ~umask)
            #expect(try permissions(mirror.destination + "/set-id") == 0o777 & ~umask)
            #expect(try permissions(mirror.destination + "/dir") == 0o777 & ~umask)
            #expect(try permissions(mirror.destination + "/old") == 0o751)
            try expectEqual(mirror.source, mirror.destination, in: .all.subtracting([.permissions]))
        }
    }

    @Test(arguments: widths) func executabilityAlone(jobs: Int) throws {
        let source = Tree.directory([
            "on": .file("x", Attributes(permissions: 0o755)), "off": .file("x", Attributes(permissions: 0o644)),
        ])
        let destination = Tree.directory([
            "on": .file("x", Attributes(permissions: 0o640)), "off": .file("x", Attributes(permissions: 0o751)),
        ])
        try withTemporaryDirectory { folder in
            let options = Options().with {
                $0.preserved.subtract([.permissions, .accessControlLists])
                $0.preserved.insert(.executability)
            }
            let mirror = try Mirror(in: folder, source, destination, options: options)
            expectSuccess(try mirror.run(jobs: jobs))
            // rsync's manual: each x is turned on where the r is on, or all are turned off.
            #expect(try permissions(mirror.destination + "/on") == 0o750)
            #expect(try permissions(mirror.destination + "/off") == 0o640)
            try expectNothingToDo(mirror)
        }
    }

    @Test(.enabled(if: isRoot, "giving files away needs root"), arguments: widths)
    func withoutOwnerAndGroup(jobs: Int) throws {
        let source = Tree.directory(["f": .file("x", Attributes(owner: 1234, group: 4321))])
        try synchronize(source, without: [.owner, .group], jobs: jobs) { mirror, _ in
            let found = try differences(mirror.source, mirror.destination)
            #expect(found.map { "\($0.property) \($0.right)" } == ["owner 0", "group 0"])
        }
        try synchronize(source, without: [.owner], jobs: jobs) { mirror, _ in
            let found = try differences(mirror.source, mirror.destination).map(\.property)
            #expect(found == ["owner"])
        }
    }

    @Test(arguments: widths) func withoutExtendedAttributes(jobs: Int) throws {
        try synchronize(Self.rich, without: [.extendedAttributes], jobs: jobs) { mirror, _ in
            let found = try differences(mirror.source, mirror.destination)
            #expect(found.map { "\($0.path) \($0.property)" } == ["file attribute user.a"])
        }
    }

    /// A kind that takes no part is left out with a remark, and what the destination has of that name stays.
    @Test(arguments: [Options.Preserved.symbolicLinks, .specials], widths)
    func withoutAKind(_ kind: Options.Preserved, jobs: Int) throws {
        let names = kind == .symbolicLinks ? ["link"] : ["fifo", "socket"]
        let destination = Tree.directory(["link": .file("mine"), "fifo": .file("mine"), "socket": .file("mine")])
        try synchronize(Self.rich, destination, without: kind, jobs: jobs) { mirror, run in
            #expect(Set(run.problems.map(\.path.description)) == Set(names))
            #expect(run.problems.allSatisfy { $0.cause == .leftOut && $0.severity == .remark })
            let found = try differences(mirror.source, mirror.destination)
            #expect(found.map { "\($0.path) \($0.property)" }.sorted() == names.map { "\($0) kind" })
        }
    }

    @Test(.enabled(if: isRoot, "making devices needs root"), arguments: widths) func withoutDevices(jobs: Int) throws {
        let source = Tree.directory([
            "chr": Tree(.characterDevice(major: 120, minor: 1)), "blk": Tree(.blockDevice(major: 120, minor: 2)),
            "f": .file("x"),
        ])
        try synchronize(source, without: .devices, jobs: jobs) { mirror, run in
            #expect(Set(run.problems.map(\.path.description)) == ["blk", "chr"])
            #expect(run.problems.allSatisfy { $0.cause == .leftOut })
            let found = try differences(mirror.source, mirror.destination).map(\.property)
            #expect(found == ["name", "name"])
        }
    }

    @Test(arguments: widths) func withoutHardLinks(jobs: Int) throws {
        let file = Tree.file("shared").sharing("group")
        try synchronize(.directory(["a": file, "b": file]), without: .hardLinks, jobs: jobs) { mirror, _ in
            let found = try differences(mirror.source, mirror.destination).map(\.property)
            #expect(found == ["same inode as"])
        }
    }
}

private func permissions(_ path: String) throws -> UInt32 {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.uint32Value ?? 0
}

/// Read without setting it: other tests make files at the same time.
private func currentUmask() throws -> UInt32 {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
    return try #require(UInt32(line.dropFirst(6).trimmingCharacters(in: .whitespaces), radix: 8))
}
