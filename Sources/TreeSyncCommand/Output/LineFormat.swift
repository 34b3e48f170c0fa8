/// A format of lines about entries, as `--out-format` takes it: text with escapes such as `%i` and `%-20n`.
struct LineFormat: Sendable, Equatable {
    /// An escape with its width.
    struct Escape: Sendable, Equatable {
        let letter: Character
        /// How a number is written: an apostrophe each makes it more human-readable.
        var numberStyle = Presentation.NumberStyle.digits
        /// At least so many bytes wide; `nil` where no width is given.
        var width: Int?
        var isLeftAligned = false
        /// A number is filled up with zeros.
        var hasZeros = false
    }

    /// A part of the format.
    enum Piece: Sendable, Equatable {
        case text([UInt8])
        case escape(Escape)
    }

    /// The letters that mean something on one machine, and the percent sign itself; others stay as they are, as in rsync.
    static let letters: Set<Character> = [
        "%", "b", "B", "c", "C", "f", "G", "i", "l", "L", "m", "M", "n", "o", "p", "t", "U",
    ]

    /// `%n%L`, the format of `-v`.
    static let name = LineFormat(Array("%n%L".utf8))
    /// `%i %n%L`, the format of `-i`.
    static let itemized = LineFormat(Array("%i %n%L".utf8))

    let pieces: [Piece]

    init(_ format: [UInt8]) {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var rest = format[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                text.append(byte)
                continue
            }
            guard let (escape, remainder) = Self.escape(rest) else {
                text.append(byte)
                continue
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = []
            pieces.append(.escape(escape))
            rest = remainder
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    /// Lines of rsync are cut there.
    private static let largestWidth = 4096

    /// What follows a percent sign: apostrophes, a width, apostrophes again, and a letter; and what follows that. `nil`
    /// where it is no escape.
    private static func escape(_ bytes: ArraySlice<UInt8>) -> (Escape, ArraySlice<UInt8>)? {
        var rest = bytes
        var style = apostrophes(&rest, .digits)
        let isLeftAligned = rest.first == UInt8(ascii: "-")
        if isLeftAligned { rest.removeFirst() }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        style = apostrophes(&rest, style)
        guard let last = rest.popFirst() else { return nil }
        let letter = Character(UnicodeScalar(last))
        guard letters.contains(letter) else { return nil }
        let width = Int(String(decoding: digits, as: UTF8.self)) ?? (digits.isEmpty ? 0 : largestWidth)
        let escape = Escape(
            letter: letter, numberStyle: style,
            width: isLeftAligned || !digits.isEmpty ? min(width, largestWidth) : nil, isLeftAligned: isLeftAligned,
            hasZeros: digits.first == UInt8(ascii: "0") && !isLeftAligned)
        return (escape, rest)
    }

    /// The style after the apostrophes that `rest` begins with; one more for each.
    private static func apostrophes(
        _ rest: inout ArraySlice<UInt8>, _ style: Presentation.NumberStyle
    ) -> Presentation.NumberStyle {
        var style = style
        while rest.first == UInt8(ascii: "'") {
            style = style.next
            rest.removeFirst()
        }
        return style
    }

    func contains(_ letter: Character) -> Bool {
        pieces.contains { if case .escape(let escape) = $0 { escape.letter == letter } else { false } }
    }
}
