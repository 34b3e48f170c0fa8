/// How many entries of each kind.
public struct KindCounts: Sendable, Hashable {
    /// Regular files, hard links of one inode counted each.
    public var regular = 0
    /// Directories, the root included.
    public var directories = 0
    /// Symbolic links.
    public var symbolicLinks = 0
    /// Character and block devices.
    public var devices = 0
    /// FIFOs and sockets.
    public var specials = 0

    /// Counts of nothing.
    public init() {}

    /// Entries of all kinds.
    public var total: Int { regular + directories + symbolicLinks + devices + specials }

    mutating func add(_ kind: EntryKind, _ count: Int = 1) {
        switch kind {
        case .regular: regular += count
        case .directory: directories += count
        case .symbolicLink: symbolicLinks += count
        case .characterDevice, .blockDevice: devices += count
        case .fifo, .socket: specials += count
        }
    }

    mutating func add(_ other: KindCounts) {
        regular += other.regular
        directories += other.directories
        symbolicLinks += other.symbolicLinks
        devices += other.devices
        specials += other.specials
    }
}

/// What was found and done, in numbers. Of a plan: what would be done.
public struct Statistics: Sendable, Hashable {
    /// Entries of the source.
    public var entries = KindCounts()
    /// Entries that were not in the destination.
    public var created = KindCounts()
    /// Entries of the destination that went away.
    public var deleted = KindCounts()
    /// Entries that existed in another state and were brought up to date; contents and attributes alike.
    public var updated = 0
    /// Entries whose name became a hard link.
    public var linked = 0
    /// Regular files whose contents were copied.
    public var copiedFiles = 0
    /// The sizes of all regular files and symbolic links of the source, in bytes.
    public var totalSize: Int64 = 0
    /// The sizes of the copied files in bytes, holes included.
    public var copiedSize: Int64 = 0
    /// Bytes of the source that were really written, without holes and clones. 0 in a plan.
    public var writtenBytes: Int64 = 0

    /// Statistics of nothing.
    public init() {}

    mutating func add(_ other: Statistics) {
        entries.add(other.entries)
        created.add(other.created)
        deleted.add(other.deleted)
        updated += other.updated
        linked += other.linked
        copiedFiles += other.copiedFiles
        totalSize.addSaturating(other.totalSize)
        copiedSize.addSaturating(other.copiedSize)
        writtenBytes.addSaturating(other.writtenBytes)
    }
}

extension Int64 {
    /// Sizes of files add up to more than there are numbers: two files of holes may have 8 EiB each.
    mutating func addSaturating(_ other: Int64) {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        self = isTooLarge ? .max : sum
    }
}

/// Why all deletions were refused.
public enum GuardRefusal: Sendable, Hashable {
    /// The source is empty and the destination is not (`--allow-empty-source`).
    case emptySource
    /// More entries would be deleted than `--max-delete` allows.
    case deletionLimit(planned: Int, allowed: Int)
    /// The source could not be read completely (`--ignore-errors`).
    case sourceErrors
    /// A root of the source does not hold the entry that it must hold (`--source-marker`).
    case noSourceMarker(RelativePath)
    /// A root lies on a mount point of `/etc/fstab` that is not mounted (`--allow-unmounted`).
    case unmounted(RelativePath)
}

/// Problems with one cause: how many, and the first of them.
public struct ProblemGroup: Sendable, Hashable {
    /// The problem whose path is the first in byte order.
    public var first: Problem
    /// How many problems there are in all, at least 1.
    public var count: Int
    /// The first paths in byte order, at most `ProblemGroup.keptPaths`.
    public var paths: [RelativePath]

    /// How many paths a group keeps.
    public static let keptPaths = 10

    /// Makes a group from its parts.
    public init(first: Problem, count: Int, paths: [RelativePath]) {
        self.first = first
        self.count = count
        self.paths = paths
    }
}

/// The result of a run or of planning.
public struct Report: Sendable, Hashable {
    /// What was found and done, in numbers.
    public var statistics = Statistics()
    /// Grouped by cause, in a fixed order.
    public var problems: [ProblemGroup] = []
    /// Why all deletions were refused; `nil` where they were not.
    public var refusal: GuardRefusal?
    /// The run was cancelled; what was done stands.
    public var isCancelled = false
    /// Whether the root of the destination had to be created.
    public var createdDestination = false
    /// How long it took, from opening the roots to the last action.
    public var duration: Duration = .zero

    /// The report of a run that found nothing.
    public init() {}

    /// Whether nothing went wrong: remarks do not count.
    public var succeeded: Bool {
        refusal == nil && !isCancelled && problems.allSatisfy { $0.first.severity == .remark }
    }
}
