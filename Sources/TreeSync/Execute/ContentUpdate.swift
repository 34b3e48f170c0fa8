internal import SystemPackage

/// Makes a file that holds something already hold what the source does, and writes only what differs: what is equal
/// keeps its blocks, so that snapshots and clones go on sharing them.
struct ContentUpdate {
    let allocation: Allocation
    /// What is compared at once: a block that differs is written as a whole.
    let blockSize: Int
    /// Nothing is compared, everything is written.
    let copiesWhole: Bool
    let capabilities: CopyCapabilities
    let cancellation: Cancellation
    /// `nil` where nothing limits the rate.
    let throttle: Throttle?
    /// Told of bytes that are done, equal ones and holes included.
    let progressed: (Int) -> Void

    /// - Parameters:
    ///   - start: where to begin; what lies before it counts as equal.
    ///   - present: the destination's status.
    ///   - buffers: of `ContentCopy.bufferSize` each.
    /// - Returns: the bytes that were really written.
    func update(
        _ destination: OpenFile, _ present: Status, from source: SourceFile, _ status: Status, at start: Int64 = 0,
        _ buffers: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
    ) throws(CopyFailure) -> Int64 {
        let isDevice = present.kind == .blockDevice
        let target = Target(file: destination, size: present.size, device: present.device, isDevice: isDevice)
        if !allocation.makesSparse, !isDevice { try reserve(min(start, status.size)..<status.size, target) }
        var position = start
        var written: Int64 = 0
        progressed(Int(min(start, status.size)))
        while position < status.size, let segment = try nextSegment(source, status, position, target) {
            try clear(position..<segment.lowerBound, target)
            progressed(Int(segment.lowerBound - position))
            if allocation.makesSparse, !isDevice { try reserve(segment, target) }
            written += try update(segment, source, target, buffers)
            position = segment.upperBound
        }
        if position < status.size {
            try clear(position..<status.size, target)
            progressed(Int(status.size - position))
        }
        if isDevice { return written }
        // The last hole has no byte to write, and what is too long is cut off last: until then nothing of it is lost.
        do {
            if try destination.status().size != status.size { try destination.truncate(to: status.size) }
        } catch { throw .write(error) }
        return written
    }

    /// A block fits into a buffer.
    private var unit: Int { max(1, min(blockSize, ContentCopy.bufferSize)) }

    /// The file that is written to, and what it held before.
    private struct Target {
        let file: OpenFile
        let size: Int64
        let device: UInt64
        /// It has neither holes nor an end that could be moved.
        let isDevice: Bool
    }

    private func nextSegment(
        _ source: SourceFile, _ status: Status, _ position: Int64, _ target: Target
    ) throws(CopyFailure) -> Range<Int64>? {
        status.hasHoles && !target.isDevice
            ? try source.nextSegment(from: position, size: status.size) : position..<status.size
    }

    private func reserve(_ range: Range<Int64>, _ target: Target) throws(CopyFailure) {
        do { try allocation.reserve(range, of: target.file, target.device, capabilities) } catch { throw .write(error) }
    }

    private func update(
        _ segment: Range<Int64>, _ source: SourceFile, _ target: Target,
        _ buffers: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
    ) throws(CopyFailure) -> Int64 {
        // Whole blocks only: one that lay in two pieces would be compared in halves.
        let size = ContentCopy.bufferSize / unit * unit
        var position = segment.lowerBound
        var written: Int64 = 0
        while position < segment.upperBound {
            if cancellation.isCancelled { throw .cancelled }
            let wanted = Int(min(Int64(size), segment.upperBound - position))
            let count: Int
            do { count = try source.readFully(buffers.0, wanted, at: position) } catch { throw .read(error) }
            if count == 0 { break }
            written += try updatePiece(position, count, target, buffers)
            position += Int64(count)
            progressed(count)
        }
        return written
    }

    private func updatePiece(
        _ position: Int64, _ count: Int, _ target: Target,
        _ buffers: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
    ) throws(CopyFailure) -> Int64 {
        // What cannot be read is written anew.
        let held = copiesWhole ? 0 : max(0, min(Int64(count), target.size - position))
        let known = (try? target.file.readFully(buffers.1, Int(held), at: position)) ?? 0
        let makesHoles = allocation.makesSparse && !target.isDevice
        if known == count, !makesHoles, equalBytes(buffers.0, buffers.1, count) { return 0 }
        var written: Int64 = 0
        for run in runs(count, known, makesHoles: makesHoles, buffers) {
            let range = position + Int64(run.range.lowerBound)..<position + Int64(run.range.upperBound)
            switch run.state {
            case .equal: break
            case .zero: try clear(range, target)
            case .differing:
                throttle?.wait(for: run.range.count, cancellation)
                do {
                    try target.file.writeAll(buffers.0 + run.range.lowerBound, run.range.count, at: range.lowerBound)
                } catch { throw .write(error) }
                written += Int64(run.range.count)
            }
        }
        return written
    }

    /// What is done with a block.
    private enum BlockState { case equal, zero, differing }

    private func runs(
        _ count: Int, _ known: Int, makesHoles: Bool, _ buffers: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
    ) -> [(range: Range<Int>, state: BlockState)] {
        blockRuns(count: count, blockSize: makesHoles ? Allocation.blockSize : unit) { block in
            if makesHoles, isZero(buffers.0 + block.lowerBound, block.count) { return .zero }
            let isEqual =
                block.upperBound <= known
                && equalBytes(buffers.0 + block.lowerBound, buffers.1 + block.lowerBound, block.count)
            return isEqual ? .equal : .differing
        }
    }

    /// Makes a range a hole. What was a hole already, or lies behind the end of what was there, is not touched.
    private func clear(_ range: Range<Int64>, _ target: Target) throws(CopyFailure) {
        // What was reserved a moment ago is no hole, wherever it lies.
        let end =
            allocation.preallocates && allocation.makesSparse ? range.upperBound : min(range.upperBound, target.size)
        guard range.lowerBound < end else { return }
        do {
            if end <= target.size, try !holdsData(target.file, range.lowerBound..<end) { return }
            try clearData(range.lowerBound..<end, target.file)
        } catch { throw .write(error) }
        if cancellation.isCancelled { throw .cancelled }
    }

    private func holdsData(_ file: OpenFile, _ range: Range<Int64>) throws(Errno) -> Bool {
        do {
            return try file.nextData(from: range.lowerBound).map { $0 < range.upperBound } ?? false
        } catch {
            if error == .invalidArgument || error == .notSupported { return true }
            throw error
        }
    }

    private func clearData(_ range: Range<Int64>, _ file: OpenFile) throws(Errno) {
        do { try file.punchHole(range) } catch {
            guard error == .notSupported || error == .noFunction || error == .notPermitted else { throw error }
            try writeZeros(range, file)
        }
    }

    /// For file systems without holes.
    private func writeZeros(_ range: Range<Int64>, _ file: OpenFile) throws(Errno) {
        let zeros = UnsafeMutableRawPointer.allocate(byteCount: ContentCopy.bufferSize, alignment: 1)
        defer { zeros.deallocate() }
        zeros.initializeMemory(as: UInt8.self, repeating: 0, count: ContentCopy.bufferSize)
        var position = range.lowerBound
        while position < range.upperBound, !cancellation.isCancelled {
            let count = Int(min(Int64(ContentCopy.bufferSize), range.upperBound - position))
            try file.writeAll(zeros, count, at: position)
            position += Int64(count)
        }
    }
}
