/// A tree as a value: what a test states, builds and expects.
public struct Tree: Hashable, Sendable {
    /// What kind of entry, and what only that kind has.
    public indirect enum Shape: Hashable, Sendable {
        case directory([Name: Tree])
        case file(Contents)
        case symbolicLink(Name)
        case fifo
        case socket
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
    }

    /// The kind of entry.
    public var shape: Shape
    /// Permissions, owner, times …
    public var attributes: Attributes
    /// Entries with the same label are names of one inode; the first in order says how it looks.
    public var inode: String?

    /// An entry.
    public init(_ shape: Shape, _ attributes: Attributes = Attributes(), inode: String? = nil) {
        self.shape = shape
        self.attributes = attributes
        self.inode = inode
    }

    /// A directory.
    public static func directory(_ entries: [Name: Tree] = [:], _ attributes: Attributes = Attributes()) -> Tree {
        Tree(.directory(entries), attributes)
    }

    /// A regular file that holds a text.
    public static func file(_ text: String = "", _ attributes: Attributes = Attributes()) -> Tree {
        Tree(.file(Contents(bytes: Array(text.utf8))), attributes)
    }

    /// A regular file.
    public static func file(_ contents: Contents, _ attributes: Attributes = Attributes()) -> Tree {
        Tree(.file(contents), attributes)
    }

    /// A symbolic link.
    public static func link(_ target: Name, _ attributes: Attributes = Attributes()) -> Tree {
        Tree(.symbolicLink(target), attributes)
    }

    /// A FIFO.
    public static func fifo(_ attributes: Attributes = Attributes()) -> Tree { Tree(.fifo, attributes) }

    /// A socket that nobody listens at.
    public static func socket(_ attributes: Attributes = Attributes()) -> Tree { Tree(.socket, attributes) }

    /// The same entry as one of the names of the inode `label`.
    public func sharing(_ label: String) -> Tree { Tree(shape, attributes, inode: label) }

    /// The same entry with other attributes.
    public func with(_ change: (inout Attributes) -> Void) -> Tree {
        var tree = self
        change(&tree.attributes)
        return tree
    }

    /// The entry of that name; of anything but a directory always `nil`.
    public subscript(name: Name) -> Tree? {
        get {
            guard case .directory(let entries) = shape else { return nil }
            return entries[name]
        }
        set {
            guard case .directory(var entries) = shape else { return }
            entries[name] = newValue
            shape = .directory(entries)
        }
    }
}

/// What a regular file holds: pieces of data in a file of zeros, which stays a hole where no piece lies.
public struct Contents: Hashable, Sendable {
    /// A run of data.
    public enum Piece: Hashable, Sendable {
        case bytes([UInt8], at: Int64)
        /// Bytes that depend on the seed alone.
        case random(seed: UInt64, count: Int64, at: Int64)
    }

    /// In bytes.
    public var size: Int64
    /// Where data lies.
    public var pieces: [Piece]

    /// A file of `size` bytes that is a hole but for its pieces.
    public init(size: Int64, pieces: [Piece] = []) {
        self.size = size
        self.pieces = pieces
    }

    /// Exactly these bytes.
    public init(bytes: [UInt8]) {
        self.init(size: Int64(bytes.count), pieces: bytes.isEmpty ? [] : [.bytes(bytes, at: 0)])
    }

    /// `count` bytes that depend on the seed alone, without holes.
    public static func random(_ count: Int64, seed: UInt64) -> Contents {
        Contents(size: count, pieces: [.random(seed: seed, count: count, at: 0)])
    }
}
