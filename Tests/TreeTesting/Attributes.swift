internal import CTreeTesting

/// A point in time: seconds since 1970 and nanoseconds after that second.
public struct Time: Hashable, Sendable {
    /// Negative before 1970.
    public var seconds: Int64
    /// 0 ..< 1,000,000,000.
    public var nanoseconds: UInt32

    /// A point in time.
    public init(_ seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

extension Time {
    /// The modification time of an entry.
    init(of status: tt_status) {
        self.init(status.modified_seconds, nanoseconds: status.modified_nanoseconds)
    }
}

/// What an entry carries beside its contents.
public struct Attributes: Hashable, Sendable {
    /// Permissions with set-id and sticky bits; `nil` for 0644, of a directory 0755. Links have none.
    public var permissions: UInt32?
    /// `nil` for the process's own.
    public var owner: UInt32?
    /// `nil` for the process's own.
    public var group: UInt32?
    /// The modification time. The default is the same for every entry.
    public var modified: Time
    /// Extended attributes of every namespace but `system`.
    public var extended: [Name: [UInt8]]
    /// Decides the permissions of owner, group and others where it is given.
    public var accessList: AccessControlList?
    /// Directories only.
    public var defaultList: AccessControlList?
    /// Permitted and inheritable capabilities 0 … 31 of a file, as bits.
    public var capabilities: UInt32?

    /// The modification time of entries for which no other is given.
    public static let defaultTime = Time(1_500_000_000, nanoseconds: 123_456_789)

    /// Attributes of which all can be left out.
    public init(
        permissions: UInt32? = nil, owner: UInt32? = nil, group: UInt32? = nil,
        modified: Time = Attributes.defaultTime, extended: [Name: [UInt8]] = [:],
        accessList: AccessControlList? = nil, defaultList: AccessControlList? = nil, capabilities: UInt32? = nil
    ) {
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.modified = modified
        self.extended = extended
        self.accessList = accessList
        self.defaultList = defaultList
        self.capabilities = capabilities
    }

    /// `security.capability`, revision 2: magic and effective flag, then permitted and inheritable bits, low and high.
    static func capabilityBytes(_ permitted: UInt32) -> [UInt8] {
        [0x0200_0001, permitted, 0, 0, 0].flatMap(littleEndian)
    }
}

/// A POSIX access control list with entries for named users and groups.
public struct AccessControlList: Hashable, Sendable {
    /// Bits 0 … 7 of the owner.
    public var owner: UInt16
    /// Bits of the owning group.
    public var group: UInt16
    /// Bits of everybody else.
    public var other: UInt16
    /// What named users, named groups and the owning group may have at most.
    public var mask: UInt16
    /// Bits of named users.
    public var users: [UInt32: UInt16]
    /// Bits of named groups.
    public var groups: [UInt32: UInt16]

    /// A list; one without named users and groups means no more than permissions, and the system keeps it as such.
    public init(
        owner: UInt16, group: UInt16, other: UInt16, mask: UInt16, users: [UInt32: UInt16] = [:],
        groups: [UInt32: UInt16] = [:]
    ) {
        self.owner = owner
        self.group = group
        self.other = other
        self.mask = mask
        self.users = users
        self.groups = groups
    }

    /// The value of `system.posix_acl_access` and `…_default`: a version, then tag, bits and identity of each entry.
    var bytes: [UInt8] {
        let nobody = UInt32.max
        var entries: [(tag: UInt16, bits: UInt16, identity: UInt32)] = [(0x01, owner, nobody)]
        entries += users.sorted { $0.key < $1.key }.map { (0x02, $0.value, $0.key) }
        entries += [(0x04, group, nobody)]
        entries += groups.sorted { $0.key < $1.key }.map { (0x08, $0.value, $0.key) }
        entries += [(0x10, mask, nobody), (0x20, other, nobody)]
        return littleEndian(2)
            + entries.flatMap { littleEndian(UInt32($0.tag) | UInt32($0.bits) << 16) + littleEndian($0.identity) }
    }
}

private func littleEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
