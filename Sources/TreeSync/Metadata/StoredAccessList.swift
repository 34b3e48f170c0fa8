/// ACLs as rsync's `--fake-super` keeps them in extended attributes, beside the kernel's encoding. Pure.
///
/// Four numbers of four bytes, little-endian: what the owner, the group, the mask and all others may; 0x80 where it is
/// left to the entry's permissions, or where there is no mask. Then eight bytes for each named user or group: its number,
/// and what it may, with the highest bit set for users. The kernel's has a version and eight bytes for each entry, in the
/// same order: a tag, what it may, a number.
enum StoredAccessList {
    /// The attribute's name with a NUL.
    static func attribute(_ role: AccessControlList.Role) -> [CChar] {
        let name =
            switch role {
            case .access: "user.rsync.%aacl"
            case .initial: "user.rsync.%dacl"
            }
        return terminated(Array(name.utf8))
    }

    private static let none: UInt32 = 0x80
    private static let user: UInt32 = 1 << 31
    private static let nobody = UInt32.max

    /// Tags of the kernel's encoding.
    private enum Tag { static let (owner, user, groupOwner, group, mask, others) = (1, 2, 4, 8, 16, 32) }

    /// The permissions that an access ACL in the kernel's encoding stands for.
    static func permissions(of list: [UInt8]) -> UInt16 {
        var rights: [Int: UInt16] = [:]
        for start in stride(from: 4, through: list.count - 8, by: 8) {
            rights[Int(list[start]) | Int(list[start + 1]) << 8] = UInt16(list[start + 2]) & 7
        }
        let group = rights[Tag.mask] ?? rights[Tag.groupOwner] ?? 0
        return (rights[Tag.owner] ?? 0) << 6 | group << 3 | (rights[Tag.others] ?? 0)
    }

    /// - Parameter list: in the kernel's encoding, as the kernel gave it.
    static func stored(_ list: [UInt8], _ role: AccessControlList.Role) -> [UInt8] {
        var (owner, group, mask, others) = (none, none, none, none)
        var named: [UInt8] = []
        for start in stride(from: 4, through: list.count - 8, by: 8) {
            let tag = Int(list[start]) | Int(list[start + 1]) << 8
            let rights = UInt32(list[start + 2] & 7)
            switch tag {
            case Tag.owner: owner = rights
            case Tag.groupOwner: group = rights
            case Tag.mask: mask = rights
            case Tag.others: others = rights
            default:
                named += list[start + 4..<start + 8]
                named += bytes(rights | (tag == Tag.user ? user : 0))
            }
        }
        if role == .access {
            // What the permissions say as well is left to them.
            (owner, others) = (none, none)
            if group == mask || mask == none { group = none }
        }
        return bytes(owner) + bytes(group) + bytes(mask) + bytes(others) + named
    }

    /// The kernel's encoding; empty where nothing is said that the permissions do not say.
    ///
    /// - Parameter permissions: the entry's, for an access ACL.
    /// - Returns: `nil` for what is no such list.
    static func list(_ stored: [UInt8], _ role: AccessControlList.Role, permissions: UInt16) -> [UInt8]? {
        guard stored.count >= 16, stored.count % 8 == 0 else { return nil }
        var numbers = stride(from: 0, to: stored.count, by: 4).map { number(stored, at: $0) }
        let rights = Array(numbers.prefix(4))
        numbers.removeFirst(4)
        guard rights.allSatisfy({ $0 <= 7 || $0 == none }) else { return nil }
        var named: [Named] = []
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard numbers[index + 1] & ~user <= 7, numbers[index] != nobody else { return nil }
            named.append(
                Named(isUser: numbers[index + 1] & user != 0, id: numbers[index], rights: numbers[index + 1] & 7))
        }
        named.sort()
        guard zip(named, named.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        switch role {
        case .access: return access(rights, named, permissions)
        case .initial: return initial(rights, named)
        }
    }

    /// Somebody who is named in a list.
    private struct Named: Comparable {
        let isUser: Bool
        let id: UInt32
        let rights: UInt32

        static func < (left: Named, right: Named) -> Bool {
            left.isUser == right.isUser ? left.id < right.id : left.isUser
        }
    }

    private static func access(_ rights: [UInt32], _ named: [Named], _ permissions: UInt16) -> [UInt8] {
        if named.isEmpty, rights[2] == none { return [] }
        let (owner, middle, others) = (
            UInt32(permissions >> 6 & 7), UInt32(permissions >> 3 & 7), UInt32(permissions & 7)
        )
        return encoded(
            owner, rights[1] == none ? middle : rights[1], mask: middle, others, named)
    }

    private static func initial(_ rights: [UInt32], _ named: [Named]) -> [UInt8]? {
        if rights.allSatisfy({ $0 == none }), named.isEmpty { return [] }
        guard rights[0] != none, rights[1] != none, rights[3] != none, named.isEmpty || rights[2] != none else {
            return nil
        }
        return encoded(rights[0], rights[1], mask: rights[2] == none ? nil : rights[2], rights[3], named)
    }

    private static func encoded(
        _ owner: UInt32, _ group: UInt32, mask: UInt32?, _ others: UInt32, _ named: [Named]
    ) -> [UInt8] {
        var list = bytes(2) + entry(Tag.owner, owner)
        for one in named where one.isUser { list += entry(Tag.user, one.rights, one.id) }
        list += entry(Tag.groupOwner, group)
        for one in named where !one.isUser { list += entry(Tag.group, one.rights, one.id) }
        if let mask { list += entry(Tag.mask, mask) }
        return list + entry(Tag.others, others)
    }

    private static func entry(_ tag: Int, _ rights: UInt32, _ id: UInt32 = nobody) -> [UInt8] {
        [UInt8(tag), 0, UInt8(rights), 0] + bytes(id)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << ($1 * 8) }
    }
}
