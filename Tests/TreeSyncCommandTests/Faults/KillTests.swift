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
                kills += try kill(at: call, jobs, &trial)
            }
            for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
            print("kills (jobs \(jobs), part \(part + 1) of 2): \(kills)")
            #expect(kills > 10)
        }
    }

    /// At every call of that name, or at some of them.
    private func kill(at call: String, _ jobs: Int, _ trial: inout CommandTrial) throws -> Int {
        let calls = try trial.callNumbers(call)
        // With several threads each counts for itself.
        let step = LongTests.areWanted ? 1 : max(1, calls.count / (jobs == 1 ? 6 : 3))
        var kills = 0
        for number in stride(from: calls.lowerBound, to: calls.upperBound, by: step) {
            let ending = try trial.traced(call, when: number, "signal=KILL")
            if jobs > 1, ending.status == 0 { break }
            #expect(ending.status == 137, "\(call) \(number)")
            kills += 1
            try trial.checkAfterKill("killed at \(call) \(number)")
        }
        return kills
    }
}

/// What takes minutes runs only where the environment asks for it (`scripts/test --long`).
enum LongTests {
    static let areWanted = ProcessInfo.processInfo.environment["TREESYNC_LONG"] != nil
}
