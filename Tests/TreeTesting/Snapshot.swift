internal import CTreeTesting
internal import Glibc

/// Everything that can be read of a tree, read with plain C calls that share nothing with the library.
public struct Snapshot: Sendable {
    /// One entry; the first of all is the root.
    struct Entry: Sendable {
        var name: Name
        var parent: Int
        var status: tt_status
        /// In byte order of the names.
        var children: [Int] = []
        var target: [UInt8] = []
        var attributes: [Name: [UInt8]] = [:]
        var digest: [UInt64] = []
        /// The first entry in order that is a name of the same inode, possibly this one.
        var firstName: Int
        /// Whether reading it needed permissions that it does not give, which changed its change time.
        var isTouched = false

        var kind: UInt32 { status.mode & 0o170000 }
        var isDirectory: Bool { kind == 0o040000 }
        var isRegular: Bool { kind == 0o100000 }
    }

    var entries: [Entry] = []
    private var firstNames: [[UInt64]: Int] = [:]

    /// Reads the tree at `path`; a link there is not followed.
    public init(of path: String) throws {
        let (folder, name) = split(path)
        self = try inDirectory(folder) {
            var reader = SnapshotReader()
            try reader.readTree(name)
            return reader.snapshot
        }
    }

    init() {}

    /// How many entries, the root included.
    public var count: Int { entries.count }

    /// Whether the tree holds an entry of that path, also behind directories that are closed to everybody else.
    public func contains(_ path: Name) -> Bool { entries.indices.contains { self.path(of: $0) == path } }

    /// The paths of all entries whose own names begin like this.
    public func paths(ofNamesLike beginning: String) -> [Name] {
        paths { $0.name.bytes.starts(with: beginning.utf8) }
    }

    /// The names from the root down to an entry, joined by slashes; empty for the root.
    func path(of index: Int) -> Name {
        var names: [[UInt8]] = []
        var index = index
        while index != 0 {
            names.append(entries[index].name.bytes)
            index = entries[index].parent
        }
        return Name(names.reversed().joined(separator: [UInt8(ascii: "/")]))
    }

    /// The paths of all entries that `isIncluded` picks.
    func paths(where isIncluded: (Entry) -> Bool) -> [Name] {
        entries.indices.filter { isIncluded(entries[$0]) }.map(path)
    }

    fileprivate mutating func append(_ entry: Entry) -> Int {
        let index = entries.count
        entries.append(entry)
        let identity = [entry.status.device, entry.status.inode]
        if entry.isDirectory || entry.status.links < 2 {
            entries[index].firstName = index
        } else {
            entries[index].firstName = firstNames[identity] ?? index
            firstNames[identity] = entries[index].firstName
        }
        if index != 0 { entries[entry.parent].children.append(index) }
        return index
    }
}

/// Reads entries of the working directory into a snapshot.
private struct SnapshotReader {
    var snapshot = Snapshot()
    private var buffer = [UInt8](repeating: 0, count: 65536)

    /// A directory that has been entered, with the names in it that are still to be read.
    private struct OpenDirectory {
        var index: Int
        var names: [Name]
    }

    /// Reads a tree without recursion: ten thousand levels would touch hundreds of megabytes of stack.
    mutating func readTree(_ name: Name) throws {
        var open: [OpenDirectory] = []
        var next: Name? = name
        while true {
            if let name = next {
                let index = try read(name, parent: open.last?.index ?? 0)
                if snapshot.entries[index].isDirectory {
                    try enter(name)
                    open.append(OpenDirectory(index: index, names: try namesHere().sorted(by: >)))
                } else {
                    try close(index)
                }
            } else if let done = open.popLast() {
                try enter("..")
                try close(done.index)
            }
            guard !open.isEmpty else { return }
            next = open[open.count - 1].names.popLast()
        }
    }

    private mutating func read(_ name: Name, parent: Int) throws -> Int {
        var entry = Snapshot.Entry(name: name, parent: parent, status: try status(of: name), firstName: 0)
        entry.isTouched = try open(entry, entry.status.mode & 0o7777)
        if entry.kind == 0o120000 {
            entry.target = try bytes { buffer in
                try check("read link", name) { tt_read_link($0, buffer.baseAddress, buffer.count) }
            }
        }
        entry.attributes = try attributes(of: name)
        if entry.isRegular { entry.digest = try digest(of: name) }
        return snapshot.append(entry)
    }

    /// Takes back what `open` gave.
    private func close(_ index: Int) throws {
        let entry = snapshot.entries[index]
        if entry.isTouched { try setPermissions(entry.name, entry.status.mode & 0o7777) }
    }

    /// Gives the owner of a file or directory the permissions that reading takes; an owner can, whatever the mode.
    private func open(_ entry: Snapshot.Entry, _ permissions: UInt32) throws -> Bool {
        let needed: UInt32 = entry.isDirectory ? 0o700 : entry.isRegular ? 0o400 : 0
        guard tt_effective_user() != 0, permissions & needed != needed else { return false }
        try setPermissions(entry.name, permissions | needed)
        return true
    }

    private mutating func bytes(_ read: (UnsafeMutableRawBufferPointer) throws -> Int64) rethrows -> [UInt8] {
        let count = try buffer.withUnsafeMutableBytes(read)
        return Array(buffer[..<Int(count)])
    }

    private func digest(of name: Name) throws -> [UInt64] {
        var digest: [UInt64] = [0, 0]
        try check("read", name) { tt_digest($0, &digest) }
        return digest
    }

    private mutating func attributes(of name: Name) throws -> [Name: [UInt8]] {
        let listing = try bytes { buffer in
            try check("list the attributes of", name) {
                let count = tt_attribute_names(
                    $0, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
                return count == -Int64(EOPNOTSUPP) ? 0 : count
            }
        }
        var attributes: [Name: [UInt8]] = [:]
        for attribute in listing.split(separator: 0).map({ Name($0) }) {
            attributes[attribute] = try bytes { buffer in
                try check("read \(attribute) of", name) { name in
                    attribute.withCString { tt_attribute(name, $0, buffer.baseAddress, buffer.count) }
                }
            }
        }
        return attributes
    }
}

/// The names that the working directory holds, in no order.
func namesHere() throws -> [Name] {
    var memory: UnsafeMutablePointer<CChar>?
    var length = 0
    try check("read directory", ".") { _ in tt_names(&memory, &length) }
    guard let memory else { return [] }
    defer { tt_free(memory) }
    return UnsafeRawBufferPointer(start: memory, count: length).split(separator: 0).map { Name($0) }
}

/// Whether anything has that path; a link there is not followed.
public func entryExists(at path: String) -> Bool {
    var status = tt_status()
    return path.withCString { tt_status_of($0, &status) } == 0
}
