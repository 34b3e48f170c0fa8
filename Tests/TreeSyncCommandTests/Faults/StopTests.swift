import Testing

@testable import TreeSyncCommand

/// `--stop-at` names a minute: the run ends at its beginning, and the next one goes on.
@Suite(.enabled(if: LongTests.areWanted)) struct StopAtTests {
    @Test func stopsAtItsMinute() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; head -c 20M /dev/urandom > src/f; echo g > src/g", in: folder)
            let words = try shell(
                """
                # Not the minute that begins in a moment.
                while (( 10#$(date +%S) > 55 )); do sleep 1; done
                minute=$(date -d '+1 minute' +%Y-%m-%dT%H:%M)
                \(treesync) -a --bwlimit=64 --stop-at=$minute src/ dst || status=$?
                echo $status $(($(date +%s) - $(date -d "$minute" +%s)))
                """, in: folder
            ).split(separator: " ")
            #expect(words.first == "30")
            let late = try #require(words.last.flatMap { Int($0.filter { $0.isNumber || $0 == "-" }) })
            #expect((0...2).contains(late))
            #expect(try shell("ls -A dst", in: folder) == "g\n")
            #expect(try run(treesync, "-a", "src/", "dst", in: folder).status == 0)
            #expect(try shell("diff -r src dst", in: folder) == "")
        }
    }
}

/// A signal in the middle of a copy that would take minutes.
@Suite struct StopTests {
    /// Nothing has begun: the signal does what it does to any program.
    @Test(arguments: [
        "--log-file=fifo src/", "--read-batch=fifo", "--exclude-from=fifo src/", "--files-from=fifo src/",
    ])
    func stopsWhileNobodyOpensTheOtherEnd(words: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src dst; touch src/f; mkfifo fifo", in: folder)
            let script = """
                set -m
                \(treesync) -a \(words) dst/ &
                pid=$!
                sleep 0.7
                kill -TERM $pid
                wait $pid
                echo $?
                """
            let ending = try run("/usr/bin/timeout", ["20", Tool.bash.path, "-c", script], in: folder)
            #expect(ending.output == "143\n")
            #expect(try shell("ls -A dst", in: folder) == "")
        }
    }

    /// As `timeout` and service managers send it: to the process, and to its group.
    @Test func theSameSignalTwiceAtOnceIsOne() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src dst; head -c 20M /dev/urandom >src/f; echo old >dst/f", in: folder)
            let script = """
                set -m
                \(treesync) -a --bwlimit=64 --delay-updates src/ dst/ 2>errors &
                pid=$!
                sleep 0.7
                kill -TERM $pid; kill -TERM $pid
                wait $pid
                echo $?
                """
            #expect(try run(Tool.bash.path, "-c", script, in: folder).output == "20\n")
            #expect(try shell("ls dst; cat dst/f", in: folder) == "f\nold\n")
            #expect(try shell("find dst -name '.treesync-*'; cat errors", in: folder).hasPrefix("treesync: stopped by"))
        }
    }

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
