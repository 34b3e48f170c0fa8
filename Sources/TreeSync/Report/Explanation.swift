/// What would happen to one path, and why.
public struct Explanation: Sendable, Hashable {
    /// What would become of the path in the destination.
    public enum Outcome: Sendable, Hashable {
        /// Something would be done.
        case action(Action)
        /// Both trees hold it, or only the source, and nothing would be done.
        case kept(KeptEntry)
        /// The destination's entry would stay as it is, because of the reasons.
        case stays
        /// The source's entry takes no part, because of the reasons or the problems.
        case leftOut
        /// Neither tree holds it.
        case nowhere
    }

    /// Why.
    public enum Reason: Sendable, Hashable {
        /// A filter rule takes the entry.
        case included(FilterRule)
        /// A filter rule hides the entry of the source, or the directory above it at this path.
        case excluded(FilterRule, at: RelativePath)
        /// A filter rule protects the entry of the destination, or one beside, above or below it, at this path.
        case protected(FilterRule, at: RelativePath)
        /// The source has no entry of this name.
        case onlyInDestination
        /// Nothing is deleted, because nothing asks for it.
        case notDeleting
        /// Only single entries are copied into its directory, or the source's directory could not be read completely.
        case notCompared
        /// A guard holds the deletion back.
        case guarded(GuardRefusal)
        /// The source's directory at this path holds nothing, and such directories are left out.
        case holdsNothing(at: RelativePath)
        /// The directory at this path is not entered.
        case notEntered(at: RelativePath)
        /// Only the destination has the directory at this path, and it is not looked into.
        case directoryOnlyInDestination(at: RelativePath)
        /// Nothing is done for the directory at this path, nor for what it holds.
        case directoryKept(KeptEntry.Reason, at: RelativePath)
        /// The source's directory has an entry of this name, and it is not among those that are named: as sources, or in
        /// a `SourceSelection`.
        case notChosen
        /// The destination would hold it, so that it would go away from the source (`Options.removesSources`).
        case leavesSource
        /// The path lies below no root.
        case outside
    }

    /// An extended attribute or an ACL that differs, with what both sides have of it.
    public struct AttributeDifference: Sendable, Hashable {
        /// What differs.
        public enum Subject: Sendable, Hashable {
            /// The extended attribute of this name.
            case attribute(name: [UInt8])
            /// The ACL.
            case accessControlList
            /// The ACL that new entries of a directory inherit.
            case defaultAccessControlList
        }

        /// What one side has.
        public enum Value: Sendable, Hashable {
            case none
            /// There is one, and the process may not read it.
            case unreadable
            /// The value of an attribute; an ACL in its short text form, with numbers of users and groups.
            case bytes([UInt8])
        }

        /// What differs.
        public var subject: Subject
        /// What the source has.
        public var source: Value
        /// What the destination has.
        public var destination: Value

        /// Makes a difference from its parts.
        public init(_ subject: Subject, source: Value, destination: Value) {
            self.subject = subject
            self.source = source
            self.destination = destination
        }
    }

    /// One side's entry.
    public struct Entry: Sendable, Hashable {
        /// What kind of entry it is.
        public var kind: EntryKind
        /// Its attributes; the source's as the options take them (`--chmod`, `--chown`).
        public var facts: EntryFacts

        /// An entry of one side.
        public init(kind: EntryKind, facts: EntryFacts) {
            self.kind = kind
            self.facts = facts
        }
    }

    /// The path below the destination's root; as it was asked for where it lies below no root.
    public var path: RelativePath
    /// What would become of it.
    public var outcome: Outcome
    /// Why, in the order of their weight; what differs is said by the outcome.
    public var reasons: [Reason] = []
    /// What the source holds there, as far as it was looked at.
    public var source: Entry?
    /// What the destination holds there, as far as it was looked at.
    public var destination: Entry?
    /// Extended attributes and ACLs that differ, where both sides have the entry and they are preserved.
    public var attributes: [AttributeDifference] = []
    /// What went wrong at the path.
    public var problems: [Problem] = []

    /// Makes an explanation without reasons.
    public init(_ path: RelativePath, _ outcome: Outcome) {
        self.path = path
        self.outcome = outcome
    }
}

extension Explanation.Entry {
    init(_ status: Status, _ options: Options) {
        let facts = EntryFacts(status, in: nil).withAccessTime(of: status, options)
        self.init(kind: status.kind, facts: facts)
    }
}
