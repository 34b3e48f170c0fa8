internal import SystemPackage

/// Reads a batch from its beginning to its end before anything of it is used: every bit must be what was written.
struct BatchScan {
    private let file: OpenFile
    private static let pieceSize = 256 * 1024

    init(_ file: OpenFile) { self.file = file }

    func run() throws(BatchFault) -> (RecordedOptions, BatchIndex) {
        let end = try doing { () throws(Errno) in try file.status().size }
        let whole = try doing { () throws(Errno) in try BatchDigest() }
        let (options, start) = try readHeader(end, whole)
        var position = start
        var index = BatchIndex.Builder()
        while true {
            let length = Int(try number(at: position, end) as UInt32)
            if length == 0 { break }
            position = try readRecord(at: position, length, end, whole, &index)
        }
        try readTrailer(at: position, end, whole, count: index.count)
        return (options, try index.finish())
    }

    private func readHeader(_ end: Int64, _ whole: BatchDigest) throws(BatchFault) -> (RecordedOptions, Int64) {
        let magic = try bytes(at: 0, min(end, Int64(BatchFormat.magic.count)), end)
        guard BatchFormat.magic.starts(with: magic), !magic.isEmpty else { throw .foreign }
        if magic.count < BatchFormat.magic.count { throw .truncated }
        let version: UInt32 = try number(at: 8, end)
        guard version <= BatchFormat.version else { throw .newer(version) }
        guard version == BatchFormat.version else { throw .damaged }
        let count: UInt32 = try number(at: 12, end)
        guard count <= BatchFormat.mostOptions else { throw .damaged }
        let header = try bytes(at: 0, Int64(BatchFormat.fixedHeaderLength) + Int64(count), end)
        whole.add(header)
        let options = try RecordedOptions(decoding: Array(header.dropFirst(BatchFormat.fixedHeaderLength)))
        return (options, Int64(header.count))
    }

    /// - Returns: where the next record begins.
    private func readRecord(
        at start: Int64, _ length: Int, _ end: Int64, _ whole: BatchDigest, _ index: inout BatchIndex.Builder
    ) throws(BatchFault) -> Int64 {
        guard length <= BatchFormat.mostBody else { throw .damaged }
        let own = try doing { () throws(Errno) in try BatchDigest() }
        let head = try bytes(at: start, 4 + Int64(length), end)
        own.add(head)
        let contents = start + Int64(head.count)
        let record = try BatchRecord(decoding: head[4...], contentsAt: contents)
        var position = contents
        if case .entry(let entry) = record.change, let length = entry.contents?.length {
            position = try addContents(at: contents, length, end, to: own)
        }
        let sum = try bytes(at: position, Int64(BatchFormat.digestLength), end)
        guard sum == own.finish() else { throw .damaged }
        whole.add(sum)
        index.add(record, at: start)
        return position + Int64(sum.count)
    }

    private func addContents(
        at start: Int64, _ length: Int64, _ end: Int64, to digest: BatchDigest
    ) throws(BatchFault) -> Int64 {
        guard length <= end - start else { throw .truncated }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        var position = start
        while position < start + length {
            let wanted = Int(min(Int64(Self.pieceSize), start + length - position))
            let count = try doing { () throws(Errno) in try file.readFully(buffer, wanted, at: position) }
            if count < wanted { throw .truncated }
            digest.add(buffer, count)
            position += Int64(count)
        }
        return position
    }

    private func readTrailer(at start: Int64, _ end: Int64, _ whole: BatchDigest, count: Int) throws(BatchFault) {
        let trailer = try bytes(at: start, Int64(BatchFormat.trailerLength), end)
        let (head, sum) = (Array(trailer.dropLast(BatchFormat.digestLength)), trailer.suffix(BatchFormat.digestLength))
        whole.add(head)
        guard whole.finish() == Array(sum), start + Int64(trailer.count) == end else { throw .damaged }
        var parser = BatchParser(head[4...])
        guard try parser.number() == UInt64(count), try parser.number() == UInt64(start) else { throw .damaged }
    }

    // MARK: Bytes

    private func number<Number: FixedWidthInteger>(at start: Int64, _ end: Int64) throws(BatchFault) -> Number {
        var parser = BatchParser(try bytes(at: start, Int64(MemoryLayout<Number>.size), end)[...])
        return try parser.number()
    }

    private func bytes(at start: Int64, _ count: Int64, _ end: Int64) throws(BatchFault) -> [UInt8] {
        guard count <= end - start else { throw .truncated }
        if count == 0 { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let done = try doing { () throws(Errno) in
            try bytes.withUnsafeMutableBufferPointer { (bytes) throws(Errno) in
                try file.readFully(bytes.baseAddress!, Int(count), at: start)
            }
        }
        guard done == bytes.count else { throw .truncated }
        return bytes
    }

    private func doing<Result>(_ body: () throws(Errno) -> Result) throws(BatchFault) -> Result {
        do { return try body() } catch { throw .unreadable(error) }
    }
}
