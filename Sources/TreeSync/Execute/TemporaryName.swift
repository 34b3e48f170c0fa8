import Synchronization

/// Names of files that are not complete yet: `.treesync-PROCESS-START-NUMBER.tmp`, in hexadecimal digits.
///
/// What takes the place of a directory swaps names with it: such a name ends in `.old`, because after the swap it is
/// the directory's, which is only removed where deletions are.
///
/// Process and start time say whose they are, so that the next run removes what a dead one left, and never what a
/// living one still writes. Short enough for any directory, whatever the length of the final name.
final class TemporaryNames: Sendable {
    private static let prefix = ".treesync-"
    private static let suffix = ".tmp"
    private static let exchangedSuffix = ".old"
    private let beginning: String
    /// One for the whole process, which may run several synchronisations into one directory.
    private static let counter = Atomic<UInt64>(0)

    init(_ process: ProcessFacts) {
        beginning =
            Self.prefix + String(process.identifier, radix: 16) + "-" + String(process.startTime, radix: 16) + "-"
    }

    /// - Parameter replaced: the kind of what has the final name.
    func next(replacing replaced: EntryKind? = nil) -> [CChar] {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let suffix = replaced == .directory ? Self.exchangedSuffix : Self.suffix
        return Array((beginning + String(number, radix: 16) + suffix).utf8CString)
    }

    /// What a name of this form says.
    enum Origin {
        /// A living process works with it.
        case inUse
        /// What a dead process has not finished.
        case unfinished
        /// If it is a directory, what a dead process has replaced and not yet removed; else not finished either.
        case exchanged
    }

    /// `nil` for any other name.
    static func origin(_ name: CName, length: Int) -> Origin? {
        guard length > prefix.utf8.count, name[0] == CChar(UInt8(ascii: ".")), name[1] == CChar(UInt8(ascii: "t"))
        else { return nil }
        let bytes = UnsafeRawBufferPointer(start: name, count: length)
        let isExchanged = bytes.suffix(suffix.utf8.count).elementsEqual(exchangedSuffix.utf8)
        guard bytes.starts(with: prefix.utf8),
            isExchanged || bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        else { return nil }
        let inner = bytes.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        let fields = inner.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.count == 3, let process = number(fields[0]), let start = number(fields[1]),
            number(fields[2]) != nil
        else { return nil }
        if ProcessFacts.startTime(of: Int64(truncatingIfNeeded: process)) == start { return .inUse }
        return isExchanged ? .exchanged : .unfinished
    }

    private static func number(_ digits: some Collection<UInt8>) -> UInt64? {
        guard
            digits.allSatisfy({
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            })
        else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
