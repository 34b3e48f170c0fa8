internal import SystemPackage

/// Why the contents of a file could not be copied.
enum CopyFailure: Error {
    case read(Errno)
    case write(Errno)
    case cancelled
}

/// Moves the contents of one file: by sharing blocks, inside the kernel, or by reading and writing; each way falls
/// back to the next only where it is not supported. Holes are found and never read.
struct ContentCopy: Sendable {
    /// Cloning a smaller file costs more than writing it (xfs: 44 against 40 µs for 4 KiB).
    static let smallestClone: Int64 = 64 * 1024
    /// Up to here a plain read and write is as fast as anything.
    private static let smallestRange = 1024 * 1024
    /// A piece takes some milliseconds, so that progress moves and cancelling works at once.
    private static let rangeSize = 16 * 1024 * 1024
    /// From here on a second thread helps where one is idle. It costs some 50 µs to start one.
    static let leastShared: Int64 = 64 * 1024 * 1024
    static let bufferSize = 256 * 1024

    let allocation: Allocation
    let capabilities: CopyCapabilities
    let cancellation: Cancellation
    /// `nil` where nothing limits the rate.
    let throttle: Throttle?
    /// Told of bytes that are done, holes included; on any thread that helps.
    let progressed: @Sendable (Int) -> Void

    /// - Parameter helpers: the pool whose idle threads may help with a large file; `nil` where the file must always be
    ///   the source's up to where it ends.
    /// - Returns: the bytes that were really written.
    func copy(
        _ source: SourceFile, _ status: Status, to destination: OpenFile, device: UInt64,
        _ worker: Worker, helpers: WorkPool? = nil
    ) throws(CopyFailure) -> Int64 {
        if status.size == 0 { return 0 }
        if !allocation.preallocates, status.size >= Self.smallestClone, try clone(source, status, destination, device) {
            progressed(Int(status.size))
            return 0
        }
        if !makesSparse { try reserve(0..<status.size, of: destination, device) }
        if status.hasHoles || makesSparse {
            return try copyAroundHoles(source, status, destination, device, worker, helpers)
        }
        let route = CopyRoute(status.contentDevice, device)
        return try copySegment(source, 0..<status.size, destination, route, worker, helpers)
    }

    private var makesSparse: Bool { allocation.makesSparse }

    private func reserve(_ range: Range<Int64>, of file: OpenFile, _ device: UInt64) throws(CopyFailure) {
        do { try allocation.reserve(range, of: file, device, capabilities) } catch { throw .write(error) }
    }

    private func clone(
        _ source: SourceFile, _ status: Status, _ destination: OpenFile, _ device: UInt64
    ) throws(CopyFailure) -> Bool {
        let route = CopyRoute(status.contentDevice, device)
        guard let whole = source.whole, capabilities.mayClone(route) else { return false }
        do {
            try destination.clone(whole)
            return true
        } catch {
            if Self.isIncapable(error) {
                capabilities.cannotClone(route)
                return false
            }
            switch error {
            case .invalidArgument, .permissionDenied, .notPermitted, .textFileBusy: return false
            default: throw .write(error)
            }
        }
    }

    /// Whether no two files can share blocks there.
    static func isIncapable(_ error: Errno) -> Bool {
        error == .notSupported || error == .improperLink || error == .inappropriateIOCTLForDevice
            || error == .noFunction
    }

    private func copyAroundHoles(
        _ source: SourceFile, _ status: Status, _ destination: OpenFile, _ device: UInt64,
        _ worker: Worker, _ helpers: WorkPool?
    ) throws(CopyFailure) -> Int64 {
        let route = CopyRoute(status.contentDevice, device)
        var position: Int64 = 0
        var written: Int64 = 0
        while position < status.size {
            guard let segment = try source.nextSegment(from: position, size: status.size) else { break }
            progressed(Int(segment.lowerBound - position))
            if makesSparse { try reserve(segment, of: destination, device) }
            written += try copySegment(source, segment, destination, route, worker, helpers)
            position = segment.upperBound
        }
        progressed(Int(max(0, status.size - position)))
        // The last hole has no byte to write; its end is the file's size.
        do { try destination.truncate(to: status.size) } catch { throw .write(error) }
        return written
    }

    private func copySegment(
        _ source: SourceFile, _ segment: Range<Int64>, _ destination: OpenFile, _ route: CopyRoute,
        _ worker: Worker, _ helpers: WorkPool?
    ) throws(CopyFailure) -> Int64 {
        if let helpers, helpers.isParallel, segment.upperBound - segment.lowerBound >= Self.leastShared {
            return try copyShared(source, segment, destination, route, worker, helpers)
        }
        var position = segment.lowerBound
        var written: Int64 = 0
        while position < segment.upperBound {
            if cancellation.isCancelled { throw .cancelled }
            let left = min(segment.upperBound - position, Int64(throttle?.pieceSize ?? Self.rangeSize))
            var count = 0
            if !makesSparse, left >= Self.smallestRange, let whole = source.whole, capabilities.mayCopyRange(route) {
                throttle?.wait(for: Int(left), cancellation)
                count = try copyRange(whole, destination, position, Int(left), route)
                written += Int64(count)
            }
            if count == 0 {
                let size = min(left, Int64(Self.bufferSize))
                throttle?.wait(for: Int(size), cancellation)
                let piece = try copyPiece(source, destination, position, size, worker.copyBuffer())
                if piece.read == 0 { break }
                count = piece.read
                written += Int64(piece.written)
            }
            position += Int64(count)
            progressed(count)
        }
        return written
    }

    /// Two threads take pieces by turns, as long as another one is idle.
    private func copyShared(
        _ source: SourceFile, _ segment: Range<Int64>, _ destination: OpenFile, _ route: CopyRoute,
        _ worker: Worker, _ helpers: WorkPool
    ) throws(CopyFailure) -> Int64 {
        let pieces = SharedPieces(of: segment, size: Int64(Self.rangeSize))
        let loop = SharedLoop(count: 2, step: 1, isWithinEntry: true) { worker, _ in
            while let piece = pieces.next() {
                do throws(CopyFailure) {
                    pieces.add(try copySegment(source, piece, destination, route, worker, nil))
                } catch {
                    pieces.fail(error)
                }
            }
        } completion: { _ in
            pieces.finish()
        }
        helpers.run(loop, worker)
        return try pieces.written()
    }

    /// Returns 0 where the kernel cannot copy between these files, or the source ended.
    private func copyRange(
        _ source: OpenFile, _ destination: OpenFile, _ position: Int64, _ size: Int, _ route: CopyRoute
    ) throws(CopyFailure) -> Int {
        do {
            return try destination.copyRange(from: source, at: position, size)
        } catch {
            switch error {
            // Containers of old refuse the call with EPERM; a real one comes again from the write.
            case .notSupported, .improperLink, .noFunction, .invalidArgument, .badFileDescriptor, .notPermitted:
                capabilities.cannotCopyRange(route)
                return 0
            case .ioError, .permissionDenied: throw .read(error)
            default: throw .write(error)
            }
        }
    }

    private func copyPiece(
        _ source: SourceFile, _ destination: OpenFile, _ position: Int64, _ size: Int64,
        _ buffer: UnsafeMutableRawPointer
    ) throws(CopyFailure) -> (read: Int, written: Int) {
        let count: Int
        do { count = try source.read(buffer, Int(size), at: position) } catch { throw .read(error) }
        if count == 0 { return (0, 0) }
        do {
            if makesSparse { return (count, try writeWithoutZeros(destination, buffer, count, position)) }
            try destination.writeAll(buffer, count, at: position)
        } catch { throw .write(error) }
        return (count, count)
    }

    /// Writes all blocks but those that hold only zeros; the file is new, so that what is not written is a hole, but for
    /// what was reserved.
    private func writeWithoutZeros(
        _ destination: OpenFile, _ buffer: UnsafeMutableRawPointer, _ count: Int, _ position: Int64
    ) throws(Errno) -> Int {
        var written = 0
        let runs = blockRuns(count: count, blockSize: Allocation.blockSize) { isZero(buffer + $0.lowerBound, $0.count) }
        for (range, isZero) in runs {
            let place = position + Int64(range.lowerBound)
            if !isZero {
                try destination.writeAll(buffer + range.lowerBound, range.count, at: place)
                written += range.count
            } else if allocation.preallocates {
                // Best effort: what stays reserved holds the same zeros.
                try? destination.punchHole(place..<place + Int64(range.count))
            }
        }
        return written
    }
}

/// From which file system to which.
struct CopyRoute: Hashable, Sendable {
    let source: UInt64
    let destination: UInt64

    init(_ source: UInt64, _ destination: UInt64) {
        self.source = source
        self.destination = destination
    }
}

/// What the kernel has refused to do between two file systems: it is asked once.
final class CopyCapabilities: Sendable {
    private struct State {
        var noClone: Set<CopyRoute> = []
        var noRange: Set<CopyRoute> = []
        var noUnnamed = false
        var noReservation: Set<UInt64> = []
    }

    private let state = Lock(State())

    /// Whether files can be made without a name.
    var mayCreateUnnamed: Bool { state.withLock { !$0.noUnnamed } }
    func cannotCreateUnnamed() { state.withLock { $0.noUnnamed = true } }
    func mayReserve(_ device: UInt64) -> Bool { state.withLock { !$0.noReservation.contains(device) } }
    func cannotReserve(_ device: UInt64) { state.withLock { _ = $0.noReservation.insert(device) } }
    func mayClone(_ route: CopyRoute) -> Bool { state.withLock { !$0.noClone.contains(route) } }
    func cannotClone(_ route: CopyRoute) { state.withLock { _ = $0.noClone.insert(route) } }
    func mayCopyRange(_ route: CopyRoute) -> Bool { state.withLock { !$0.noRange.contains(route) } }
    func cannotCopyRange(_ route: CopyRoute) { state.withLock { _ = $0.noRange.insert(route) } }
}
