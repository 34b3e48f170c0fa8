import Foundation
import Testing

@testable import TreeSyncCommand

/// `--progress` and `--info=progress2` where nobody looks: the columns that rsync's users take apart.
@Suite struct ProgressTests {
    @Test(arguments: ["--info=progress2", "--progress --info=name0", "-P --info=name0"])
    func lastState(options: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; head -c 5000 /dev/zero > src/a; head -c 3000 /dev/zero > src/b", in: folder)
            let ending = try run(
                treesync, ["-a"] + options.split(separator: " ").map(String.init) + ["src/", "dst"], in: folder)
            #expect(ending.errors == "" && ending.output.hasPrefix("\r") && ending.output.hasSuffix("\n"))
            let last = try #require(ending.output.split(separator: "\r").last)
            #expect(last.contains(#/^ +8,000 100% +[0-9.]+[kMG]B/s    0:00:00 \(xfr#2, to-chk=0/2\)\n$/#))
        }
    }

    /// Bytes never become less; the percentage is known from some time on.
    @Test func totalsGrow() throws {
        try inTemporaryDirectory { folder in
            try shell(
                "mkdir -p src/d; for i in {1..40}; do head -c 3M /dev/zero | tr '\\0' x > src/d/$i; done", in: folder)
            let output = try run(treesync, "-a", "--info=progress2", "src/", "dst", in: folder).output
            let totals = output.split(separator: "\r").compactMap { state in
                state.split(separator: " ").first.flatMap { Int($0.filter { $0 != "," }) }
            }
            #expect(totals.count > 1 && totals == totals.sorted() && totals.last == 40 * 3 << 20)
        }
    }

    @Test func names() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; echo x > src/a; echo y > src/b", in: folder)
            let output = try run(treesync, "-a", "--progress", "src/", "dst", in: folder).output
            let lines = output.split(whereSeparator: \.isNewline).flatMap { $0.split(separator: "\r") }
            #expect(lines.filter { !$0.contains("(xfr#") } == ["created directory dst", "./", "a", "b"])
        }
    }
}
