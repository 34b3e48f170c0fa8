/// A pattern with wildcards as a machine that reads a text once.
///
/// Bit `j` of the state says that the first `j` parts of the pattern, stars not counted, match what was read. A byte
/// moves bits to the next part where it belongs to it, and leaves them where a star stands before that part. So a
/// match needs one step for a byte and 64 parts of the pattern, whatever the stars are: there is no backtracking.
final class Automaton: Sendable {
    private let partCount: Int
    private let wordCount: Int
    /// Bytes that no part distinguishes share a row.
    private let row: [UInt16]
    /// For each row, the parts that its bytes belong to.
    private let moves: [UInt64]
    /// States that a `**` keeps.
    private let kept: [UInt64]
    /// States that a `*` or a `**` keeps.
    private let keptInName: [UInt64]

    init(_ tokens: [PatternToken]) {
        let parts = tokens.filter { $0 != .star && $0 != .doubleStar }
        partCount = parts.count
        wordCount = parts.count / 64 + 1
        (row, moves) = Self.makeMoves(parts, wordCount)
        var kept = [UInt64](repeating: 0, count: wordCount)
        var keptInName = kept
        var state = 0
        for token in tokens {
            switch token {
            case .byte, .oneOf: state += 1
            case .star: keptInName[state / 64] |= 1 << UInt64(state % 64)
            case .doubleStar:
                kept[state / 64] |= 1 << UInt64(state % 64)
                keptInName[state / 64] |= 1 << UInt64(state % 64)
            }
        }
        self.kept = kept
        self.keptInName = keptInName
    }

    private static func makeMoves(_ parts: [PatternToken], _ wordCount: Int) -> (row: [UInt16], moves: [UInt64]) {
        var row = [UInt16](repeating: 0, count: 256)
        // Row 0: bytes that belong to no part.
        var moves = [UInt64](repeating: 0, count: wordCount)
        func add(_ part: Int, _ byte: UInt8) {
            if row[Int(byte)] == 0 {
                row[Int(byte)] = UInt16(moves.count / wordCount)
                moves.append(contentsOf: repeatElement(0, count: wordCount))
            }
            moves[Int(row[Int(byte)]) * wordCount + part / 64] |= 1 << UInt64(part % 64)
        }
        for (part, token) in parts.enumerated() {
            switch token {
            case .byte(let byte): add(part, byte)
            case .oneOf(let set): for byte in UInt8.min...UInt8.max where set.contains(byte) { add(part, byte) }
            case .star, .doubleStar: break
            }
        }
        return (row, moves)
    }

    /// Where in a text a match may begin; every match ends at the text's end.
    enum Beginning { case start, everyComponent }

    /// Whether the texts, one after the other, match as a whole.
    func matches(
        _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, from beginning: Beginning,
        beginsWithSlash: Bool, endsWithSlash: Bool
    ) -> Bool {
        var states = wordCount == 1 ? States.one(1) : .many([1] + Array(repeating: 0, count: wordCount - 1))
        let slash = UInt8(ascii: "/")
        if beginsWithSlash { step(&states, slash) }
        for text in [first, second] {
            for byte in text {
                step(&states, byte)
                if byte == slash, beginning == .everyComponent { states.insertFirst() }
                if states.isEmpty, beginning == .start { return false }
            }
        }
        if endsWithSlash { step(&states, slash) }
        return states.contains(partCount)
    }

    /// The usual pattern is short: no array is needed.
    private enum States {
        case one(UInt64)
        case many([UInt64])

        mutating func insertFirst() {
            switch self {
            case .one(let word): self = .one(word | 1)
            case .many(var words):
                words[0] |= 1
                self = .many(words)
            }
        }

        var isEmpty: Bool {
            switch self {
            case .one(let word): word == 0
            case .many(let words): words.allSatisfy { $0 == 0 }
            }
        }

        func contains(_ state: Int) -> Bool {
            switch self {
            case .one(let word): word >> UInt64(state) & 1 != 0
            case .many(let words): words[state / 64] >> UInt64(state % 64) & 1 != 0
            }
        }
    }

    @inline(__always)
    private func step(_ states: inout States, _ byte: UInt8) {
        let first = Int(row[Int(byte)]) * wordCount
        let kept = byte == UInt8(ascii: "/") ? kept : keptInName
        switch states {
        case .one(let word): states = .one((word & moves[first]) << 1 | word & kept[0])
        case .many(var words):
            states = .one(0)
            var carry: UInt64 = 0
            for index in 0..<wordCount {
                let moved = words[index] & moves[first + index]
                let stayed = words[index] & kept[index]
                words[index] = moved << 1 | carry | stayed
                carry = moved >> 63
            }
            states = .many(words)
        }
    }
}
