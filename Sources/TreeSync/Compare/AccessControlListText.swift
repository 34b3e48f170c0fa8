/// ACLs in the short text form of acl(5), `user::rw-,user:7:r--,…`, with numbers of users and groups. Pure.
enum AccessControlListText {
    /// Tags of the kernel's encoding.
    private static let tags: [UInt16: (name: String, isNamed: Bool)] = [
        1: ("user", false), 2: ("user", true), 4: ("group", false), 8: ("group", true), 16: ("mask", false),
        32: ("other", false),
    ]

    /// - Parameter list: in the kernel's encoding: a version of four bytes, and eight for each entry, in little-endian
    ///   order: a tag, what it may, a number. Empty for none.
    static func value(_ list: [UInt8]) -> Explanation.AttributeDifference.Value {
        if list.isEmpty { return .none }
        guard list.count >= 4 else { return .unreadable }
        let entries = stride(from: 4, through: list.count - 8, by: 8).map { entry(list[$0..<$0 + 8]) }
        return .bytes(Array(entries.joined(separator: ",").utf8))
    }

    private static func entry(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = Array(bytes)
        let rights = [(4, "r"), (2, "w"), (1, "x")].map { bytes[2] & $0.0 == 0 ? "-" : $0.1 }.joined()
        guard let tag = tags[UInt16(bytes[0]) | UInt16(bytes[1]) << 8] else { return "?:\(rights)" }
        let number = bytes[4..<8].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return "\(tag.name):\(tag.isNamed ? String(number) : ""):\(rights)"
    }
}
