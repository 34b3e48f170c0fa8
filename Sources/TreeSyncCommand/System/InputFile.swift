import Glibc
import SystemPackage
import TreeSync

/// What a file holds; `-` is standard input.
func contents(of file: [UInt8], _ links: Options.Links) throws(Errno) -> [UInt8] {
    if file == [UInt8(ascii: "-")] { return try readAll(0) }
    let descriptor = try links.openTyped(file, O_RDONLY)
    defer { close(descriptor) }
    return try readAll(descriptor)
}

/// Opens a file to read it bit by bit; `-` is standard input. The caller closes what is returned.
func openInput(_ file: [UInt8], _ links: Options.Links) throws(Errno) -> Int32 {
    guard file == [UInt8(ascii: "-")] else { return try links.openTyped(file, O_RDONLY | O_NOCTTY) }
    let input = dup(STDIN_FILENO)
    guard input >= 0 else { throw Errno(rawValue: errno) }
    return input
}

private func readAll(_ descriptor: Int32) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw Errno(rawValue: errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}
