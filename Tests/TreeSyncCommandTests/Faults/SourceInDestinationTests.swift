import Testing
import TreeTesting

/// What is copied lies in the destination, in ways that no look at the roots finds: it is not deleted, and said.
@Suite struct SourceInDestinationTests {
    private static let times = ["--delete", "--delete-before", "--del"]

    /// Runs the command, and expects the files called `precious` to be what they were, where they were.
    private func expectKept(
        _ setUp: String, _ command: String, status: Int, _ message: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try inTemporaryDirectory { folder in
            let script = """
                set -e; \(setUp); before=$(find -name precious -exec grep -H . {} + | sort); status=0
                \(treesync) \(command) 2>errors || status=$?; chmod -R u+rwx . 2>/dev/null || true
                grep -H . $(echo "$before" | cut -d: -f1) | diff - <(echo "$before") && echo $status
                """
            let output = try shell(script, in: folder)
            let errors = try shell("cat errors", in: folder)
            #expect(output == "\(status)\n", "\(command): \(errors)", sourceLocation: sourceLocation)
            if let message {
                #expect(errors.contains(message), "\(command): \(errors)", sourceLocation: sourceLocation)
            }
        }
    }

    /// By way of links that are followed, on either side; behind directories that nobody may look into; and as one of
    /// several sources, of which another fills the place.
    @Test(
        arguments: [
            ("mkdir -p s d/docs/inner; echo x >d/docs/inner/precious; ln -s ../d/docs/inner s/docs", "-ak * s/docs d"),
            (
                "mkdir -p s d/docs/inner; echo x >d/docs/inner/precious; ln -s ../d/docs/inner s/docs; echo docs >list",
                "-rk * --files-from=list s d"
            ),
            ("mkdir -p s d/sub; echo x >d/sub/precious; echo 1 >s/g; ln -s ../d/sub s/in", "-aL * s/ d"),
            ("mkdir -p d/real/data; echo x >d/real/data/precious; ln -s real d/data", "-aK * d/real/data d"),
            (
                "mkdir -p d/b/p/s/a/p; ln -s b d/a; echo o >d/b/p/s/precious; echo a >d/b/p/s/a/p/f",
                "-aR --no-implied-dirs * d/b/p/s/./a/p d"
            ),
            ("mkdir -p n d/old; echo x >d/old/precious; echo 1 >n/n", "-a * --exclude=/precious n/ d/old/precious d"),
            ("mkdir -p n d/z/k; echo 1 >n/n; echo long >d/z/k/precious", "-a * --max-size=2 n/ d/z/k d"),
            ("mkdir -p n d/z; echo 1 >n/z; echo long >d/z/precious", "-a * --force --max-size=3 n/ d/z/precious d"),
            ("mkdir -p n d/z/in; echo 1 >n/n; echo long >d/z/in/precious", "-aR * --max-size=2 d/z/./in n/./ d"),
            (
                "mkdir -p n d/z/in; echo 1 >n/n; echo long >d/z/in/precious; printf 'n/./\\nd/z/./in\\n' >list",
                "-ar * --max-size=2 --files-from=list . d"
            ),
            ("mkdir -p o d/z/in; echo x >d/z/in/precious", "-r --delete-missing-args * --force o/z d/z/in d"),
        ], times)
    func itIsNotDeleted(_ trees: (setUp: String, command: String), _ time: String) throws {
        let command = trees.command.replacing("*", with: time)
        try expectKept(trees.setUp, command, status: 23, time == "--delete-before" ? nil : "cannot delete directory")
    }

    /// A file that takes the place of a directory does not take what another source is.
    @Test func aDirectoryThatHoldsASourceIsNotReplaced() throws {
        try expectKept(
            "mkdir -p n d/z; echo f >n/z; echo long >d/z/precious", "-a --force --max-size=3 n/ d/z/precious d",
            status: 23, "it is what is copied")
    }

    @Test(.enabled(if: isRoot, "only root may mount"), arguments: times)
    func whatIsMountedElsewhereIsNotDeleted(_ time: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir -p d/a/s m src/in y; echo long >d/a/s/f; echo 2 >src/g; echo x >src/in/f
                unshare -m bash -c 'mount --bind d/a/s m; mount --bind src/in y
                    \(treesync) -a \(time) --max-size=2 m/ d 2>/dev/null; echo $?
                    \(treesync) -a \(time) src/ y 2>/dev/null; echo $?'
                cat d/a/s/f src/in/f
                """
            let output = try shell(script, in: folder)
            #expect(output == "23\n23\nlong\nx\n")
        }
    }

    /// The destination behind a link of the source was not read, so that what it holds does not look as if it were gone.
    @Test(arguments: ["-aL", "-ak"], times) func theDestinationInTheSource(_ options: String, _ time: String) throws {
        try expectKept(
            "mkdir src dst; echo 1 >src/g; ln -s ../dst src/in; echo x >dst/precious", "\(options) \(time) src/ dst",
            status: 23, "nothing was deleted")
    }

    /// A link of the destination that leads into the source is not kept, whoever is trusted.
    @Test(arguments: ["../src", "../src/e"], times) func aKeptLinkIntoTheSource(_ target: String, _ time: String) throws
    {
        try expectKept(
            "mkdir -p src/d src/e dst; echo 1 >src/d/f; echo x >src/precious; echo y >src/e/precious; ln -s \(target) dst/d",
            "-aK --insecure-links \(time) --exclude=/e src/ dst", status: 23, "it is what is copied")
    }

    /// One that leads to where a source only lies is.
    @Test(arguments: ["src/./d", "-R src/./d", "-R $PWD/src/d", "src/d/f"]) func aKeptLinkBesideTheSource(
        _ operands: String
    ) throws {
        try inTemporaryDirectory { folder in
            let script = """
                mkdir -p src/d src/e dst/$PWD/src; echo 1 >src/d/f; echo y >src/e/f
                for i in dst/d dst/$PWD/src/d dst/f; do ln -s $PWD/src/e $i; done
                \(treesync) -aIK --insecure-links \(operands) dst; echo $?; cat src/e/f
                """
            let output = try shell(script, in: folder)
            #expect(output == "0\n\(operands == "src/d/f" ? "y" : "1")\n")
        }
    }

    /// Several sources that go to one directory, by way of a link on the way: what one brings the other does not delete.
    @Test(arguments: [
        ("a/b q", "mkdir -p src/a/b src/q dst/q/t/b; echo z >src/q/z; ln -s q/t dst/a", "--delete"),
        ("a/b q", "mkdir -p src/a/b src/q dst/q/t/b; echo t >src/q/t; ln -s q/t dst/a", "--force"),
        ("a/b o/b", "mkdir -p src/a/b src/o/b dst/o/b; echo 2 >src/o/b/g; ln -s o dst/a", "--delete"),
    ])
    func waysThroughLinks(_ sources: String, _ setUp: String, _ option: String) throws {
        for time in option == "--delete" ? Self.times : [option] {
            for attempt in 1...3 {
                try inTemporaryDirectory { folder in
                    let operands = sources.split(separator: " ").map { "src/./\($0)" }.joined(separator: " ")
                    let script = """
                        set +e; \(setUp); echo 1 >src/a/b/f
                        \(treesync) -aR --no-implied-dirs --remove-source-files \(time) \(operands) dst/ \
                            2>/dev/null
                        cat dst/a/b/f; for i in dst/o/b/g src/o/b/g; do cat $i 2>/dev/null; done; true
                        """
                    let output = try shell(script, in: folder)
                    #expect(output == (sources == "a/b o/b" ? "1\n2\n" : "1\n"), "\(time), attempt \(attempt)")
                }
            }
        }
    }

    // MARK: What is not there yet

    /// A directory that is made behind a link, or in one that may not be read, lies where it will lie.
    @Test(arguments: [
        ("ln -s src/.old bak", "-b --backup-dir=$PWD/bak -I src/ dst", 1),
        ("mkdir src/drop; chmod 300 src/drop", "--mkpath src/ src/drop/a/b", 3),
        ("ln -s $PWD/disk way", "--mkpath src/ way/a/b", 11),
    ])
    func nothingIsMadeInTheSource(_ setUp: String, _ command: String, status: Int) throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir src dst; echo 1 >src/f; echo 2 >dst/f; \(setUp)
                \(treesync) -a \(command) 2>/dev/null; echo $?; chmod u+r src/drop 2>/dev/null; find src disk -mindepth 1 2>/dev/null | grep -vx src/drop
                """
            let output = try shell(script, in: folder)
            #expect(output == "\(status)\nsrc/f\n")
        }
    }
}

/// Directories that are closed to their own user, who is not root.
@Suite(.enabled(if: !isRoot, "root works in any directory")) struct ClosedDirectoryTests {
    /// What lies between the source and what would hold it is closed.
    @Test(arguments: ["--delete", "--delete-before", "--del"]) func theSourceInIt(_ time: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir -p d/q/p/s/q/p; echo o >d/q/p/s/f; echo a >d/q/p/s/q/p/f; chmod 300 d/q/p
                \(treesync) -aR \(time) d/q/p/s/./q/p d 2>/dev/null; echo $?; chmod 755 d/q/p; cat d/q/p/s/f
                """
            let output = try shell(script, in: folder)
            #expect(output == "23\no\n")
        }
    }

    /// A basis directory that cannot be opened may share its files with the destination, which then are made anew.
    @Test func aBasisThatCannotBeOpenedStaysAsItIs() throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir -p s/z; echo one >s/z/f; \(treesync) -a s/ prev; \(treesync) -a --link-dest=../prev s/ cur
                echo two >s/z/f; chmod 311 prev/z
                \(treesync) -a --inplace --link-dest=../prev s/ cur 2>errors; echo $?; grep -c prev/z errors
                cat prev/z/f cur/z/f
                """
            let output = try shell(script, in: folder)
            #expect(output == "23\n1\none\ntwo\n")
        }
    }

    /// A link that cannot be looked through leads somewhere, perhaps: what the destination has of it stays.
    @Test func aLinkThatCannotBeLookedThrough() throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir -p s hid/x d/l; ln -s ../hid/x s/l; echo k >d/l/k; chmod 0 hid
                \(treesync) -aL --delete --ignore-errors s/ d 2>/dev/null; echo $?; chmod 755 hid; cat d/l/k
                """
            let output = try shell(script, in: folder)
            #expect(output == "23\nk\n")
        }
    }

    /// What was opened to be emptied, and stays, is as closed as it was; so is a root where the run ends before it begins.
    @Test(arguments: [
        ("311", "--exclude=keep src/ dst"), ("511", "-b src/ dst"), ("300", "--exclude=keep src/ dst"),
        ("300", "--temp-dir=/nonexistent src/ dst/x"), ("300", "--write-batch=dst/x/b src/ dst/x"),
    ])
    func itIsClosedAgain(_ mode: String, _ command: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                set +e; mkdir -p src dst/x; echo 1 >src/f; echo k >dst/x/keep; chmod \(mode) dst/x
                \(treesync) -a --delete \(command) 2>/dev/null; stat -c %a dst/x; chmod 755 dst/x
                """
            let output = try shell(script, in: folder)
            #expect(output == "\(mode)\n")
        }
    }
}
