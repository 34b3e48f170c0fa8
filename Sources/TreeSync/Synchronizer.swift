public import SystemPackage

/// One root of the source and where it goes.
public struct Source: Sendable, Hashable {
    /// What of the root goes into the destination.
    public enum Placement: Sendable, Hashable {
        /// What the directory holds goes into the destination (rsync: a trailing slash).
        case contents
        /// The entry itself goes into the destination, under its own name.
        case entry
        /// Entries below the directory that are chosen by their names.
        case selection(SourceSelection)
    }

    /// May itself be or go through a symbolic link.
    public var path: FilePath
    /// Its contents, itself, or some of what lies below it.
    public var placement: Placement

    /// A root of the source; nothing is opened yet.
    public init(_ path: FilePath, placement: Placement) {
        self.path = path
        self.placement = placement
    }
}

/// Makes a destination tree equal to a source tree.
///
/// A value that describes the work; nothing is opened before `plan()` or `run()`.
public struct Synchronizer: Sendable {
    /// Where several hold the same name, a directory counts, else the first one; directories of one name are merged.
    public var sources: [Source]
    /// The directory that is made equal; its last name is created where it does not exist.
    public var destination: FilePath
    /// Whether the destination is meant as a directory even where it does not exist and the source is one file
    /// (rsync: a trailing slash).
    public var destinationIsDirectory: Bool
    /// What is preserved, compared and deleted.
    public var options: Options
    /// The changes that are applied, in the place of sources.
    public var batch: Batch?

    /// Makes `destination` hold exactly what the directory `source` holds.
    public init(from source: FilePath, to destination: FilePath, options: Options = Options()) {
        self.init(sources: [Source(source, placement: .contents)], to: destination, options: options)
    }

    /// Makes `destination` hold what several roots hold, or single entries.
    public init(
        sources: [Source], to destination: FilePath, destinationIsDirectory: Bool = true, options: Options = Options()
    ) {
        self.sources = sources
        self.destination = destination
        self.destinationIsDirectory = destinationIsDirectory
        self.options = options
    }
}
