import Foundation
import Testing
import TreeSync
import TreeTesting

/// Guards that look at the roots, on real trees.
@Suite struct RootGuardTests {
    private static let source = Tree.directory(["f": .file("new"), ".marker": .file()])
    private static let destination = Tree.directory([
        "f": .file("the old one"), ".marker": .file(), "extra": .file("kept"),
    ])

    private func options(_ time: Options.DeletionTime, _ marker: String) -> Options {
        .deleting(time).with { $0.sourceMarker = RelativePath(bytes: Array(marker.utf8)) }
    }

    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func aSourceWithoutItsMarkerDeletesNothing(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(in: folder, Self.source, Self.destination, options: options(time, ".missing"))
            for run in [try mirror.plan(jobs: jobs), try mirror.run(jobs: jobs)] {
                #expect(run.report.refusal == .noSourceMarker(RelativePath(bytes: Array(".missing".utf8))))
                #expect(run.report.statistics.deleted.total == 0 && !run.report.succeeded)
            }
            #expect(try Snapshot(of: mirror.destination).contains("extra"))
            // Everything else is done; and with the marker the rest.
            let left = try differences(mirror.source, mirror.destination)
            #expect(left.map(\.path) == ["extra"])
            mirror.options = options(time, ".marker")
            try expectConvergence(mirror, jobs: jobs)
        }
    }

    /// Where nothing is to be deleted the marker does not matter.
    @Test func noDeletionNeedsNoMarker() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, Self.source, options: options(.after, ".missing"))
            try expectConvergence(mirror, jobs: 1)
        }
    }
}

/// Guards and full directories that stand where the source has files.
@Suite struct GuardedReplacementTests {
    private static let times: [Options.DeletionTime] = [.after, .before, .during]
    private static let destination = Tree.directory(["z": .directory(["full": .file("full")]), "other": .file("other")])

    /// A file that cannot be read is one before it takes the place of a full directory: then nothing is deleted.
    @Test(.enabled(if: !isRoot, "root reads every file"), arguments: times, widths)
    func aFileThatCannotBeRead(_ time: Options.DeletionTime, jobs: Int) throws {
        for delays in [false, true] {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["z": .file("z")]), Self.destination,
                    options: .deleting(time).with { $0.arrival.delaysUpdates = delays })
                #expect(chmod(mirror.source + "/z", 0) == 0)
                let run = try mirror.run(jobs: jobs)
                #expect(run.report.refusal == .sourceErrors)
                #expect(run.report.problems.map(\.first.operation) == [.readFile])
                #expect(!run.planned.contains { $0.verb == .delete })
                for name in ["z/full", "other"] { #expect(entryExists(at: mirror.destination + "/" + name)) }
            }
        }
    }

    /// Where the directory stays anyway, the file need not be read to say so.
    @Test(.enabled(if: !isRoot, "root reads every file"), arguments: widths)
    func aFileThatCannotBeReadAndWouldNotCome(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["z": .file("z")]), Self.destination, options: Options())
            #expect(chmod(mirror.source + "/z", 0) == 0)
            let run = try mirror.run(jobs: jobs)
            #expect(run.report.problems.map(\.first.cause) == [.directoryInTheWay])
            #expect(entryExists(at: mirror.destination + "/z/full"))
        }
    }

    /// A directory of our own that is closed hides nothing of it: what the source refuses, a plan meets, too.
    @Test(.enabled(if: !isRoot, "root reads every directory"), arguments: times, widths)
    func aClosedDirectoryOnBothSides(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["x": .directory()]), Self.destination, options: .deleting(time))
            #expect(chmod(mirror.source + "/x", 0) == 0)
            for _ in 1...2 {
                let plan = try mirror.plan(jobs: jobs)
                #expect(plan.report.refusal == .sourceErrors)
                #expect(plan.report.problems.map(\.first.operation) == [.readDirectory])
                #expect(!plan.planned.contains { $0.verb == .delete })
                let run = try mirror.run(jobs: jobs)
                #expect(run.report.refusal == .sourceErrors)
                #expect(entryExists(at: mirror.destination + "/other"))
            }
            for root in [mirror.source, mirror.destination] { chmod(root + "/x", 0o700) }
        }
    }

    /// A plan says so, too.
    @Test(arguments: times, widths) func whatIsRefused(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["z": .file("z")]), Self.destination,
                options: .deleting(time).with { $0.deletionLimit = .count(0) })
            let plan = try mirror.plan(jobs: jobs)
            let run = try mirror.run(jobs: jobs)
            #expect(plan.planned.map { "\($0)" } == run.planned.map { "\($0)" })
            #expect(run.report.problems.map(\.first.cause) == [.guarded])
            #expect(plan.report.problems.map(\.first.cause) == [.guarded])
            for name in ["z/full", "other"] { #expect(entryExists(at: mirror.destination + "/" + name)) }
        }
    }
}
