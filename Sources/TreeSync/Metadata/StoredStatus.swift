/// The privileged part of an entry's status as text, in an extended attribute of a file or directory that stands for the
/// entry (rsync's `--fake-super`): the mode in octal, device numbers, owner and group, `100644 0,0 1000:1000`.
struct StoredStatus: Equatable {
    static let attribute: StaticString = "user.rsync.%stat"
    /// No longer text is one: 41 bytes.
    static let longest = 64

    var kind: EntryKind
    var permissions: UInt16
    /// Numbers of a device, 0 for everything else.
    var major: UInt32 = 0
    var minor: UInt32 = 0
    var owner: UInt32
    var group: UInt32

    /// As many bits as Linux keeps of device numbers; more would be cut off, and name another device.
    private static let (largestMajor, largestMinor) = (UInt32(0xFFF), UInt32(0xFFFFF))
    /// The number of nobody: where it is set, owners stay as they are.
    private static let largestID = UInt32.max - 1

    init(kind: EntryKind, permissions: UInt16, major: UInt32 = 0, minor: UInt32 = 0, owner: UInt32, group: UInt32) {
        self.kind = kind
        self.permissions = permissions
        self.major = major
        self.minor = minor
        self.owner = owner
        self.group = group
    }

    /// `nil` for any text that is not exactly that, or whose numbers the kernel would take for others.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = Digits(text)
        guard let mode = rest.number(radix: 8, upTo: 0o177777), rest.take(" "),
            let major = rest.number(upTo: Self.largestMajor), rest.take(","),
            let minor = rest.number(upTo: Self.largestMinor), rest.take(" "),
            let owner = rest.number(upTo: Self.largestID), rest.take(":"),
            let group = rest.number(upTo: Self.largestID), rest.isAtEnd,
            let kind = EntryKind(rawValue: UInt8(mode >> 12))
        else { return nil }
        self.init(
            kind: kind, permissions: UInt16(mode & 0o7777), major: major, minor: minor, owner: owner, group: group)
    }

    /// As rsync writes it.
    var text: [UInt8] {
        let mode = UInt32(kind.rawValue) << 12 | UInt32(permissions)
        return Array("\(String(mode, radix: 8)) \(major),\(minor) \(owner):\(group)".utf8)
    }
}

/// Reads numbers from a text, byte by byte.
private struct Digits {
    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// At least one digit and nothing else; `nil` for a number that is larger than `limit`.
    mutating func number(radix: UInt64 = 10, upTo limit: UInt32) -> UInt32? {
        let start = position
        var value: UInt64 = 0
        while position < text.count, text[position] >= UInt8(ascii: "0"),
            UInt64(text[position] - UInt8(ascii: "0")) < radix
        {
            value = value * radix + UInt64(text[position] - UInt8(ascii: "0"))
            if value > UInt64(limit) { return nil }
            position += 1
        }
        return position == start ? nil : UInt32(value)
    }
}
