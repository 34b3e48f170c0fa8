import Foundation
import Testing
import TreeSync
import TreeTesting

/// Names of one inode of which an option leaves some alone: what those hold in the destination is nobody's business, and
/// no other name may become a link to it.
@Suite struct LeftLinkTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout Options) -> Void
        /// Whether names that are not left alone are made.
        var makesOthers = true
    }

    static let cases: [Case] = [
        Case(testDescription: "--ignore-existing", change: { $0.ignoresExisting = true }),
        Case(testDescription: "--update", change: { $0.skipsNewer = true }),
        Case(
            testDescription: "--update --checksum",
            change: {
                $0.skipsNewer = true
                $0.contentComparison = .contents
            }),
        Case(testDescription: "--append", change: { $0.arrival.growth = .trusting }),
        Case(testDescription: "--max-size", change: { $0.largestSize = 2 }, makesOthers: false),
        Case(testDescription: "--min-size", change: { $0.smallestSize = 100 }, makesOthers: false),
    ]

    private static let names = ["a", "b", "c"]

    /// One name is newer, longer and another file in the destination; the others are missing or old.
    @Test(arguments: cases, widths) func namesAreNotLinkedToWhatIsLeft(_ example: Case, jobs: Int) throws {
        for left in Self.names {
            for old in [nil] + Self.names.filter({ $0 != left }).map(Optional.some) {
                try check(example, left: left, old: old, jobs: jobs)
            }
        }
    }

    private func check(_ example: Case, left: String, old: String?, jobs: Int) throws {
        let text = "new"
        let theirs = Tree.file("somebody's own", Attributes(modified: Time(2_000_000_000)))
        var (source, destination) = (Tree.directory(), Tree.directory([Name(left.utf8): theirs]))
        for name in Self.names { source[Name(name.utf8)] = .file(text).sharing("names") }
        if let old { destination[Name(old.utf8)] = .file("n", Attributes(modified: Time(1))) }
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with {
                example.change(&$0)
                $0.removesSources = true
            }
            let mirror = try Mirror(in: folder, source, destination, options: options)
            try mirror.run(jobs: jobs)
            let comment = Comment(rawValue: "\(left) is left, \(old ?? "none") is old")
            #expect(try contents(mirror.destination, left) == "somebody's own", comment)
            #expect(try contents(mirror.source, left) == text, comment)
            for name in Self.names where name != left {
                let found = try? contents(mirror.destination, name)
                let isIgnored = name == old && options.ignoresExisting
                let isMade = example.makesOthers && !isIgnored
                #expect(found == (isMade ? text : name == old ? "n" : nil), "\(name): \(comment)")
                // It goes from the source when the destination holds it, and not before.
                #expect((try? contents(mirror.source, name)) == (isMade ? nil : text), "\(name): \(comment)")
            }
        }
    }

    private func contents(_ folder: String, _ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// What goes away from the source has one name less, which names in other directories must not be judged by.
    @Test(arguments: widths, [false, true]) func namesStayTogetherThoughTheSourceGoes(jobs: Int, isThere: Bool) throws {
        let source = Tree.directory([
            "a": .file("text").sharing("h"), "dir": .directory(["b": .file("text").sharing("h")]),
            "other": .directory(["deep": .directory(["c": .file("text").sharing("h")])]),
        ])
        try withTemporaryDirectory { folder in
            let destination = isThere ? Tree.directory(["a": .file("text")]) : nil
            let mirror = try Mirror(
                in: folder, source, destination, options: Options.deleting().with { $0.removesSources = true })
            try source.build(at: folder + "/expected")
            expectSuccess(try mirror.run(jobs: jobs))
            let places = ["/a", "/dir/b", "/other/deep/c"].map { mirror.destination + $0 }
            let inodes = Set(
                try places.map { try FileManager.default.attributesOfItem(atPath: $0)[.systemFileNumber] as? Int })
            #expect(inodes.count == 1)
            #expect(try runProgram(["find", mirror.source, "-type", "f"]).output.isEmpty)
        }
    }
}
