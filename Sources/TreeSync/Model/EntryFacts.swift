/// What the source's file system says of an entry, for lines that tell about it.
public struct EntryFacts: Sendable, Hashable {
    /// The size in bytes, of directories and links too.
    public var size: Int64
    /// The modification time.
    public var modified: Timestamp
    /// When it was last read; in listings and explanations, where access times are preserved, and of what is no
    /// directory.
    public var accessed: Timestamp?
    /// The lower twelve bits of the mode: set-id, sticky, permissions.
    public var permissions: UInt16
    /// The owning user's number.
    public var owner: UInt32
    /// The owning group's number.
    public var group: UInt32
    /// The place among the synchroniser's sources of the one that holds the entry.
    public var source: Int

    /// Makes facts from their parts.
    public init(
        size: Int64, modified: Timestamp, accessed: Timestamp? = nil, permissions: UInt16,
        owner: UInt32, group: UInt32, source: Int = 0
    ) {
        self.size = size
        self.modified = modified
        self.accessed = accessed
        self.permissions = permissions
        self.owner = owner
        self.group = group
        self.source = source
    }

    init(_ status: Status, in layer: Layer?) {
        self.init(
            size: status.size, modified: status.modified, permissions: status.permissions, owner: status.owner,
            group: status.group, source: layer?.source ?? 0)
    }

    /// The same with the access time, where the options preserve it.
    func withAccessTime(of status: Status, _ options: Options) -> EntryFacts {
        guard options.preserved.contains(.accessTimes), status.kind != .directory else { return self }
        var facts = self
        facts.accessed = status.accessed
        return facts
    }
}
