/// Where an entry lies below the roots: names joined by `/`, never absolute, never with `.` or `..`.
///
/// Names are bytes and need not be UTF-8. The root itself is the empty path. Order is byte order.
public struct RelativePath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The bytes exactly as the file system keeps them.
    public let bytes: [UInt8]

    /// Makes a path from bytes with neither a leading nor a trailing slash.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The root of the tree.
    public static let root = RelativePath(bytes: [])

    /// The path with what cannot be printed safely escaped, `.` for the root.
    public var description: String { bytes.isEmpty ? "." : printable(bytes) }

    /// The last name of the path; empty for the root.
    public var name: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// Whether the other path is this one or lies below it.
    func holds(_ other: RelativePath) -> Bool {
        guard other.bytes.starts(with: bytes) else { return false }
        return bytes.isEmpty || other.bytes.count == bytes.count || other.bytes[bytes.count] == UInt8(ascii: "/")
    }

    /// Whether `left` comes first in byte order.
    public static func < (left: RelativePath, right: RelativePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
