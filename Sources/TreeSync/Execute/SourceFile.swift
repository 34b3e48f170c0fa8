internal import SystemPackage

/// What the contents of a file are read from: an open file, or the part of a batch that holds them.
struct SourceFile: PositionedReading {
    private let file: OpenFile
    /// `nil` for the open file itself.
    private let recorded: RecordedContents?

    init(_ file: OpenFile) { (self.file, recorded) = (file, nil) }

    init(_ contents: RecordedContents, in batch: OpenFile) { (file, recorded) = (batch, contents) }

    /// The file itself, whose blocks may be shared and copied inside the kernel; `nil` where there is none.
    var whole: OpenFile? { recorded == nil ? file : nil }

    func read(_ buffer: UnsafeMutableRawPointer, _ size: Int, at offset: Int64) throws(Errno) -> Int {
        guard let recorded else { return try file.read(buffer, size, at: offset) }
        let size = Int(min(Int64(size), max(0, recorded.size - offset)))
        if size == 0 { return 0 }
        guard let extent = recorded.extent(at: offset), extent.offset < offset + Int64(size) else {
            return fill(buffer, size)
        }
        if extent.offset > offset { return fill(buffer, Int(extent.offset - offset)) }
        let skipped = offset - extent.offset
        let wanted = Int(min(Int64(size), extent.length - skipped))
        let count = try file.read(buffer, wanted, at: recorded.start + extent.place + skipped)
        // It was all there when the batch was checked.
        if count == 0 { throw .ioError }
        return count
    }

    private func fill(_ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        buffer.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        return count
    }

    /// The next part that holds data; `nil` where only a hole follows.
    func nextSegment(from position: Int64, size: Int64) throws(CopyFailure) -> Range<Int64>? {
        guard let recorded else { return try file.nextSegment(from: position, size: size) }
        guard let extent = recorded.extent(at: position) else { return nil }
        return max(position, extent.offset)..<min(size, extent.offset + extent.length)
    }
}
