/// A point in time as the kernel keeps it: seconds since 1970 (negative before) and nanoseconds after that second.
/// The corresponding C type is `struct timespec`.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01 00:00 UTC, rounded down.
    public var seconds: Int64
    /// Nanoseconds after `seconds`, 0 ..< 1,000,000,000.
    public var nanoseconds: UInt32

    /// Makes a point in time from seconds since 1970 and the nanoseconds after that second.
    public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Whether `left` is the earlier one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds == right.seconds ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }
}

extension Timestamp {
    /// A time that no entry has: for one whose time has moved on since it was read.
    static let impossible = Timestamp(seconds: .min, nanoseconds: .max)

    /// Whole seconds between two points in time, which may lie further apart than an `Int64` counts.
    func secondsApart(from other: Timestamp) -> UInt64 {
        seconds > other.seconds
            ? UInt64(bitPattern: seconds &- other.seconds) : UInt64(bitPattern: other.seconds &- seconds)
    }
}
