internal import CTreeTesting

/// Mounts a file system in memory over the directory `path`, for as long as `body` runs. Needs root.
public func withMemoryFileSystem<Value>(at path: String, megabytes: Int, _ body: () throws -> Value) throws -> Value {
    try check("mount at", Name(path.utf8)) { tt_mount("treesync-tests", $0, "tmpfs", "size=\(megabytes)m") }
    defer { _ = path.withCString(tt_unmount) }
    return try body()
}

/// Lets the file system mounted at `path` be read only, for as long as `body` runs. Needs root.
public func whileReadOnly<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    try check("remount", Name(path.utf8)) { tt_remount_read_only($0, 1) }
    defer { _ = path.withCString { tt_remount_read_only($0, 0) } }
    return try body()
}

/// Makes a file immutable, for as long as `body` runs. Needs root.
public func whileImmutable<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    try check("make immutable", Name(path.utf8)) { tt_set_immutable($0, 1) }
    defer { _ = path.withCString { tt_set_immutable($0, 0) } }
    return try body()
}

/// Ends the process as a crash would: with nothing tidied up.
public func killProcess() -> Never {
    _ = tt_kill_self()
    fatalError("SIGKILL did not kill")
}
