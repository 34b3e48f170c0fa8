/// How many columns text takes on a terminal.
enum TextWidth {
    /// The columns of a text without control characters. A mark that combines with the character before it takes none.
    static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns(of: $1) } }

    /// The end of the text, behind a dot-dot-dot where it does not fit: of a path the end says more.
    static func end(of text: String, columns: Int) -> String {
        if of(text) <= columns { return text }
        guard columns > 3 else { return "" }
        var kept: [Character] = []
        var width = 3
        for character in text.reversed() {
            let own = of(String(character))
            if width + own > columns { break }
            width += own
            kept.append(character)
        }
        return "..." + String(kept.reversed())
    }

    /// The beginning of the text, as much as fits.
    static func start(of text: String, columns: Int) -> String {
        if of(text) <= columns { return text }
        var kept = ""
        var width = 0
        for character in text {
            let own = of(String(character))
            if width + own > columns { break }
            width += own
            kept.append(character)
        }
        return kept
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // Vowels and final consonants of Korean, which join the syllable that begins before them.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return isWide(scalar.value) || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// The blocks of East Asian wide and full-width characters (Unicode's EastAsianWidth, W and F).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool { wide.contains { $0.contains(value) } }
}
