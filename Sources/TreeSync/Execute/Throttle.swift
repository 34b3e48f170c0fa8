/// Lets so many bytes pass in a second, whatever the number of threads (rsync's `--bwlimit`).
final class Throttle: Sendable {
    /// A sleep is no longer than this, so that cancelling works at once, in nanoseconds.
    private static let longestSleep: Int64 = 50_000_000
    /// Pieces take about this part of a second.
    private static let piecesPerSecond: Int64 = 16

    private let bytesPerSecond: Int64
    /// When all that was let through so far has taken its time, on the monotonic clock.
    private let end = Lock<Int64>(0)

    init(bytesPerSecond: Int64) { self.bytesPerSecond = max(1, bytesPerSecond) }

    /// How many bytes to write at once, so that the rate is even.
    var pieceSize: Int { Int(min(16 << 20, max(512, bytesPerSecond / Self.piecesPerSecond))) }

    /// Waits until it is this piece's turn.
    func wait(for bytes: Int, _ cancellation: Cancellation) {
        let duration = Int64(Double(bytes) / Double(bytesPerSecond) * 1e9)
        let begin = end.withLock { end in
            let begin = max(end, monotonicNanoseconds())
            end = begin + duration
            return begin
        }
        while !cancellation.isCancelled {
            let left = begin - monotonicNanoseconds()
            if left <= 0 { return }
            sleep(nanoseconds: min(left, Self.longestSleep))
        }
    }
}
