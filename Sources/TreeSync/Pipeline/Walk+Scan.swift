internal import SystemPackage

extension Walk {
    /// Opens the source's directories. What cannot be read is a problem that stops deletions; its contents stay out.
    func enterSource(_ visit: Visit) -> Bool {
        guard let parent = visit.parent else { return true }
        for (place, index) in visit.sourceLayers.enumerated() {
            // The visit has the status of the first alone.
            let scanned = place == 0 ? visit.source : nil
            do throws(Errno) {
                let isOperand = parent.parent == nil && roots.isEntry(index)
                visit.layers.append(
                    try parent.layers[index].child(visit.name, self, scanned, isOperand: isOperand))
                if let scope = parent.filters?.sources[index] { visit.inheritFilters(scope) }
            } catch {
                visit.isListingIncomplete = true
                fail(.readDirectory, RelativePath(bytes: visit.path), .directory, error, side: .source)
            }
        }
        if visit.coverage == .everything, !visit.layers.contains(where: \.listsAll) {
            visit.coverage = .selection
        }
        return !visit.layers.isEmpty
    }

    /// Reads the names of both sides. Where that fails nothing in the directory is planned.
    func list(_ visit: Visit, _ pair: InventoryPair, _ worker: Worker) -> Bool {
        guard readSource(visit, pair.source, worker) else { return false }
        pair.source.sort(layers: visit.layers.count)
        let unknown = completeKinds(visit, pair.source)
        if let destination = visit.destination {
            guard read(destination, pair.destination, worker, path: visit, side: .destination) else { return false }
            pair.destination.sort()
        }
        guard filter(visit, pair) else { return false }
        // Only now: one of them may hold rules.
        if !unknown.isEmpty { pair.source.removeAll { unknown.contains(pair.source.bytes($0)) } }
        prune(visit, pair.source, worker)
        noteNamesLikeBackups(visit, pair.source)
        return true
    }

    /// Compares and plans every name; a wide directory's in pieces that idle threads take.
    func inspect(_ visit: Visit, _ pair: InventoryPair, _ worker: Worker) {
        let pieces = pool.isParallel ? InspectionPieces(visit, pair, options) : nil
        guard let pieces, pieces.count > 1 else {
            var found = Findings()
            let inspection = Inspection(walk: self, visit: visit, pair: pair, worker: worker)
            inspection.run(0..<pair.source.count, 0..<pair.destination.count, &found)
            return conclude(inspection, found)
        }
        let loop = SharedLoop(count: pieces.count, step: 1) { [self] worker, range in
            let inspection = Inspection(walk: self, visit: visit, pair: pair, worker: worker)
            for index in range { pieces.inspect(index, inspection) }
        } completion: { [self] worker in
            conclude(Inspection(walk: self, visit: visit, pair: pair, worker: worker), pieces.joined())
        }
        pool.run(loop, worker)
    }

    private func conclude(_ inspection: Inspection, _ found: Findings) {
        var found = found
        found.destinationEntries = inspection.destination.count
        inspection.finishRemoval(&found)
        settle(inspection.visit, found, inspection.worker)
    }

    private func readSource(_ visit: Visit, _ inventory: Inventory, _ worker: Worker) -> Bool {
        for (index, layer) in visit.layers.enumerated() {
            if visit.parent == nil, let entry = roots.operands[index].entry {
                inventory.append(entry.name, length: entry.name.count - 1, kind: entry.kind, layer: index)
                continue
            }
            if let recorded = layer.recorded {
                recorded.append(to: inventory, layer: index) { visit.missing.insert($0) }
                continue
            }
            let before = inventory.count
            var lacksSome = false
            layer.selection?.append(to: inventory, layer: index) {
                visit.missing.insert($0)
                lacksSome = true
            }
            if layer.selection?.listsAll == false {
                let isSuspicious = lacksSome && visit.parent == nil && inventory.count == before
                if isSuspicious, isEmpty(layer, index, visit, worker) { visit.hasEmptyRoot = true }
                continue
            }
            defer { if layer.isOperand, inventory.count == before { visit.hasEmptyRoot = true } }
            if read(layer.handle, inventory, worker, path: visit, side: .source, layer: index) { continue }
            // Half a listing must not look like deletions, not even with `--ignore-errors`; copying goes on.
            visit.isListingIncomplete = true
        }
        return !visit.isListingIncomplete || inventory.count > 0
    }

    /// Whether the directory that names are chosen from holds nothing at all. A failure is reported.
    private func isEmpty(_ layer: Layer, _ index: Int, _ visit: Visit, _ worker: Worker) -> Bool {
        let names = Inventory()
        return read(layer.handle, names, worker, path: visit, side: .source, layer: index) && names.count == 0
    }

    /// Appends a directory's names. A failure is reported.
    func read(
        _ handle: DirectoryHandle, _ inventory: Inventory, _ worker: Worker, path visit: Visit, side: Side,
        layer: Int = 0
    ) -> Bool {
        do {
            let descriptor = try handle.borrow()
            defer { handle.giveBack() }
            if visit.parent == nil { try worker.reader.rewind(descriptor) }
            let selection = side == .source ? visit.layers[layer].selection : nil
            try worker.reader.read(descriptor) { name, length, kind in
                // What is chosen by its name is there already.
                if let selection, selection.choice(name, length)?.isMissing == false { return }
                inventory.append(name, length: length, kind: kind, layer: layer)
            }
            return true
        } catch {
            fail(.readDirectory, RelativePath(bytes: visit.path), .directory, error, side: side)
            return false
        }
    }

    // MARK: Problems

    /// The options take no entries of this kind.
    func leaveOut(_ path: RelativePath, _ kind: EntryKind) {
        if plansChanges { report(Problem(.create, path, kind, cause: .leftOut)) }
    }

    /// Which tree a failure was met in.
    enum Side { case source, destination }

    func fail(
        _ operation: Problem.Operation, _ path: RelativePath, _ kind: EntryKind?, _ errno: Errno, side: Side,
        attribute: [UInt8]? = nil, in directory: Int32? = nil
    ) {
        var problem = Problem(operation, path, kind, errno: errno, attribute: attribute)
        switch side {
        case .source:
            problem.meetInSource(errno)
        case .destination:
            problem.cause = roots.cause(of: errno, operation, kind, process)
        }
        report(problem)
    }

    func report(_ problem: Problem) {
        ledger.add(problem)
        listener.problem(problem)
    }
}
