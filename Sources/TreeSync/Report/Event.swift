/// What happens during a run.
public enum Event: Sendable, Hashable {
    /// The action was decided. Planned actions come in the order of the tree, whatever the threads do:
    /// a directory, its other entries in byte order, then its directories; deletions that come last are last.
    case planned(Action)
    /// Nothing is done for an entry of the source. Comes among the planned actions, in the order of the tree.
    case kept(KeptEntry)
    /// The action was carried out, or failed. Outcomes come as they happen.
    case finished(Action, Outcome)
    /// One entry failed; also in the report at the end.
    case problem(Problem)
    /// The entry went away from the source, because the destination holds it.
    case removedSource(RelativePath)
    /// How far the run is; about ten times a second.
    case progress(Progress)
}

/// What became of one action.
public enum Outcome: Sendable, Hashable {
    case done
    case failed(Problem)
}

/// How far a run is. Totals grow while the tree is still being walked.
public struct Progress: Sendable, Hashable {
    /// Entries of the source compared so far.
    public var scannedEntries = 0
    /// Files whose contents are to be copied, as far as is known.
    public var plannedFiles = 0
    /// Bytes of those files.
    public var plannedBytes: Int64 = 0
    /// Files whose contents are complete in the destination.
    public var copiedFiles = 0
    /// Bytes of finished and unfinished copies, holes included.
    public var copiedBytes: Int64 = 0
    /// Large files that are being copied, in the order in which they were begun.
    public var largeFiles: [FileProgress] = []
    /// Whether the walk is complete, so that the totals are final.
    public var isScanComplete = false

    /// The progress of a run that has not begun.
    public init() {}
}

/// How far the copy of one large file is.
public struct FileProgress: Sendable, Hashable {
    /// From this size on, in bytes, a file is told of by itself: it takes a slow disk some tenths of a second.
    public static let leastSize: Int64 = 16 << 20

    /// The file.
    public var path: RelativePath
    /// Its size in bytes.
    public var size: Int64
    /// Bytes that are copied, holes included; at most `size`.
    public var copiedBytes: Int64 = 0

    /// A file of which nothing is copied yet.
    public init(_ path: RelativePath, size: Int64) {
        self.path = path
        self.size = size
    }
}

/// Which events a run delivers; the others cost nothing.
public struct EventKinds: OptionSet, Sendable, Hashable {
    /// The set as bits, one for each kind.
    public let rawValue: UInt8
    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `Event.planned`.
    public static let planned = EventKinds(rawValue: 1)
    /// `Event.finished`.
    public static let finished = EventKinds(rawValue: 2)
    /// `Event.problem`.
    public static let problems = EventKinds(rawValue: 4)
    /// `Event.progress`.
    public static let progress = EventKinds(rawValue: 8)
    /// `Event.kept`: as many as the source has entries, so that an equal entry is no longer free.
    public static let kept = EventKinds(rawValue: 16)
    /// `Event.removedSource`.
    public static let removedSources = EventKinds(rawValue: 32)
    /// Every kind but `kept`.
    public static let all: EventKinds = [.planned, .finished, .problems, .progress, .removedSources]
}
