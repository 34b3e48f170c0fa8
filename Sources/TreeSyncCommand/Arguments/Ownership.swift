import TreeSync

/// What the options say of permissions, owners and groups that differ from the source's.
struct Ownership: Sendable, Equatable {
    private var permissionChange = PermissionChange()
    private var owners: IdentityMap?
    private var groups: IdentityMap?
    /// Names do not count (`--numeric-ids`).
    private var isNumeric = false

    /// Takes one more of these options into account.
    ///
    /// - Returns: what it makes the run keep, as `--owner` and `--group` in its place would.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) -> Options.Preserved {
        let before = self
        try takeUp(use)
        var kept: Options.Preserved = []
        if owners != before.owners { kept.insert(.owner) }
        if groups != before.groups { kept.insert(.group) }
        return kept
    }

    private mutating func takeUp(_ use: Arguments.OptionUse) throws(UsageError) {
        let value = use.value ?? []
        switch use.key {
        case .numericIDs: isNumeric = !use.isNegated
        case .changeMode:
            guard let change = PermissionChange(value) else {
                throw .badValue(use.spelling, value: value, expected: "changes as for chmod, such as Dg+s,F644,go-w")
            }
            permissionChange.append(change)
        case .userMap:
            owners = try replacing(owners, use, .users) { (text) throws(IdentityMap.Failure) in
                try IdentityMap(text, of: .users)
            }
        case .groupMap:
            groups = try replacing(groups, use, .groups) { (text) throws(IdentityMap.Failure) in
                try IdentityMap(text, of: .groups)
            }
        case .changeOwner: try changeOwner(use, value)
        default: preconditionFailure("none of these options")
        }
    }

    /// `USER:GROUP`, of which either may be missing.
    private mutating func changeOwner(_ use: Arguments.OptionUse, _ value: [UInt8]) throws(UsageError) {
        let colon = value.firstIndex(of: UInt8(ascii: ":")) ?? value.endIndex
        let (owner, group) = (Array(value[..<colon]), Array(value[colon...].dropFirst()))
        if !owner.isEmpty {
            owners = try replacing(owners, use, .users) { (_) throws(IdentityMap.Failure) in
                try IdentityMap(everybody: owner, of: .users)
            }
        }
        if !group.isEmpty {
            groups = try replacing(groups, use, .groups) { (_) throws(IdentityMap.Failure) in
                try IdentityMap(everybody: group, of: .groups)
            }
        }
    }

    private func replacing(
        _ old: IdentityMap?, _ use: Arguments.OptionUse, _ database: IdentityMap.Database,
        _ make: ([UInt8]) throws(IdentityMap.Failure) -> IdentityMap
    ) throws(UsageError) -> IdentityMap {
        if old != nil { throw .ownersTwice(use.spelling) }
        let noun = database == .users ? "user" : "group"
        do throws(IdentityMap.Failure) {
            return try make(use.value ?? [])
        } catch {
            switch error {
            case .noPair(let part):
                throw .badValue(use.spelling, value: part, expected: "pairs FROM:TO, separated by commas")
            case .noNumber(let part):
                throw .badValue(use.spelling, value: part, expected: "a name, a number, or a range such as 1000-1999")
            case .unknownName(let name, _):
                throw .badValue(use.spelling, value: name, expected: "the name or number of a \(noun) of this machine")
            }
        }
    }

    /// Tells the library.
    func resolve(into options: inout Options) {
        options.takesNumericIdentities = isNumeric
        options.permissionChange = permissionChange
        options.ownerMap = resolved(owners)
        options.groupMap = resolved(groups)
    }

    private func resolved(_ map: IdentityMap?) -> IdentityMap? {
        var result = map
        if isNumeric { result?.usesNames = false }
        return result
    }
}
