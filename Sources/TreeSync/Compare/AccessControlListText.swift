/// ACLs in the short text form of acl(5), `user::rw-,user:7:r--,…`, with numbers of users and groups. Pure.
enum AccessControlListText {
    /// - Parameter list: in the kernel's encoding (`AccessControlEntry`). Empty for none.
    static func value(_ list: [UInt8]) -> Explanation.AttributeDifference.Value {
        if list.isEmpty { return .none }
        guard list.count >= 4 else { return .unreadable }
        return .bytes(Array(AccessControlEntry.entries(of: list).map(text).joined(separator: ",").utf8))
    }

    private static func text(_ entry: AccessControlEntry) -> String {
        let whom =
            switch entry.tag {
            case .owner: "user:"
            case .user: "user:\(entry.id)"
            case .groupOwner: "group:"
            case .group: "group:\(entry.id)"
            case .mask: "mask:"
            case .others: "other:"
            case nil: "?"
            }
        return whom + ":" + [(4, "r"), (2, "w"), (1, "x")].map { entry.rights & $0.0 == 0 ? "-" : $0.1 }.joined()
    }
}
