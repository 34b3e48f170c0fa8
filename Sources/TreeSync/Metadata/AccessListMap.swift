/// Which users and groups that are named in ACLs become which others: what `--usermap` and `--groupmap` do with owners,
/// they do with named entries.
final class AccessListMap: Sendable {
    private let owners: IdentityMap?
    private let groups: IdentityMap?
    private let userNames = Accounts(.users)
    private let groupNames = Accounts(.groups)

    /// `nil` where ACLs are not preserved, or nobody named in them becomes somebody else.
    init?(_ options: Options) {
        guard options.preserved.contains(.accessControlLists) else { return nil }
        owners = options.ownerMap.flatMap { $0.concernsAccessLists ? $0 : nil }
        groups = options.groupMap.flatMap { $0.concernsAccessLists ? $0 : nil }
        if owners == nil, groups == nil { return nil }
    }

    /// The list as the destination shall have it, in the kernel's encoding and order. Of entries that become one, all
    /// that any of them may is left.
    func applied(to list: [UInt8]) -> [UInt8] {
        guard let entries = Self.known(list) else { return list }
        var result: [AccessControlEntry] = []
        for entry in AccessControlEntry.ordered(entries.map(mapped)) {
            if let last = result.last, last.tag == entry.tag, last.id == entry.id {
                result[result.count - 1] = AccessControlEntry(entry.tag, last.rights | entry.rights, id: entry.id)
            } else {
                result.append(entry)
            }
        }
        return AccessControlEntry.list(of: result)
    }

    /// The destination's list in the same order: the kernel keeps any, and `setfacl` leaves its own.
    func ordered(_ list: [UInt8]) -> [UInt8] {
        Self.known(list).map { AccessControlEntry.list(of: AccessControlEntry.ordered($0)) } ?? list
    }

    /// `nil` for no list, and for one with entries that only a later kernel knows.
    private static func known(_ list: [UInt8]) -> [AccessControlEntry]? {
        let entries = AccessControlEntry.entries(of: list)
        return entries.isEmpty || entries.contains { $0.tag == nil } ? nil : entries
    }

    private func mapped(_ entry: AccessControlEntry) -> AccessControlEntry {
        let id: UInt32? =
            switch entry.tag {
            case .user: owners?.mapped(entry.id, userNames)
            case .group: groups?.mapped(entry.id, groupNames)
            case .owner, .groupOwner, .mask, .others, nil: nil
            }
        return AccessControlEntry(entry.tag, entry.rights, id: id ?? entry.id)
    }
}
