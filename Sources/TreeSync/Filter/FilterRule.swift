/// One rule that decides about names: whether the source's entry takes part, and whether the destination's may be
/// deleted.
///
/// The first rule that matches a name decides; what no rule matches takes part and may be deleted. Where a directory
/// is excluded, nothing below it is looked at.
public struct FilterRule: Sendable, Hashable {
    /// What becomes of a name that matches.
    public enum Effect: Sendable, Hashable {
        /// The source's entry is hidden; the destination's is protected from deletion.
        case exclude
        /// The source's entry is shown; the destination's is at risk of deletion.
        case include
    }

    /// Which names a rule is about.
    public enum Subject: Sendable, Hashable {
        /// Names of entries.
        case entries
        /// Names of extended attributes (rsync's modifier `x`).
        case extendedAttributes
    }

    /// Where a rule holds.
    public struct Sides: OptionSet, Sendable, Hashable {
        /// The set as bits, one for each side.
        public let rawValue: UInt8
        /// Makes a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The source: hide and show.
        public static let source = Sides(rawValue: 1 << 0)
        /// The destination: protect and risk.
        public static let destination = Sides(rawValue: 1 << 1)
        /// Both sides.
        public static let both: Sides = [.source, .destination]
    }

    /// What becomes of a name that matches.
    public var effect: Effect
    /// What is matched, in rsync's syntax: `*.o`, `/build/`, `docs/**/draft?`.
    public var pattern: [UInt8]
    /// Where the rule holds; `nil` means both sides, or the source alone with `Options.deletesExcluded`.
    public var sides: Sides?
    /// Which names the rule is about.
    public var subject = Subject.entries
    /// Whether the pattern is matched with the entry's absolute path (modifier `/`).
    public var isAbsolute = false
    /// Whether the rule takes effect where the pattern does not match (modifier `!`).
    public var isNegated = false
    /// Whether the rule is ignored in directories that are being deleted (modifier `p`).
    public var isPerishable = false
    /// Where the rule was written; `nil` for a rule that a program made.
    public var origin: FilterOrigin?

    /// Makes a rule that holds on both sides.
    public init(_ effect: Effect, _ pattern: [UInt8], sides: Sides? = nil) {
        self.effect = effect
        self.pattern = pattern
        self.sides = sides
    }

    /// Hides and protects what matches.
    public static func exclude(_ pattern: String) -> FilterRule { FilterRule(.exclude, Array(pattern.utf8)) }
    /// Shows what matches, and lets it be deleted.
    public static func include(_ pattern: String) -> FilterRule { FilterRule(.include, Array(pattern.utf8)) }
    /// Leaves the source's entries of this name out, and lets the destination's be deleted.
    public static func hide(_ pattern: String) -> FilterRule {
        FilterRule(.exclude, Array(pattern.utf8), sides: .source)
    }
    /// Lets the source's entries of this name take part.
    public static func show(_ pattern: String) -> FilterRule {
        FilterRule(.include, Array(pattern.utf8), sides: .source)
    }
    /// Keeps the destination's entries of this name from being deleted.
    public static func protect(_ pattern: String) -> FilterRule {
        FilterRule(.exclude, Array(pattern.utf8), sides: .destination)
    }
    /// Lets the destination's entries of this name be deleted.
    public static func risk(_ pattern: String) -> FilterRule {
        FilterRule(.include, Array(pattern.utf8), sides: .destination)
    }
}

/// Where a rule was written.
public enum FilterOrigin: Sendable, Hashable {
    /// An argument of the command or of a call.
    case argument
    /// A file, and the number of its line, from 1; 0 where the file is split into words.
    case file([UInt8], line: Int)
}

/// Rules that are read from a file of one name in every directory (rsync's `:`).
///
/// They hold in the directory and below it, before those of the directories above, at the place in the list where
/// this element stands.
public struct DirectoryMerge: Sendable, Hashable {
    /// The file's name in each directory.
    public var fileName: [UInt8]
    /// The directory above the source whence the file is looked for, absolute or relative to the source's root, as
    /// `/` or `../..`; `nil` looks for it in the source alone.
    public var start: [UInt8]?
    /// Whether the rules hold in the directories below, too.
    public var isInherited = true
    /// How the file is read.
    public var syntax: FilterSyntax

    /// Looks for files of this name.
    public init(_ fileName: [UInt8], syntax: FilterSyntax = FilterSyntax()) {
        self.fileName = fileName
        self.syntax = syntax
    }
}
