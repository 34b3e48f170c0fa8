import Foundation
import Testing
import TreeTesting

@testable import TreeSyncCommand

/// Little memory, few descriptors, an old kernel, no /proc: the same trees, slower.
@Suite(.enabled(if: isRoot, "runs once, as root")) struct ScarcityTests {
    private static let options = ["-aEH", "--delete"]

    /// Trees with everything, a deep one among them, and the words of the command.
    private func withTrees(_ levels: Int = 60, _ body: (String, [String]) throws -> Void) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let (source, destination) = (folder + "/source", folder + "/destination")
            try FaultTrees.source(asRoot: true).build(at: source)
            try buildChain(at: source + "/deep", levels: levels, name: "d", last: .file("last"))
            try FaultTrees.destination(asRoot: true).build(at: destination)
            try body(folder, [treesync] + Self.options + [source + "/", destination])
            let found = try differences(source, destination)
            #expect(found.isEmpty, "\(found.prefix(5))")
        }
    }

    @Test(
        arguments: [
            "copy_file_range", "statx", "openat2", "listxattrat getxattrat setxattrat removexattrat", "fchmodat2",
            "copy_file_range statx openat2 listxattrat getxattrat setxattrat removexattrat fchmodat2",
        ], [ENOSYS, EPERM])
    func aKernelThatRefusesCalls(_ calls: String, _ code: Int32) throws {
        try withTrees { _, words in
            let ending = try runProgram(words, refusing: calls, with: code)
            #expect(ending.status == 0, "\(ending.output)")
        }
    }

    /// Beyond half of what may be open, directories are opened again, with `openat2` or one by one.
    @Test(arguments: ["", "openat2"], [1, 8])
    func sixtyFourDescriptors(_ refused: String, _ jobs: Int) throws {
        try withTrees(120) { _, words in
            let script = "ulimit -n 64; exec \"$@\" --jobs \(jobs)"
            let ending = try runProgram(
                ["/bin/bash", "-c", script, "bash"] + words, refusing: refused, with: ENOSYS)
            #expect(ending.status == 0, "\(ending.output)")
        }
    }

    /// A limit of the size of files is a problem of each file; the old one stays.
    @Test(arguments: [1, 8]) func noFileMayGrow(_ jobs: Int) throws {
        try inTemporaryDirectory { folder in
            try shell(
                "mkdir src dst; head -c 900000 /dev/urandom > src/f; echo old > dst/f; echo g > src/g", in: folder)
            let script = "ulimit -f 100; exec \(treesync) -a --jobs \(jobs) src/ dst/"
            let ending = try run(Tool.bash.path, "-c", script, in: folder)
            #expect(ending.status == 11)
            #expect(ending.errors.hasPrefix("treesync: cannot write file \"f\": File too large; "))
            #expect(try shell("cat dst/f dst/g; ls -A dst", in: folder) == "old\ng\nf\ng\n")
        }
    }

    /// Of address space, of which the program and its libraries take a part.
    @Test(arguments: [1, 2]) func littleMemory(_ jobs: Int) throws {
        try withTrees { _, words in
            let ending = try runProgram(
                ["/bin/bash", "-c", "ulimit -v 65536; exec \"$@\" --jobs \(jobs)", "bash"] + words)
            #expect(ending.status == 0, "\(ending.output)")
        }
    }

    /// Links are followed without /proc, without `openat2` and with few descriptors.
    @Test(arguments: ["", "openat2", "statx"], [1, 8]) func followedLinks(_ refused: String, _ jobs: Int) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let (source, destination) = (folder + "/source", folder + "/destination")
            try Tree.directory([
                "f": .file("f"), "toFile": .link("f"), "toDir": .link("deep"), "toFifo": .link("fifo"), "fifo": .fifo(),
            ])
            .build(at: source)
            try buildChain(at: source + "/deep", levels: 100, name: "d", last: .link("/\(source.dropFirst())/f"))
            try runProgram(["cp", "-rL", "--preserve=mode,ownership,timestamps,xattr", source, folder + "/expected"])
            for confinement in ["", " --confine-root=\(source)"] {
                let script =
                    "mount -t tmpfs none /proc; ulimit -n 64; exec \(treesync) -aL --jobs \(jobs)\(confinement) "
                    + "\(source)/ \(destination)"
                let ending = try runProgram(
                    ["/usr/bin/unshare", "-m", "bash", "-c", script], refusing: refused, with: ENOSYS)
                #expect(ending.status == 0, "\(ending.output)")
                let found = try differences(folder + "/expected", destination)
                #expect(found.isEmpty, "\(found.prefix(5))")
                try removeTree(destination)
            }
        }
    }

    /// Without /proc no attributes can be read of entries that cannot be opened; it is said, and everything else is done.
    @Test(arguments: [("-aH", Int32(0)), ("-aEH", 23)]) func withoutProc(_ options: String, _ status: Int32) throws {
        try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let (source, destination) = (folder + "/source", folder + "/destination")
            try Tree.directory(["d": .directory(["f": .file("f"), "link": .link("f"), "fifo": .fifo()])]).build(
                at: source)
            let words = [treesync, options, "--delete", source + "/", destination]
            let ending = try runProgram(
                ["/usr/bin/unshare", "-m", "bash", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "bash"] + words)
            #expect(ending.status == status, "\(ending.output)")
            let lines = ending.output.split(separator: "\n")
            #expect(lines.count == (status == 0 ? 0 : 2), "\(lines)")
            for line in lines { #expect(line.contains("cannot read extended attributes of")) }
            #expect(try differences(source, destination).isEmpty)
        }
    }
}
