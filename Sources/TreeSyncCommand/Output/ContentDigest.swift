import CLinux
import CXXHash

/// The digest of a file's contents, XXH3 with 128 bits, which is also rsync's: for lines that ask for it.
enum ContentDigest {
    private static let bufferSize = 256 * 1024

    /// 32 hexadecimal digits; `nil` where the file cannot be read. A link is not followed.
    static func text(of path: [UInt8]) -> String? {
        let name = path.map { CChar(bitPattern: $0) } + [0]
        let descriptor = Int32(ts_open(name, ts_O_RDONLY | ts_O_NOFOLLOW | ts_O_NONBLOCK, 0))
        guard descriptor >= 0, let state = ts_digest_begin() else { return nil }
        defer { _ = ts_close(descriptor) }
        var digest = [UInt8](repeating: 0, count: 16)
        let isComplete = add(descriptor, to: state)
        ts_digest_end(state, &digest)
        guard isComplete else { return nil }
        return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    private static func add(_ descriptor: Int32, to state: UnsafeMutableRawPointer) -> Bool {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: bufferSize, alignment: 16)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = ts_pread(descriptor, buffer, bufferSize, offset)
            if count <= 0 { return count == 0 }
            ts_digest_add(state, buffer, Int(count))
            offset += count
        }
    }
}
