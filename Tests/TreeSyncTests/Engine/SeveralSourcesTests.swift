import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Several roots of the source that go to one destination.
@Suite struct SeveralSourcesTests {
    /// One of two disks was not mounted: its mount point is empty, and nothing is deleted.
    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func anEmptyOneStopsDeletions(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory().build(at: folder + "/empty")
            try Tree.directory(["f": .file("f")]).build(at: folder + "/full")
            try Tree.directory(["extra": .file("extra")]).build(at: folder + "/destination")
            let sources = ["/empty", "/full"].map { Source(FilePath(folder + $0), placement: .contents) }
            var options = Options.deleting(time)
            options.jobs = jobs
            let guarded = Synchronizer(sources: sources, to: FilePath(folder + "/destination"), options: options)
            let report = try guarded.runBlocking()
            #expect(report.refusal == .emptySource)
            #expect(entryExists(at: folder + "/destination/extra"))
            #expect(entryExists(at: folder + "/destination/f"))
            options.allowsEmptySource = true
            let meant = Synchronizer(sources: sources, to: FilePath(folder + "/destination"), options: options)
            #expect(try meant.runBlocking().succeeded)
            #expect(!entryExists(at: folder + "/destination/extra"))
        }
    }

    /// rsync's rule: what a directory holds is not left out because another root has a file of its name.
    @Test(arguments: widths, [["/file", "/directory"], ["/directory", "/file"]])
    func aDirectoryWinsOverAFile(jobs: Int, folders: [String]) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["y": .file("file")]).build(at: folder + "/file")
            try Tree.directory(["y": .directory(["f": .file("f")])]).build(at: folder + "/directory")
            var options = Options()
            options.jobs = jobs
            let sources = folders.map { Source(FilePath(folder + $0), placement: .contents) }
            let synchronizer = Synchronizer(sources: sources, to: FilePath(folder + "/destination"), options: options)
            #expect(try synchronizer.runBlocking().succeeded)
            #expect(try differences(folder + "/directory/y", folder + "/destination/y") == [])
        }
    }

    /// The destination becomes the directory whose contents are copied, not the one that holds a single file.
    @Test(arguments: widths) func theRootHasTheAttributesOfTheContents(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let contents = Tree.directory(["f": .file("f")], Attributes(extended: ["user.mine": [1]]))
            try Tree.directory(
                ["single": .file("s"), "contents": contents], Attributes(extended: ["user.other": [2]])
            ).build(at: folder + "/source")
            var options = Options()
            options.jobs = jobs
            let synchronizer = Synchronizer(
                sources: [
                    Source(FilePath(folder + "/source/single"), placement: .entry),
                    Source(FilePath(folder + "/source/contents"), placement: .contents),
                ], to: FilePath(folder + "/destination"), options: options)
            #expect(try synchronizer.runBlocking().succeeded)
            #expect(try synchronizer.runBlocking().statistics.updated == 0)
            let found = try differences(folder + "/source/contents", folder + "/destination")
            #expect(found.map { "\($0.path) \($0.property)" } == ["single name"])
        }
    }
}
