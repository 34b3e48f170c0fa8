/// Entries of one destination directory that go away, with all that directories among them hold.
///
/// Compact, because a plan may hold millions: names end to end, five bytes more for each.
final class RemovalList: @unchecked Sendable {
    private var names: [UInt8] = []
    private var ends: [UInt32] = []
    private var kinds: [EntryKind] = []
    /// What the entries were like, where that is recorded; else empty.
    private var states: [RecordedState?] = []
    /// What the directories of the list hold, by index.
    private(set) var contents: [Int: RemovalList] = [:]
    /// Entries that are kept although what holds them would go: mount points and what could not be read.
    var isIncomplete = false

    /// The directory whose entries these are, where that matters later.
    var identity: FileIdentity?
    /// Places of entries that stay after all.
    private var spared: Set<Int> = []

    /// Whether a filter rule protects one of those, here or below.
    private(set) var isProtected = false

    var count: Int { kinds.count }

    /// All entries, at every depth.
    private(set) var total = KindCounts()

    func append(_ name: CName, length: Int, _ kind: EntryKind, _ state: RecordedState? = nil) {
        if let state {
            states += Array(repeating: nil, count: count - states.count)
            states.append(state)
        }
        names.append(contentsOf: UnsafeRawBufferPointer(start: name, count: length))
        names.append(0)
        ends.append(UInt32(names.count))
        kinds.append(kind)
        total.add(kind)
    }

    /// A directory with what it holds. It stays where something in it has to.
    func append(
        _ name: CName, length: Int, _ kind: EntryKind, _ list: RemovalList, _ state: RecordedState? = nil
    ) {
        append(name, length: length, kind, state)
        contents[count - 1] = list
        isProtected = isProtected || list.isProtected
        total.add(list.total)
        if list.isIncomplete {
            isIncomplete = true
            total.add(kind, -1)
        }
    }

    /// The entries of another list of the same directory, behind these.
    func append(_ other: RemovalList) {
        let (bytes, entries) = (UInt32(names.count), count)
        if !other.states.isEmpty { states += Array(repeating: nil, count: entries - states.count) + other.states }
        names += other.names
        ends += other.ends.map { $0 + bytes }
        kinds += other.kinds
        for (index, list) in other.contents { contents[entries + index] = list }
        total.add(other.total)
        isIncomplete = isIncomplete || other.isIncomplete
        isProtected = isProtected || other.isProtected
    }

    func isSpared(_ index: Int) -> Bool { spared.contains(index) }

    /// Keeps these directories and those above them, at every depth.
    func spare(_ directories: Set<FileIdentity>) {
        // Without recursion: the lists may be nested 10,000 deep. What a list holds stands behind it.
        var all: [(list: RemovalList, holder: RemovalList?, index: Int)] = [(self, nil, 0)]
        var next = 0
        while next < all.count {
            let list = all[next].list
            for (index, inner) in list.contents { all.append((inner, list, index)) }
            next += 1
        }
        var isChanged = false
        for (list, holder, index) in all {
            guard let holder, let identity = list.identity, directories.contains(identity) else { continue }
            holder.spared.insert(index)
            isChanged = true
        }
        if isChanged { for (list, _, _) in all.reversed() { list.recount() } }
    }

    private func recount() {
        if !spared.isEmpty { isIncomplete = true }
        total = KindCounts()
        for index in 0..<count where !spared.contains(index) {
            let inner = contents[index]
            if let inner { total.add(inner.total) }
            if inner?.isIncomplete ?? false { isIncomplete = true } else { total.add(kinds[index]) }
        }
    }

    /// An entry stays because a filter rule protects it.
    func keepProtected() {
        isIncomplete = true
        isProtected = true
    }

    func kind(_ index: Int) -> EntryKind { kinds[index] }
    func state(_ index: Int) -> RecordedState? { index < states.count ? states[index] : nil }

    /// Calls `body` with the name, which has a NUL at its end.
    func withName<Result>(_ index: Int, _ body: (CName, Int) -> Result) -> Result {
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return names.withUnsafeBytes { bytes in
            let name = bytes.baseAddress!.advanced(by: start).assumingMemoryBound(to: CChar.self)
            return body(name, Int(ends[index]) - start - 1)
        }
    }

    func name(_ index: Int) -> [UInt8] {
        withName(index) { Array(UnsafeRawBufferPointer(start: $0, count: $1)) }
    }

    /// Calls `body` for every entry in the order of the tree, what a directory holds before the directory.
    func forEach(below path: [UInt8], _ body: (RelativePath, EntryKind, RecordedState?) -> Void) {
        // An own stack: the lists may be nested 10,000 deep.
        var stack: [(list: RemovalList, path: [UInt8], next: Int)] = [(self, path, 0)]
        while let top = stack.last {
            guard top.next < top.list.count else {
                stack.removeLast()
                guard let holder = stack.last, !top.list.isIncomplete else { continue }
                let index = holder.next - 1
                body(RelativePath(bytes: top.path), holder.list.kind(index), holder.list.state(index))
                continue
            }
            stack[stack.count - 1].next += 1
            if top.list.isSpared(top.next) { continue }
            let entry = joined(top.path, top.list.name(top.next))
            if let inner = top.list.contents[top.next] {
                stack.append((inner, entry, 0))
            } else {
                body(RelativePath(bytes: entry), top.list.kind(top.next), top.list.state(top.next))
            }
        }
    }
}

/// A path and a name below it.
func joined(_ path: [UInt8], _ name: [UInt8]) -> [UInt8] {
    path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
}
