import Foundation
import Testing

/// A program that some tests need.
enum Tool: String {
    case rsync, bash, zsh, fish, groff, man

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

/// Runs a program to its end, in the C locale.
func run(_ program: String, _ arguments: String..., in folder: String = "/") throws -> Ending {
    try run(program, arguments, in: folder)
}

func run(_ program: String, _ arguments: [String], in folder: String = "/") throws -> Ending {
    try inTemporaryDirectory { files in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"]
        let (output, errors) = (files + "/output", files + "/errors")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try newFile(output)
        process.standardError = try newFile(errors)
        try process.run()
        process.waitUntilExit()
        let signalled = process.terminationReason == .uncaughtSignal
        return Ending(
            status: process.terminationStatus + (signalled ? 128 : 0), output: try text(output),
            errors: try text(errors))
    }
}

/// Runs a script of bash that stops at its first failure.
@discardableResult
func shell(_ script: String, in folder: String) throws -> String {
    let ending = try run(Tool.bash.path, "-euc", script, in: folder)
    try #require(ending.status == 0, "\(script): \(ending.errors)")
    return ending.output
}

/// A folder of its own that goes away afterwards.
@discardableResult
func inTemporaryDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let folder = "\(base)/treesync-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

private func newFile(_ path: String) throws -> FileHandle {
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    return try #require(FileHandle(forWritingAtPath: path))
}

private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}
