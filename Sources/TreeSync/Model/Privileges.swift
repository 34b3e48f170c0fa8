extension Options {
    /// What the run takes itself to be allowed.
    public enum Privileges: Sendable, Hashable {
        /// What the process may do: with capabilities it gives files away, makes devices and sets privileged attributes.
        case ofProcess
        /// Everything is tried, and what is refused is a problem (`--super`).
        case assumed
        /// As anybody: no owners, no groups but the process's own, no devices, and only `user.*` of the extended
        /// attributes (`--no-super`).
        case none
    }
}

/// The user and groups that a run takes on: its own threads, not the process (`--copy-as`).
public struct Credentials: Sendable, Hashable {
    /// The user's number.
    public var user: UInt32
    /// The number of the group that new entries get.
    public var group: UInt32
    /// The numbers of the other groups; `group` need not be among them.
    public var groups: [UInt32]

    /// Credentials of these numbers.
    public init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// Why there are no such credentials.
    public enum Failure: Error, Sendable, Hashable {
        /// Nobody has the name or number, or a number whose groups are not known and were not given.
        case unknownUser
        /// No group has the name.
        case unknownGroup
    }

    /// Those of a user of this machine.
    ///
    /// - Parameters:
    ///   - user: a name or a number.
    ///   - group: the name or number of the only group; `nil` for the groups that the user has.
    /// - Throws: `Failure` where one of them is unknown.
    public init(user: [UInt8], group: [UInt8]?) throws(Failure) {
        guard let number = Self.number(user, .users) else { throw .unknownUser }
        if let group {
            guard let only = Self.number(group, .groups) else { throw .unknownGroup }
            self.init(user: number, group: only, groups: [only])
            return
        }
        guard let known = Accounts.groups(of: number) else { throw .unknownUser }
        self.init(user: number, group: known.primary, groups: known.all)
    }

    private static func number(_ text: [UInt8], _ database: IdentityMap.Database) -> UInt32? {
        if !text.isEmpty, text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return UInt32(String(decoding: text, as: UTF8.self))
        }
        return text.isEmpty ? nil : Accounts.number(of: text, in: database)
    }
}
