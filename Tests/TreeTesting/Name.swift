/// A name, a link's target or an attribute's name: bytes that need not be UTF-8.
public struct Name: Hashable, Comparable, Sendable {
    /// The bytes as the file system keeps them.
    public var bytes: [UInt8]

    /// A name of any bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Byte order.
    public static func < (left: Name, right: Name) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    /// Calls `body` with the bytes and a closing zero.
    func withCString<Value>(_ body: (UnsafePointer<CChar>) throws -> Value) rethrows -> Value {
        try (bytes + [0]).withUnsafeBufferPointer { buffer in
            try buffer.withMemoryRebound(to: CChar.self) { try body($0.baseAddress.unsafelyUnwrapped) }
        }
    }
}

extension Name: ExpressibleByStringInterpolation {
    /// The UTF-8 bytes of a literal.
    public init(stringLiteral value: String) { self.init(value.utf8) }
}

extension Name: CustomStringConvertible {
    /// The name with everything but printable ASCII as `\xNN`.
    public var description: String { escaped(bytes) }
}

/// Text of bytes, with everything but printable ASCII as `\xNN`; long ones are cut in the middle.
func escaped(_ bytes: [UInt8]) -> String {
    if bytes.count > 400 {
        return escaped(Array(bytes.prefix(150))) + "…(\(bytes.count) bytes)…" + escaped(Array(bytes.suffix(150)))
    }
    return bytes.map { byte in
        guard byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\\") else { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "\\x" + (digits.count == 1 ? "0" + digits : digits)
    }.joined()
}
