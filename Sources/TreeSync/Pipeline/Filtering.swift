internal import SystemPackage

/// The rules of a run as both sides begin with them, and the scopes of the directories on the way.
///
/// What the source hides is taken out of its inventory before anything is compared, so that the stages behind know
/// nothing of rules: a hidden entry of the destination is then one that only the destination has, and stays where a
/// rule protects it.
final class Filtering: Sendable {
    /// One for each root of the source.
    private let sources: [FilterScope]
    /// `nil` where nothing is deleted.
    private let destination: FilterScope?
    private let roots: Roots
    /// Whether the destination's own rules are taken as they will be when everything is copied, because deletions come
    /// last.
    private let prefersSource: Bool

    init(_ foundation: FilterFoundation, _ options: Options, _ roots: Roots) {
        prefersSource = options.deletion == .after
        self.roots = roots
        sources = zip(roots.layers, roots.operands).map { layer, operand in
            foundation.scope(.source, root: absolutePath(operand.directory)) { [layer.handle] }
        }
        guard options.deletion != nil || options.force || options.deletesMissingSources else {
            destination = nil
            return
        }
        let both = prefersSource ? roots.layers.map(\.handle) : []
        destination = foundation.scope(.destination, root: absolutePath(roots.destinationPath)) {
            both + [roots.destination].compactMap { $0 }
        }
    }

    // MARK: One directory

    /// Makes the scopes of the visited directory and takes out of its source's inventory what they hide.
    func apply(to visit: Visit, _ pair: InventoryPair) throws(FilterError) {
        var scopes: [FilterScope] = []
        for index in visit.layers.indices { scopes.append(try source(visit, index, pair.source)) }
        pair.source.removeAll { index in
            hides(index, pair.source, visit, scopes[Int(pair.source.slots[index].layer)])
        }
        visit.filters = DirectoryFilters(sources: scopes, destination: try destination(visit, pair))
    }

    private func hides(_ index: Int, _ inventory: Inventory, _ visit: Visit, _ scope: FilterScope) -> Bool {
        let layer = visit.layers[Int(inventory.slots[index].layer)]
        // What is chosen by its name was asked about before; what leads there is never hidden, as in rsync.
        if layer.choice(inventory.name(index), inventory.length(index)) != nil { return false }
        let name = layer.renamed ?? inventory.name(index)
        let kind = inventory.slots[index].kind
        let length = layer.renamed.map { terminated($0).count - 1 } ?? inventory.length(index)
        guard let rule = scope.rule(name, length, isDirectory: kind == .directory, FilterQuestion(side: .source)) else {
            return false
        }
        visit.walk.inquiry?.note(visit.path(of: inventory.name(index), inventory.length(index))) {
            if rule.effect == .exclude { $0.hiding = rule } else { $0.showing = rule }
        }
        return rule.effect == .exclude
    }

    private func source(_ visit: Visit, _ index: Int, _ inventory: Inventory) throws(FilterError) -> FilterScope {
        let layer = visit.layers[index]
        let read = { (name: [UInt8]) throws(FilterError) -> [UInt8]? in
            // A batch holds what a run has chosen already.
            if layer.recorded != nil { return nil }
            // Of a selection the inventory holds what is chosen alone.
            if layer.selection != nil { return try readOwn(name, layer.handle, in: visit.path) }
            return try readOwn(name, inventory, layer: index, layer.handle, in: visit.path)
        }
        guard visit.parent != nil, let above = visit.filters?.sources[index] else {
            let scope = sources[index]
            return roots.isPartial(index) ? scope : try scope.withRulesAbove([]).entered(read: read)
        }
        let name = bytes(of: visit.name)
        let isFirst = visit.depth == 1 && roots.isPartial(visit.sourceLayers[index])
        return try (isFirst ? above.withRulesAbove(name) : above).child(name, read: read)
    }

    private func destination(_ visit: Visit, _ pair: InventoryPair) throws(FilterError) -> FilterScope? {
        guard let destination else { return nil }
        let read = { (name: [UInt8]) throws(FilterError) -> [UInt8]? in
            try self.readDestination(name, visit, pair)
        }
        guard let parent = visit.parent else {
            return visit.coverage == .everything ? try destination.withRulesAbove([]).entered(read: read) : destination
        }
        guard let above = parent.filters?.destination else { return nil }
        let name = bytes(of: visit.name)
        let isFirst = visit.depth == 1 && parent.coverage != .everything
        return try (isFirst ? above.withRulesAbove(name) : above).child(name, read: read)
    }

    private func readDestination(
        _ name: [UInt8], _ visit: Visit, _ pair: InventoryPair
    ) throws(FilterError) -> [UInt8]? {
        if prefersSource {
            for (index, layer) in visit.layers.enumerated() where layer.recorded == nil {
                if layer.selection != nil {
                    if let rules = try readOwn(name, layer.handle, in: visit.path) { return rules }
                } else if let rules = try readOwn(name, pair.source, layer: index, layer.handle, in: visit.path) {
                    return rules
                }
            }
        }
        guard let handle = visit.destination else { return nil }
        return try readOwn(name, pair.destination, layer: 0, handle, in: visit.path)
    }
}

/// The scopes of one directory: of each of the source's directories that contribute to it, and of the destination's.
struct DirectoryFilters: Sendable {
    /// Before the directory is read, those of the directories above.
    var sources: [FilterScope] = []
    var destination: FilterScope?
}

extension FilterScope {
    /// The rule that decides about an entry of this directory; `nil` where none does.
    func rule(_ name: CName, _ length: Int, isDirectory: Bool, _ question: FilterQuestion) -> FilterRule? {
        name.withMemoryRebound(to: UInt8.self, capacity: length) { start in
            rule(for: UnsafeBufferPointer(start: start, count: length), isDirectory: isDirectory, question)
        }
    }
}

extension Walk {
    /// Takes out what the rules hide. Where a directory's own rules cannot be used, all it holds stays as it is.
    func filter(_ visit: Visit, _ pair: InventoryPair) -> Bool {
        guard let filtering else { return true }
        do throws(FilterError) {
            try filtering.apply(to: visit, pair)
            return true
        } catch {
            visit.isListingIncomplete = true
            report(
                Problem(
                    .readDirectory, RelativePath(bytes: visit.path), .directory, cause: .filter(error),
                    isSourceFailure: true))
            return false
        }
    }
}

private func bytes(of name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }
