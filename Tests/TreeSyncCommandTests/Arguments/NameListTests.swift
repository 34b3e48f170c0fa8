import Testing

@testable import TreeSyncCommand

/// The lines of `--files-from`.
@Suite struct NameListTests {
    /// Nothing is left out, and nothing comes in: unlike with rsync, for which a line ends where a NUL stands in it.
    @Test(arguments: [
        (#"a\0b\nc\n"#, "a\nb\nc\n"), (#"\0a\n\0"#, "a\n"), (#"a\0b\0d/e\0"#, "a\nb\nd\nd/e\n"), (#"c\0\0\n"#, "c\n"),
        (#"\0"#, ""),
    ])
    func nulsEndNames(list: String, expected: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir -p s/d to; touch s/a s/b s/c s/d/e s/other; printf '\(list)' > list", in: folder)
            let ending = try run(treesync, "-a", "--files-from=list", "s", "to", in: folder)
            #expect(ending == Ending(status: 0, output: "", errors: ""))
            #expect(try shell("cd to; find . -mindepth 1 -printf '%P\\n' | sort", in: folder) == expected)
        }
    }

    /// With `--from0` a line feed is a part of the name.
    @Test func lineFeedsInNames() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir s to; touch s/$'a\\nb' s/a s/b; printf 'a\\nb\\0' > list", in: folder)
            let ending = try run(treesync, "-a0", "--files-from=list", "s", "to", in: folder)
            #expect(ending == Ending(status: 0, output: "", errors: ""))
            #expect(try shell("cd to; ls -b", in: folder) == "a\\nb\n")
        }
    }
}
