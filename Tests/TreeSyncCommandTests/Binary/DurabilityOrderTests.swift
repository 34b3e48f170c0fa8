import Testing

@testable import TreeSyncCommand

/// The calls of a run, in their order: what is on the disk before what.
@Suite(.enabled(if: Tool.strace.isInstalled, "strace shows the calls"))
struct DurabilityOrderTests {
    private enum Call { case data, attributes, syncFile, syncAll, name }

    /// The calls that matter, of one thread, with what each is about.
    private func trace(_ options: String, in folder: String) throws -> [(call: Call, line: String)] {
        try shell(
            "mkdir -p src/a/b; for i in 1 2 3 4 5 6 7 8; do echo $i > src/a/b/f$i; echo $i > src/a/f$i; done",
            in: folder)
        try shell(
            "strace -f -y -o trace -e trace=pwrite64,utimensat,fsync,syncfs,renameat2,linkat \(treesync) -a --jobs=1 \(options) src/ dst",
            in: folder)
        return try shell("cat trace", in: folder).split(separator: "\n").compactMap { line in
            // Some of these write to standard output and to pipes.
            let call: Call? =
                line.contains("pwrite64(")
                ? .data
                : line.contains("utimensat(")
                    ? .attributes
                    : line.contains("fsync(")
                        ? .syncFile
                        : line.contains("syncfs(")
                            ? .syncAll : line.contains("renameat2(") || line.contains("linkat(") ? .name : nil
            return call.map { ($0, String(line)) }
        }
    }

    @Test func aBatchIsOnTheDiskBeforeItsFirstName() throws {
        try inTemporaryDirectory { folder in
            let calls = try trace("--durability=batch", in: folder).map(\.call)
            let first = try #require(calls.firstIndex { $0 == .syncAll })
            let names = calls.indices.filter { calls[$0] == .name }
            #expect(calls.indices.filter { calls[$0] == .data }.count == 16)
            #expect(names.count == 16)
            #expect(calls.indices.filter { calls[$0] == .data }.allSatisfy { $0 < first })
            #expect(names.allSatisfy { $0 > first })
            #expect(calls.last == .syncAll)
        }
    }

    @Test func eachFileIsOnTheDiskBeforeItHasItsName() throws {
        try inTemporaryDirectory { folder in
            let calls = try trace("--fsync", in: folder)
            // A directory that is filled under a temporary name: every file in it first.
            var unsynced = 0
            for (call, line) in calls {
                switch call {
                case .data: unsynced += 1
                case .syncFile: unsynced = 0
                case .name: #expect(unsynced == 0, "\(line)")
                case .attributes, .syncAll: break
                }
            }
            #expect(calls.filter { $0.call == .data }.count == 16)
            // The files, and the directories dst, a, b and the one that holds dst.
            #expect(calls.filter { $0.call == .syncFile }.count == 20)
        }
    }

    @Test func withoutBothNothingWaits() throws {
        try inTemporaryDirectory { folder in
            let calls = try trace("", in: folder).map(\.call)
            #expect(!calls.contains(.syncAll) && !calls.contains(.syncFile))
        }
    }
}
