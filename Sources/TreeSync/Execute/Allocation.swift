internal import SystemPackage

/// Which blocks the file that is written shall have.
struct Allocation: Sendable {
    /// The smallest hole that all common file systems make.
    static let blockSize = 4096

    /// Blocks of zeros become holes.
    let makesSparse: Bool
    /// Blocks are reserved before they are written.
    let preallocates: Bool

    init(_ options: Options) {
        makesSparse = options.makesSparse
        preallocates = options.arrival.preallocates
    }

    /// Reserves what will be written, where that is asked for and the file system can.
    func reserve(
        _ range: Range<Int64>, of file: OpenFile, _ device: UInt64, _ capabilities: CopyCapabilities
    ) throws(Errno) {
        guard preallocates, capabilities.mayReserve(device) else { return }
        do { try file.reserve(range) } catch {
            guard error == .notSupported || error == .noFunction || error == .notPermitted else { throw error }
            capabilities.cannotReserve(device)
        }
    }
}

/// The blocks of a buffer, like ones that lie side by side together.
///
/// - Parameters:
///   - count: of bytes; the last block may be shorter.
///   - state: what kind of block a range is.
func blockRuns<State: Equatable>(
    count: Int, blockSize: Int, _ state: (Range<Int>) -> State
) -> [(range: Range<Int>, state: State)] {
    var runs: [(range: Range<Int>, state: State)] = []
    for start in stride(from: 0, to: count, by: blockSize) {
        let block = start..<min(start + blockSize, count)
        let state = state(block)
        if let last = runs.last, last.state == state {
            runs[runs.count - 1].range = last.range.lowerBound..<block.upperBound
        } else {
            runs.append((block, state))
        }
    }
    return runs
}

/// Whether a block holds nothing but zeros.
func isZero(_ block: UnsafeRawPointer, _ count: Int) -> Bool {
    block.load(as: UInt8.self) == 0 && (count == 1 || equalBytes(block, block + 1, count - 1))
}

extension OpenFile {
    /// The next part of a source that holds data; `nil` where only a hole follows.
    func nextSegment(from position: Int64, size: Int64) throws(CopyFailure) -> Range<Int64>? {
        do {
            guard let data = try nextData(from: position), data < size else { return nil }
            let hole = try nextHole(from: data)
            return data..<max(data + 1, min(hole, size))
        } catch {
            // A file system that knows no holes: everything is data. So is all of a file that became shorter between both
            // questions: reading finds its end.
            guard error == .invalidArgument || error == .notSupported || error == .noSuchAddressOrDevice else {
                throw .read(error)
            }
            return position..<size
        }
    }
}
