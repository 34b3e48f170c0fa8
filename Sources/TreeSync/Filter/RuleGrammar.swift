/// A rule as it was written, before files are read.
enum WrittenRule {
    case rule(FilterRule)
    /// Patterns that CVS ignores, with the effect of this rule.
    case cvsPatterns(FilterRule)
    case merge(WrittenMerge)
    /// Forgets the rules before it.
    case clear
    case nothing
}

/// A rule that names a file of rules.
struct WrittenMerge {
    var file: [UInt8]
    /// Whether every directory has its own.
    var isPerDirectory: Bool
    /// Whether the file itself is excluded.
    var excludesItself = false
    var isInherited = true
    var syntax: FilterSyntax
}

/// Reads one rule.
struct RuleGrammar {
    let syntax: FilterSyntax
    let origin: FilterOrigin
    /// What separates the rules of files that the rule names.
    let separator: FilterSyntax.Separator

    func parse(_ text: [UInt8]) throws(FilterError) -> WrittenRule {
        switch syntax.prefix {
        case .rule: return text.isEmpty ? .nothing : try parseRule(text)
        case .optional(let effect): return try parsePattern(text, effect)
        case .none(let effect):
            if syntax.mayClear, text == [UInt8(ascii: "!")] { return .clear }
            return text.isEmpty ? .nothing : .rule(rule(effect, text))
        }
    }

    /// `PATTERN`, `- PATTERN`, `+ PATTERN` or `!`.
    private func parsePattern(_ text: [UInt8], _ effect: FilterRule.Effect) throws(FilterError) -> WrittenRule {
        if text.isEmpty { return .nothing }
        if text == [UInt8(ascii: "!")] { return .clear }
        guard text.count > 1, text[1] == UInt8(ascii: " "), let sign = Self.effects[text[0]] else {
            return .rule(rule(effect, text))
        }
        guard text.count > 2 else { throw FilterError(.missingPattern, text, origin) }
        return .rule(rule(sign, Array(text[2...])))
    }

    private static let effects: [UInt8: FilterRule.Effect] = [
        UInt8(ascii: "-"): .exclude, UInt8(ascii: "+"): .include,
    ]

    private func rule(_ effect: FilterRule.Effect, _ pattern: [UInt8]) -> FilterRule {
        var rule = FilterRule(effect, pattern, sides: syntax.sides)
        rule.isAbsolute = syntax.isAbsolute
        rule.isPerishable = syntax.isPerishable
        rule.subject = syntax.subject
        rule.origin = origin
        return rule
    }

    // MARK: Rules with a name

    private func parseRule(_ text: [UInt8]) throws(FilterError) -> WrittenRule {
        var cursor = RuleCursor(text: text, origin: origin)
        switch try cursor.takeName() {
        case .pattern(let effect): return try parsePatternRule(&cursor, effect)
        case .sided(let effect, let sides): return try parseSidedRule(&cursor, effect, sides)
        case .merge: return try parseMerge(&cursor, isPerDirectory: false)
        case .directoryMerge: return try parseMerge(&cursor, isPerDirectory: true)
        case .clear:
            guard cursor.isAtEnd else { throw FilterError(.textAfterClear, text, origin) }
            return .clear
        }
    }

    private func parsePatternRule(
        _ cursor: inout RuleCursor, _ effect: FilterRule.Effect
    ) throws(FilterError) -> WrittenRule {
        var rule = rule(effect, [])
        var isCVS = false
        while let modifier = cursor.takeModifier() {
            switch modifier {
            case UInt8(ascii: "C"): isCVS = true
            case UInt8(ascii: "s"): try addSide(.source, to: &rule.sides, cursor)
            case UInt8(ascii: "r"): try addSide(.destination, to: &rule.sides, cursor)
            default: try modify(&rule, modifier, cursor)
            }
        }
        if isCVS { return .cvsPatterns(rule) }
        rule.pattern = try cursor.takeRest()
        return .rule(rule)
    }

    private func parseSidedRule(
        _ cursor: inout RuleCursor, _ effect: FilterRule.Effect, _ sides: FilterRule.Sides
    ) throws(FilterError) -> WrittenRule {
        var rule = rule(effect, [])
        try addSide(sides, to: &rule.sides, cursor)
        while let modifier = cursor.takeModifier() { try modify(&rule, modifier, cursor) }
        rule.pattern = try cursor.takeRest()
        return .rule(rule)
    }

    /// The modifiers that every rule with a pattern takes.
    private func modify(_ rule: inout FilterRule, _ modifier: UInt8, _ cursor: RuleCursor) throws(FilterError) {
        switch modifier {
        case UInt8(ascii: "/"): rule.isAbsolute = true
        case UInt8(ascii: "!"): rule.isNegated = true
        case UInt8(ascii: "p"): rule.isPerishable = true
        case UInt8(ascii: "x"): rule.subject = .extendedAttributes
        default: throw cursor.wrongModifier
        }
    }

    private func addSide(
        _ side: FilterRule.Sides, to sides: inout FilterRule.Sides?, _ cursor: RuleCursor
    ) throws(FilterError) {
        guard syntax.sides == nil else { throw FilterError(.sidesSpecifiedTwice, cursor.text, origin) }
        sides = (sides ?? []).union(side)
    }

    // MARK: Files of rules

    private func parseMerge(_ cursor: inout RuleCursor, isPerDirectory: Bool) throws(FilterError) -> WrittenRule {
        var merge = WrittenMerge(file: [], isPerDirectory: isPerDirectory, syntax: syntax)
        merge.syntax.separator = separator
        merge.syntax.prefix = .rule
        merge.syntax.mayClear = false
        while let modifier = cursor.takeModifier() { try modify(&merge, modifier, cursor) }
        if merge.syntax.mayClear, cursor.isAtEnd {
            merge.file = Array(".cvsignore".utf8)
        } else {
            merge.file = try cursor.takeRest()
        }
        return .merge(merge)
    }

    private func modify(_ merge: inout WrittenMerge, _ modifier: UInt8, _ cursor: RuleCursor) throws(FilterError) {
        switch modifier {
        case UInt8(ascii: "-"): try setPrefix(&merge, .none(.exclude), cursor)
        case UInt8(ascii: "+"): try setPrefix(&merge, .none(.include), cursor)
        case UInt8(ascii: "C"):
            try setPrefix(&merge, .none(.exclude), cursor)
            merge.syntax.mayClear = true
            merge.syntax.separator = .words
            merge.isInherited = false
        case UInt8(ascii: "e"): merge.excludesItself = true
        case UInt8(ascii: "n"): merge.isInherited = false
        case UInt8(ascii: "w"): merge.syntax.separator = .words
        case UInt8(ascii: "s"): try addSide(.source, to: &merge.syntax.sides, cursor)
        case UInt8(ascii: "r"): try addSide(.destination, to: &merge.syntax.sides, cursor)
        case UInt8(ascii: "/"): merge.syntax.isAbsolute = true
        case UInt8(ascii: "p"): merge.syntax.isPerishable = true
        case UInt8(ascii: "x"): merge.syntax.subject = .extendedAttributes
        default: throw cursor.wrongModifier
        }
    }

    private func setPrefix(
        _ merge: inout WrittenMerge, _ prefix: FilterSyntax.Prefix, _ cursor: RuleCursor
    ) throws(FilterError) {
        guard case .rule = merge.syntax.prefix else { throw cursor.wrongModifier }
        merge.syntax.prefix = prefix
    }
}
