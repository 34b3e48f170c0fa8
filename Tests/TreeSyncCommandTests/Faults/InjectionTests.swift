import Foundation
import Testing
import TreeTesting

/// Calls of the built command are refused by `strace`, from outside: what the tests of the library find by its own
/// door holds for the real thing.
@Suite(
    .enabled(if: Tool.strace.isInstalled, "strace is not installed; scripts/setup installs it"),
    .enabled(if: isRoot, "runs once, as root"))
struct InjectionTests {
    private static let faults: [(call: String, errors: [String])] = [
        ("openat", ["EACCES", "EMFILE", "ENOSPC"]), ("statx", ["EIO", "ENOMEM"]), ("getdents64", ["EIO"]),
        ("pread64", ["EIO"]), ("pwrite64", ["ENOSPC", "EIO"]), ("copy_file_range", ["EIO", "EDQUOT"]),
        ("ftruncate", ["EIO"]), ("linkat", ["EROFS", "EIO"]), ("renameat", ["EIO", "EPERM"]),
        ("renameat2", ["ENOSPC", "EACCES"]), ("unlinkat", ["EPERM", "EIO"]), ("mkdirat", ["EDQUOT", "EROFS"]),
        ("mknodat", ["ENOSPC", "EPERM"]), ("symlinkat", ["EIO"]), ("fchmod", ["EPERM"]), ("fchownat", ["EPERM"]),
        ("utimensat", ["EACCES"]), ("fsetxattr", ["ENOSPC", "EOPNOTSUPP"]), ("flistxattr", ["EIO"]),
        ("readlinkat", ["ESTALE"]), ("close", ["EIO"]),
    ]

    @Test(arguments: [0, 1]) func refusedCallsAreReported(part: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            var trial = try CommandTrial(in: folder, jobs: 1)
            var tried = 0
            for (index, fault) in Self.faults.enumerated() where index % 2 == part {
                tried += try refuse(fault.call, fault.errors, &trial)
            }
            for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
            print("injections by strace (part \(part + 1) of 2): \(tried)")
            #expect(tried > 20)
        }
    }

    /// Every call of that name, or some of them, each with one of the errors.
    private func refuse(_ call: String, _ errors: [String], _ trial: inout CommandTrial) throws -> Int {
        let calls = try trial.callNumbers(call)
        let step = LongTests.areWanted ? 1 : max(1, calls.count / 4)
        var tried = 0
        for number in stride(from: calls.lowerBound, to: calls.upperBound, by: step) {
            let error = errors[tried % errors.count]
            let ending = try trial.traced(call, when: number, "error=\(error)")
            try trial.checkAfterFault("\(call) \(number) \(error)", ending)
            tried += 1
        }
        return tried
    }
}
