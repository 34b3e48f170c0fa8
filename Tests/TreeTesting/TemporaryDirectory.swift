internal import CTreeTesting
internal import Foundation
internal import Synchronization

/// The folder for temporary files: `TMPDIR`, or `/tmp`.
public let temporaryFolder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"

private let counter = Atomic<Int>(0)

/// Calls `body` with the path of a new empty directory in `folder` and removes it afterwards.
public func withTemporaryDirectory<Value>(
    in folder: String = temporaryFolder, _ body: (String) throws -> Value
) throws -> Value {
    let path = try makeTemporaryDirectory(in: folder)
    defer { removeOrSay(path) }
    return try body(path)
}

/// Calls `body` with the path of a new empty directory in `folder` and removes it afterwards.
public func withTemporaryDirectory<Value>(
    in folder: String = temporaryFolder, _ body: (String) async throws -> Value
) async throws -> Value {
    let path = try makeTemporaryDirectory(in: folder)
    defer { removeOrSay(path) }
    return try await body(path)
}

private func makeTemporaryDirectory(in folder: String) throws -> String {
    while true {
        let number = counter.add(1, ordering: .relaxed).newValue
        let path = "\(folder)/treesync-test.\(tt_process()).\(number)"
        let result = Name(path.utf8).withCString { tt_make_directory($0, 0o700) }
        if result >= 0 { return path }
        // A process of the same number was killed and has left it.
        if result == -Int64(EEXIST) { continue }
        throw FileFailure(operation: "make directory", name: Name(path.utf8), code: Int32(-result))
    }
}

/// A folder that cannot be removed hides no result of the test that made it.
private func removeOrSay(_ path: String) {
    do { try removeTree(path) } catch { print("cannot remove \(path): \(error)") }
}
