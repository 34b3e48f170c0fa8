import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// File systems whose directories do not say what kind of thing an entry is.
@Suite(.enabled(if: FileSystem.withoutKinds.unavailability == nil, "such a file system cannot be mounted here"))
struct WithoutKindsTests {
    /// Random trees are copied faithfully from there, and to there.
    @Test(arguments: Seeds.few, widths) func treesBecomeEqual(seed: UInt64, jobs: Int) throws {
        let folders = [try FileSystem.quick.folder(), try FileSystem.withoutKinds.folder()]
        for (from, to) in [(folders[0], folders[1]), (folders[1], folders[0])] {
            try withTemporaryDirectory(in: from) { from in
                try withTemporaryDirectory(in: to) { to in
                    var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
                    var other = TreeGenerator(seed: seed &+ 1_000_000, abilities: TreeAbilities(isSource: false))
                    let mirror = Mirror(source: from + "/source", destination: to + "/destination")
                    try generator.tree().build(at: mirror.source)
                    try other.tree().build(at: mirror.destination)
                    try expectConvergence(mirror, jobs: jobs, "seed \(seed)")
                }
            }
        }
    }

    /// Something that depends on kinds, and leaves the same destination where they are known.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sources: [Tree]
        var destination: Tree
        var options = Options.deleting()
        /// What of the destination stays, whatever happens.
        var stays: [String]
    }

    /// The name of a directory that a killed run has replaced.
    private static let replaced = Name(".treesync-7ffffffe-1-1.old".utf8)

    static let cases = [
        Case(
            testDescription: "several sources",
            sources: [
                .directory(["x": .directory(["fa": .file("a")]), "y": .file("y")]),
                .directory(["x": .directory(["fb": .file("b")]), "y": .directory(["f": .file("f")])]),
            ],
            destination: .directory([
                "x": .directory(["extra": .file(), "fa": .file("a"), "fb": .file("b")]),
                "y": .directory(["f": .file("f")]),
            ]), stays: ["x/fa", "x/fb", "y/f"]),
        Case(
            testDescription: "several sources, with links that are followed",
            sources: [
                .directory(["real": .directory(["fa": .file("a")]), "x": .link("real")]),
                .directory(["x": .directory(["fb": .file("b")])]),
            ],
            destination: .directory([
                "real": .directory(["fa": .file("a")]), "x": .directory(["extra": .file(), "fb": .file("b")]),
            ]), options: Options.deleting().with { $0.links.followed = .all }, stays: ["real/fa", "x/fb"]),
        Case(
            testDescription: "rules about directories",
            sources: [
                .directory([
                    "d": .directory(["f.k": .file("f"), "g": .file("g")]), "e": .file("e"), "hidden": .directory(),
                    "n.k": .file("n"),
                ])
            ],
            destination: .directory([
                "d": .directory(["extra.k": .file(), "f.k": .file("f")]), "kept": .directory(["inner": .file()]),
                "gone": .directory(["f.k": .file(), "kept": .directory(["inner": .file()])]), "n.k": .file("n"),
            ]),
            options: .filtering([
                .protect("kept/"), .hide("hidden/"), .include("*/"), .include("*.k"), .exclude("*"),
            ]), stays: ["d/f.k", "gone/kept/inner", "kept/inner", "n.k"]),
        Case(
            testDescription: "directories' own rules",
            sources: [
                .directory([
                    "a": .directory([".rules": .file("- *.o\n"), "f": .file("f"), "x.o": .file("x")]),
                    "b": .directory([".rules": .directory(["f": .file("f")]), "x.o": .file("x")]),
                ])
            ],
            destination: .directory([
                "a": .directory(["extra": .file(), "f": .file("f"), "y.o": .file("y")]),
                "b": .directory(["x.o": .file("x")]),
            ]),
            options: Options.deleting().with {
                var rules = FilterRules()
                rules.append(DirectoryMerge(Array(".rules".utf8)))
                $0.filters = rules
            }, stays: ["a/f", "a/y.o", "b/x.o"]),
        Case(
            testDescription: "directories that hold nothing",
            sources: [
                .directory([
                    "empty": .directory(["d": .directory()]), "full": .directory(["d": .directory(["f": .file()])]),
                ])
            ],
            destination: .directory([
                "empty": .directory(["d": .directory()]), "full": .directory(["d": .directory(["f": .file()])]),
            ]), options: Options.deleting().with { $0.prunesEmptyDirectories = true }, stays: ["full/d/f"]),
        Case(
            testDescription: "leftovers and backups", sources: [.directory(["f": .file("new")])],
            destination: .directory([
                "f": .file("old", Attributes(modified: Time(1))), "extra": .directory(["e": .file("e")]),
                replaced: .directory(["kept": .file("kept")]),
            ]),
            options: Options().with { $0.backups = Backups() }, stays: ["\(replaced)/kept", "extra/e"]),
        Case(
            testDescription: "what is kept of files",
            sources: [.directory(["f": .file("f")])],
            destination: .directory([
                ".parts": .directory(
                    [
                        "f": .file("part", Attributes(permissions: 0o600, modified: Time(0)))
                    ], Attributes(permissions: 0o700)),
                "f": .file("f"),
            ]),
            options: Options().with { $0.arrival.partialFiles = .directory(".parts") }, stays: ["f"]),
        Case(
            testDescription: "deletions", sources: [.directory(["f": .fifo(), "d": .directory()])],
            destination: .directory([
                "d": .file(), "extra": .directory(["d": .directory(["l": .link("x")]), "f": .fifo()]),
                "f": .directory(["f": .file()]), "l": .link("extra"),
            ]), stays: []),
    ]

    @Test(arguments: cases, widths) func theDestinationIsTheSame(_ test: Case, jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { usual in
            let expected = try test.build(in: usual, jobs: jobs)
            expectSuccess(expected)
            try withTemporaryDirectory(in: FileSystem.withoutKinds.folder()) { folder in
                expectSuccess(try test.build(in: folder, jobs: jobs))
                try expectEqual(usual + "/destination", folder + "/destination", in: properties)
            }
        }
    }

    /// Each look at an entry fails in turn: what the failure hides is neither left out, nor copied, nor deleted, as if it
    /// were known.
    @Test(
        .enabled(if: FaultInjection.isPossible, "a released build has no door for faults"),
        arguments: cases.indices, widths)
    func nothingIsDecidedByGuesses(_ index: Int, jobs: Int) async throws {
        let (usual, folder) = (try FileSystem.quick.folder(), try FileSystem.withoutKinds.folder())
        await #expect(processExitsWith: .success) {
            [usual = usual as String, folder = folder as String, index = index as Int, jobs = jobs as Int] in
            endWhenHanging()
            let test = Self.cases[index]
            try withTemporaryDirectory(in: usual) { usual in
                _ = try test.build(in: usual, jobs: jobs)
                let expected = try Snapshot(of: usual + "/destination")
                for call in ["statx", "openat", "readlinkat"] {
                    for number in 1... {
                        var isOver = false
                        try withTemporaryDirectory(in: folder) { folder in
                            var run: Run?
                            isOver = !FaultInjection.refusing(call, EIO, number: number) {
                                run = try? test.build(in: folder, jobs: jobs)
                            }
                            let found = differences(
                                expected, try Snapshot(of: folder + "/destination"), in: properties)
                            let comment = "\(call) \(number), jobs \(jobs)"
                            // Where it is not known whether a directory holds anything it is copied; and what is kept
                            // of files may stay.
                            let mayLeave =
                                test.options.prunesEmptyDirectories || test.options.arrival.partialFiles != nil
                            if run?.report.succeeded == true, !mayLeave {
                                #expect(found == [], "a success, \(comment)")
                            }
                            for path in test.stays {
                                #expect(entryExists(at: "\(folder)/destination/\(path)"), "\(path), \(comment)")
                            }
                            // What is there was there, or belongs there.
                            let old = try differences(folder + "/old", folder + "/destination")
                            for path in found.filter({ $0.left == "missing" }).map(\.path) {
                                let isNew = old.contains { $0.path == path && $0.left == "missing" }
                                let mayBe = test.options.prunesEmptyDirectories
                                #expect(!isNew || mayBe, "\(path) was copied, \(comment)")
                            }
                        }
                        if isOver { break }
                    }
                }
            }
        }
    }
}

/// What keeps an entry has the time at which the others went.
private let properties = ComparedProperties.all.subtracting(.modified)

extension WithoutKindsTests.Case {
    /// Builds the trees and synchronises them.
    fileprivate func build(in folder: String, jobs: Int) throws -> Run {
        for (number, tree) in sources.enumerated() { try tree.build(at: "\(folder)/source\(number)") }
        for name in ["old", "destination"] { try destination.build(at: "\(folder)/\(name)") }
        var options = options
        options.jobs = jobs
        let synchronizer = Synchronizer(
            sources: sources.indices.map { Source(FilePath("\(folder)/source\($0)"), placement: .contents) },
            to: FilePath(folder + "/destination"), options: options)
        let events = EventLog()
        return events.run(try synchronizer.runBlocking(events: .all) { events.append($0) })
    }
}
