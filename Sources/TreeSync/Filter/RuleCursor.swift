/// Goes through the text of one rule: its name, its modifiers, its pattern.
struct RuleCursor {
    enum RuleName {
        case pattern(FilterRule.Effect)
        case sided(FilterRule.Effect, FilterRule.Sides)
        case merge, directoryMerge, clear
    }

    let text: [UInt8]
    let origin: FilterOrigin
    private var position = 0

    init(text: [UInt8], origin: FilterOrigin) {
        self.text = text
        self.origin = origin
    }

    var isAtEnd: Bool { position == text.count }

    /// The modifier that was taken last is none.
    var wrongModifier: FilterError {
        FilterError(.modifier(text[position - 1], position: position - 1), text, origin)
    }

    mutating func takeName() throws(FilterError) -> RuleName {
        guard let name = takeLongName() ?? takeLetter() else { throw FilterError(.unknownRule, text, origin) }
        if !isAtEnd, text[position] == UInt8(ascii: ",") { position += 1 }
        return name
    }

    /// A modifier, or `nil` at the space or the underscore that ends them.
    mutating func takeModifier() -> UInt8? {
        guard !isAtEnd, !isBlank(text[position]) else { return nil }
        position += 1
        return text[position - 1]
    }

    /// What follows the space or the underscore; never empty.
    mutating func takeRest() throws(FilterError) -> [UInt8] {
        guard position + 1 < text.count else { throw FilterError(.missingPattern, text, origin) }
        defer { position = text.count }
        return Array(text[(position + 1)...])
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "_") }

    private mutating func takeLetter() -> RuleName? {
        guard let first = text.first, let name = Self.letters[first] else { return nil }
        position = 1
        return name
    }

    private mutating func takeLongName() -> RuleName? {
        for (word, name) in Self.words where text.starts(with: word.utf8) {
            let end = word.utf8.count
            guard end == text.count || isBlank(text[end]) || text[end] == UInt8(ascii: ",") || isSpace(text[end])
            else { continue }
            position = end
            return name
        }
        return nil
    }

    private static let words: [(String, RuleName)] = [
        ("exclude", .pattern(.exclude)), ("include", .pattern(.include)), ("merge", .merge),
        ("dir-merge", .directoryMerge), ("hide", .sided(.exclude, .source)), ("show", .sided(.include, .source)),
        ("protect", .sided(.exclude, .destination)), ("risk", .sided(.include, .destination)), ("clear", .clear),
    ]

    private static let letters: [UInt8: RuleName] = [
        UInt8(ascii: "-"): .pattern(.exclude), UInt8(ascii: "+"): .pattern(.include), UInt8(ascii: "."): .merge,
        UInt8(ascii: ":"): .directoryMerge, UInt8(ascii: "H"): .sided(.exclude, .source),
        UInt8(ascii: "S"): .sided(.include, .source), UInt8(ascii: "P"): .sided(.exclude, .destination),
        UInt8(ascii: "R"): .sided(.include, .destination), UInt8(ascii: "!"): .clear,
    ]
}

/// What the C locale calls white space.
func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
