internal import CTreeTesting

/// What is compared of two trees.
public struct ComparedProperties: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// A set of bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Permissions with set-id and sticky bits; links have none.
    public static let permissions = ComparedProperties(rawValue: 1 << 0)
    /// The owning user.
    public static let owner = ComparedProperties(rawValue: 1 << 1)
    /// The owning group.
    public static let group = ComparedProperties(rawValue: 1 << 2)
    /// The modification time in nanoseconds.
    public static let modified = ComparedProperties(rawValue: 1 << 3)
    /// The size and the bytes of files.
    public static let contents = ComparedProperties(rawValue: 1 << 4)
    /// Where links point.
    public static let target = ComparedProperties(rawValue: 1 << 5)
    /// The numbers of devices.
    public static let numbers = ComparedProperties(rawValue: 1 << 6)
    /// Extended attributes, access control lists and capabilities.
    public static let attributes = ComparedProperties(rawValue: 1 << 7)
    /// Which names are names of one inode.
    public static let hardLinks = ComparedProperties(rawValue: 1 << 8)
    /// That the right side takes not much more space than the left one.
    public static let allocation = ComparedProperties(rawValue: 1 << 9)
    /// Inode numbers and change times: equal only where nothing was written at all.
    public static let identity = ComparedProperties(rawValue: 1 << 10)

    /// What a faithful copy has in common with its source.
    public static let all: ComparedProperties = [
        .permissions, .owner, .group, .modified, .contents, .target, .numbers, .attributes, .hardLinks, .allocation,
    ]
}

/// One property of one path in which two trees differ.
public struct TreeDifference: Hashable, Sendable, CustomStringConvertible {
    /// Below the roots; empty for the root.
    public var path: Name
    /// For example `permissions`.
    public var property: String
    /// What the left tree has.
    public var left: String
    /// What the right tree has.
    public var right: String

    /// One line.
    public var description: String { "\"\(path)\": \(property): \(left) | \(right)" }
}

/// Lists every difference between the trees at two paths.
public func differences(
    _ left: String, _ right: String, in properties: ComparedProperties = .all
) throws -> [TreeDifference] {
    differences(try Snapshot(of: left), try Snapshot(of: right), in: properties)
}

/// Lists every difference between two trees.
public func differences(
    _ left: Snapshot, _ right: Snapshot, in properties: ComparedProperties = .all
) -> [TreeDifference] {
    var comparison = TreeComparison(left: left, right: right, properties: properties)
    var pairs = [(0, 0)]
    while let (first, second) = pairs.popLast() {
        comparison.compare(first, second)
        pairs += comparison.pairChildren(first, second)
    }
    return comparison.found
}

/// Copies may take this much more space: file systems allocate in clusters, and ahead of what is written.
private let allocationTolerance: UInt64 = 128 << 10

private struct TreeComparison {
    let left: Snapshot
    let right: Snapshot
    let properties: ComparedProperties
    var found: [TreeDifference] = []

    /// Pairs the children of two entries by name and reports those that only one side has.
    mutating func pairChildren(_ first: Int, _ second: Int) -> [(Int, Int)] {
        var (mine, yours) = (left.entries[first].children[...], right.entries[second].children[...])
        var pairs: [(Int, Int)] = []
        while !mine.isEmpty || !yours.isEmpty {
            let (a, b) = (mine.first.map { left.entries[$0].name }, yours.first.map { right.entries[$0].name })
            if let a, let index = mine.first, b.map({ a < $0 }) ?? true {
                found.append(
                    TreeDifference(path: left.path(of: index), property: "name", left: "exists", right: "missing"))
                mine.removeFirst()
            } else if let b, let index = yours.first, a.map({ b < $0 }) ?? true {
                found.append(
                    TreeDifference(path: right.path(of: index), property: "name", left: "missing", right: "exists"))
                yours.removeFirst()
            } else {
                pairs.append((mine.removeFirst(), yours.removeFirst()))
            }
        }
        return pairs
    }

    mutating func compare(_ first: Int, _ second: Int) {
        let (a, b) = (left.entries[first], right.entries[second])
        note("kind", first, a.kind, b.kind) { kindName($0) }
        guard a.kind == b.kind else { return }
        compareOwnership(first, a, b)
        if properties.contains(.modified) {
            note("modified", first, Time(of: a.status), Time(of: b.status)) { "\($0.seconds) s + \($0.nanoseconds) ns" }
        }
        compareContents(first, a, b)
        if properties.contains(.attributes) { compareAttributes(first, a, b) }
        if properties.contains(.hardLinks), a.firstName != first || b.firstName != second {
            let names = (left.path(of: a.firstName), right.path(of: b.firstName))
            note("same inode as", first, names.0, names.1) { "\"\($0)\"" }
        }
        if properties.contains(.identity) { compareIdentity(first, a, b) }
    }

    private mutating func compareOwnership(_ index: Int, _ a: Snapshot.Entry, _ b: Snapshot.Entry) {
        if properties.contains(.permissions), a.kind != 0o120000 {
            note("permissions", index, a.status.mode & 0o7777, b.status.mode & 0o7777) { String($0, radix: 8) }
        }
        if properties.contains(.owner) { note("owner", index, a.status.owner, b.status.owner) { "\($0)" } }
        if properties.contains(.group) { note("group", index, a.status.group, b.status.group) { "\($0)" } }
    }

    private mutating func compareContents(_ index: Int, _ a: Snapshot.Entry, _ b: Snapshot.Entry) {
        if properties.contains(.contents), a.isRegular {
            note("size", index, a.status.size, b.status.size) { "\($0)" }
            note("contents", index, a.digest, b.digest) { "digest \($0)" }
        }
        if properties.contains(.target) { note("target", index, a.target, b.target, escaped) }
        if properties.contains(.numbers), a.kind == 0o020000 || a.kind == 0o060000 {
            let numbers = [a, b].map { [$0.status.special_major, $0.status.special_minor] }
            note("device", index, numbers[0], numbers[1]) { "\($0)" }
        }
        if properties.contains(.allocation), a.isRegular {
            let (mine, yours) = (a.status.blocks * 512, b.status.blocks * 512)
            if yours > mine + allocationTolerance { note("allocation", index, mine, yours) { "\($0) bytes" } }
        }
    }

    private mutating func compareAttributes(_ index: Int, _ a: Snapshot.Entry, _ b: Snapshot.Entry) {
        for name in Set(a.attributes.keys).union(b.attributes.keys).sorted() {
            note("attribute \(name)", index, a.attributes[name], b.attributes[name]) { $0.map(escaped) ?? "none" }
        }
    }

    private mutating func compareIdentity(_ index: Int, _ a: Snapshot.Entry, _ b: Snapshot.Entry) {
        note("inode", index, a.status.inode, b.status.inode) { "\($0)" }
        // Of directories this is the entry count too, and of files names outside of the tree.
        note("links", index, a.status.links, b.status.links) { "\($0)" }
        guard !a.isTouched, !b.isTouched else { return }
        let times = [a, b].map { Time($0.status.changed_seconds, nanoseconds: $0.status.changed_nanoseconds) }
        note("changed", index, times[0], times[1]) { "\($0.seconds) s + \($0.nanoseconds) ns" }
    }

    private mutating func note<Value: Equatable>(
        _ property: String, _ index: Int, _ a: Value, _ b: Value, _ describe: (Value) -> String
    ) {
        guard a != b else { return }
        let path = left.path(of: index)
        found.append(TreeDifference(path: path, property: property, left: describe(a), right: describe(b)))
    }
}

private func kindName(_ kind: UInt32) -> String {
    switch kind {
    case 0o010000: "FIFO"
    case 0o020000: "character device"
    case 0o040000: "directory"
    case 0o060000: "block device"
    case 0o100000: "file"
    case 0o120000: "link"
    case 0o140000: "socket"
    default: "kind \(String(kind, radix: 8))"
    }
}
