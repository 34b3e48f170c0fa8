/// Builds a list of rules from rsync's syntax, in the order in which they are given.
///
/// ```swift
/// var parser = FilterParser { file, origin throws(FilterError) in try contents(of: file) }
/// try parser.addRule("+ */")
/// try parser.addPattern("*.o", .exclude)
/// options.filters = parser.rules
/// ```
/// Files that rules name are read by the caller, so that a parser makes no system calls.
public struct FilterParser {
    /// How the contents of a file of rules are found. The origin is that of the rule that names it.
    public typealias Read = (_ file: [UInt8], _ origin: FilterOrigin) throws(FilterError) -> [UInt8]

    private var collector: RuleCollector

    /// Begins an empty list.
    ///
    /// - Parameters:
    ///   - cvsIgnored: what the rule `-C` adds to CVS's own patterns: words such as `~/.cvsignore` and `$CVSIGNORE` hold.
    ///   - read: called for each file that a rule names.
    public init(cvsIgnored: [UInt8] = [], read: @escaping Read) {
        collector = RuleCollector(cvsIgnored: cvsIgnored, read: read)
    }

    /// Whether rules in files that are named from now on end with a NUL and not with their line (`--from0`).
    public var areNullSeparated: Bool {
        get { collector.areNullSeparated }
        set { collector.areNullSeparated = newValue }
    }

    /// The rules so far.
    public var rules: FilterRules {
        var rules = FilterRules()
        rules.elements = collector.elements
        rules.cvsIgnored = collector.cvsIgnored
        rules.areNullSeparated = collector.areNullSeparated
        return rules
    }

    /// Adds a rule such as `- *.o`, `protect /lost+found` or `: .rules` (`--filter`).
    public mutating func addRule(_ text: [UInt8]) throws(FilterError) {
        try collector.add(text, FilterSyntax(), .argument)
    }

    /// Adds a rule such as `- *.o`, `protect /lost+found` or `: .rules` (`--filter`).
    public mutating func addRule(_ text: String) throws(FilterError) { try addRule(Array(text.utf8)) }

    /// Adds a pattern (`--exclude`, `--include`); perhaps it says `- ` or `+ ` itself, and `!` clears the list.
    public mutating func addPattern(_ pattern: [UInt8], _ effect: FilterRule.Effect) throws(FilterError) {
        try collector.add(pattern, .patterns(effect), .argument)
    }

    /// Adds a file of patterns (`--exclude-from`, `--include-from`).
    public mutating func addPatterns(from file: [UInt8], _ effect: FilterRule.Effect) throws(FilterError) {
        var syntax = FilterSyntax.patterns(effect)
        if collector.areNullSeparated { syntax.separator = .nulls }
        try collector.addFile(file, try collector.read(file, .argument), syntax)
    }

    /// Adds what CVS ignores, and the `.cvsignore` of every directory (`--cvs-exclude`).
    public mutating func addCVSRules() throws(FilterError) {
        try addRule(":C")
        try addRule("-C")
    }
}
