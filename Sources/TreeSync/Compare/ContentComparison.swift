internal import SystemPackage

/// Compares two files byte by byte and stops at the first difference. No digest: reading both files is all it costs.
struct ContentComparison {
    /// 128 KiB of each file fit into the second-level cache together.
    static let pieceSize = 128 * 1024

    let cancellation: Cancellation

    /// - Returns: whether `size` bytes of both files are equal.
    func areEqual(
        _ source: SourceFile, _ destination: OpenFile, size: Int64, _ left: UnsafeMutableRawPointer,
        _ right: UnsafeMutableRawPointer
    ) throws(ReadFailure) -> Bool {
        var offset: Int64 = 0
        while offset < size {
            if cancellation.isCancelled { return true }
            let piece = Int(min(Int64(Self.pieceSize), size - offset))
            let first: Int
            let second: Int
            do { first = try source.readFully(left, piece, at: offset) } catch { throw .source(error) }
            do { second = try destination.readFully(right, piece, at: offset) } catch { throw .destination(error) }
            if first != second || !equalBytes(left, right, first) { return false }
            if first < piece { return true }
            offset += Int64(piece)
        }
        return true
    }
}
