/// Which bytes, and which pairs of neighbouring bytes, a name holds: 64 sets of each. A name that lacks what a pattern
/// asks for cannot match it, which is found out in two operations.
struct NameSignature: Sendable, Equatable {
    private var bytes: UInt64 = 0
    private var pairs: UInt64 = 0

    /// What every name holds.
    static let nothing = NameSignature()

    private init() {}

    /// What a name holds.
    init(_ name: UnsafeBufferPointer<UInt8>) {
        var previous: UInt8?
        for byte in name {
            add(byte, after: previous)
            previous = byte
        }
    }

    /// What the names hold that match a pattern.
    init(_ tokens: [PatternToken]) {
        // A `**` may hold a slash: what stands before it may lie in a directory's name.
        let tail = tokens.reversed().prefix { $0 != .byte(UInt8(ascii: "/")) && $0 != .doubleStar }
        var previous: UInt8?
        for token in tail.reversed() {
            guard case .byte(let byte) = token else {
                previous = nil
                continue
            }
            add(byte, after: previous)
            previous = byte
        }
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8, after previous: UInt8?) {
        bytes |= Self.bit(UInt64(byte))
        if let previous { pairs |= Self.bit(UInt64(previous) << 8 | UInt64(byte)) }
    }

    @inline(__always)
    private static func bit(_ value: UInt64) -> UInt64 { 1 << ((value &* 0x9E37_79B9_7F4A_7C15) >> 58) }

    /// Whether a name of this signature may match what needs the other.
    @inline(__always)
    func holds(_ needed: NameSignature) -> Bool { needed.bytes & ~bytes | needed.pairs & ~pairs == 0 }
}
