/// What differs between an entry of the source and the entry of the same name in the destination.
public struct Differences: OptionSet, Sendable, Hashable {
    /// The set as bits, one for each difference.
    public let rawValue: UInt16
    /// Makes a set from its bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The contents of a file (found by reading it), the target of a symbolic link, the numbers of a device.
    public static let content = Differences(rawValue: 1 << 0)
    /// The size of a regular file.
    public static let size = Differences(rawValue: 1 << 1)
    /// The modification time.
    public static let time = Differences(rawValue: 1 << 2)
    /// The permission bits, set-id and sticky bits included.
    public static let permissions = Differences(rawValue: 1 << 3)
    /// The owning user.
    public static let owner = Differences(rawValue: 1 << 4)
    /// The owning group.
    public static let group = Differences(rawValue: 1 << 5)
    /// The access ACL or, of a directory, the default ACL.
    public static let acl = Differences(rawValue: 1 << 6)
    /// The names or the values of extended attributes other than ACLs.
    public static let extendedAttributes = Differences(rawValue: 1 << 7)
    /// The kind of entry itself: a file where a directory should be.
    public static let kind = Differences(rawValue: 1 << 8)
    /// The name is not yet linked to the inode of its hard link group.
    public static let hardLink = Differences(rawValue: 1 << 9)
    /// The destination has no such entry.
    public static let absent = Differences(rawValue: 1 << 10)
    /// The time becomes that of the copy, because times are not preserved.
    public static let timeOfCopy = Differences(rawValue: 1 << 11)

    /// The access time.
    public static let accessTime = Differences(rawValue: 1 << 12)

    /// What is set on an existing entry in place, without its contents.
    static let metadata: Differences = [.time, .permissions, .owner, .group, .acl, .extendedAttributes, .accessTime]
}
