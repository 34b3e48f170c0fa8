/// Entries that are chosen by name below a directory of the source, each put at the same path below the destination.
///
/// The directories that lead to them are copied without the rest of what they hold (rsync's `--relative`), as real
/// directories even where they are symbolic links in the source.
public struct SourceSelection: Sendable, Hashable {
    /// One chosen entry.
    public struct Element: Sendable, Hashable {
        /// What of an entry is chosen.
        public enum Part: Sendable, Hashable {
            /// The entry itself; a directory with all that it holds where `Options.recursive` says so.
            case entry
            /// The directory and what it holds, of the directories in it nothing more without `Options.recursive`; of
            /// anything else the entry itself (rsync: a trailing slash).
            case contents
        }

        /// Relative to the directory that is chosen from; the root is that directory itself.
        public var path: RelativePath
        /// Itself, or with its contents.
        public var part: Part

        /// Chooses an entry.
        public init(_ path: RelativePath, part: Part = .entry) {
            self.path = path
            self.part = part
        }
    }

    /// Where below `Source.path` the names begin; what leads there does not go to the destination.
    public var directory = RelativePath.root
    /// In any order; the same one may be named twice. What does not exist is a problem each.
    public var elements: [Element]
    /// Whether symbolic links among the directories that lead to an entry may leave `Source.path`. Else such an entry
    /// is a problem: whoever may write to the tree must not choose what is read.
    public var followsLinksOutside = false

    /// Chooses entries.
    public init(_ elements: [Element]) { self.elements = elements }
}
