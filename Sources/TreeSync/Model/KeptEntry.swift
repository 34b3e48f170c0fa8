/// An entry of the source for which nothing is done.
public struct KeptEntry: Sendable, Hashable {
    /// Why nothing is done.
    public enum Reason: Sendable, Hashable {
        /// Both trees hold the same.
        case equal
        /// The destination has another name of the same inode, as the source has (`hard-links`).
        case linked
        /// The destination's file is newer (`skipsNewer`).
        case newer
        /// The destination has an entry of this name (`ignoresExisting`).
        case exists
        /// The destination has no entry of this name, and none is created (`existingOnly`).
        case notCreated
        /// The source's file is larger than `Options.largestSize`.
        case tooLarge
        /// The source's file is smaller than `Options.smallestSize`.
        case tooSmall
        /// The destination's file is not shorter, and files only grow (`Options.Arrival.growth`).
        case notShorter
        /// Another file system is mounted there, and such directories are left out (`leavesOutMountPoints`).
        case mountPoint
        /// The link leads out of the tree, and such links take no part (`Options.Links.leavesOutUnsafe`).
        case unsafeLink
    }

    /// The entry, relative to both roots.
    public var path: RelativePath
    /// What kind of entry the source holds.
    public var kind: EntryKind
    /// Why nothing is done.
    public var reason: Reason
    /// What differs all the same; empty where both are equal.
    public var differences: Differences
    /// What the source says of the entry.
    public var facts: EntryFacts
    /// Where a symbolic link points, byte for byte.
    public var symbolicLinkTarget: [UInt8]?

    /// Makes an entry from its parts.
    public init(
        _ path: RelativePath, _ kind: EntryKind, _ reason: Reason, differences: Differences = [], facts: EntryFacts,
        symbolicLinkTarget: [UInt8]? = nil
    ) {
        self.path = path
        self.kind = kind
        self.reason = reason
        self.differences = differences
        self.facts = facts
        self.symbolicLinkTarget = symbolicLinkTarget
    }
}
