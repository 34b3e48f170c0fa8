internal import CTreeTesting

/// Runs a program found in PATH or the sbin folders; returns its exit status and all that it printed.
@discardableResult
public func runProgram(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let shell = ["/bin/sh", "-c", "PATH=$PATH:/usr/sbin:/sbin exec \"$@\"", "sh"]
    return try run(shell + arguments) { tt_run($0, &$1) }
}

/// Runs a program, named by its path, where the kernel refuses system calls with an error number.
///
/// - Parameter calls: their names, with spaces between them.
public func runProgram(
    _ arguments: [String], refusing calls: String, with code: Int32
) throws -> (status: Int32, output: String) {
    try run(arguments) { tt_run_refused($0, &$1, calls, code) }
}

private func run(
    _ arguments: [String], _ call: ([UnsafeMutablePointer<CChar>?], inout Int32) -> Int64
) throws -> (status: Int32, output: String) {
    let words = arguments.map { Array($0.utf8CString) }
    let memory = words.map { word in
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: word.count)
        _ = copy.initialize(from: word)
        return copy
    }
    defer { for word in memory { word.deallocate() } }
    var output: Int32 = -1
    let status = try check("run", Name(arguments.joined(separator: " ").utf8)) { _ in
        call(memory.map(\.baseAddress) + [nil], &output)
    }
    defer { _ = tt_close(output) }
    return (Int32(status), String(decoding: contents(of: output), as: UTF8.self))
}

private func contents(of descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = tt_read(descriptor, &buffer, buffer.count, Int64(bytes.count))
        guard count > 0 else { return bytes }
        bytes += buffer[..<Int(count)]
    }
}
