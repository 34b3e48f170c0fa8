import Foundation
import Testing
import TreeTesting

/// The command is killed while it stores what only root may set (`--fake-super`), or brings it back.
@Suite(
    .enabled(if: Tool.strace.isInstalled, "strace is not installed; scripts/setup installs it"),
    .enabled(if: isRoot, "runs once, as root"))
struct StoredKillTests {
    private static let calls = [
        "fsetxattr", "setxattr", "fremovexattr", "removexattr", "linkat", "renameat", "renameat2", "mkdirat", "fchmod",
        "fchmodat2", "utimensat", "pwrite64", "close", "getxattrat", "fgetxattr",
    ]

    /// Whatever a killed run has left, the next one stores all of it: what comes back is the source.
    @Test(arguments: [1, 4]) func theNextRunFinishes(jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let (source, store, back) = (folder + "/source", folder + "/store", folder + "/back")
            try FaultTrees.source(asRoot: true).build(at: source)
            try FaultTrees.destination(asRoot: true).build(at: folder + "/older")
            let common = ["-aHAX", "--delete", "--jobs", "\(jobs)", "--modify-window=-1"]
            let storing = common + ["-M--fake-super", source + "/", store]
            var kills = 0
            for call in Self.calls {
                for number in [1, 2, 3, 5, 8, 13, 21] {
                    for path in [store, back] where entryExists(at: path) { try removeTree(path) }
                    let older = common + ["-M--fake-super", folder + "/older/", store]
                    try #require(try run(treesync, older).status == 0)
                    let ending = try run(
                        Tool.strace.path,
                        [
                            "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                            "inject=\(call):signal=KILL:when=\(number)", "timeout", "60", treesync,
                        ] + storing)
                    if ending.status == 137 { kills += 1 } else { break }
                    let again = try run(treesync, storing)
                    #expect(again.status == 0, "\(call) \(number): \(again.errors)")
                    let restored = try run(treesync, common + ["--fake-super", "-M--super", store + "/", back])
                    #expect(restored.status == 0, "\(call) \(number): \(restored.errors)")
                    let left = try differences(source, back)
                    #expect(left == [], "killed at \(call) \(number)")
                }
            }
            print("kills (--fake-super, jobs \(jobs)): \(kills)")
            #expect(kills > 20)
        }
    }
}
