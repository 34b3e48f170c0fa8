/// The pieces of a file that several threads copy, from its beginning to its end.
final class SharedPieces: @unchecked Sendable {
    private let end: Int64
    private let size: Int64
    private let monitor = Monitor()
    // All of it belongs to the monitor.
    private var position: Int64
    private var bytes: Int64 = 0
    private var failure: CopyFailure?
    private var isFinished = false

    init(of segment: Range<Int64>, size: Int64) {
        (position, end) = (segment.lowerBound, segment.upperBound)
        self.size = size
    }

    /// The next piece; `nil` where none is left, or one could not be copied.
    func next() -> Range<Int64>? {
        locked {
            guard failure == nil, position < end else { return nil }
            let piece = position..<min(position + size, end)
            position = piece.upperBound
            return piece
        }
    }

    /// Bytes that were really written.
    func add(_ written: Int64) { locked { bytes += written } }

    /// Nobody begins another piece. The first failure counts.
    func fail(_ error: CopyFailure) { locked { failure = failure ?? error } }

    /// Every thread has done what it had begun.
    func finish() {
        locked {
            isFinished = true
            monitor.wakeAll()
        }
    }

    /// Waits until every thread has done what it had begun; how many bytes they have written.
    func written() throws(CopyFailure) -> Int64 {
        monitor.lock()
        while !isFinished { monitor.wait() }
        monitor.unlock()
        if let failure { throw failure }
        return bytes
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        monitor.lock()
        defer { monitor.unlock() }
        return body()
    }
}
