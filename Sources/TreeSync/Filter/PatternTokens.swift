/// A set of bytes.
struct ByteSet: Sendable, Equatable {
    private var bits = SIMD4<UInt64>(repeating: 0)

    init() {}
    init(where contains: (UInt8) -> Bool) {
        for byte in UInt8.min...UInt8.max where contains(byte) { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
    mutating func remove(_ byte: UInt8) { bits[Int(byte >> 6)] &= ~(1 << UInt64(byte & 63)) }
    mutating func formUnion(_ other: ByteSet) { bits |= other.bits }
    func contains(_ byte: UInt8) -> Bool { bits[Int(byte >> 6)] & 1 << UInt64(byte & 63) != 0 }
    var inverted: ByteSet {
        var set = self
        set.bits = ~bits
        return set
    }
}

/// One part of a pattern with wildcards.
enum PatternToken: Equatable {
    case byte(UInt8)
    /// `?` and classes; never a slash.
    case oneOf(ByteSet)
    /// `*`: any bytes but a slash.
    case star
    /// `**`: any bytes.
    case doubleStar
}

/// Takes a pattern with wildcards apart.
struct PatternScanner {
    private let pattern: [UInt8]
    private var position = 0

    private init(_ pattern: [UInt8]) { self.pattern = pattern }

    /// The parts; `nil` where a class or an escape has no end or a class no such name: then nothing ever matches.
    static func tokens(_ pattern: [UInt8]) -> [PatternToken]? {
        var scanner = PatternScanner(pattern)
        return scanner.tokens()
    }

    private mutating func tokens() -> [PatternToken]? {
        var tokens: [PatternToken] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "*"):
                var isDouble = false
                while peek() == UInt8(ascii: "*") {
                    position += 1
                    isDouble = true
                }
                tokens.append(isDouble ? .doubleStar : .star)
            case UInt8(ascii: "?"): tokens.append(.oneOf(Self.anyButSlash))
            case UInt8(ascii: "["):
                guard let set = takeClass() else { return nil }
                tokens.append(.oneOf(set))
            case UInt8(ascii: "\\"):
                guard let escaped = take() else { return nil }
                tokens.append(.byte(escaped))
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private static let anyButSlash = ByteSet { $0 != UInt8(ascii: "/") }

    private func peek() -> UInt8? { position < pattern.count ? pattern[position] : nil }

    private mutating func take() -> UInt8? {
        guard position < pattern.count else { return nil }
        position += 1
        return pattern[position - 1]
    }

    // MARK: Classes

    /// What follows `[`, up to its `]`.
    private mutating func takeClass() -> ByteSet? {
        var set = ByteSet()
        let isInverted = peek() == UInt8(ascii: "!") || peek() == UInt8(ascii: "^")
        if isInverted { position += 1 }
        var isFirst = true
        /// Where a range may begin.
        var lowest: UInt8?
        while let byte = take() {
            if byte == UInt8(ascii: "]"), !isFirst {
                var found = isInverted ? set.inverted : set
                found.remove(UInt8(ascii: "/"))
                return found
            }
            isFirst = false
            if byte == UInt8(ascii: "["), peek() == UInt8(ascii: ":") {
                guard let named = takeNamedClass() else { return nil }
                set.formUnion(named)
                lowest = nil
            } else if byte == UInt8(ascii: "-"), let low = lowest, let next = peek(), next != UInt8(ascii: "]") {
                guard let high = takeMember() else { return nil }
                if low <= high { for member in low...high { set.insert(member) } }
                lowest = nil
            } else {
                position -= 1
                guard let member = takeMember() else { return nil }
                set.insert(member)
                lowest = member
            }
        }
        return nil
    }

    /// A byte, perhaps escaped.
    private mutating func takeMember() -> UInt8? {
        guard let byte = take() else { return nil }
        return byte == UInt8(ascii: "\\") ? take() : byte
    }

    /// `[:alpha:]` after its `[`; where there is no `:]`, the bracket is a member like others.
    private mutating func takeNamedClass() -> ByteSet? {
        guard let end = pattern[position...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
        guard end - 1 > position, pattern[end - 1] == UInt8(ascii: ":") else {
            return ByteSet { $0 == UInt8(ascii: "[") }
        }
        let name = String(decoding: pattern[(position + 1)..<(end - 1)], as: UTF8.self)
        position = end + 1
        return Self.namedClass(name)
    }

    /// As in the C locale: bytes that are not ASCII belong to no class.
    private static func namedClass(_ name: String) -> ByteSet? {
        switch name {
        case "alnum": ByteSet { isLetter($0) || isDigit($0) }
        case "alpha": ByteSet(where: isLetter)
        case "blank": ByteSet { $0 == 32 || $0 == 9 }
        case "cntrl": ByteSet { $0 < 32 || $0 == 127 }
        case "digit": ByteSet(where: isDigit)
        case "graph": ByteSet { (33...126).contains($0) }
        case "lower": ByteSet(where: isLower)
        case "print": ByteSet { (32...126).contains($0) }
        case "punct": ByteSet { (33...126).contains($0) && !isLetter($0) && !isDigit($0) }
        case "space": ByteSet(where: isSpace)
        case "upper": ByteSet { isLetter($0) && !isLower($0) }
        case "xdigit": ByteSet { isDigit($0) || (97...102).contains($0 | 32) }
        default: nil
        }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 32) && byte >= 65 }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
