import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// As whom a run reads and writes, and what it tries (`--copy-as`, `--super`, `--no-super`).
@Suite struct PrivilegeTests {
    private static let owned = Tree.directory([
        "mine": .file("mine", Attributes(owner: 5, group: 6)), "fifo": .fifo(Attributes(owner: 1, group: 2)),
        "dir": .directory(["x": .file("x", Attributes(owner: 7, group: 7))], Attributes(owner: 8, group: 8)),
        "link": .link("mine", Attributes(owner: 3, group: 3)),
    ])

    private func status(_ path: String) throws -> Status { try At.workingDirectory.status(path) }

    /// Everything that is new belongs to the user and its group; the process stays what it is.
    @Test(.enabled(if: isRoot, "only root becomes somebody else"), arguments: widths) func copyAs(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try runProgram(["chmod", "755", folder])
            var mirror = try Mirror(in: folder, Self.owned, .directory())
            try giveAway(mirror.destination)
            mirror.options.credentials = Credentials(user: 65534, group: 60, groups: [60])
            let before = ProcessFacts()
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors == [])
            for name in ["mine", "fifo", "dir", "dir/x", "link"] {
                let found = try status(mirror.destination + "/" + name)
                #expect([found.owner, found.group] == [65534, 60], "\(name)")
            }
            let after = ProcessFacts()
            #expect(
                after.effectiveUser == 0 && after.capabilities == before.capabilities && after.groups == before.groups)
        }
    }

    /// What the user may not read is a problem, and so is what it may not write.
    @Test(.enabled(if: isRoot, "only root becomes somebody else"), arguments: widths)
    func theUserReachesNoMoreThanItMay(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try runProgram(["chmod", "755", folder])
            let secret = Attributes(permissions: 0o600)
            let source = Tree.directory([
                "open": .file("open"), "secret": .file("TOP SECRET", secret),
                "closed": .directory(["inner": .file("TOP SECRET")], Attributes(permissions: 0o700)),
            ])
            var mirror = try Mirror(in: folder, source, .directory(["theirs": .directory()]))
            try giveAway(mirror.destination)
            mirror.options = Options()
            mirror.options.preserved = [.symbolicLinks, .permissions]
            mirror.options.credentials = Credentials(user: 65534, group: 65534)
            let run = try mirror.run(jobs: jobs)
            #expect(Set(run.errors.map(\.path.description)) == ["secret", "closed"])
            #expect(run.errors.allSatisfy { $0.errno == .permissionDenied && $0.isSourceFailure })
            let found = try Snapshot(of: mirror.destination)
            #expect(found.contains("open") && !found.contains("secret") && !found.contains("closed/inner"))
            // Of a destination that it may not enter nothing is seen.
            mirror.destination = mirror.source + "/closed"
            #expect(throws: SynchronizationError.destination(FilePath(mirror.destination), .permissionDenied)) {
                try mirror.run(jobs: jobs)
            }
        }
    }

    /// Planning and listing see with the user's eyes, too.
    @Test(.enabled(if: isRoot, "only root becomes somebody else"), arguments: widths)
    func planningAndListing(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try runProgram(["chmod", "755", folder])
            let closed = Tree.directory(["inner": .file()], Attributes(permissions: 0o700))
            let mirror = try Mirror(in: folder, .directory(["closed": closed, "file": .file()]), .directory())
            var options = Options().with { $0.jobs = jobs }
            options.credentials = Credentials(user: 65534, group: 65534)
            let synchronizer = Synchronizer(
                from: FilePath(mirror.source), to: FilePath(mirror.destination), options: options)
            for report in [try synchronizer.planBlocking(), try synchronizer.listBlocking { _ in }] {
                #expect(report.problems.map(\.first.path.description) == ["closed"])
                #expect(report.statistics.entries.regular == 1)
            }
        }
    }

    /// Who is not root cannot become anybody else, and nothing is written.
    @Test(.enabled(if: !isRoot, "root may become anybody"), arguments: widths) func becomingNeedsRoot(jobs: Int) throws
    {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(in: folder, .directory(["file": .file()]))
            let credentials = Credentials(user: 1, group: 1)
            mirror.options.credentials = credentials
            #expect(throws: SynchronizationError.credentials(credentials, .notPermitted)) { try mirror.run(jobs: jobs) }
            #expect(!FileManager.default.fileExists(atPath: mirror.destination))
        }
    }

    @Test func credentialsOfThisMachine() throws {
        let root = try Credentials(user: Array("root".utf8), group: nil)
        #expect(root.user == 0 && root.group == 0 && root.groups.contains(0))
        #expect(
            try Credentials(user: Array("0".utf8), group: Array("7".utf8))
                == Credentials(user: 0, group: 7, groups: [7]))
        #expect(try Credentials(user: Array("4000000".utf8), group: Array("root".utf8)).user == 4_000_000)
        for user in ["", "nobody of this name", "4000000", "99999999999", "-1"] {
            #expect(throws: Credentials.Failure.unknownUser) { try Credentials(user: Array(user.utf8), group: nil) }
        }
        for group in ["", "no group of this name"] {
            #expect(throws: Credentials.Failure.unknownGroup) {
                try Credentials(user: Array("root".utf8), group: Array(group.utf8))
            }
        }
    }

    /// `--no-super`: as for anybody else, owners and foreign groups stay, devices take no part.
    @Test(.enabled(if: isRoot, "nobody else has privileges to give up"), arguments: widths)
    func withoutPrivileges(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var source = Self.owned
            source["device"] = Tree(.characterDevice(major: 1, minor: 3))
            source["marked"] = .file("m", Attributes(extended: ["user.a": [1], "trusted.b": [2]]))
            var mirror = try Mirror(in: folder, source, .directory())
            mirror.options.privileges = .none
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            #expect(run.errors == [] && plan.planned == run.planned)
            #expect(run.problems(at: "device").map(\.cause) == [.leftOut])
            for name in ["mine", "dir/x", "link"] {
                #expect(try status(mirror.destination + "/" + name).owner == 0, "\(name)")
            }
            let attributes = try runProgram(["getfattr", "-m", "-", mirror.destination + "/marked"]).output
            #expect(attributes.contains("user.a") && !attributes.contains("trusted.b"))
            #expect(try mirror.plan(jobs: jobs).planned == [])
        }
    }

    /// `--super`: what is refused is said; everything else is done.
    @Test(.enabled(if: !isRoot, "root is refused nothing"), arguments: widths) func assumedPrivileges(jobs: Int) throws
    {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder, .directory(["file": .file("f", Attributes(permissions: 0o640))]), .directory())
            mirror.options.privileges = .assumed
            mirror.options.ownerMap = try IdentityMap(everybody: Array("0".utf8), of: .users)
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "file").map(\.operation) == [.setOwner])
            #expect(try status(mirror.destination + "/file").permissions == 0o640)
        }
    }
}
