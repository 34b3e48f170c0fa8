extension TreeGenerator {
    /// Attributes that an entry of this kind can have.
    mutating func attributes(of shape: Tree.Shape) -> Attributes {
        var attributes = Attributes(modified: time(isFile: shape.isFile))
        if abilities.isPrivileged {
            attributes.owner = random.pick([0, 1, 1000, 65534, 4_000_000_000])
            attributes.group = random.pick([0, 5, 1000, 65534, 4_000_000_000])
        }
        if !shape.isLink {
            attributes.permissions = permissions(of: shape)
            if random.once(in: 6) { attributes.accessList = list(of: shape) }
        }
        if shape.isDirectory, random.once(in: 5) { attributes.defaultList = list(of: shape) }
        if random.once(in: 4) { attributes.extended = extendedAttributes(of: shape) }
        if shape.isFile, abilities.isPrivileged, random.once(in: 8) {
            attributes.capabilities = UInt32(random.below(1 << 16))
        }
        return attributes
    }

    /// From 1901 to 2446, as far as ext4 goes. A file's nanoseconds are always random: two files of one size and one
    /// time would be one to a quick check, whatever they hold.
    mutating func time(isFile: Bool) -> Time {
        let seconds: Int64 =
            switch random.below(6) {
            case 0:
                random.pick([-2_147_483_647, -1, 0, 1, 2_147_483_647, 2_147_483_648, 4_294_967_296, 15_032_385_534])
            case 1: -2_147_483_647 + Int64(random.below(2_147_483_647))
            case 2: 4_102_444_800 + Int64(random.below(10_000_000_000))
            default: 1_000_000_000 + Int64(random.below(1_000_000_000))
            }
        let isRandom = isFile || random.once(in: 2)
        return Time(
            seconds, nanoseconds: isRandom ? UInt32(random.below(1_000_000_000)) : random.pick([0, 1, 999_999_999]))
    }

    /// 0 … 07777, such as the owner can read where the tree must be readable.
    mutating func permissions(of shape: Tree.Shape) -> UInt32 {
        let any = UInt32(random.pick([0o644, 0o755, 0, 0o7777, 0o4755, 0o2755, 0o1777, 0o500, random.below(0o10000)]))
        return any | neededPermissions(of: shape)
    }

    /// The owner's bits without which an unprivileged process could not read the entry.
    func neededPermissions(of shape: Tree.Shape) -> UInt32 {
        guard abilities.isReadable else { return 0 }
        return shape.isDirectory ? 0o500 : shape.isFile ? 0o400 : 0
    }

    /// A list with named users, groups or both, or one that says no more than permissions do.
    mutating func list(of shape: Tree.Shape) -> AccessControlList {
        func bits() -> UInt16 { UInt16(random.below(8)) }
        var list = AccessControlList(
            owner: bits() | UInt16(neededPermissions(of: shape) >> 6), group: bits(), other: bits(), mask: bits())
        for _ in 0..<random.below(4) { list.users[UInt32(random.pick([1, 7, 1000, 65534, 4_000_000_000]))] = bits() }
        for _ in 0..<random.below(3) { list.groups[UInt32(random.pick([1, 7, 1000, 65534]))] = bits() }
        return list
    }

    /// Small enough for the one block that ext4 gives to all attributes of an entry.
    mutating func extendedAttributes(of shape: Tree.Shape) -> [Name: [UInt8]] {
        var namespaces: [String] = shape.isFile || shape.isDirectory ? ["user."] : []
        if abilities.isPrivileged { namespaces += ["trusted.", "security."] }
        guard !namespaces.isEmpty else { return [:] }
        var attributes: [Name: [UInt8]] = [:]
        for _ in 0..<1 + random.below(4) {
            let name =
                random.pick(namespaces)
                + random.pick(["a", "b.c", "größe", "with space", String(repeating: "n", count: 200)])
            attributes[Name(name.utf8)] = (0..<random.pick([0, 1, 20, 300])).map { _ in UInt8(random.below(256)) }
        }
        return attributes
    }
}

extension Tree.Shape {
    var isDirectory: Bool { if case .directory = self { true } else { false } }
    var isFile: Bool { if case .file = self { true } else { false } }
    var isLink: Bool { if case .symbolicLink = self { true } else { false } }
}
