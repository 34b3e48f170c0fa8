internal import CTreeTesting

/// A call of the test support that failed.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried.
    public var operation: String
    /// On which name.
    public var name: Name
    /// The error number.
    public var code: Int32

    /// For example `make directory a: error 2`.
    public var description: String { "\(operation) \(name): error \(code)" }
}

/// Throws a negative result of CTreeTesting as a failure.
@discardableResult
func check(_ operation: String, _ name: Name, _ body: (UnsafePointer<CChar>) -> Int64) throws(FileFailure) -> Int64 {
    let result = name.withCString(body)
    guard result >= 0 else { throw FileFailure(operation: operation, name: name, code: Int32(-result)) }
    return result
}

/// Runs `body` in the directory `path`, on a thread that has a working directory and a deep stack of its own.
///
/// Bare names and `..` then reach any depth and any path length, without a race with other tests and without a
/// descriptor for each level. Expectations do not belong into `body`: the thread is not the test's.
public func inDirectory<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    var result: Result<Value, any Error>?
    let started = apart {
        result = Result {
            try enter(Name(path.utf8))
            return try body()
        }
    }
    guard let result else {
        throw FileFailure(operation: "start a thread in", name: Name(path.utf8), code: Int32(-started))
    }
    return try result.get()
}

/// Makes a directory of the working directory the working one. Follows links.
func enter(_ name: Name) throws(FileFailure) { try check("enter", name, tt_enter) }

/// Runs `body` with `name` as the working directory and comes back.
func within<Value>(_ name: Name, _ body: () throws -> Value) throws -> Value {
    try enter(name)
    let value = try body()
    try enter("..")
    return value
}

private final class Call {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
}

private func apart(_ body: () -> Void) -> Int64 {
    withoutActuallyEscaping(body) { body in
        let call = Call(body)
        return withExtendedLifetime(call) { tt_run_apart(runCall, Unmanaged.passUnretained(call).toOpaque()) }
    }
}

private func runCall(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<Call>.fromOpaque(context).takeUnretainedValue().body()
}

/// The folder and the last name of a path; `.` where it has no folder.
func split(_ path: String) -> (folder: String, name: Name) {
    let bytes = Array(path.utf8)
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", Name(bytes)) }
    let folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    return (folder, Name(bytes[(slash + 1)...]))
}
