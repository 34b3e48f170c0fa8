import Testing

@testable import TreeSyncCommand

/// A signal in the middle of a copy that would take minutes.
@Suite struct StopTests {
    @Test(arguments: ["INT", "TERM", "HUP"], ["1", "4"]) func stopsWithinASecond(signal: String, jobs: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src dst; head -c 20M /dev/urandom >src/f; cp src/f src/g; echo old >dst/f", in: folder)
            let script = """
                set -m
                \(treesync) -a --bwlimit=64 --jobs \(jobs) src/ dst 2>errors &
                pid=$!
                sleep 0.7
                start=$(date +%s%N)
                kill -\(signal) $pid
                wait $pid
                echo $? $((($(date +%s%N) - start) / 1000000))
                """
            let words = try run(Tool.bash.path, "-c", script, in: folder).output.split(separator: " ")
            #expect(words.first == "20")
            let milliseconds = try #require(words.last.flatMap { Int($0.filter(\.isNumber)) })
            #expect(milliseconds < 1000)
            #expect(try shell("ls -A dst; cat dst/f", in: folder) == "f\nold\n")
            #expect(try shell("cat errors", in: folder).hasPrefix("treesync: stopped by SIG\(signal): "))
        }
    }
}
