import Foundation
import Testing
import TreeTesting

/// A program that some tests need.
enum Tool: String {
    case rsync, bash, zsh, fish, groff, man, strace, script

    var path: String { "/usr/bin/" + rawValue }
    var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

/// The command that was built together with the tests.
let treesync: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("treesync").path
}()

/// What a program that has ended left.
struct Ending: Equatable {
    /// The exit status; 128 and the signal where one ended it.
    var status: Int32
    var output: String
    var errors: String
}

/// Runs a program to its end, with standard locale and paths.
func run(_ program: String, _ arguments: String..., in folder: String = "/") throws -> Ending {
    try run(program, arguments, in: folder)
}

func run(_ program: String, _ arguments: [String], in folder: String = "/") throws -> Ending {
    try inTemporaryDirectory { files in
        let child = try spawn([program] + arguments, in: folder, output: files + "/output", errors: files + "/errors")
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { try #require(errno == EINTR) }
        let signal = status & 0x7F
        return Ending(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: try text(files + "/output"),
            errors: try text(files + "/errors"))
    }
}

/// Starts a program with no signal blocked, whatever the calling thread blocks. Not by Foundation's `Process`, which
/// closes every descriptor up to the limit one by one.
private func spawn(_ words: [String], in folder: String, output: String, errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    // Whoever runs the tests in the background may have SIGINT ignored, which programs inherit.
    var interruptions = sigset_t()
    sigemptyset(&interruptions)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&interruptions, signal) }
    posix_spawnattr_setsigdefault(&attributes, &interruptions)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let vector = CStrings(["/usr/bin/env", "-C", folder] + words)
    let environment = CStrings(["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8"])
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, vector.pointers, environment.pointers)
    try #require(failure == 0)
    return child
}

/// Strings as C takes a vector of them.
private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        self.pointers = pointers
    }

    deinit {
        for pointer in pointers { free(pointer) }
    }
}

/// Runs a script of bash that stops at its first failure.
@discardableResult
func shell(_ script: String, in folder: String) throws -> String {
    let ending = try run(Tool.bash.path, "-euc", script, in: folder)
    try #require(ending.status == 0, "\(script): \(ending.errors)")
    return ending.output
}

/// Where folders are made: in memory where what is there keeps extended attributes and ACLs, because making and
/// removing trees is most of what these tests do; else with the other temporary files.
private let folderOfFolders: String = {
    let probe =
        "f=$(mktemp -p /dev/shm) && setfattr -n user.note -v 1 $f && setfacl -m u:1:r $f; s=$?; rm -f $f; exit $s"
    let isFit = (try? runProgram(["/bin/sh", "-c", probe]).status) == 0
    return isFit ? "/dev/shm" : ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
}()

/// A folder of its own that goes away afterwards.
@discardableResult
func inTemporaryDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = "\(folderOfFolders)/treesync-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}
