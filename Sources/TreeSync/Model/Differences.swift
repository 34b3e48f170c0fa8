/// What differs between an entry of the source and the entry of the same name in the destination.
public struct Differences: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The contents of a file (found by reading it), the target of a symbolic link, the numbers of a device.
    public static let content = Differences(rawValue: 1 << 0)
    public static let size = Differences(rawValue: 1 << 1)
    public static let time = Differences(rawValue: 1 << 2)
    public static let permissions = Differences(rawValue: 1 << 3)
    public static let owner = Differences(rawValue: 1 << 4)
    public static let group = Differences(rawValue: 1 << 5)
    /// The access ACL or, of a directory, the default ACL.
    public static let acl = Differences(rawValue: 1 << 6)
    public static let extendedAttributes = Differences(rawValue: 1 << 7)
    /// The kind of entry itself: a file where a directory should be.
    public static let kind = Differences(rawValue: 1 << 8)
    /// The name is not yet linked to the inode of its hard link group.
    public static let hardLink = Differences(rawValue: 1 << 9)
    /// The destination has no such entry.
    public static let absent = Differences(rawValue: 1 << 10)

    /// What is set on an existing entry in place, without its contents.
    static let metadata: Differences = [.time, .permissions, .owner, .group, .acl, .extendedAttributes]
}
