import Glibc
import TreeSync

/// Points in time as rsync prints them, in the local time zone.
enum LocalTime {
    /// `2026/11/21-13:47:37`, the form of `%M`.
    static func dashed(_ time: Timestamp) -> String { text(time, between: "-") }

    /// `2026/11/21 13:47:37`, the form of `%t` and of `--list-only`.
    static func spaced(_ time: Timestamp) -> String { text(time, between: " ") }

    /// `2026/11/21 13:47:37.000000001`.
    static func precise(_ time: Timestamp) -> String {
        let digits = String(time.nanoseconds)
        return spaced(time) + "." + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }

    static var now: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: UInt32(now.tv_nsec))
    }

    private static func text(_ time: Timestamp, between: String) -> String {
        var seconds = time_t(time.seconds)
        var parts = tm()
        // A year that does not fit into the C library's number.
        guard localtime_r(&seconds, &parts) != nil else { return "\(time.seconds)" }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let clock = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        return date.map(twoDigits).joined(separator: "/") + between + clock.map(twoDigits).joined(separator: ":")
    }

    private static func twoDigits(_ number: Int) -> String { (0..<10).contains(number) ? "0\(number)" : "\(number)" }
}
