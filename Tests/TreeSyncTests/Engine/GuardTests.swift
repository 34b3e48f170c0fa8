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
