import Foundation
import Testing
import TreeTesting

/// The command is killed while it keeps backups: what was there is in its place or among the backups.
@Suite(
    .enabled(if: Tool.strace.isInstalled, "strace is not installed; scripts/setup installs it"),
    .enabled(if: isRoot, "runs once, as root"))
struct BackupKillTests {
    private static let calls = [
        "linkat", "unlinkat", "renameat", "renameat2", "openat", "mkdirat", "fchmod", "utimensat", "copy_file_range",
        "close",
    ]
    private static let texts = ["TEXT x", "TEXT extra", "TEXT f", "TEXT g"]

    /// Where the backups go; the last one is on another file system.
    static var options: [[String]] {
        [["-ab"], ["-a", "--backup-dir=../backups"]]
            + (FileSystem.tmpfs.unavailability == nil ? [["-a", "--backup-dir=%/backups"]] : [])
    }

    @Test(arguments: options, [1, 4]) func nothingIsLost(options: [String], jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.tmpfs.unavailability == nil ? FileSystem.tmpfs.folder() : "/tmp") {
            other in
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let words = options.map { $0.replacing("%", with: other) } + ["--delete", "--jobs=\(jobs)"]
                var kills = 0
                for call in Self.calls { kills += try kill(at: call, words, folder, other) }
                print("kills (\(options), jobs \(jobs)): \(kills)")
                #expect(kills > 10)
            }
        }
    }

    private func kill(at call: String, _ words: [String], _ folder: String, _ other: String) throws -> Int {
        var kills = 0
        let step = LongTests.areWanted ? 1 : 7
        for number in stride(from: 1, to: 400, by: step) {
            try build(folder, other)
            let ending = try run(
                Tool.strace.path,
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                    "inject=\(call):signal=KILL:when=\(number)", "timeout", "60", treesync,
                ] + words + ["source/", "destination"], in: folder)
            if ending.status == 0 { break }
            kills += 1
            try check("killed at \(call) \(number)", folder, other)
            let again = try run(treesync, words + ["source/", "destination"], in: folder)
            #expect(again.status == 0, "\(call) \(number): \(again.errors)")
            try check("after the next run, \(call) \(number)", folder, other)
        }
        return kills
    }

    private func check(_ what: String, _ folder: String, _ other: String) throws {
        for text in Self.texts {
            let found = try runProgram(["grep", "-rlF", text, folder + "/destination", folder + "/backups", other])
            #expect(!found.output.isEmpty, "\(what): lost \(text)")
        }
    }

    private func build(_ folder: String, _ other: String) throws {
        try shell("rm -rf source destination backups \(other)/backups; mkdir backups", in: folder)
        let old = Attributes(modified: Time(1_300_000_000))
        try Tree.directory([
            "d": .directory(["x": .file("new x")]), "f": .file("new f"), "g": .directory(["in": .file("in")]),
        ]).build(at: folder + "/source")
        try Tree.directory([
            "d": .directory(["x": .file("TEXT x", old)]), "extra": .directory(["deep": .file("TEXT extra", old)]),
            "f": .file("TEXT f", old), "g": .file("TEXT g", old),
        ]).build(at: folder + "/destination")
    }
}
