import Foundation
import Testing
import TreeTesting

/// The command is killed at every call that changes something.
@Suite(
    .enabled(if: Tool.strace.isInstalled, "strace is not installed; scripts/setup installs it"),
    .enabled(if: isRoot, "runs once, as root"))
struct KillTests {
    /// What may change a file system, by the kernel's names.
    private static let calls = [
        "openat", "mkdirat", "mknodat", "symlinkat", "linkat", "unlinkat", "renameat", "renameat2", "fchmod",
        "fchownat", "utimensat", "fsetxattr", "setxattr", "fremovexattr", "pwrite64", "copy_file_range", "ftruncate",
        "close",
    ]

    @Test(arguments: [1, 4], [0, 1]) func everyNameIsOldOrNew(jobs: Int, part: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var trial = try CommandTrial(in: folder, jobs: jobs)
            var kills = 0
            for (index, call) in Self.calls.enumerated() where index % 2 == part {
                kills += try trial.kill(at: call, jobs: jobs, some: jobs == 1 ? 5 : 2) { trial, what in
                    try trial.checkAfterKill(what)
                }
            }
            for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
            print("kills (jobs \(jobs), part \(part + 1) of 2): \(kills)")
            #expect(kills > 10)
        }
    }
}

/// What takes minutes runs only where the environment asks for it (`scripts/test --long`).
enum LongTests {
    static let areWanted = ProcessInfo.processInfo.environment["TREESYNC_LONG"] != nil
}
