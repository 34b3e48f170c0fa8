import Foundation
import Testing

@testable import TreeSyncCommand

/// Runs rsync and treesync with the same words on two copies of one tree: the same lines, the same status, the same
/// destination.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct RsyncComparisonTests {
    /// Where paths with a slash, without one, of files and of directories lead to.
    @Test(arguments: [
        "-ai src/ new", "-ai src new", "-ai src/ new/", "-ai src new/", "-ai src/. new", "-ai src/sub/.. new",
        "-ai src/ dst", "-ai src dst", "-ai src//sub// dst/sub", "-ai src/sub dst", "-ai ./src ./dst",
        "-ai src/changed dst", "-ai src/changed new", "-ai src/changed new/", "-ai src/changed dst/same",
        "-ai src/link new", "-ai src/changed src/link new", "-ai src/changed src/sub new",
        "-ai src/sub/ src/changed new",
        "-ai src/sub src/full dst/", "-av src/ new", "-av src new", "-av src/changed new", "-av src/ dst",
        "-avi src/ new", "-an src/ new", "-ain src/ new", "-avn src/ dst", "-ain src/ dst", "-a src/ new",
    ])
    func paths(line: String) throws { try compare(line) }

    /// What is copied and what is kept.
    @Test(arguments: [
        "-ri src/ dst", "-ri src/ new", "-rti src/ dst", "-rlti src/ dst", "-rlpti src/ dst", "-rlptgoi src/ dst",
        "-ai --no-p src/ dst", "-ai --no-t src/ dst", "-ai --no-o --no-g src/ dst", "-ai --no-D src/ dst",
        "-ai --no-links src/ dst", "-aiH src/ dst", "-aix src/ dst", "-aiX src/ dst", "-aiAX src/ new",
        "-i src/ new", "-i src new", "-i src/changed src/sub dst", "-v src dst", "-i src/changed dst",
        "-aiq src/ dst", "-avq src/ new",
    ])
    func preservation(line: String) throws { try compare(line) }

    /// rsync copies the last name of a file that it meets, treesync the first: the lines differ, the trees do not.
    @Test(arguments: ["-aiH src/ new", "-aH src dst"]) func hardLinks(line: String) throws {
        try inTwoTrees { rsync, ours in
            let expected = try run(Tool.rsync.path, words(line), in: rsync)
            let ending = try run(treesync, words(line), in: ours)
            #expect(ending.status == expected.status, "\(ending.errors)")
            #expect(try inventory(ours, times: true) == inventory(rsync, times: true))
        }
    }

    /// How changes are found, and which entries take part.
    @Test(arguments: [
        "-ai --size-only src/ dst", "-aiI src/ dst", "-aic src/ dst", "-aiu src/ dst", "-ai --existing src/ dst",
        "-ai --ignore-existing src/ dst", "-ai --existing --ignore-existing src/ dst", "-aicI src/ dst",
        "-ai --size-only -I src/ dst", "-aiW src/ dst", "-ai --modify-window=10000000 src/ dst", "-ai@-1 src/ dst",
        "-aiS src/ dst", "-ai --numeric-ids src/ dst",
    ])
    func selection(line: String) throws { try compare(line) }

    /// rsync deletes on the way unless told to do it afterwards: the lines of deletions may stand elsewhere.
    @Test(arguments: [
        "-ai --delete src/ dst", "-ai --delete-before src/ dst", "-ai --delete-during src/ dst", "-ai --del src/ dst",
        "-ai --delete-after src/ dst", "-ai --delete-delay src/ dst", "-av --delete src/ dst", "-ain --delete src/ dst",
        "-ai --delete src dst", "-ai --delete src/sub dst", "-ai --existing --ignore-existing --delete src/ dst",
        "-ai --force src/ clash", "-ai --delete src/ clash", "-ai --delete --max-delete=1000 src/ dst",
    ])
    func deletion(line: String) throws { try compare(line) }

    /// Errors: the same status, whatever the words.
    @Test(arguments: [
        "-a missing dst", "-a missing/ dst", "-a src/changed/ dst", "-a src/ dst/same", "-a src dst/same",
        "-a src/changed src/sub dst/same", "-a src/ no/such/dst", "-a src/ dst/same/x", "-a src/ /proc/treesync",
        "-a --delete --max-delete=0 src/ dst", "-an --delete --max-delete=1 src/ dst", "-a src/ clash",
    ])
    func failures(line: String) throws {
        try inTwoTrees { rsync, ours in
            let expected = try run(Tool.rsync.path, words(line), in: rsync)
            let ending = try run(treesync, words(line), in: ours)
            #expect(ending.status == expected.status, "\(line)\n\(ending.errors)\n\(expected.errors)")
            #expect(ending.errors.isEmpty == expected.errors.isEmpty)
        }
    }

    /// What a second run finds to do: nothing, in the words of rsync too.
    @Test func secondRun() throws {
        try inTwoTrees { _, ours in
            let first = try run(treesync, "-aEH", "--delete", "src/", "dst", in: ours)
            #expect(first == Ending(status: 0, output: "", errors: ""))
            #expect(try run(treesync, "-aEHi", "--delete", "src/", "dst", in: ours).output == "")
            let check = try run(
                Tool.rsync.path, "-aHAXni", "--delete", "--modify-window=-1", "src/", "dst", in: ours)
            #expect(check == Ending(status: 0, output: "", errors: ""))
        }
    }

    /// The labels of `--stats` with numbers that do not depend on a protocol.
    @Test(arguments: ["-a --stats src/ dst", "-an --stats src/ new", "-aH --delete --stats src/ dst"])
    func statistics(line: String) throws {
        try inTwoTrees { rsync, ours in
            let expected = try run(Tool.rsync.path, words(line), in: rsync)
            let ending = try run(treesync, words(line), in: ours)
            #expect(figures(ending.output) == figures(expected.output))
            #expect(totalSize(ending.output) == totalSize(expected.output))
        }
    }

    private func compare(_ line: String) throws {
        try inTwoTrees { rsync, ours in
            let expected = try run(Tool.rsync.path, words(line), in: rsync)
            let ending = try run(treesync, words(line), in: ours)
            #expect(ending.status == expected.status, "\(line): \(ending.errors)")
            let lines = Lines(ending.output)
            let expectedLines = Lines(expected.output)
            #expect(lines.others == expectedLines.others, "\(line)")
            #expect(lines.deletions == expectedLines.deletions, "\(line)")
            let keepsTimes = line.hasPrefix("-a") && !line.contains("--no-t")
            #expect(try inventory(ours, times: keepsTimes) == inventory(rsync, times: keepsTimes), "\(line)")
        }
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func figures(_ output: String) -> [String] {
        let labels = ["Number of", "Total file size", "Total transferred"]
        return output.split(separator: "\n").map(String.init).filter { line in labels.contains { line.hasPrefix($0) } }
    }

    private func totalSize(_ output: String) -> Substring? {
        output.split(separator: "\n").last?.split(separator: " ", maxSplits: 4).dropFirst(3).first
    }
}

/// The lines about entries, without rsync's talk about its protocol, its remarks on kinds that it leaves out (ours
/// are on standard error) and what follows the empty line of a summary.
private struct Lines {
    let others: [String]
    /// In byte order: the two commands go through a directory that goes away in different orders.
    let deletions: [String]

    init(_ output: String) {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .prefix { !$0.isEmpty }
            .filter { $0 != "sending incremental file list" && !$0.hasPrefix("skipping non-regular file") }
        let isDeletion = { (line: String) in line.hasPrefix("*deleting") || line.hasPrefix("deleting ") }
        others = lines.filter { !isDeletion($0) }
        deletions = lines.filter(isDeletion).sorted()
    }
}

/// Everything about the entries of a folder but the times of directories, which both commands touch in passing.
private func inventory(_ folder: String, times: Bool) throws -> String {
    let format = times ? "%P %y %m %U %G %n %s %T@ %l\\n" : "%P %y %m %U %G %n %s %l\\n"
    return try shell(
        """
        find . -mindepth 1 -type d -printf '%P %m %U %G\\n' | sort
        find . -mindepth 1 ! -type d -printf '\(format)' | sort
        find . -type f -print0 | sort -z | xargs -0 cksum
        getfattr -Rhd -m '^user' . 2>/dev/null
        """, in: folder)
}

/// Two equal folders with `src`, `dst` (an older copy that differs in every way) and `clash` (other kinds under the
/// same names). All times are whole seconds: rsync compares no finer.
private func inTwoTrees(_ body: (_ rsync: String, _ ours: String) throws -> Void) throws {
    try inTemporaryDirectory { folder in
        try shell(trees, in: folder)
        try body(folder + "/rsync", folder + "/ours")
    }
}

private let trees = """
    umask 022
    mkdir rsync; cd rsync
    mkdir -p src/sub/deep src/empty src/full/a/b clash
    for name in same changed mode longer older newer content; do echo "$name" > src/$name; done
    echo linked > src/first; ln src/first src/second; ln src/first src/sub/third
    for name in 1 2 3; do echo $name > src/full/a/b/$name; done
    echo deep > src/sub/deep/file; echo sub > src/sub/file; chmod 750 src/sub
    ln -s same src/link; ln -s /nowhere src/dangling; mkfifo src/fifo
    : > src/nothing; printf 'x' > "src/white space"; printf 'y' > $'src/line\\nfeed'
    if (( EUID == 0 )); then mknod src/device c 1 3; chown 1:2 src/mode; chown -h 3:4 src/link; fi
    setfattr -n user.test -v value src/same
    find src -exec touch -h -d '2020-02-02 02:02:02' {} +
    cp -a src dst
    rm dst/changed; echo CHANGED > dst/changed; echo shorter than it is > dst/longer
    echo CONTENT > dst/content; touch -r src/content dst/content
    touch -d '2019-01-01' dst/older dst/fifo; touch -d '2021-01-01' dst/newer
    chmod 600 dst/mode; chmod 700 dst/empty
    rm -r dst/full dst/nothing dst/link; ln -s other dst/link
    rm dst/second; echo linked > dst/second; touch -r src/first dst/second
    mkdir -p dst/extra/more; echo x > dst/extra/more/x; echo x > dst/sub/extra; ln -s x dst/zlink
    touch -d '2020-01-01' dst/changed dst/longer dst/extra/more/x dst/sub/extra dst
    mkdir -p clash/same/inner; echo x > clash/same/inner/x; echo x > clash/sub; ln -s x clash/changed; mkfifo clash/empty
    find clash -exec touch -h -d '2018-01-01' {} +
    cd ..; cp -a rsync ours
    """
