import Testing

@testable import TreeSyncCommand

/// Options for two machines: accepted, checked, without effect.
@Suite struct RemoteOptionTests {
    /// What rsync does with a value, on copies of one tree: the same status, the same copy.
    @Test(
        .enabled(if: Tool.rsync.isInstalled, "rsync is not installed"),
        arguments: [
            "-z", "--no-z", "--zc=zlib", "--zc=ZSTD", "--zc=foo", "--compress-choice=none", "--zl=3", "--zl=99",
            "--zl=x",
            "--compress-level=-1", "--compress-threads=2", "--zt=x", "--skip-compress=gz/bz2", "--old-compress",
            "--new-compress", "-e ssh", "--rsh=", "--rsync-path=/x", "--blocking-io", "--no-blocking-io",
            "--contimeout=x", "--no-contimeout", "--sockopts=SO_KEEPALIVE", "--address=1.2.3.4", "--port=873",
            "--port=x",
            "-4", "-6", "-46", "--protocol=20", "--protocol=32", "--protocol=x", "--iconv=.", "--iconv=-",
            "--iconv=utf8",
            "--iconv=utf8,UTF-8", "--iconv=latin1", "--iconv=foo,bar", "--no-iconv", "-s", "-ss", "--protect-args",
            "--no-s", "--no-protect-args", "--old-args", "--no-old-args", "-s --old-args", "-s --no-s --old-args",
            "--trust-sender", "--checksum-seed=3", "--checksum-seed=x", "--max-alloc=1g", "--max-alloc=999k",
            "--max-alloc=x", "--max-alloc=0", "--inc-recursive", "--no-inc-recursive", "--i-r", "--no-i-r",
        ]) func doesWhatRsyncDoes(words: String) throws
    {
        try inTemporaryDirectory { folder in
            try shell("mkdir src; echo text >src/file; ln -s file src/link", in: folder)
            let options = words.split(separator: " ").map(String.init)
            let theirs = try run(Tool.rsync.path, ["-a"] + options + ["src/", "theirs"], in: folder)
            let ours = try run(treesync, ["-a"] + options + ["src/", "ours"], in: folder)
            #expect(ours.status == theirs.status, "\(theirs.errors) \(ours.errors)")
            #expect(ours.output.isEmpty)
            if ours.status == 0 {
                #expect(ours.errors.isEmpty)
                #expect(try shell("diff -r --no-dereference theirs ours", in: folder).isEmpty)
            }
        }
    }

    /// Names would have to be converted: nothing is copied under names that nobody asked for.
    @Test(arguments: ["utf8,latin1", ".,latin1", "latin1,"]) func conversionsAreRefused(sets: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src", in: folder)
            let ending = try run(treesync, "-a", "--iconv=" + sets, "src/", "dst", in: folder)
            #expect(ending.status == 4)
            #expect(ending.errors.contains("convmv"))
            #expect(try shell("ls", in: folder) == "src\n")
        }
    }
}
