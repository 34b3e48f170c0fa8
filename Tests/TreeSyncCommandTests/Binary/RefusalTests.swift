import Testing

@testable import TreeSyncCommand

/// The built command with words that it refuses: status, standard error, and nothing on standard output.
@Suite struct RefusalTests {
    @Test(
        arguments: [
            ([], 1, "usage: treesync"),
            (["/no/such/source"], 23, "cannot read source"),
            (["--bogus", "src", "dst"], 1, "--bogus: unknown option"),
            (["-aZ", "src", "dst"], 1, "-Z: unknown option"),
            (["--verb", "src", "dst"], 1, "--verb: unknown option"),
            (["--archive=1", "src", "dst"], 1, "--archive: this option takes no value"),
            (["src", "dst", "--jobs"], 1, "--jobs: the value is missing"),
            (["-a", "", "dst"], 1, "a path is empty"),
            (["-a", "-f", "foo", "src", "dst"], 1, "filter rule \"foo\": it begins with no known rule"),
            (["-a", "-f-x,", "src", "dst"], 1, "modifier ',' at byte 3 has no meaning there"),
            (["-a", "--exclude=- ", "src", "dst"], 1, "a pattern or a file name is missing"),
            (["-a", "--exclude-from=/nowhere", "src", "dst"], 11, "cannot read the filter file \"/nowhere\""),
            (["-a", "-f. /nowhere", "src", "dst"], 11, "cannot read the filter file \"/nowhere\""),
            (["--delete", "src", "dst"], 1, "--delete needs --recursive"),
            (["-a", "host:src", "dst"], 4, "names another host"),
            (["-a", "src", "host:dst"], 4, "names another host"),
            (["-a", "src", "host::module"], 4, "names an rsync server"),
            (["-a", "rsync://host/src", "dst"], 4, "names an rsync server"),
            (["-a", "--chown=4294967295", "src", "dst"], 1, "the name or number of a user"),
            (["-a", "--groupmap=*:4294967295", "src", "dst"], 1, "the name or number of a group"),
            (["-a", "--usermap=33-x:7", "src", "dst"], 1, "a name, a number, or a range"),
            // Options of rsync that are not here.
            (["-a", "--read-batch=x", "src", "dst"], 1, "--read-batch takes one path"),
            (["-aZ", "src", "dst"], 1, "-Z: unknown option"),
        ] as [([String], Int32, String)])
    func refused(words: [String], status: Int32, part: String) throws {
        let ending = try run(treesync, words)
        #expect(ending.status == status)
        #expect(ending.output == "")
        #expect(ending.errors.hasPrefix("treesync: ") && ending.errors.contains(part))
        #expect(ending.errors.split(separator: "\n").count == 1)
    }

    /// rsync's own verdict on the same words, where it has one.
    @Test(
        .enabled(if: Tool.rsync.isInstalled),
        arguments: [
            ["--bogus", "src", "dst"], ["-aY", "src", "dst"], ["--verb", "src", "dst"], ["--archive=1", "src", "dst"],
            ["src", "dst", "--modify-window"], ["--info=x", "src", "dst"], ["--debug=name", "src", "dst"],
            ["--outbuf=x", "src", "dst"], ["--stderr=x", "src", "dst"], ["--stderr=", "src", "dst"], ["--info", "src"],
            ["--modify-window=x", "src", "dst"], ["-a", "", "dst"],
            ["-a", "src", ""], ["--delete", "src", "dst"], ["-r", "--delete-before", "--delete-after", "src", "dst"],
        ])
    func statusOfRsync(words: [String]) throws {
        #expect(try run(treesync, words).status == run(Tool.rsync.path, words).status)
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["--version"], ["-V"], ["-VV"], ["--info=help"], ["--debug=help"], ["--print-options"],
        ["--print-manual"], ["--print-completion=bash"],
    ])
    func texts(words: [String]) throws {
        let ending = try run(treesync, words)
        #expect(ending.status == 0)
        #expect(ending.errors == "")
        #expect(ending.output.count > 100 && ending.output.hasSuffix("\n"))
    }

    @Test func versionNamesItself() throws {
        #expect(try run(treesync, "--version").output.hasPrefix("treesync 0.1.0\n"))
    }

    /// Nobody hears what is written to a closed pipe; a full disk is an error.
    @Test func standardOutputThatCannotBeWritten() throws {
        try inTemporaryDirectory { folder in
            let script = "\(treesync) --help | true; echo ${PIPESTATUS[0]} > status"
            let ending = try run(Tool.bash.path, "-c", script, in: folder)
            #expect(ending.errors == "")
            let full = try run(Tool.bash.path, "-c", "\(treesync) --help > /dev/full", in: folder)
            #expect(full.status == 11)
            #expect(full.errors.contains("cannot write to standard output: No space left on device"))
        }
    }
}
