/// Collects rules from texts and files, in the order in which they are given.
struct RuleCollector {
    /// How the contents of a file of rules are found; the origin is that of the rule that names it.
    typealias Read = (_ file: [UInt8], _ origin: FilterOrigin) throws(FilterError) -> [UInt8]

    private(set) var elements: [FilterRules.Element] = []
    /// Whether rules from elsewhere that stand before these are forgotten, too.
    private(set) var isCleared = false
    let cvsIgnored: [UInt8]
    var areNullSeparated: Bool
    /// Where rules of files hold that rules of others name, and that do not say it.
    var mergedSides: FilterRule.Sides?
    let read: Read

    /// Files that name files: as many levels as rsync follows.
    private static let deepest = 32

    init(cvsIgnored: [UInt8] = [], areNullSeparated: Bool = false, read: @escaping Read) {
        self.cvsIgnored = cvsIgnored
        self.areNullSeparated = areNullSeparated
        self.read = read
    }

    mutating func add(
        _ text: [UInt8], _ syntax: FilterSyntax, _ origin: FilterOrigin, depth: Int = 0
    ) throws(FilterError) {
        let separator: FilterSyntax.Separator = areNullSeparated ? .nulls : .lines
        let grammar = RuleGrammar(syntax: syntax, origin: origin, separator: separator)
        switch try grammar.parse(text) {
        case .nothing: break
        case .rule(var rule):
            if depth > 0, rule.sides == nil { rule.sides = mergedSides }
            elements.append(.rule(rule))
        case .clear:
            elements = []
            isCleared = true
        case .cvsPatterns(let rule): try addCVSPatterns(like: rule)
        case .merge(let merge): try add(merge, text, origin, depth)
        }
    }

    /// The built-in patterns are perishable, those of the user are not.
    ///
    /// They are a list of their own: a `!` among the user's words clears what CVS ignores, and none of the rules that
    /// stand before it.
    private mutating func addCVSPatterns(like rule: FilterRule) throws(FilterError) {
        var list = RuleCollector(read: read)
        var syntax = FilterSyntax.cvsIgnore
        syntax.prefix = .none(rule.effect)
        syntax.sides = rule.sides
        syntax.isPerishable = true
        let origin = rule.origin ?? .argument
        for word in split(Array(cvsPatterns.utf8), .words) { try list.add(word.text, syntax, origin) }
        syntax.isPerishable = rule.isPerishable
        for word in split(cvsIgnored, .words) { try list.add(word.text, syntax, origin) }
        elements += list.elements
    }

    // MARK: Files

    private mutating func add(
        _ merge: WrittenMerge, _ text: [UInt8], _ origin: FilterOrigin, _ depth: Int
    ) throws(FilterError) {
        let (start, name) = splitPath(merge.file)
        // Before the file's own rules, which therefore cannot include it again.
        if merge.excludesItself {
            var rule = FilterRule(.exclude, name)
            rule.origin = origin
            elements.append(.rule(rule))
        }
        if merge.isPerDirectory {
            guard !name.isEmpty else { throw FilterError(.missingPattern, text, origin) }
            var element = DirectoryMerge(name, syntax: merge.syntax)
            element.start = start
            element.isInherited = merge.isInherited
            elements.append(.directoryMerge(element))
        } else {
            guard depth < Self.deepest else { throw FilterError(.tooDeep, merge.file, origin) }
            try addFile(merge.file, try read(merge.file, origin), merge.syntax, depth: depth + 1)
        }
    }

    mutating func addFile(
        _ file: [UInt8], _ bytes: [UInt8], _ syntax: FilterSyntax, depth: Int = 0
    ) throws(FilterError) {
        let texts = split(bytes, syntax.separator)
        var index = 0
        while index < texts.count {
            let (text, line) = texts[index]
            let origin = FilterOrigin.file(file, line: line)
            index += 1
            do throws(FilterError) {
                try add(text, syntax, origin, depth: depth)
            } catch {
                // Among words, the pattern is the next one.
                guard syntax.separator == .words, error.cause == .missingPattern, index < texts.count else {
                    throw error
                }
                try add(text + [UInt8(ascii: " ")] + texts[index].text, syntax, origin, depth: depth)
                index += 1
            }
        }
    }

    /// The rules of a file and their lines; without comments, where there may be some.
    private func split(_ bytes: [UInt8], _ separator: FilterSyntax.Separator) -> [(text: [UInt8], line: Int)] {
        switch separator {
        case .words:
            return bytes.split(whereSeparator: isSpace).map { (Array($0), 0) }
        case .nulls:
            let rules = bytes.split(separator: 0, omittingEmptySubsequences: false)
            return rules.enumerated().filter { isRule($0.element) }.map { (Array($0.element), $0.offset + 1) }
        case .lines:
            return lines(bytes).enumerated().compactMap { offset, line in
                // A NUL ends the line's text, as in every program that keeps lines as C strings.
                let text = line.prefix { $0 != 0 }
                return isRule(text) ? (Array(text), offset + 1) : nil
            }
        }
    }

    private func isRule(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        return first != UInt8(ascii: "#") && first != UInt8(ascii: ";")
    }

    /// Ended by LF, CR, or both.
    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == 10 || bytes[index] == 13 else { continue }
            lines.append(bytes[start..<index])
            if bytes[index] == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
            start = index + 1
        }
        lines.append(bytes[start...])
        return lines
    }
}

/// A path's directory, `/` for the root, `nil` where there is none, and its last name.
private func splitPath(_ path: [UInt8]) -> (directory: [UInt8]?, name: [UInt8]) {
    let slash = UInt8(ascii: "/")
    guard let last = path.lastIndex(of: slash) else { return (nil, path) }
    return (last == 0 ? [slash] : Array(path[..<last]), Array(path[(last + 1)...]))
}
