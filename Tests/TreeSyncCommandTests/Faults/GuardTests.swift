import Testing
import TreeTesting

@testable import TreeSyncCommand

/// What is refused before it destroys.
@Suite struct GuardTests {
    /// In a mount namespace of its own with a table of its own.
    private func withTable(_ script: String) -> String {
        """
        mkdir mnt mnt/source; touch mnt/source/f; mkdir dst; touch dst/extra dst/f
        echo "LABEL=x $PWD/mnt ext4 defaults 0 0" > fstab
        unshare -m bash -euc 'mount --bind fstab /etc/fstab; \(script)'
        """
    }

    @Test(.enabled(if: isRoot, "only root may mount"), arguments: ["--delete", "--delete-before", "--del"])
    func aMountPointWithoutAMountDeletesNothing(_ option: String) throws {
        for roots in ["mnt/source/ dst", "mnt/ dst", "dst/ mnt", "dst/ mnt/source"] {
            try inTemporaryDirectory { folder in
                let command = "\(treesync) -a \(option) \(roots) 2>errors || echo status $?"
                let output = try shell(withTable("touch mnt/source/other; \(command)"), in: folder)
                let errors = try shell("cat errors", in: folder)
                #expect(output == "status 25\n", "\(roots): \(errors)")
                #expect(
                    errors.contains("/mnt\" is a mount point of /etc/fstab") && errors.contains("--allow-unmounted"))
                try shell("ls dst/extra mnt/source/other", in: folder)
            }
        }
    }

    /// The mount point is an entry that is named, is chosen, or holds what is.
    @Test(
        .enabled(if: isRoot, "only root may mount"),
        arguments: [
            "mnt dst", "-L link dst", "-R mnt dst", "-R $PWD/mnt/source dst", "-R ./mnt/source dst",
            "-R way/source dst",
            "--files-from=list . dst", "--files-from=list --no-R . dst", "--ignore-errors mnt/gone/ full/ dst",
            "--ignore-missing-args mnt/gone full/ dst", "-R --ignore-errors full/./ mnt/gone/./x dst",
            "full/mnt .", "-R full/./mnt .", "-LR link dst",
        ], ["--delete", "--delete-before", "--del"])
    func aMountPointThatIsNamedOrChosenDeletesNothing(_ operands: String, _ option: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                mkdir -p full/mnt/source; touch full/f full/mnt/f mnt/f mnt/keep mnt/source/keep
                ln -s mnt link; ln -s mnt way; echo mnt/source/ > list; echo mnt >> list
                mkdir -p dst/mnt/source dst/link dst/way/source dst/source dst/$PWD/mnt/source
                for i in dst dst/mnt dst/mnt/source dst/link dst/way/source dst/source dst/$PWD/mnt/source
                do touch $i/extra; done
                find dst mnt | sort > before
                \(treesync) -r \(option) \(operands) 2>errors || echo status $?
                find dst mnt | sort | comm -13 - before
                """
            let output = try shell(withTable(script), in: folder)
            let errors = try shell("cat errors", in: folder)
            #expect(output == "status 25\n", "\(operands): \(errors)")
            #expect(errors.contains("/mnt\" is a mount point of /etc/fstab"), "\(errors)")
        }
    }

    /// What is missing below the mount point is perhaps only not mounted.
    @Test(
        .enabled(if: isRoot, "only root may mount"),
        arguments: ["mnt/extra dst", "mnt/no/extra dst", "-R mnt/extra dst"])
    func whatAMountPointWithoutAMountLacksStays(_ operands: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                mkdir dst/mnt; touch dst/mnt/extra
                \(treesync) -r --delete-missing-args \(operands) 2>errors || echo status $?
                ls dst/extra dst/mnt/extra
                \(treesync) -r --delete-missing-args --allow-unmounted \(operands)
                """
            let output = try shell(withTable(script), in: folder)
            #expect(output == "status 25\ndst/extra\ndst/mnt/extra\n", "\(operands)")
        }
    }

    /// A mount point that may not be read is one all the same.
    @Test(
        .enabled(if: isRoot, "only root may mount"),
        arguments: [
            "--delete-missing-args ../mnt/source/extra dst", "--delete --ignore-errors full/ ../mnt/source/ dst",
            "--delete full/ ../mnt/me",
        ])
    func aMountPointThatMayNotBeRead(_ operands: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                rm -r mnt/source dst; chmod 711 . mnt; mkdir theirs mnt/me
                mkdir theirs/full theirs/dst; touch theirs/full/f theirs/dst/extra mnt/me/extra
                chown -R 65534 theirs mnt/me; chmod 711 mnt; cd theirs
                setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all                     ../treesync -r \(operands) 2>../errors || echo status $?
                ls dst/extra ../mnt/me/extra
                """
            try shell("cp \(treesync) .", in: folder)
            let output = try shell(withTable(script), in: folder)
            let errors = try shell("cat errors", in: folder)
            #expect(output == "status 25\n../mnt/me/extra\ndst/extra\n", "\(operands): \(errors)")
        }
    }

    /// Nothing of an unmounted mount point beside what is chosen, or that a link only leads to, stands in the way.
    @Test(
        .enabled(if: isRoot, "only root may mount"),
        arguments: [
            "full dst", "-R full dst", "-lR full link dst", "--files-from=list . dst", "-l full link dst",
            "-R --copy-unsafe-links full link dst",
        ])
    func aMountPointBesideWhatIsChosen(_ operands: String) throws {
        try inTemporaryDirectory { folder in
            let script = """
                mkdir full; touch full/f; ln -s mnt link; echo full/ > list; mkdir dst/full; touch dst/full/extra
                \(treesync) -r --delete \(operands)
                ls dst/full
                """
            let output = try shell(withTable(script), in: folder)
            #expect(output == "f\n", "\(operands)")
        }
    }

    @Test(.enabled(if: isRoot, "only root may mount")) func whatIsMountedOrAllowedDeletes() throws {
        for prepare in ["mount -t tmpfs none mnt; mkdir mnt/source; touch mnt/source/f", "options=--allow-unmounted"] {
            try inTemporaryDirectory { folder in
                let command = "options=; \(prepare); \(treesync) -a --delete $options mnt/source/ dst"
                try shell(withTable(command), in: folder)
                #expect(try shell("ls dst", in: folder) == "f\n")
            }
        }
    }

    @Test func aMarkerIsAskedFor() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src dst; touch src/f dst/extra", in: folder)
            let refused = try run(treesync, "-a", "--delete", "--source-marker=.here", "src/", "dst", in: folder)
            #expect(refused.status == 25 && refused.errors.contains("\".here\""), "\(refused)")
            try shell("touch src/.here", in: folder)
            #expect(try run(treesync, "-a", "--delete", "--source-marker=.here", "src/", "dst", in: folder).status == 0)
            #expect(try shell("ls -A dst", in: folder) == ".here\nf\n")
            for value in ["", "a/b", ".", ".."] {
                #expect(try run(treesync, "-a", "--source-marker=\(value)", "src/", "dst", in: folder).status == 1)
            }
        }
    }

    /// Backups lie in no directory that is copied, nor in one that holds what is named.
    @Test(arguments: [
        ("-R $PWD/src dst", 0), ("--files-from=list / dst", 0), ("-R src/f dst", 0),
        ("bak/below/f dst/other", 0), ("-R $PWD/bak dst", 1), ("-R bak/./below dst", 1), ("-R bak/below/f dst", 1),
        ("-R way/f dst", 1), ("--files-from=all bak dst", 1), ("--files-from=file bak/below dst", 1),
        ("bak/below/f dst", 1), ("bak/below/f dst/f", 1), ("bak/below/sub dst", 1),
    ])
    func aDirectoryOfBackupsBesideWhatIsChosen(_ operands: String, status: Int) throws {
        try inTemporaryDirectory { folder in
            let script = """
                mkdir -p src bak/below/sub dst/$PWD/src dst/src dst/sub; ln -s bak/below way
                for i in src bak bak/below bak/below/sub; do echo new > $i/f; done
                for i in $PWD/src src . sub; do echo older > dst/$i/f; done
                echo $PWD/src/ > list; printf './\nf\n' > all; echo f > file; s=0
                \(treesync) -r --delete --backup-dir=$PWD/bak/below \(operands) 2>errors || s=$?; echo $s
                cat src/f bak/f bak/below/f bak/below/sub/f
                """
            let output = try shell(script, in: folder)
            let errors = try shell("cat errors", in: folder)
            #expect(output == "\(status)\nnew\nnew\nnew\nnew\n", "\(operands): \(errors)")
            #expect(errors.contains("backup") == (status == 1), "\(operands): \(errors)")
        }
    }

    /// A directory of backups that is made only then lies in nothing.
    @Test func aDirectoryOfBackupsThatDoesNotExist() throws {
        try inTemporaryDirectory { folder in
            let output = try shell(
                """
                mkdir -p src dst/$PWD/src; echo new > src/f; echo older > dst/$PWD/src/f
                \(treesync) -r --backup-dir=$PWD/bak -R $PWD/src dst; cat bak/$PWD/src/f
                """, in: folder)
            #expect(output == "older\n")
        }
    }

    /// Typed by accident: nothing is lost, whatever the answer is.
    @Test(arguments: [
        "src dst ''", "'' dst", "src/ dst/ .", "src/ dst/ ..", "src/ src", "src/ src/", "src src/below",
        "src/ src/below",
        "src/below/ src", "src/below/ .", "src .", "./ src", ". .", "src/below src", "link/ src", "src/ link",
        "src link/",
        "src/f src", "src/ dst src", "src/. src/below/..",
    ])
    func overlappingRootsLoseNothing(_ operands: String) throws {
        for options in ["-a --delete", "-aI --delete-before --force", "-aE --del --ignore-errors --allow-empty-source"]
        {
            try inTemporaryDirectory { folder in
                try shell(
                    "mkdir -p src/below/src dst; echo 1 >src/f; echo 2 >src/below/g; ln -s src link; echo 3 >dst/h",
                    in: folder)
                let before = try shell("find src -type f -exec cat {} + | sort", in: folder)
                let command = "\(treesync) \(options) \(operands) 2>/dev/null || test $? -ne 139"
                try shell(command, in: folder)
                let after = try shell("find src/f src/below/g -exec cat {} + | sort", in: folder)
                #expect(before == after, "\(options) \(operands)")
            }
        }
    }

    /// `/` as the destination of a deletion.
    @Test func theRootOfTheSystemIsNotEmptied() throws {
        try inTemporaryDirectory { folder in
            try shell("mkdir src dst; echo 1 >src/f", in: folder)
            for operands in [["src/", "/"], ["src/", "dst/", "/"]] {
                let ending = try run(treesync, ["-an", "--delete"] + operands, in: folder)
                #expect(ending.status == 3 && ending.errors.contains("lies inside the destination"), "\(ending)")
            }
        }
    }
}
