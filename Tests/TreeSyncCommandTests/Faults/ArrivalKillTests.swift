import Foundation
import Testing
import TreeTesting

/// The command is killed while contents arrive in other ways than by replacing a file.
@Suite(
    .enabled(if: Tool.strace.isInstalled, "strace is not installed; scripts/setup installs it"),
    .enabled(if: isRoot, "runs once, as root"))
struct ArrivalKillTests {
    private static let calls = [
        "linkat", "unlinkat", "renameat", "renameat2", "mkdirat", "fchmod", "utimensat", "pwrite64", "copy_file_range",
        "ftruncate", "close",
    ]

    /// In the middle of giving the names, too.
    @Test(arguments: ["--delay-updates", "--delay-updates --partial-dir=.kept", "--temp-dir=TEMP"], [1, 4])
    func everyNameIsOldOrNew(options: String, jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let elsewhere = folder + "/elsewhere"
            try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
            let words = options.replacing("TEMP", with: elsewhere).split(separator: " ").map(String.init)
            var trial = try CommandTrial(in: folder, jobs: jobs, words)
            var kills = 0
            for call in Self.calls {
                kills += try trial.kill(at: call, jobs: jobs, some: jobs == 1 ? 3 : 1) { trial, what in
                    try trial.checkAfterKill(what)
                    let left = try FileManager.default.contentsOfDirectory(atPath: elsewhere)
                    #expect(left == [], "\(what)")
                }
            }
            for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
            print("kills (\(options), jobs \(jobs)): \(kills)")
            #expect(kills > 10)
        }
    }

    /// What is written in place is a mixture then; the next run notices and makes it equal.
    @Test(arguments: ["--inplace", "--inplace --sparse", "--no-whole-file", "--sparse --preallocate"])
    func theNextRunFinishes(options: String) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var trial = try CommandTrial(in: folder, jobs: 1, options.split(separator: " ").map(String.init))
            var kills = 0
            for call in Self.calls + ["fallocate"] {
                kills += try trial.kill(at: call, jobs: 1, some: 2) { trial, what in try trial.checkNextRun(what) }
            }
            for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
            #expect(kills > 10)
        }
    }
}
