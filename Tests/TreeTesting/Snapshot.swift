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
            try reader.read(name, parent: 0)
            return reader.snapshot
        }
    }

    init() {}

    /// How many entries, the root included.
    public var count: Int { entries.count }

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

    mutating func read(_ name: Name, parent: Int) throws {
        var entry = Snapshot.Entry(name: name, parent: parent, status: tt_status(), firstName: 0)
        try check("read the status of", name) { tt_status_of($0, &entry.status) }
        let permissions = entry.status.mode & 0o7777
        entry.isTouched = try open(entry, permissions)
        if entry.kind == 0o120000 {
            entry.target = try bytes { buffer in
                try check("read link", name) { tt_read_link($0, buffer.baseAddress, buffer.count) }
            }
        }
        entry.attributes = try attributes(of: name)
        if entry.isRegular { entry.digest = try digest(of: name) }
        let (isDirectory, isTouched) = (entry.isDirectory, entry.isTouched)
        let index = snapshot.append(entry)
        if isDirectory {
            try enter(name)
            for child in try namesHere().sorted() { try read(child, parent: index) }
            try enter("..")
        }
        if isTouched { try setPermissions(name, permissions) }
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
