internal import SystemPackage

extension Walk {
    /// Takes out of the source what is a directory and holds nothing but directories, at any depth.
    ///
    /// What a rule hides is not held. A directory that cannot be read stays: the visit tells why.
    func prune(_ visit: Visit, _ inventory: Inventory, _ worker: Worker) {
        guard let pruning else { return }
        var empty = (0..<inventory.count).map { pruning.emptyDirectories($0, inventory, visit, worker) }
        if visit.layers.count > 1 { keepMerged(inventory, &empty) }
        // As in rsync they count among the entries of the source.
        var statistics = Statistics()
        for index in empty.indices {
            guard let count = empty[index] else { continue }
            statistics.entries.add(.directory, count)
            inquiry?.note(visit.path(of: inventory.name(index), inventory.length(index))) { $0.isPruned = true }
        }
        if plansChanges { ledger.add(statistics) }
        inventory.removeAll { empty[$0] != nil }
    }

    /// Directories of one name are merged: what one of them holds keeps all.
    private func keepMerged(_ inventory: Inventory, _ empty: inout [Int?]) {
        var start = 0
        while start < empty.count {
            var end = start + 1
            while end < empty.count, inventory.bytes(end) == inventory.bytes(start) { end += 1 }
            if empty[start..<end].contains(nil) { for index in start..<end { empty[index] = nil } }
            start = end
        }
    }
}

/// Finds out which directories of the source hold nothing but directories (rsync's `--prune-empty-dirs`).
///
/// A look ahead ends at the first entry that counts. The directories on the way to it are remembered until they are
/// asked about themselves, so that no directory is looked into more than twice, however deep the tree is.
final class Pruning: Sendable {
    private let options: Options
    private let roots: Roots
    private let sourceLinks: SourceLinks?
    private let known = Lock<Set<FileIdentity>>([])

    /// `nil` where nothing is pruned.
    init?(_ options: Options, _ roots: Roots, _ sourceLinks: SourceLinks?) {
        guard options.prunesEmptyDirectories else { return nil }
        self.sourceLinks = sourceLinks
        self.options = options
        self.roots = roots
    }

    /// How many directories an entry is, itself among them; `nil` where it is or holds something else.
    func emptyDirectories(_ index: Int, _ inventory: Inventory, _ visit: Visit, _ worker: Worker) -> Int? {
        let slot = inventory.slots[index]
        let place = Int(slot.layer)
        let layer = visit.layers[place]
        let name = terminated(layer.renamed ?? inventory.name(index))
        guard kind(slot.kind, name, in: layer.handle) == .directory else { return nil }
        let length = name.count - 1
        if visit.filters?.sources[place].keepsEmptyDirectory(name, length) ?? false { return nil }
        let selection = layer.selection(below: layer.choice(name, length), length, options)
        if let selection, selection.isEmpty { return 1 }
        do {
            var scope = visit.filters?.sources[place]
            if visit.parent == nil, roots.isPartial(place) { scope = try scope?.withRulesAbove(bytes(name)) }
            var search = Search(options: options, worker: worker, walk: visit.walk)
            let start = Search.Candidate(
                parent: layer, name: name, scope: scope, path: bytes(name), above: nil, depth: visit.depth)
            let isFull = try search.holdsSomething(start) { identity in
                known.withLock { $0.remove(identity) != nil }
            }
            if isFull { known.withLock { $0.formUnion(search.way) } }
            return isFull ? nil : search.count
        } catch {
            return nil
        }
    }

    private func kind(_ kind: EntryKind?, _ name: [CChar], in handle: DirectoryHandle) -> EntryKind? {
        kind ?? (try? handle.use { (at) throws(Errno) in try at.status(name).kind })
    }
}

/// One look ahead; with a list of its own, because directories may be nested 10,000 deep.
private struct Search {
    /// A directory that was found and not looked into yet.
    struct Candidate {
        let parent: Layer
        let name: [CChar]
        /// The rules of the directory that holds it.
        let scope: FilterScope?
        /// Below the directory where the search began; for messages of rules.
        let path: [UInt8]
        /// The place of the directory that holds it.
        let above: Int?
        /// How many directories of the tree lie above it.
        let depth: Int
    }

    let options: Options
    let worker: Worker
    let walk: Walk
    /// Directories that were met.
    private(set) var count = 0
    private var places: [(identity: FileIdentity, above: Int?)] = []
    /// The directories below the first that lead to what was found.
    private(set) var way: [FileIdentity] = []

    init(options: Options, worker: Worker, walk: Walk) {
        self.options = options
        self.worker = worker
        self.walk = walk
    }

    /// - Parameter isKnown: whether a directory is known to hold something; asked about the first alone.
    mutating func holdsSomething(_ start: Candidate, isKnown: (FileIdentity) -> Bool) throws -> Bool {
        var pending = [start]
        while let candidate = pending.popLast() {
            let layer = try candidate.parent.child(candidate.name, walk, nil, isOperand: false)
            let raw = try layer.handle.borrow()
            defer { layer.handle.giveBack() }
            let status = try Status.of(raw)
            count += 1
            if options.oneFileSystem, status.device != layer.device { continue }
            if candidate.above == nil, isKnown(status.identity) { return true }
            // By way of a link a directory may hold itself.
            if walk.sourceLinks != nil, places.contains(where: { $0.identity == status.identity }) { continue }
            places.append((status.identity, candidate.above))
            if try lookInto(candidate, layer, raw, &pending) {
                way = leading(to: places.count - 1)
                return true
            }
        }
        return false
    }

    /// Whether the directory holds something itself; its directories become candidates.
    private mutating func lookInto(
        _ candidate: Candidate, _ layer: Layer, _ raw: Int32, _ pending: inout [Candidate]
    ) throws -> Bool {
        let inventory = Inventory()
        layer.selection?.append(to: inventory, layer: 0) { _ in }
        if layer.selection?.listsAll ?? true {
            try worker.reader.read(raw) { name, length, kind in
                if layer.choice(name, length)?.isMissing == false { return }
                inventory.append(name, length: length, kind: kind, layer: 0)
            }
        }
        let scope = try candidate.scope?.child(bytes(candidate.name)) { (file) throws(FilterError) in
            if layer.selection != nil { return try readOwn(file, layer.handle, in: candidate.path) }
            return try readOwn(file, inventory, layer: 0, layer.handle, in: candidate.path)
        }
        for index in 0..<inventory.count {
            let name = inventory.name(index)
            let kind = try kind(of: name, inventory.slots[index].kind, At(raw: raw), candidate.depth + 1)
            let length = inventory.length(index)
            let choice = layer.choice(name, length)
            let rule = scope?.rule(name, length, isDirectory: kind == .directory, FilterQuestion(side: .source))
            if choice == nil, rule?.effect == .exclude { continue }
            guard kind == .directory, scope?.keepsEmptyDirectory(name, length) != true else { return true }
            if let below = layer.selection(below: choice, length, options), below.isEmpty {
                count += 1
                continue
            }
            pending.append(
                Candidate(
                    parent: layer, name: terminated(name), scope: scope,
                    path: joined(candidate.path, inventory.bytes(index)), above: places.count - 1,
                    depth: candidate.depth + 1))
        }
        return false
    }

    private func kind(of name: CName, _ kind: EntryKind?, _ at: At, _ depth: Int) throws -> EntryKind {
        if let kind, kind != .symbolicLink || walk.sourceLinks == nil { return kind }
        if let sourceLinks = walk.sourceLinks { return try sourceLinks.kind(name, in: at, depth: depth) }
        return try at.status(name).kind
    }

    private func leading(to place: Int) -> [FileIdentity] {
        var way: [FileIdentity] = []
        var next: Int? = place
        while let place = next, places[place].above != nil {
            way.append(places[place].identity)
            next = places[place].above
        }
        return way
    }
}

extension FilterScope {
    /// Whether a protect rule of the run keeps a directory of the source from being pruned; as in rsync, those that
    /// directories hold do not.
    ///
    /// The name is that of a directory in the one that the scope is of.
    fileprivate func keepsEmptyDirectory(_ name: CName, _ length: Int) -> Bool {
        name.withMemoryRebound(to: UInt8.self, capacity: length) { start in
            let name = UnsafeBufferPointer(start: start, count: length)
            return ruleOfRun(for: name, isDirectory: true, FilterQuestion(side: .destination))?.effect == .exclude
        }
    }
}

private func bytes(_ name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }
