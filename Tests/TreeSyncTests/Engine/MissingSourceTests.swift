import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What the destination holds under the names of sources that do not exist (`deletesMissingSources`).
@Suite struct MissingSourceTests {
    /// Sources `a` and `gone`, of which only `a` exists.
    private func synchronizer(_ folder: String, _ change: (inout Options) -> Void) throws -> Synchronizer {
        try Tree.directory(["a": .file("new")]).build(at: folder + "/source")
        let full = Tree.directory(["x": .file(), "y": .directory(["z": .file()])])
        try Tree.directory(["gone": full, "file": .file(), "beside": .file()]).build(at: folder + "/destination")
        let sources = ["a", "gone", "file"].map { Source(FilePath(folder + "/source/\($0)"), placement: .entry) }
        let options = Options().with {
            $0.deletesMissingSources = true
            change(&$0)
        }
        return Synchronizer(sources: sources, to: FilePath(folder + "/destination"), options: options)
    }

    /// A directory that is not empty stays, and that is said.
    @Test(arguments: widths) func aFullDirectoryStays(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let report = try synchronizer(folder) { $0.jobs = jobs }.runBlocking()
            #expect(report.problems.map(\.first.operation) == [.delete])
            #expect(report.problems.map(\.first.path.description) == ["gone"])
            let left = try Snapshot(of: folder + "/destination")
            #expect(
                left.contains("a") && left.contains("gone/y/z") && left.contains("beside") && !left.contains("file"))
        }
    }

    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func goesWithDeletions(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let synchronizer = try synchronizer(folder) { ($0.deletion, $0.jobs) = (time, jobs) }
            #expect(try synchronizer.planBlocking().statistics.deleted.total == 5)
            let report = try synchronizer.runBlocking()
            #expect(report.succeeded && report.statistics.deleted.total == 5)
            let left = try Snapshot(of: folder + "/destination")
            #expect(left.contains("a") && left.contains("beside") && !left.contains("gone") && !left.contains("file"))
        }
    }

    @Test(arguments: widths) func theGuardsJudgeIt(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let synchronizer = try synchronizer(folder) {
                ($0.force, $0.deletionLimit, $0.jobs) = (true, .count(4), jobs)
            }
            #expect(try synchronizer.runBlocking().refusal == .deletionLimit(planned: 5, allowed: 4))
            #expect(try Snapshot(of: folder + "/destination").contains("gone/y/z"))
        }
    }
}
