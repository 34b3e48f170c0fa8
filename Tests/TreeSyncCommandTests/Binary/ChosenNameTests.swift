import Testing
import TreeTesting

/// Names that are chosen and lead elsewhere than they seem to: the messages, the exit status and what becomes of the
/// destination.
@Suite struct ChosenNameTests {
    /// A link that leads to no directory is chosen itself, whatever follows its name: what the destination has of it does
    /// not count as missing.
    @Test(arguments: ["nowhere", "file", "file/below", "link", "/nowhere", "../outside", "../outside/gone"])
    func aLinkToNoDirectoryIsChosenItself(target: String) throws {
        for option in ["--delete-missing-args", "--ignore-missing-args", "--links"] {
            try inTemporaryDirectory { folder in
                try shell(
                    "mkdir s d; echo 1 > s/file; echo 2 > outside; ln -s \(target) s/link; printf 'link/\\n' > list",
                    in: folder)
                let listed = try run(treesync, "-ai", option, "--files-from=list", "s", "d", in: folder)
                let expected = Ending(status: 0, output: "cL+++++++++ link -> \(target)\n", errors: "")
                #expect(listed == expected, "\(option)")
                let kept = try run(treesync, "-aiR", option, "s/./link/", "d", in: folder)
                #expect(kept == Ending(status: 0, output: "", errors: ""), "\(option)")
                #expect(try shell("readlink d/link", in: folder) == target + "\n")
            }
        }
    }

    /// One that leads to a directory out of the tree is a problem as before, and nothing goes away.
    @Test func aLinkOutOfTheTreeIsNotMissing() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir s d outside; ln -s ../outside s/link; echo 1 > d/link; echo link/ > list", in: folder)
            let ending = try run(
                treesync, "-ai", "--delete-missing-args", "--files-from=list", "s", "d", in: folder)
            let reason = "cannot read the attributes of \"link\": a symbolic link on the way leads out of the tree"
            #expect(ending == Ending(status: 23, output: "", errors: "treesync: \(reason)\n"))
            #expect(try shell("cat d/link", in: folder) == "1\n")
        }
    }

    /// The message names what is missing, and nothing else fails for it.
    @Test(
        arguments: [
            ("f1\nnope/x\n", "--no-R", "s/nope", "No such file or directory"),
            ("f1\nnope/./x\n", "-R", "s/nope", "No such file or directory"),
            ("f1\nf2/x\n", "--no-R", "s/f2", "Not a directory"),
            ("nope/x\n", "--no-R", "s/nope", "No such file or directory"),
            ("f1\na/nope/x\n", "--no-R", "s/a/nope", "No such file or directory"),
            ("f1\nout/x\n", "--no-R", "s/out", "a symbolic link on the way leads out of the tree"),
            ("out/x\n", "--no-R", "s/out", "a symbolic link on the way leads out of the tree"),
            ("circle/x\n", "--no-R", "s/circle", "Too many levels of symbolic links"),
        ])
    func aDirectoryThatNamesBeginInIsMissing(list: String, option: String, path: String, reason: String) throws {
        for missing in ["--ignore-missing-args", "--delete-missing-args", "--links"] {
            try inTemporaryDirectory { folder in
                try shell(
                    """
                    mkdir -p s/a d outside; echo 1 > s/f1; echo 2 > s/f2; echo 3 > outside/x; ln -s ../outside s/out
                    ln -s circle s/circle; printf '\(list)' > list
                    """, in: folder)
                let ending = try run(treesync, "-ai", missing, option, "--files-from=list", "s", "d", in: folder)
                let output = list.hasPrefix("f1") ? ">f+++++++++ f1\n" : ""
                let errors = "treesync: cannot open directory \"\(path)\": \(reason)\n"
                #expect(ending == Ending(status: 23, output: output, errors: errors), "\(missing)")
            }
        }
    }

    /// A source that is missing itself is one failure, however many directories the names begin in.
    @Test(arguments: ["f1", "f1\na/./x", "a/./x\nb/./y"]) func theSourceIsMissing(list: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir d; echo '\(list)' > list", in: folder)
            let ending = try run(treesync, "-a", "--files-from=list", "nosuch", "d", in: folder)
            let reason = "cannot open the directory \"nosuch\" that names are chosen from: No such file or directory"
            #expect(ending == Ending(status: 3, output: "", errors: "treesync: \(reason)\n"))
        }
    }

    /// Nobody has replaced what was never a directory.
    @Test(arguments: [("f2/x", "Not a directory"), ("circle/x", "Too many levels of symbolic links")])
    func aWayThatIsNoneWasNotReplaced(name: String, reason: String) throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir s d; echo 2 > s/f2; ln -s circle s/circle; echo \(name) > list", in: folder)
            let errors = "treesync: cannot read the attributes of \"\(name)\": \(reason)\n"
            let ending = try run(treesync, "-ai", "--files-from=list", "s", "d", in: folder)
            #expect(ending == Ending(status: 23, output: "", errors: errors))
        }
    }

    /// A dot at the beginning stands for the source itself, also behind slashes; what stands before `/./` is cut off.
    @Test(arguments: [
        ("/./f1", true), ("//./f1", true), ("./f1", true), ("/././a/2", false), ("././f1", false), (".//./f1", false),
        ("//f1", false), ("/f1", false), ("./a/./2", false),
    ])
    func slashesBeforeADot(name: String, takesRoot: Bool) throws {
        try inTemporaryDirectory { folder in
            try shell(
                "mkdir -p s/a d; echo 1 > s/f1; echo 2 > s/a/2; chmod 751 s; chmod 700 d; echo \(name) > list",
                in: folder)
            #expect(try run(treesync, "-a", "--files-from=list", "s", "d", in: folder).status == 0)
            #expect(try shell("stat -c %a d", in: folder) == (takesRoot ? "751\n" : "700\n"))
            guard Tool.rsync.isInstalled else { return }
            try shell("chmod 700 d; rsync -a --files-from=list s d", in: folder)
            #expect(try shell("stat -c %a d", in: folder) == (takesRoot ? "751\n" : "700\n"))
        }
    }

    /// What a rule that cannot be used leaves out is named by the message about the rule, and by no other.
    @Test func aWrongRuleOnTheWayIsSaidOnce() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir -p s/a d; echo 1 > s/f1; echo 2 > f2; printf '*.o\\n' > s/.g", in: folder)
            let ending = try run(treesync, "-aRi", "--filter=: .g", "s/a", "s/f1", "f2", "d", in: folder)
            #expect(ending.status == 23)
            #expect(ending.output == ">f+++++++++ f2\n")
            let lines = ending.errors.split(separator: "\n")
            #expect(lines.count == 1 && lines[0].contains("\"s\" as it is: filter rule \"*.o\""))
        }
    }
}
