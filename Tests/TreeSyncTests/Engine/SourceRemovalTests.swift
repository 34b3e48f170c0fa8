import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What goes away from the source when it is in the destination.
@Suite struct SourceRemovalTests {
    private static let options = Options().with { $0.removesSources = true }

    private func run(
        _ path: String, _ placement: Source.Placement, to destination: String, jobs: Int,
        _ options: Options = Self.options
    ) throws -> Report {
        try Synchronizer(
            sources: [Source(FilePath(path), placement: placement)], to: FilePath(destination),
            options: options.with { $0.jobs = jobs }
        ).runBlocking()
    }

    /// The only copy went away, and that was called a success.
    @Test(arguments: widths, [false, true]) func whatIsTheDestinationsItselfStays(jobs: Int, copies: Bool) throws {
        let tree = Tree.directory([
            "f": .file("f"), "link": .link("f"), "one": .file("two").sharing("h"), "two": .file("two").sharing("h"),
            "sub": .directory(["deep": .file("deep")]),
        ])
        try withTemporaryDirectory { folder in
            try tree.build(at: folder + "/d")
            let before = try Snapshot(of: folder + "/d")
            let options = Self.options.with { $0.contentComparison = copies ? .always : .quickCheck }
            for name in ["f", "link", "one", "sub"] {
                let report = try run(folder + "/d/" + name, .entry, to: folder + "/d", jobs: jobs, options)
                #expect(report.problems.map(\.first.cause) == [.destinationItself], "\(name)")
                #expect(!report.succeeded)
            }
            let deep = SourceSelection([.init(RelativePath(bytes: Array("sub/deep".utf8)))])
            let report = try run(folder + "/d", .selection(deep), to: folder + "/d", jobs: jobs, options)
            #expect(report.problems.map(\.first.cause) == [.destinationItself])
            for path in ["f", "link", "one", "two", "sub/deep"] { #expect(entryExists(at: folder + "/d/" + path)) }
            // A name that is copied is parted from the other one.
            if !copies { #expect(differences(before, try Snapshot(of: folder + "/d")) == []) }
        }
    }

    @Test(.enabled(if: isRoot, "mounting needs root"), arguments: widths)
    func whatIsMountedInBothTreesStays(jobs: Int) throws {
        let both = Tree.directory(["f": .file("f"), "one": .file("h").sharing("h"), "two": .file("h").sharing("h")])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["g": .file("g"), "x": .directory()]), .directory(["x": both]),
                options: Self.options)
            let mounted = mirror.source + "/x"
            #expect(try runProgram(["mount", "--bind", mirror.destination + "/x", mounted]).status == 0)
            defer { _ = try? runProgram(["umount", mounted]) }
            let report = try mirror.run(jobs: jobs).report
            #expect(report.problems.map(\.first.cause) == [.destinationItself])
            #expect(report.problems.first?.count == 3)
            for name in ["f", "one", "two"] { #expect(entryExists(at: mirror.destination + "/x/" + name)) }
            #expect(!entryExists(at: mirror.source + "/g") && entryExists(at: mirror.destination + "/g"))
        }
    }

    /// The destination has a name of its own for each.
    @Test(arguments: widths, [false, true]) func namesInBothTreesGoFromTheSource(jobs: Int, groups: Bool) throws {
        let tree = Tree.directory(["a": .file("a"), "d": .directory(["b": .file("b"), "c": .file("c")])])
        try withTemporaryDirectory { folder in
            let options = Self.options.with { if !groups { $0.preserved.remove(.hardLinks) } }
            let mirror = try Mirror(in: folder, tree, options: options)
            try runProgram(["cp", "-al", mirror.source, mirror.destination])
            let before = try Snapshot(of: mirror.destination)
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try runProgram(["find", mirror.source, "-type", "f"]).output.isEmpty)
            let left = differences(before, try Snapshot(of: mirror.destination))
            #expect(left == [])
        }
    }

    /// The destination's file went away because the other tree has an equal one, and the source's too.
    @Test(arguments: widths) func whatABasisDirectoryAloneHoldsStays(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file("new")]).build(at: folder + "/basis")
            let mirror = try Mirror(
                in: folder, .directory(["f": .file("new"), "g": .file("g")]),
                .directory(["f": .file("other", Attributes(modified: Time(1)))]),
                options: Self.options.with { $0.basis = BasisDirectories(["../basis"], use: .compare) })
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(entryExists(at: mirror.source + "/f") && !entryExists(at: mirror.destination + "/f"))
            #expect(!entryExists(at: mirror.source + "/g") && entryExists(at: mirror.destination + "/g"))
        }
    }

    /// A run that is stopped does not wait for the disk: what it has copied stays in the source, too.
    @Test(arguments: [Options.Durability.file, .batch]) func aStoppedRunKeepsWhatIsNotOnTheDisk(
        _ durability: Options.Durability
    ) throws {
        try withTemporaryDirectory { folder in
            var mirror = try Mirror(
                in: folder,
                .directory(["a": .file(.random(1 << 20, seed: 1)), "b": .file(.random(64 << 20, seed: 2))]),
                .directory(),
                options: Options().with {
                    $0.removesSources = true
                    $0.durability = durability
                })
            let cancellation = Cancellation()
            _ = try mirror.runSlowly(jobs: 1, cancellation) { cancellation.cancel() }
            #expect(entryExists(at: mirror.source + "/a"))
            mirror.options.bytesPerSecond = nil
            expectSuccess(try mirror.run(jobs: 1))
            #expect(!entryExists(at: mirror.source + "/a"))
        }
    }
}
