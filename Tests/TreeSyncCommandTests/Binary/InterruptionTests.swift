import Testing

@testable import TreeSyncCommand

/// What happens when a signal comes or nobody reads the output any more.
///
/// The output is larger than a pipe holds and its reader sleeps: the run is under way until the reader wakes.
@Suite struct InterruptionTests {
    @Test(arguments: ["INT", "TERM", "HUP"], ["-ai", "-ain"])
    func signal(name: String, options: String) throws {
        try inTemporaryDirectory { folder in
            try shell(manyFiles, in: folder)
            // Job control: without it a shell makes its background jobs ignore SIGINT.
            let script = """
                set -m
                exec 3> >(sleep 1; cat > output)
                \(treesync) \(options) src/ dst >&3 2> errors &
                pid=$!
                exec 3>&-
                sleep 0.5
                kill -\(name) $pid
                wait $pid
                """
            let ending = try run(Tool.bash.path, "-c", script, in: folder)
            #expect(ending.status == 20)
            let errors = try shell("cat errors", in: folder)
            #expect(errors.hasPrefix("treesync: stopped by SIG\(name): "))
            #expect(
                errors.contains(options == "-ai" ? " created, " : "would create ")
                    && errors.hasSuffix("run it again to go on\n"))
            #expect(try shell("find . -name '.*treesync*'", in: folder) == "")
        }
    }

    @Test func runningAgainGoesOn() throws {
        try inTemporaryDirectory { folder in
            try shell(manyFiles, in: folder)
            _ = try run(Tool.bash.path, "-c", "\(treesync) -ai src/ dst | head -n 1", in: folder)
            #expect(try run(treesync, "-a", "src/", "dst", in: folder) == Ending(status: 0, output: "", errors: ""))
            #expect(try shell("diff -r src dst", in: folder) == "")
        }
    }

    @Test(arguments: ["-ai", "-ain", "-av"])
    func closedPipe(options: String) throws {
        try inTemporaryDirectory { folder in
            try shell(manyFiles, in: folder)
            let script = "\(treesync) \(options) src/ dst | head -n 1 > first; echo ${PIPESTATUS[0]}"
            let ending = try run(Tool.bash.path, "-c", script, in: folder)
            #expect(ending == Ending(status: 0, output: "20\n", errors: ""))
            #expect(try shell("cat first", in: folder) == "created directory dst\n")
        }
    }
}

/// 4,000 names of 200 bytes: an itemized listing of 800 KiB, where a pipe holds 64.
private let manyFiles = """
    mkdir src; cd src
    for directory in {1..4}; do
        mkdir $directory
        printf "$directory/%0200d\\n" {1..1000} | xargs touch
    done
    """
