import Foundation
import Testing
import TreeSync
import TreeTesting

/// A destination that holds files and directories only, ignores case and keeps coarse times.
@Suite struct ExFATTests {
    private func withMirror(_ source: Tree, options: Options = .deleting(), _ body: (Mirror) throws -> Void) throws {
        if let reason = FileSystem.exfat.unavailability { try Test.cancel("\(reason)") }
        try withTemporaryDirectory { from in
            try source.build(at: from + "/source")
            try withTemporaryDirectory(in: try FileSystem.exfat.folder()) { to in
                try body(Mirror(source: from + "/source", destination: to + "/destination", options: options))
            }
        }
    }

    private static let source = Tree.directory([
        "file": .file("text"), "empty": .file(), "dir": .directory(["inner": .file(.random(100_000, seed: 1))]),
        "socket": .socket(), "fifo": .fifo(), "link": .link("file"), "more": .directory(["socket": .socket()]),
    ])

    /// Each kind that it cannot hold is a problem that names the file system; all files and directories arrive.
    @Test(arguments: widths) func specialsAndLinksAreUnsupported(jobs: Int) throws {
        try withMirror(Self.source) { mirror in
            let run = try mirror.run(jobs: jobs)
            for path in ["socket", "fifo", "link", "more/socket"] {
                let problems = run.problems(at: path)
                #expect(problems.count == 1, "\(path)")
                let isUnsupported = problems.allSatisfy { if case .unsupported = $0.cause { true } else { false } }
                #expect(isUnsupported, "\(problems.map(\.line))")
            }
            #expect(!run.report.succeeded)
            let found = try differences(mirror.source, mirror.destination, in: .contents)
            #expect(
                found.map { "\($0.path) \($0.property)" }.sorted() == [
                    "fifo name", "link name", "more/socket name", "socket name",
                ])
        }
    }

    /// Times that come back coarser than they were set are no reason to copy again.
    @Test(arguments: widths) func aSecondPlanCopiesNoFile(jobs: Int) throws {
        try withMirror(Self.source) { mirror in
            _ = try mirror.run(jobs: jobs)
            for run in [try mirror.plan(jobs: jobs), try mirror.run(jobs: jobs)] {
                #expect(run.report.statistics.copiedFiles == 0)
                let files = run.planned.filter { $0.kind == .regular && ($0.verb == .create || $0.verb == .update) }
                #expect(files.map(\.description) == [])
            }
        }
    }

    /// What really changed is still copied.
    @Test(arguments: widths) func aChangedFileIsCopied(jobs: Int) throws {
        try withMirror(.directory(["f": .file("old!", Attributes(modified: Time(1_600_000_000)))])) { mirror in
            _ = try mirror.run(jobs: jobs)
            try removeTree(mirror.source)
            try Tree.directory(["f": .file("new!", Attributes(modified: Time(1_600_000_100)))]).build(at: mirror.source)
            let run = try mirror.run(jobs: jobs)
            #expect(run.report.statistics.copiedFiles == 1)
            #expect(try differences(mirror.source, mirror.destination, in: .contents) == [])
        }
    }

    /// Names that differ in case only: of files the first one in byte order is kept, of directories the one that is
    /// made first; the others are problems.
    @Test(arguments: widths) func namesThatDifferInCaseCollide(jobs: Int) throws {
        let source = Tree.directory([
            "README": .file("first"), "Readme": .file("second!"), "readme": .file("third!!"), "other": .file("other"),
            "DIR": .directory(["a": .file("a")]), "dir": .directory(["b": .file("b")]),
        ])
        try withMirror(source) { mirror in
            for _ in 1...2 {
                let run = try mirror.run(jobs: jobs)
                #expect(try String(contentsOfFile: mirror.destination + "/README", encoding: .utf8) == "first")
                #expect(try String(contentsOfFile: mirror.destination + "/other", encoding: .utf8) == "other")
                func collides(_ path: String) -> Bool {
                    run.problems(at: path).contains { if case .nameCollision = $0.cause { true } else { false } }
                }
                #expect(collides("Readme") && collides("readme"))
                let directories = ["DIR", "dir"]
                let kept = directories.filter { !collides($0) }
                #expect(kept.count == 1)
                let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination)
                #expect(names.filter(directories.contains) == kept)
                #expect(!run.report.succeeded)
            }
            #expect(try mirror.plan(jobs: jobs).report.statistics.copiedFiles == 0)
        }
    }

    /// Without what it cannot hold nothing is a problem.
    @Test(arguments: widths) func filesAloneConverge(jobs: Int) throws {
        let options = Options.deleting().with { $0.preserved = [.times] }
        try withMirror(.directory(["f": .file("f"), "d": .directory(["g": .file("g")])]), options: options) { mirror in
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try differences(mirror.source, mirror.destination, in: .contents) == [])
            try expectNothingToDo(mirror)
        }
    }

    /// With `removesSources` what arrived without all that hung on it stays in the source.
    @Test(arguments: widths) func whatLostAnAttributeStaysInTheSource(jobs: Int) throws {
        let source = Tree.directory([
            "plain": .file("text"), "marked": .file("text", Attributes(extended: ["user.mark": [1]])),
        ])
        let options = Options.deleting().with {
            $0.removesSources = true
            $0.preserved = [.times, .extendedAttributes]
        }
        try withMirror(source, options: options) { mirror in
            let run = try mirror.run(jobs: jobs)
            #expect(!run.problems(at: "marked").isEmpty)
            #expect(entryExists(at: mirror.destination + "/marked"))
            #expect(entryExists(at: mirror.source + "/marked"))
            #expect(!entryExists(at: mirror.source + "/plain"))
        }
    }
}
