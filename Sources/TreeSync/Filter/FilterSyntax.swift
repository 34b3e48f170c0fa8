/// How the rules of a file or of an argument are written.
public struct FilterSyntax: Sendable, Hashable {
    /// What stands between two rules of a file.
    public enum Separator: Sendable, Hashable {
        /// The end of a line: LF, CR, or both. Lines that begin with `#` or `;` are comments.
        case lines
        /// A NUL (`--from0`).
        case nulls
        /// White space; there are no comments (modifier `w`).
        case words
    }

    /// What stands before a pattern.
    public enum Prefix: Sendable, Hashable {
        /// A rule's name and modifiers.
        case rule
        /// Perhaps `- ` or `+ `; without, the rule has this effect. A lone `!` clears the list (`--exclude-from`).
        case optional(FilterRule.Effect)
        /// Nothing: every line is a pattern (modifiers `-` and `+`).
        case none(FilterRule.Effect)
    }

    /// What stands between two rules.
    public var separator = Separator.lines
    /// What stands before a pattern.
    public var prefix = Prefix.rule
    /// Whether a lone `!` clears the list although every line is a pattern (modifier `C`).
    public var mayClear = false
    /// Where the rules hold that do not say it; where it is set, no rule may say it.
    public var sides: FilterRule.Sides?
    /// Whether the rules are matched with absolute paths.
    public var isAbsolute = false
    /// Whether the rules are ignored in directories that are being deleted.
    public var isPerishable = false
    /// Which names the rules are about.
    public var subject = FilterRule.Subject.entries

    /// Lines that begin with a rule's name.
    public init() {}

    /// Patterns that are split at white space, of names that are excluded: what `.cvsignore` holds.
    public static let cvsIgnore: FilterSyntax = {
        var syntax = FilterSyntax()
        syntax.separator = .words
        syntax.prefix = .none(.exclude)
        syntax.mayClear = true
        return syntax
    }()

    /// The patterns of `--exclude-from` and `--include-from`.
    static func patterns(_ effect: FilterRule.Effect) -> FilterSyntax {
        var syntax = FilterSyntax()
        syntax.prefix = .optional(effect)
        return syntax
    }
}
