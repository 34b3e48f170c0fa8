/// One step that makes the destination equal to the source.
public struct Action: Sendable, Hashable {
    /// What is done to the destination.
    public enum Verb: Sendable, Hashable {
        /// The entry is new; `differences` holds `.absent`, or `.kind` where it takes the place of another kind.
        case create
        /// The contents of a file, the target of a link or the numbers of a device are replaced.
        case update
        /// Only permissions, owner, times, ACLs or extended attributes are set.
        case setAttributes
        /// The name becomes a hard link to another path of the destination.
        case link(to: RelativePath)
        /// The name becomes a hard link to the equal entry of a basis directory.
        case linkBasis
        /// The entry is made like the one of a basis directory: a directory, or a copy of what it holds;
        /// `differences` are those from it.
        case copyBasis
        /// The destination's entry goes away, because a basis directory that is only compared with holds an equal one.
        case leaveToBasis
        /// The entry is not in the source and goes away.
        case delete
        /// A temporary file that an interrupted run left behind goes away.
        case deleteTemporary
    }

    /// What is done.
    public var verb: Verb
    /// The entry it is done to, relative to both roots.
    public var path: RelativePath
    /// The kind of the source's entry; of a deletion, the kind of what goes away.
    public var kind: EntryKind
    /// What differed; empty for deletions.
    public var differences: Differences
    /// The size of the source's regular file in bytes, 0 for other kinds and for deletions.
    public var size: Int64
    /// Where a symbolic link points, byte for byte.
    public var symbolicLinkTarget: [UInt8]?
    /// What the source says of the entry; `nil` for deletions.
    public var facts: EntryFacts?
    /// Where what is replaced or deleted goes: below the backup directory as it was given, or below the destination;
    /// `nil` where nothing is kept of it.
    public var backup: [UInt8]?

    /// Makes an action from its parts.
    public init(
        _ verb: Verb, _ path: RelativePath, _ kind: EntryKind, differences: Differences = [], size: Int64 = 0,
        symbolicLinkTarget: [UInt8]? = nil, facts: EntryFacts? = nil
    ) {
        self.verb = verb
        self.path = path
        self.kind = kind
        self.differences = differences
        self.size = size
        self.symbolicLinkTarget = symbolicLinkTarget
        self.facts = facts
    }
}
