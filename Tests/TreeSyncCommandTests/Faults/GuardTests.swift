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
