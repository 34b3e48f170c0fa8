/// Chosen entries below one directory of the source, in the order of the tree.
final class SelectionIndex: Sendable {
    struct Entry: Sendable {
        /// Relative to the directory that is chosen from.
        let path: [UInt8]
        /// Whether what the directory holds is chosen with it.
        var takesContents: Bool
        /// What the survey saw; `nil` before it, and of what does not exist.
        var kind: EntryKind?
        /// Of directories.
        var identity: FileIdentity?

        /// Whether it does not exist, so that its destination goes away.
        var isMissing: Bool { kind == nil }
    }

    let entries: [Entry]

    /// - Parameter entries: sorted, each path once.
    init(_ entries: [Entry]) { self.entries = entries }

    /// Sorted, and each path once.
    static func sorted(_ elements: [SourceSelection.Element]) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(elements.count)
        for element in elements.sorted(by: { isBeforeInTree($0.path.bytes, $1.path.bytes) }) {
            let takesContents = element.part == .contents
            if let last = entries.last, last.path == element.path.bytes {
                entries[entries.count - 1].takesContents = last.takesContents || takesContents
            } else {
                entries.append(Entry(path: element.path.bytes, takesContents: takesContents))
            }
        }
        return entries
    }
}

/// What is chosen of one directory.
struct Selection: Sendable {
    /// What is chosen under one name.
    struct Choice: Sendable {
        /// The entry itself, where it is named and not only on the way to another.
        var entry: SelectionIndex.Entry?
        /// What is chosen below it.
        fileprivate var below: Range<Int>

        /// Whether it counts as a directory, be it a link to one.
        var isDirectory: Bool { !below.isEmpty || entry?.takesContents == true || entry?.kind == .directory }
        /// Whether it does not exist.
        var isMissing: Bool { below.isEmpty && entry?.isMissing == true }
        /// Whether a link is followed there.
        var leads: Bool { !below.isEmpty || entry?.takesContents == true }
    }

    private let index: SelectionIndex
    /// The entries below this directory.
    private let range: Range<Int>
    /// Where the names of this directory begin in their paths.
    private let start: Int
    /// Whether what else the directory holds takes part, too.
    let listsAll: Bool
    /// Whether the directory itself is named.
    let isNamed: Bool

    /// Nothing of what a directory holds.
    static let nothing = Selection(SelectionIndex([]), 0..<0, start: 0, listsAll: false, isNamed: false)

    private init(_ index: SelectionIndex, _ range: Range<Int>, start: Int, listsAll: Bool, isNamed: Bool) {
        self.index = index
        self.range = range
        self.start = start
        self.listsAll = listsAll
        self.isNamed = isNamed
    }

    /// What is chosen of the directory that all names are relative to.
    init(_ index: SelectionIndex, isRecursive: Bool) {
        let own = index.entries.first.flatMap { $0.path.isEmpty ? $0 : nil }
        self.init(
            index, (own == nil ? 0 : 1)..<index.entries.count, start: 0, listsAll: own?.takesContents ?? false,
            isNamed: own != nil)
    }

    /// Whether names of it were chosen.
    var isPart: Bool { !range.isEmpty }

    var entries: ArraySlice<SelectionIndex.Entry> { index.entries[range] }

    /// Where the directory lies below the one that all names are relative to; empty or with a slash at its end.
    var path: ArraySlice<UInt8> { range.isEmpty ? [] : index.entries[range.lowerBound].path[..<start] }

    /// What is chosen of a directory here; `nil` for everything that it holds.
    ///
    /// - Parameter choice: what is chosen under its name; `nil` where it was listed with all that this directory holds.
    func selection(below choice: Choice?, name length: Int, isRecursive: Bool) -> Selection? {
        guard let choice else { return isRecursive && listsAll ? nil : .nothing }
        let isListed = choice.entry != nil || listsAll
        let listsAll = choice.entry?.takesContents == true || isRecursive && isListed
        if listsAll, isRecursive, choice.below.isEmpty { return nil }
        return Selection(
            index, choice.below, start: start + length + 1, listsAll: listsAll, isNamed: choice.entry != nil)
    }

    /// Whether anything is looked for in a directory with this selection.
    var isEmpty: Bool { range.isEmpty && !listsAll }

    /// Whether a path, relative to the directory that all names are relative to, is chosen, lies below what is chosen, or
    /// leads there.
    func concerns(_ path: RelativePath) -> Bool {
        listsAll || path == .root
            || entries.contains { entry in
                let chosen = RelativePath(bytes: entry.path)
                return chosen.holds(path) || path.holds(chosen)
            }
    }

    /// What is chosen under a name; `nil` where nothing is.
    func choice(_ name: CName, _ length: Int) -> Choice? {
        if range.isEmpty { return nil }
        let name = UnsafeBufferPointer(start: name, count: length)
        let first = firstIndex { compare(index.entries[$0].path, name) < 0 }
        guard first < range.upperBound, compare(index.entries[first].path, name) == 0 else { return nil }
        return choice(first..<firstIndex { compare(index.entries[$0].path, name) <= 0 }, length)
    }

    /// Calls `body` for every name in byte order.
    func forEach(_ body: (ArraySlice<UInt8>, Choice) -> Void) {
        var next = range.lowerBound
        while next < range.upperBound {
            let name = name(next)
            var end = next + 1
            while end < range.upperBound, self.name(end) == name { end += 1 }
            body(name, choice(next..<end, name.count))
            next = end
        }
    }

    private func choice(_ group: Range<Int>, _ length: Int) -> Choice {
        let first = index.entries[group.lowerBound]
        // A path sorts before those that go on from it.
        let isNamed = first.path.count == start + length
        return Choice(
            entry: isNamed ? first : nil, below: (isNamed ? group.lowerBound + 1 : group.lowerBound)..<group.upperBound)
    }

    private func name(_ position: Int) -> ArraySlice<UInt8> {
        let rest = index.entries[position].path[start...]
        return rest[..<(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex)]
    }

    /// The order of a path's name in this directory and another name.
    private func compare(_ path: [UInt8], _ name: UnsafeBufferPointer<CChar>) -> Int {
        path.withUnsafeBufferPointer { path in
            var position = 0
            while true {
                let isOver = start + position == path.count || path[start + position] == UInt8(ascii: "/")
                if isOver || position == name.count { return (isOver ? 0 : 1) - (position == name.count ? 0 : 1) }
                let (left, right) = (path[start + position], UInt8(bitPattern: name[position]))
                if left != right { return left < right ? -1 : 1 }
                position += 1
            }
        }
    }

    /// The first place in the range where `isBefore` is false.
    private func firstIndex(where isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Selection {
    /// Appends the names that are chosen of a directory.
    ///
    /// - Parameter missing: called for those that do not exist.
    func append(to inventory: Inventory, layer: Int, missing: ([UInt8]) -> Void) {
        forEach { name, choice in
            let name = Array(name)
            if choice.isMissing { return missing(name) }
            let kind = choice.isDirectory ? .directory : choice.entry?.kind
            inventory.append(terminated(name), length: name.count, kind: kind, layer: layer)
        }
    }
}
