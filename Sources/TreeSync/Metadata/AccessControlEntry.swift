/// An entry of an ACL in the kernel's encoding: a version of four bytes, then eight for each entry, in little-endian
/// order: a tag, what it may, a number. The C header is `linux/posix_acl_xattr.h`. Pure.
struct AccessControlEntry {
    /// Whom an entry is about.
    enum Tag: UInt16 {
        case owner = 1
        case user = 2
        case groupOwner = 4
        case group = 8
        case mask = 16
        case others = 32
    }

    private static let version: [UInt8] = [2, 0, 0, 0]
    private static let nobody = UInt32.max

    /// `nil` where the kernel knows more than this program.
    let tag: Tag?
    /// Four for reading, two for writing, one for executing.
    let rights: UInt32
    /// The number of the user or group.
    let id: UInt32

    init(_ tag: Tag?, _ rights: UInt32, id: UInt32 = nobody) { (self.tag, self.rights, self.id) = (tag, rights, id) }

    private init(_ bytes: ArraySlice<UInt8>) {
        let numbers = bytes.map(UInt32.init)
        tag = Tag(rawValue: UInt16(numbers[0] | numbers[1] << 8))
        rights = numbers[2] & 7
        id = numbers[4] | numbers[5] << 8 | numbers[6] << 16 | numbers[7] << 24
    }

    /// What a list holds; none where it is too short for a version.
    static func entries(of list: [UInt8]) -> [AccessControlEntry] {
        stride(from: version.count, through: list.count - 8, by: 8).map { AccessControlEntry(list[$0..<$0 + 8]) }
    }

    /// In the kernel's order: by tags, then by numbers.
    static func ordered(_ entries: [AccessControlEntry]) -> [AccessControlEntry] {
        entries.sorted { ($0.tag?.rawValue ?? 0, $0.id) < ($1.tag?.rawValue ?? 0, $1.id) }
    }

    /// The kernel's encoding of entries in its order.
    static func list(of entries: [AccessControlEntry]) -> [UInt8] {
        entries.reduce(into: version) { list, entry in
            list += [UInt8(entry.tag?.rawValue ?? 0), 0, UInt8(entry.rights), 0]
            list += (0..<4).map { UInt8(truncatingIfNeeded: entry.id >> ($0 * 8)) }
        }
    }
}
