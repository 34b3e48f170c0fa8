import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Roots of the source that are missing, beside others that are there, and what the guards make of them.
@Suite struct MissingRootTests {
    private static let times: [Options.DeletionTime] = [.after, .before, .during]

    /// A source `a` that has a file where the destination has a full directory, and a destination with more than that.
    private func build(_ folder: String) throws {
        try Tree.directory(["a": .directory(["x": .file("new"), ".marker": .file()])]).build(at: folder + "/source")
        let full = Tree.directory(["inner": .file("inner")])
        try Tree.directory(["x": full, "extra": .file(), "a": .directory(["x": full, "extra": .file()])])
            .build(at: folder + "/destination")
    }

    private func synchronizer(
        _ folder: String, _ sources: [Source], _ time: Options.DeletionTime, _ jobs: Int,
        _ change: (inout Options) -> Void = { _ in }
    ) -> Synchronizer {
        let options = Options.deleting(time).with {
            $0.jobs = jobs
            change(&$0)
        }
        return Synchronizer(sources: sources, to: FilePath(folder + "/destination"), options: options)
    }

    private func contents(_ folder: String, _ names: String...) -> [Source] {
        names.map { Source(FilePath(folder + "/source/" + $0), placement: .contents) }
    }

    /// It was met before the walk that looks for deletions, which asked only what it had met itself.
    @Test(arguments: times, widths) func aMissingRootStopsDeletions(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try build(folder)
            let synchronizer = synchronizer(folder, contents(folder, "a", "missing"), time, jobs)
            for report in [try synchronizer.planBlocking(), try synchronizer.runBlocking()] {
                #expect(report.refusal == .sourceErrors)
                #expect(report.statistics.deleted.total == 0)
            }
            for name in ["extra", "x/inner"] { #expect(entryExists(at: folder + "/destination/" + name), "\(name)") }
        }
    }

    @Test(arguments: times, widths) func aMissingNameStopsDeletions(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try build(folder)
            let names = ["a", "missing"].map { SourceSelection.Element(RelativePath(bytes: Array($0.utf8))) }
            let source = Source(FilePath(folder + "/source"), placement: .selection(SourceSelection(names)))
            let report = try synchronizer(folder, [source], time, jobs).runBlocking()
            #expect(report.refusal == .sourceErrors)
            for name in ["a/extra", "a/x/inner"] {
                #expect(entryExists(at: folder + "/destination/" + name), "\(name)")
            }
        }
    }

    /// What a kept link leads to is spared, too, where it is not known what a missing root holds.
    @Test(arguments: times, widths) func aMissingRootSparesWhatLinksLeadTo(
        _ time: Options.DeletionTime, jobs: Int
    ) throws {
        try withTemporaryDirectory { folder in
            try build(folder)
            let report = try synchronizer(folder, contents(folder, "a", "missing"), time, jobs) {
                ($0.deletesDespiteErrors, $0.links.keepsDirectoryLinks) = (true, true)
            }.runBlocking()
            #expect(!report.succeeded)
            #expect(entryExists(at: folder + "/destination/extra"))
        }
    }

    @Test(arguments: times, widths) func aMissingRootHoldsNoMarker(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try build(folder)
            let marker = RelativePath(bytes: Array(".marker".utf8))
            let report = try synchronizer(folder, contents(folder, "a", "missing"), time, jobs) {
                ($0.deletesDespiteErrors, $0.sourceMarker) = (true, marker)
            }.runBlocking()
            #expect(report.refusal == .noSourceMarker(marker))
            #expect(entryExists(at: folder + "/destination/extra"))
        }
    }

    /// What goes because no source of its name exists: the directory that would hold that has to hold the marker.
    @Test(arguments: [nil] + times.map(Optional.init), widths)
    func theMarkerOfWhatIsMissing(_ time: Options.DeletionTime?, jobs: Int) throws {
        let marker = RelativePath(bytes: Array(".marker".utf8))
        for name in ["gone", "beside/gone"] {
            try withTemporaryDirectory { folder in
                try Tree.directory().build(at: folder + "/source")
                try Tree.directory(["gone": .file()]).build(at: folder + "/destination")
                let source = Source(FilePath(folder + "/source/" + name), placement: .entry)
                let synchronizer = synchronizer(folder, [source], .after, jobs) {
                    ($0.deletion, $0.deletesMissingSources, $0.sourceMarker) = (time, true, marker)
                }
                #expect(try synchronizer.runBlocking().refusal == .noSourceMarker(marker))
                #expect(entryExists(at: folder + "/destination/gone"))
                try Tree.directory([".marker": .file()]).build(at: folder + "/source/new")
                try runProgram(["mv", folder + "/source/new/.marker", folder + "/source"])
                if name == "gone" {
                    #expect(try synchronizer.runBlocking().succeeded)
                    #expect(!entryExists(at: folder + "/destination/gone"))
                }
            }
        }
    }

    /// Names that are chosen from a directory that holds nothing: perhaps it is not mounted.
    @Test(arguments: [nil] + times.map(Optional.init), widths)
    func missingNamesOfAnEmptyDirectory(_ time: Options.DeletionTime?, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory().build(at: folder + "/source")
            try Tree.directory(["f": .file(), "g": .file()]).build(at: folder + "/destination")
            let names = ["f", "g"].map { SourceSelection.Element(RelativePath(bytes: Array($0.utf8))) }
            let source = Source(FilePath(folder + "/source"), placement: .selection(SourceSelection(names)))
            var synchronizer = synchronizer(folder, [source], .after, jobs) {
                ($0.deletion, $0.deletesMissingSources) = (time, true)
            }
            #expect(try synchronizer.runBlocking().refusal == .emptySource)
            #expect(try Snapshot(of: folder + "/destination").contains("g"))
            synchronizer.options.allowsEmptySource = true
            #expect(try synchronizer.runBlocking().statistics.deleted.total == 2)
        }
    }

    /// It is not empty where another entry is there.
    @Test(arguments: widths) func missingNamesOfADirectoryWithOthers(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["other": .file()]).build(at: folder + "/source")
            try Tree.directory(["f": .file()]).build(at: folder + "/destination")
            let selection = SourceSelection([.init(RelativePath(bytes: Array("f".utf8)))])
            let source = Source(FilePath(folder + "/source"), placement: .selection(selection))
            let report = try synchronizer(folder, [source], .after, jobs) { $0.deletesMissingSources = true }
                .runBlocking()
            #expect(report.succeeded && report.statistics.deleted.total == 1)
        }
    }

    /// A directory and its only entry are chosen: that is not nothing.
    @Test(arguments: times, widths) func aDirectoryAndItsOnlyEntry(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file()]).build(at: folder + "/source")
            try Tree.directory(["extra": .file()]).build(at: folder + "/destination")
            let selection = SourceSelection([
                .init(.root, part: .contents), .init(RelativePath(bytes: Array("f".utf8))),
            ])
            let source = Source(FilePath(folder + "/source"), placement: .selection(selection))
            #expect(try synchronizer(folder, [source], time, jobs).runBlocking().succeeded)
            #expect(try differences(folder + "/source", folder + "/destination").isEmpty)
        }
    }

    /// Where a directory is chosen with what it holds, and names in it as well, it overlaps as without them.
    @Test(arguments: widths) func aDirectoryInTheDestinationAndNamesInIt(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["source": .directory(["f": .file()])]).build(at: folder + "/destination")
            let selection = SourceSelection([
                .init(.root, part: .contents), .init(RelativePath(bytes: Array("f".utf8))),
            ])
            let source = Source(FilePath(folder + "/destination/source"), placement: .selection(selection))
            #expect(throws: SynchronizationError.self) {
                try synchronizer(folder, [source], .after, jobs).runBlocking()
            }
            #expect(entryExists(at: folder + "/destination/source/f"))
        }
    }

    /// A link that is followed holds what the directory holds that it leads to.
    @Test(arguments: times, widths) func theMarkerBehindALink(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["real": .directory([".marker": .file()]), "link": .link("real")])
                .build(at: folder + "/source")
            let chosen = SourceSelection([.init(RelativePath(bytes: Array("link".utf8)))])
            for source in [
                Source(FilePath(folder + "/source/link"), placement: .entry),
                Source(FilePath(folder + "/source"), placement: .selection(chosen)),
            ] {
                try? removeTree(folder + "/destination")
                try Tree.directory(["link": .directory(["extra": .file()])]).build(at: folder + "/destination")
                for marker in [".other", ".marker"] {
                    let report = try synchronizer(folder, [source], time, jobs) {
                        ($0.links.followed, $0.sourceMarker) = (.all, RelativePath(bytes: Array(marker.utf8)))
                    }.runBlocking()
                    #expect(report.succeeded == (marker == ".marker"))
                    #expect(entryExists(at: folder + "/destination/link/extra") == (marker == ".other"))
                }
                #expect(try differences(folder + "/source/real", folder + "/destination/link").isEmpty)
            }
        }
    }

    /// So does a directory behind a link on the way to what is chosen; and of names that are missing the directory that they
    /// would lie in.
    @Test(arguments: times, widths) func theMarkerOfWhatIsChosen(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let marked = Tree.directory([".marker": .file(), "in": .directory([".marker": .file()])])
            try Tree.directory(["real": marked, "way": .link("real"), "bare": .directory()]).build(
                at: folder + "/source")
            for (names, mayDelete) in [
                (["way/in"], true), (["way/in", "way/gone"], true), (["way/in", "real/gone"], true),
                (["way/in", "gone"], false), (["way/in", "bare/gone"], false), (["way/gone"], true), (["gone"], false),
            ] {
                try? removeTree(folder + "/destination")
                let full = Tree.directory(["in": .directory(["extra": .file()]), "gone": .file()])
                try Tree.directory(["way": full, "real": full, "bare": full, "gone": .file()])
                    .build(at: folder + "/destination")
                let chosen = SourceSelection(names.map { .init(RelativePath(bytes: Array($0.utf8))) })
                let source = Source(FilePath(folder + "/source"), placement: .selection(chosen))
                let marker = RelativePath(bytes: Array(".marker".utf8))
                let report = try synchronizer(folder, [source], time, jobs) {
                    ($0.deletesMissingSources, $0.sourceMarker) = (true, marker)
                }.runBlocking()
                #expect(report.refusal == (mayDelete ? nil : .noSourceMarker(marker)), "\(names)")
                for name in names where name.hasSuffix("gone") {
                    #expect(entryExists(at: folder + "/destination/" + name) != mayDelete, "\(name)")
                }
            }
        }
    }

    /// A destination that cannot be opened is not one that holds nothing.
    @Test(.enabled(if: isRoot, "only root gives links away"), arguments: widths)
    func aDestinationThatIsNotOpened(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["real": .directory(["gone": .file()]), "link": .link("real")])
                .build(at: folder + "/paths")
            try runProgram(["chown", "-h", "65534", folder + "/paths/link"])
            let source = Source(FilePath(folder + "/source/gone"), placement: .entry)
            var synchronizer = synchronizer(folder, [source], .after, jobs) { $0.deletesMissingSources = true }
            synchronizer.destination = FilePath(folder + "/paths/link")
            #expect(throws: SynchronizationError.destination(synchronizer.destination, .tooManySymbolicLinkLevels)) {
                try synchronizer.runBlocking()
            }
            for nothing in ["/nowhere", "/paths/real/gone"] {
                synchronizer.destination = FilePath(folder + nothing)
                #expect(try synchronizer.runBlocking().succeeded)
            }
        }
    }
}
