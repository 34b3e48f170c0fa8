import Glibc
import TreeSync

/// When a run stops.
extension Arguments.OptionUse {
    /// In seconds since 1970.
    func deadline(after now: Timestamp) throws(UsageError) -> Int64 {
        let text = String(decoding: value ?? [], as: UTF8.self)
        guard key == .stopAt else { return now.seconds + 60 * (try minutes(text)) }
        guard let time = StopTime(text) else {
            throw .badValue(spelling, value: value ?? [], expected: "a time, such as 2030-12-31T23:59, 1-30 or 14:00")
        }
        guard let seconds = time.next(after: now.seconds) else {
            throw .pastDeadline(spelling, value: value ?? [])
        }
        return seconds
    }

    /// rsync drops what follows the first digits.
    private func minutes(_ text: String) throws(UsageError) -> Int64 {
        guard let minutes = Int64(text.prefix { ("0"..."9").contains($0) }), (1...1_000_000_000_000).contains(minutes)
        else {
            throw .badValue(spelling, value: value ?? [], expected: "a number of minutes from 1 to 1000000000000")
        }
        return minutes
    }
}

/// A point in time of which parts may be missing: the next one that agrees with what is there is meant.
struct StopTime: Sendable, Equatable {
    /// With two digits: of this century.
    var year: Int?
    var month: Int?
    var day: Int?
    var hour: Int?
    var minute: Int?

    /// `Y-M-DTh:m`, `M-D`, `D`, `h:m`, `:m`, and `T` between a date and a time.
    init?(_ text: String) {
        var date = text[...]
        var clock: Substring?
        if let separator = text.firstIndex(where: { $0 == "T" || $0 == "t" }) {
            date = text[..<separator]
            clock = text[text.index(after: separator)...]
        } else if text.contains(":") {
            (date, clock) = ("", text[...])
        }
        if date.isEmpty, clock == nil { return nil }
        guard setDate(date), clock.map({ setClock($0) }) ?? true else { return nil }
    }

    private mutating func setDate(_ text: Substring) -> Bool {
        if text.isEmpty { return true }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }.map { number($0) }
        guard parts.count <= 3, !parts.contains(nil) else { return false }
        let numbers = parts.compactMap(\.self)
        day = numbers.last
        if numbers.count > 1 { month = numbers[numbers.count - 2] }
        if numbers.count > 2 { year = numbers[0] < 100 ? 2000 + numbers[0] : numbers[0] }
        return (1...31).contains(day ?? 1) && (1...12).contains(month ?? 1) && (1970...9999).contains(year ?? 1970)
    }

    private mutating func setClock(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last else { return false }
        if parts.count == 2 {
            if !parts[0].isEmpty {
                guard let hour = number(parts[0]) else { return false }
                self.hour = hour
            }
            guard let minute = number(last) else { return false }
            self.minute = minute
        } else {
            guard let hour = number(last) else { return false }
            self.hour = hour
        }
        return (0...23).contains(hour ?? 0) && (0...59).contains(minute ?? 0)
    }

    private func number(_ text: Substring) -> Int? {
        text.allSatisfy { ("0"..."9").contains($0) } && text.count <= 4 ? Int(text) : nil
    }

    /// The next such point after `now`, in seconds since 1970; `nil` where there is none.
    func next(after now: Int64) -> Int64? {
        var seconds = time_t(now)
        var today = tm()
        guard localtime_r(&seconds, &today) != nil else { return nil }
        if day == nil { return nextOfClock(today, now) }
        let years = year.map { $0...$0 } ?? (Int(today.tm_year) + 1900)...(Int(today.tm_year) + 1908)
        for year in years {
            for month in month.map({ $0...$0 }) ?? 1...12 {
                if let time = point(year, month, day ?? 1), time > now { return time }
            }
        }
        return nil
    }

    /// `nil` where the month has no such day.
    private func point(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_isdst) = (Int32(hour ?? 0), Int32(minute ?? 0), -1)
        let time = mktime(&parts)
        return parts.tm_mday == Int32(day) ? Int64(time) : nil
    }

    /// Without a date: today or tomorrow; without an hour this hour or the next.
    private func nextOfClock(_ today: tm, _ now: Int64) -> Int64? {
        for step in 0...1 {
            var parts = today
            parts.tm_sec = 0
            parts.tm_isdst = -1
            parts.tm_min = Int32(minute ?? 0)
            if let hour {
                parts.tm_hour = Int32(hour)
                parts.tm_mday += Int32(step)
            } else {
                parts.tm_hour += Int32(step)
            }
            let time = Int64(mktime(&parts))
            if time > now { return time }
        }
        return nil
    }
}
