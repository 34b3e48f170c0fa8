import CXXHash
internal import SystemPackage

/// XXH3 with 128 bits: finds what happens to a file by accident. Who wants to change a batch unseen can.
final class BatchDigest {
    private let state: UnsafeMutableRawPointer
    private var isOpen = true

    init() throws(Errno) {
        guard let state = ts_digest_begin() else { throw .noMemory }
        self.state = state
    }

    deinit { if isOpen { _ = finish() } }

    func add(_ bytes: UnsafeRawPointer, _ count: Int) { ts_digest_add(state, bytes, count) }

    func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { if let start = $0.baseAddress { add(start, $0.count) } } }

    /// Called once, at the end.
    func finish() -> [UInt8] {
        isOpen = false
        var digest = [UInt8](repeating: 0, count: BatchFormat.digestLength)
        ts_digest_end(state, &digest)
        return digest
    }
}
