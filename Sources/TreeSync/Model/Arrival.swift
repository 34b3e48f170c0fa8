public import SystemPackage

extension Options {
    /// How the contents of regular files get to where they belong.
    public struct Arrival: Sendable, Hashable {
        /// What becomes of a file that is longer in the source than in the destination.
        public enum Growth: Sendable, Hashable {
            /// What the destination has counts as right; the rest is appended (`--append`).
            case trusting
            /// What the destination has is compared first, and put right where it differs (`--append-verify`).
            case verifying
        }

        /// Where a file that could not be finished is kept.
        public enum PartialFiles: Sendable, Hashable {
            /// Under its own name, where nothing else has that (`--partial`).
            case inPlace
            /// In this directory (`--partial-dir`): below each file's own, or one for all where the path is absolute,
            /// which has to be on the destination's file system. Only its last name is made. A relative path that leads
            /// upwards is refused.
            case directory(FilePath)
        }

        /// A changed file is written to where it is, its changed blocks alone (`--inplace`). Whoever reads it meanwhile
        /// sees some of both; after an interruption its time says that it is not finished.
        public var writesInPlace = false
        /// Files only grow: what is not shorter in the destination is left alone, and what is, gets its end where it
        /// is; `nil` for all others.
        public var growth: Growth?
        /// `true` copies changed files whole (`--whole-file`); `false` writes changed blocks alone, into a clone of the
        /// old file where the file system can share blocks (`--no-whole-file`); `nil` does that only to files that are
        /// written in place.
        public var copiesWholeFiles: Bool?
        /// How many bytes are compared at once where changed blocks alone are written (`--block-size`).
        public var blockSize = 4096
        /// Blocks are reserved before a file is written (`--preallocate`).
        public var preallocates = false
        /// Where files are kept that could not be finished; `nil` keeps none.
        public var partialFiles: PartialFiles?
        /// Files are made in this directory until they are complete (`--temp-dir`); a relative path begins at the
        /// destination. `nil` makes them where they belong.
        public var temporaryDirectory: FilePath?
        /// All new and changed files, links and special files get their names together when everything is copied
        /// (`--delay-updates`); nothing is written in place. Memory grows with their number. Where the run is stopped,
        /// complete files are kept in `partialFiles`, or in `.~tmp~` below each file's directory.
        public var delaysUpdates = false

        /// Files are replaced when they are complete.
        public init() {}
    }
}

extension Options.Arrival {
    /// rsync's name for it.
    static let directoryOfDelayed = ".~tmp~"

    /// Where files are kept that could not be finished. Those that wait for the end of the run are kept in a directory.
    var keptPartialFiles: PartialFiles? {
        if delaysUpdates {
            if case .directory = partialFiles { return partialFiles }
            return .directory(FilePath(Self.directoryOfDelayed))
        }
        return (writesInPlace || growth != nil) && partialFiles == nil ? .inPlace : partialFiles
    }
}
