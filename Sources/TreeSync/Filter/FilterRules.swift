/// An ordered list of rules that choose what takes part in a synchronisation.
///
/// ```swift
/// var options = Options()
/// options.filters = FilterRules([.exclude("*.o"), .protect("/lost+found")])
/// ```
/// rsync's syntax is read by ``FilterParser``.
public struct FilterRules: Sendable, Hashable {
    /// A rule, or the place of the rules that directories hold themselves.
    public enum Element: Sendable, Hashable {
        /// A rule for every directory.
        case rule(FilterRule)
        /// Rules that are read from a file in each directory.
        case directoryMerge(DirectoryMerge)
    }

    /// The rules; the first that matches decides.
    public var elements: [Element]
    /// Names that `-C` in a directory's own rules stands for, beside the built-in ones; see ``FilterParser``.
    public var cvsIgnored: [UInt8] = []
    /// Whether rules in files end with a NUL (`--from0`).
    public var areNullSeparated = false

    /// Makes a list from rules.
    public init(_ rules: [FilterRule] = []) { elements = rules.map { .rule($0) } }

    /// Adds a rule at the end.
    public mutating func append(_ rule: FilterRule) { elements.append(.rule(rule)) }
    /// Adds rules at the end that are read from a file in each directory.
    public mutating func append(_ merge: DirectoryMerge) { elements.append(.directoryMerge(merge)) }

    /// Whether a rule is about names of extended attributes: then the built-in choice of them does not apply.
    public var concernExtendedAttributes: Bool {
        elements.contains { element in
            switch element {
            case .rule(let rule): rule.subject == .extendedAttributes
            case .directoryMerge: false
            }
        }
    }
}
