import Foundation
import Testing
import TreeTesting

@testable import TreeSyncCommand

/// The built command writes batches and their scripts, and applies them.
@Suite struct BatchCommandTests {
    private static let trees = """
        mkdir -p src/d dst/old; echo new > src/d/f; echo f > src/f; echo gone > dst/old/gone; echo F > dst/f
        find . -exec touch -h -d '2020-01-01' {} +; touch -d '2019-01-01' dst/f; cp -a dst twin
        """

    private func inTrees(_ body: (String) throws -> Void) throws {
        try inTemporaryDirectory { folder in
            try shell(Self.trees, in: folder)
            try body(folder)
        }
    }

    private func expectEqualTrees(_ folder: String, _ left: String, _ right: String) throws {
        #expect(try differences(folder + "/" + left, folder + "/" + right) == [])
    }

    private func refuse(_ words: [String], _ status: TreeSyncCommand.ExitStatus, _ part: String, in folder: String)
        throws
    {
        let before = try Snapshot(of: folder + "/twin")
        let ending = try run(treesync, words, in: folder)
        #expect(ending.status == status.rawValue, "\(words): \(ending.errors)")
        #expect(ending.errors.contains(part), "\(words): \(ending.errors)")
        #expect(differences(before, try Snapshot(of: folder + "/twin"), in: [.all, .identity]).isEmpty, "\(words)")
    }

    @Test func writtenAndRead() throws {
        try inTrees { folder in
            let wrote = try run(treesync, "-ai", "--delete", "--write-batch=b", "src/", "dst", in: folder)
            #expect(wrote.status == 0 && wrote.output.contains(">f..t"), "\(wrote)")
            try expectEqualTrees(folder, "src", "dst")
            let plan = try run(treesync, "-ni", "--read-batch=b", "twin", in: folder)
            #expect(plan.output == wrote.output)
            let read = try run(treesync, "-i", "--stats", "--read-batch=b", "twin/", in: folder)
            #expect(read.status == 0 && read.output.hasPrefix(wrote.output), "\(read)")
            #expect(read.output.contains("Number of deleted files: 2"))
            try expectEqualTrees(folder, "src", "twin")
            let again = try run(treesync, "-i", "--read-batch=b", "twin/", in: folder)
            #expect(again == Ending(status: 0, output: "", errors: ""))
        }
    }

    @Test func standardInput() throws {
        try inTrees { folder in
            try shell("cp -a twin third; '\(treesync)' -a --delete --only-write-batch=b src/ dst", in: folder)
            try expectEqualTrees(folder, "twin", "dst")
            try shell("'\(treesync)' --read-batch=- twin < b; cat b | '\(treesync)' --read-batch - third", in: folder)
            try expectEqualTrees(folder, "src", "twin")
            try expectEqualTrees(folder, "src", "third")
        }
    }

    /// A shell takes whatever the names hold for nothing but names.
    @Test func namesThatAShellReads() throws {
        try inTrees { folder in
            let name = "b '\"$(touch owned)`touch owned`\\\n;*"
            try shell("mv twin 'odd twin'; cp -a 'odd twin' \"$(printf '\\xff')\"", in: folder)
            let wrote = try run(
                treesync, "-a", "--delete", "--write-batch=\(name)", "--out-format=%n'$(touch owned)", "src/",
                "odd twin", in: folder)
            #expect(wrote.status == 0, "\(wrote)")
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + name + ".sh")[.posixPermissions]
            #expect(mode as? Int == 0o700)
            let path = "PATH=" + URL(fileURLWithPath: treesync).deletingLastPathComponent().path + ":/usr/bin:/bin"
            let read = try run("/usr/bin/env", [path, "bash", "-c", "./\"$0\" $'\\xff'", name + ".sh"], in: folder)
            #expect(read.status == 0 && read.output.contains("f'$(touch owned)"), "\(read)")
            try shell("mv \"$(printf '\\xff')\" odd; ! test -e owned", in: folder)
            try expectEqualTrees(folder, "src", "odd")
            // Without an argument it goes to the destination that it was written for.
            let again = try run("/usr/bin/env", [path, "./" + name + ".sh"], in: folder)
            #expect(again == Ending(status: 0, output: "", errors: ""))
        }
    }

    /// What a batch holds is stored where it is applied, as it was where it was recorded.
    @Test(arguments: ["--fake-super", "-M--fake-super"]) func aStoreIsAppliedToAStore(option: String) throws {
        try inTemporaryDirectory { folder in
            try shell(
                "mkdir src two; echo text > src/file; chmod 4755 src/file; ln -s target src/link; mkfifo src/fifo",
                in: folder)
            #expect(try run(treesync, "-aX", option, "--write-batch=b", "src/", "one", in: folder).status == 0)
            let path = "PATH=" + URL(fileURLWithPath: treesync).deletingLastPathComponent().path + ":/usr/bin:/bin"
            let ending = try run("/usr/bin/env", [path, "./b.sh", "two"], in: folder)
            #expect(ending.status == 0, "\(ending.errors)")
            try expectEqualTrees(folder, "one", "two")
            let link = try FileManager.default.attributesOfItem(atPath: folder + "/two/link")
            #expect(link[.type] as? FileAttributeType == .typeRegular)
        }
    }

    @Test func theScriptRepeatsWhatMeansTheSame() throws {
        try inTrees { folder in
            try shell(
                "'\(treesync)' -abi --suffix=.old --delete-during --exclude='*.o' --chmod=g+w -n --write-batch=no src/ dst; "
                    + "'\(treesync)' -ab --suffix=.old --delete-during --exclude='*.o' --chmod=g+w --write-batch=b src/ dst; "
                    + "! test -e no; ! test -e no.sh", in: folder)
            let script = try String(contentsOfFile: folder + "/b.sh", encoding: .utf8)
            let program = URL(filePath: treesync).resolvingSymlinksInPath().path
            #expect(
                script == """
                    #!/bin/sh
                    destination='dst'
                    exec '\(program)' '-b' '--suffix=.old' '--delete-during' '--read-batch=b' '--' "${1:-$destination}"

                    """)
            try shell("'\(treesync)' -b --suffix=.old --read-batch=b twin; cmp twin/f.old <(echo F)", in: folder)
        }
    }

    @Test func whatIsRefused() throws {
        try inTrees { folder in
            try shell("'\(treesync)' -a --delete --only-write-batch=b src/ dst; echo text > text", in: folder)
            try shell("head -c 100 b > cut; cp b bad; printf X | dd of=bad bs=1 seek=60 conv=notrunc", in: folder)
            try shell("cp b newer; printf '\\x09' | dd of=newer bs=1 seek=8 conv=notrunc; mkdir ro dst/in", in: folder)
            try refuse(["--read-batch=missing", "twin"], .fileInputOutput, "No such file", in: folder)
            try refuse(["--read-batch=text", "twin"], .incompatible, "is not a batch of treesync", in: folder)
            try refuse(["--read-batch=newer", "twin"], .incompatible, "version 9", in: folder)
            try refuse(["--read-batch=cut", "twin"], .damagedBatch, "is not complete", in: folder)
            try refuse(["--read-batch=bad", "twin"], .damagedBatch, "is damaged", in: folder)
            try refuse(["--read-batch=src", "twin"], .fileInputOutput, "cannot read the batch", in: folder)
            try refuse(["--read-batch=b"], .usage, "one path", in: folder)
            try refuse(["--read-batch=b", "src/", "twin"], .usage, "one path", in: folder)
            try refuse(["--read-batch=", "twin"], .usage, "is not the path of a file", in: folder)
            try refuse(["-a", "--read-batch=b", "--write-batch=c", "twin"], .usage, "cannot be used with", in: folder)
            try refuse(["--read-batch=b", "--list-only", "twin"], .usage, "cannot be used with", in: folder)
            try refuse(["--read-batch=b", "--files-from=f", "twin"], .usage, "cannot be used with", in: folder)
            try refuse(["-a", "--write-batch=no/b", "src/", "twin"], .selection, "cannot write the batch", in: folder)
            try refuse(["-a", "--write-batch=ro", "src/", "twin"], .selection, "not a regular file", in: folder)
            try refuse(
                ["-a", "--write-batch=twin/b", "src/", "twin"], .selection, "lie in the destination", in: folder)
            try refuse(
                ["-a", "--only-write-batch=twin/old/b", "src/", "twin"], .selection, "lie in the destination",
                in: folder)
        }
    }

    @Test func whatHasChangedSince() throws {
        try inTrees { folder in
            try shell("'\(treesync)' -a --delete --only-write-batch=b src/ dst; echo mine > twin/f", in: folder)
            let read = try run(treesync, "--read-batch=b", "twin", in: folder)
            #expect(read.status == 23, "\(read)")
            #expect(
                read.errors.contains(
                    "cannot replace file \"f\": the destination is not what the batch was made for: it has been changed since"
                ),
                "\(read.errors)")
            try shell("cmp twin/f <(echo mine); cmp twin/d/f src/d/f; ! test -e twin/old", in: folder)
            #expect(try run(treesync, "-I", "--read-batch=b", "twin", in: folder).status == 0)
            try shell("cmp twin/f src/f", in: folder)
        }
    }

    /// The disk of the batch is full: the destination is made equal, and it is said that there is no batch.
    @Test(.enabled(if: isRoot, "only root may mount")) func aFullDisk() throws {
        try inTrees { folder in
            try shell("head -c 3000000 /dev/urandom > src/large; mkdir small", in: folder)
            let script =
                "mount -t tmpfs -o size=1m none small; '\(treesync)' -a --delete --write-batch=small/b src/ dst; "
                + "echo $?; ls -A small; '\(treesync)' -a --only-write-batch=small/b src/ twin; echo $?; ls -A small"
            let ending = try run("/usr/bin/unshare", ["-m", "bash", "-c", script], in: folder)
            #expect(ending.output == "11\n11\n", "\(ending)")
            #expect(ending.errors.contains("cannot write the batch of the changes: No space left"), "\(ending.errors)")
            try expectEqualTrees(folder, "src", "dst")
            #expect(try run(treesync, "-a", "src/", "twin", in: folder).status == 0)
        }
    }

    /// Killed while it applies a batch, and applied again.
    @Test(
        .enabled(if: Tool.strace.isInstalled && isRoot, "runs once, as root, where strace is"), arguments: [1, 4])
    func killedAndAppliedAgain(jobs: Int) throws {
        try inTemporaryDirectory { folder in
            try FaultTrees.source(asRoot: isRoot).build(at: folder + "/src")
            try FaultTrees.destination(asRoot: isRoot).build(at: folder + "/dst")
            try shell("'\(treesync)' -aEH --delete --only-write-batch=b src/ dst", in: folder)
            let (old, new) = (try Snapshot(of: folder + "/dst"), try Snapshot(of: folder + "/src"))
            var kills = 0
            for call in ["linkat", "unlinkat", "renameat2", "openat", "pwrite64", "fchmod", "utimensat", "mkdirat"] {
                kills += try kill(at: call, jobs, folder, old, new)
            }
            print("kills (applying a batch, jobs \(jobs)): \(kills)")
            #expect(kills > 20)
        }
    }

    private func kill(at call: String, _ jobs: Int, _ folder: String, _ old: Snapshot, _ new: Snapshot) throws -> Int {
        var kills = 0
        for number in stride(from: 1, to: 400, by: LongTests.areWanted ? 1 : 5) {
            if entryExists(at: folder + "/twin") { try removeTree(folder + "/twin") }
            try FaultTrees.destination(asRoot: isRoot).build(at: folder + "/twin")
            let words = ["--jobs=\(jobs)", "--read-batch=b", "twin"]
            let ending = try run(
                Tool.strace.path,
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                    "inject=\(call):signal=KILL:when=\(number)", "timeout", "60", treesync,
                ] + words, in: folder)
            if ending.status == 0 { break }
            kills += 1
            let now = try Snapshot(of: folder + "/twin")
            for entry in mixedEntries(old: old, new: new, now: now) where !entry.isOnlyAttributes {
                if entry.isAlien, "\(entry.path)".contains(".treesync-") { continue }
                Issue.record("killed at \(call) \(number): \(entry)")
            }
            let again = try run(treesync, words, in: folder)
            #expect(again.status == 0, "\(call) \(number): \(again.errors)")
            // What a killed run had replaced stays: no batch names it.
            let left = differences(new, try Snapshot(of: folder + "/twin")).filter {
                !"\($0.path)".hasSuffix(".old") && !"\($0.path)".contains(".old/")
            }
            #expect(left == [], "\(call) \(number)")
        }
        return kills
    }
}
