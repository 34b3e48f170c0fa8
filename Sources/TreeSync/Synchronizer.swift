public import SystemPackage

/// One root of the source and where it goes.
public struct Source: Sendable, Hashable {
    public enum Placement: Sendable, Hashable {
        /// What the directory holds goes into the destination (rsync: a trailing slash).
        case contents
        /// The entry itself goes into the destination, under its own name.
        case entry
    }

    public var path: FilePath
    public var placement: Placement

    public init(_ path: FilePath, placement: Placement) {
        self.path = path
        self.placement = placement
    }
}

/// Makes a destination tree equal to a source tree.
///
/// A value that describes the work; nothing is opened before `plan()` or `run()`.
public struct Synchronizer: Sendable {
    public var sources: [Source]
    public var destination: FilePath
    /// Whether the destination is meant as a directory even where it does not exist and the source is one file
    /// (rsync: a trailing slash).
    public var destinationIsDirectory: Bool
    public var options: Options

    /// Makes `destination` hold exactly what the directory `source` holds.
    public init(from source: FilePath, to destination: FilePath, options: Options = Options()) {
        self.init(sources: [Source(source, placement: .contents)], to: destination, options: options)
    }

    public init(
        sources: [Source], to destination: FilePath, destinationIsDirectory: Bool = true, options: Options = Options()
    ) {
        self.sources = sources
        self.destination = destination
        self.destinationIsDirectory = destinationIsDirectory
        self.options = options
    }
}
