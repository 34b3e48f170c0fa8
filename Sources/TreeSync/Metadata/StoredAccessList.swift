/// ACLs as rsync's `--fake-super` keeps them in extended attributes, beside the kernel's encoding. Pure.
///
/// Four numbers of four bytes, little-endian: what the owner, the group, the mask and all others may; 0x80 where it is
/// left to the entry's permissions, or where there is no mask. Then eight bytes for each named user or group: its number,
/// and what it may, with the highest bit set for users. For the kernel's see `AccessControlEntry`.
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

    /// The permissions that an access ACL in the kernel's encoding stands for.
    static func permissions(of list: [UInt8]) -> UInt16 {
        var rights: [AccessControlEntry.Tag: UInt16] = [:]
        for entry in AccessControlEntry.entries(of: list) { entry.tag.map { rights[$0] = UInt16(entry.rights) } }
        let group = rights[.mask] ?? rights[.groupOwner] ?? 0
        return (rights[.owner] ?? 0) << 6 | group << 3 | (rights[.others] ?? 0)
    }

    /// - Parameter list: in the kernel's encoding, as the kernel gave it.
    static func stored(_ list: [UInt8], _ role: AccessControlList.Role) -> [UInt8] {
        var (owner, group, mask, others) = (none, none, none, none)
        var named: [UInt8] = []
        for entry in AccessControlEntry.entries(of: list) {
            switch entry.tag {
            case .owner: owner = entry.rights
            case .groupOwner: group = entry.rights
            case .mask: mask = entry.rights
            case .others: others = entry.rights
            case .user: named += bytes(entry.id) + bytes(entry.rights | user)
            case .group, nil: named += bytes(entry.id) + bytes(entry.rights)
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
        let (users, groups) = (named.filter(\.isUser), named.filter { !$0.isUser })
        return AccessControlEntry.list(
            of: [AccessControlEntry(.owner, owner)] + users.map { AccessControlEntry(.user, $0.rights, id: $0.id) }
                + [AccessControlEntry(.groupOwner, group)]
                + groups.map { AccessControlEntry(.group, $0.rights, id: $0.id) }
                + (mask.map { [AccessControlEntry(.mask, $0)] } ?? []) + [AccessControlEntry(.others, others)])
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << ($1 * 8) }
    }
}
