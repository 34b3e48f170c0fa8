import Synchronization

/// Names of files that are not complete yet: `.treesync-PROCESS-START-NUMBER.tmp`, in hexadecimal digits.
///
/// Process and start time say whose they are, so that the next run removes what a dead one left, and never what a
/// living one still writes. Short enough for any directory, whatever the length of the final name.
final class TemporaryNames: Sendable {
    private static let prefix = ".treesync-"
    private static let suffix = ".tmp"
    private let beginning: String
    private let counter = Atomic<UInt64>(0)

    init(_ process: ProcessFacts) {
        beginning =
            Self.prefix + String(process.identifier, radix: 16) + "-" + String(process.startTime, radix: 16) + "-"
    }

    func next() -> [CChar] {
        let number = counter.add(1, ordering: .relaxed).newValue
        return Array((beginning + String(number, radix: 16) + Self.suffix).utf8CString)
    }

    /// Whether the name is one of ours whose process is gone.
    static func isLeftover(_ name: CName, length: Int) -> Bool {
        guard length > prefix.utf8.count, name[0] == CChar(UInt8(ascii: ".")), name[1] == CChar(UInt8(ascii: "t"))
        else { return false }
        let bytes = UnsafeRawBufferPointer(start: name, count: length)
        guard bytes.starts(with: prefix.utf8), bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        else { return false }
        let inner = bytes.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        let fields = inner.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.count == 3, let process = number(fields[0]), let start = number(fields[1]),
            number(fields[2]) != nil
        else { return false }
        return ProcessFacts.startTime(of: Int64(truncatingIfNeeded: process)) != start
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
