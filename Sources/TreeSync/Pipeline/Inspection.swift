internal import SystemPackage

/// Compares one directory's two inventories, name by name, and plans each: the inner loop of the engine.
struct Inspection {
    let walk: Walk
    let visit: Visit
    let source: Inventory
    let destination: Inventory
    let worker: Worker
    /// The source's directories, which the visit does not change any more.
    let layers: [Layer]
    let comparison: StatusComparison
    /// How ACLs and extended attributes are compared; `nil` where that depends on which of several directories an entry
    /// comes from.
    let attributeComparison: AttributeComparison?
    /// Whether only some of the names take part. Asked for each entry, so that it is known beforehand.
    let hasSelection: Bool
    /// Whether the source is a batch. The same.
    let isRecorded: Bool
    /// Whether every entry has the same name in the source, in its only directory. The same.
    let isNamedAlike: Bool
    /// Whether entries of the source count as what they are, so that their names lead to their attributes. The same.
    let isPlain: Bool

    init(walk: Walk, visit: Visit, pair: InventoryPair, worker: Worker) {
        self.walk = walk
        self.visit = visit
        source = pair.source
        destination = pair.destination
        self.worker = worker
        comparison = StatusComparison(rules: walk.rules)
        layers = visit.layers
        hasSelection = layers.contains { $0.selection != nil }
        isRecorded = walk.batch != nil
        isNamedAlike = layers.count == 1 && layers[0].renamed == nil
        isPlain = isNamedAlike && !hasSelection && !isRecorded && walk.sourceLinks == nil
        attributeComparison =
            layers.count == 1
            ? AttributeComparison(preserved: walk.options.preserved, policy: visit.policy(0)) : nil
    }

    /// The merge of two sorted lists, or of parts of both that end at the same name.
    func run(_ lefts: Range<Int>, _ rights: Range<Int>, _ found: inout Findings) {
        var (left, right) = (lefts.lowerBound, rights.lowerBound)
        let held = (try? visit.destination?.borrow()) ?? -1
        defer { if held >= 0 { visit.destination?.giveBack() } }
        let layers = BorrowedLayers(layers)
        while left < lefts.upperBound || right < rights.upperBound {
            if walk.cancellation.isCancelled { return }
            let order = order(left, lefts.upperBound, right, rights.upperBound)
            if order > 0 {
                destinationOnly(right, At(raw: held), &found)
                right += 1
                continue
            }
            let first = left
            repeat { left += 1 } while left < lefts.upperBound && isSameName(first, left)
            inspect(preferred(first..<left), order == 0 ? right : nil, layers, At(raw: held), &found)
            if order == 0 { right += 1 }
        }
    }

    @inline(__always)
    private func order(_ left: Int, _ leftEnd: Int, _ right: Int, _ rightEnd: Int) -> Int {
        if left >= leftEnd { return 1 }
        if right >= rightEnd { return -1 }
        return compareBytes(
            source.name(left), source.length(left), destination.name(right), destination.length(right))
    }

    /// Of entries with one name a directory, so that what it holds is not left out, else the first; as in rsync.
    @inline(__always)
    private func preferred(_ names: Range<Int>) -> Int {
        if names.count == 1 { return names.lowerBound }
        return names.first { source.slots[$0].kind == .directory } ?? names.lowerBound
    }

    /// Several roots of the source may hold the same name: one counts, directories are merged.
    private func isSameName(_ first: Int, _ next: Int) -> Bool {
        guard layers.count > 1 else { return false }
        return compareBytes(source.name(first), source.length(first), source.name(next), source.length(next)) == 0
    }

    // MARK: One name

    @inline(__always)
    private func inspect(
        _ left: Int, _ right: Int?, _ layers: borrowing BorrowedLayers, _ at: At, _ found: inout Findings
    ) {
        let layer = Int(source.slots[left].layer)
        if isRecorded, isRecordedWay(left) { return planRecordedWay(left, right, at, &found) }
        var leadsNowhere = false
        guard let status = sourceStatus(left, layers[layer], &leadsNowhere) else {
            // As in rsync, what leads nowhere takes no part: the destination's entry has no counterpart.
            if leadsNowhere, let right { destinationOnly(right, at, &found) }
            return
        }
        source.statuses[left] = status
        let isWay = hasSelection && isWay(left, self.layers[layer])
        if status.kind == .directory, !walk.rules.takesDirectories, !isWay {
            walk.inquiry?.note(path(left)) { ($0.source, $0.isNotEntered) = (status, true) }
            return walk.leaveOut(visit.path(of: source.name(left), source.length(left)), .directory)
        }
        if isWay, isBare(left) { return planWay(left, right, status, at, &found) }
        count(status, &found)
        guard walk.rules.takes(status.kind) || isWay else {
            walk.inquiry?.note(path(left)) { $0.source = status }
            return walk.leaveOut(visit.path(of: source.name(left), source.length(left)), status.kind)
        }
        var existing: Status?
        if let right {
            do throws(EntryFailure) {
                existing = try destinationStatus(right, status, at)
            } catch {
                return walk.report(walk.problem(error, path(left), status.kind))
            }
            if let existing { destination.statuses[right] = existing }
        }
        if let existing, let cause = walk.rules.refusal(toWrite: status, into: existing) {
            return walk.report(Problem(.write, path(left), existing.nodeKind, cause: cause))
        }
        guard let isUnsafe = isUnsafe(left, status, layers[layer]) else { return }
        if isUnsafe { return tellKept(left, status, existing, .absent, .unsafeLink, &found) }
        walk.inquiry?.note(path(left)) { ($0.source, $0.destination) = (status, existing) }
        if status.kind == .directory {
            planDirectory(left, right, status, existing, layers[layer], at, &found)
        } else if walk.plansChanges || existing?.kind == .directory {
            // What could not be compared stays as it is, on both sides.
            try? planEntry(left, right, status, existing, layers[layer], at, &found)
        }
    }

    private func sourceStatus(_ left: Int, _ at: At, _ leadsNowhere: inout Bool) -> Status? {
        if isRecorded { return recordedStatus(left) }
        if let sourceLinks = walk.sourceLinks {
            do throws(SourceLinks.Failure) {
                let status = try sourceLinks.status(sourceName(left), in: at, depth: visit.depth)
                do throws(Errno) { return try taken(status, left, at) } catch {
                    throw status.isReferent ? .referent(error) : .entry(error)
                }
            } catch {
                walk.fail(error, path(left), source.slots[left].kind)
                switch error {
                case .dangling, .outside: leadsNowhere = true
                case .entry, .referent: break
                }
                return nil
            }
        }
        do {
            let status = try at.status(sourceName(left))
            if status.kind == .symbolicLink, source.slots[left].kind == .directory, let way = try statusOfWay(left) {
                return walk.rules.taken(way)
            }
            return try taken(status, left, at)
        } catch {
            walk.fail(.readStatus, path(left), source.slots[left].kind, error, side: .source)
            return nil
        }
    }

    @inline(__always)
    private func taken(_ status: Status, _ left: Int, _ at: At) throws(Errno) -> Status? {
        if let counted = try walk.counted(status, sourceName(left), in: at) { return walk.rules.taken(counted) }
        walk.report(Problem(.readStatus, path(left), status.kind, cause: .damagedStatus, isSourceFailure: true))
        return nil
    }

    func path(_ left: Int) -> RelativePath { visit.path(of: source.name(left), source.length(left)) }

    private func count(_ status: Status, _ found: inout Findings) {
        guard walk.plansChanges else { return }
        found.scanned.entries.add(status.kind)
        if status.kind == .regular || status.kind == .symbolicLink {
            found.scanned.totalSize.addSaturating(status.size)
        }
    }

    private func planDirectory(
        _ left: Int, _ right: Int?, _ status: Status, _ existing: Status?, _ from: At, _ at: At,
        _ found: inout Findings
    ) {
        if status.identity == walk.roots.destinationIdentity {
            // What it holds counts as not read: it is not to be deleted for that.
            return walk.report(
                Problem(.readDirectory, path(left), .directory, cause: .destinationItself, isSourceFailure: true))
        }
        var differences: Differences = .absent
        var isCompared = true
        if let existing, let right {
            do throws(ComparisonFailure) {
                differences = try compare(left, destination.name(right), status, existing, from, at)
            } catch {
                // What it holds takes part all the same.
                (differences, isCompared) = ([], false)
            }
        }
        var verb = walk.rules.verb(for: status, existing, differences)
        if isLoop(status) {
            return walk.report(Problem(.readDirectory, path(left), .directory, cause: .linkLoop, isSourceFailure: true))
        }
        if verb == .create, walk.options.basis != nil,
            let decision = try? decide(left, status, existing, verb, differences, from)
        {
            (verb, differences) = (decision.verb, decision.differences)
        }
        if isRecorded, !isExpected(left, status, existing, verb, at) { return }
        let isThere = existing?.kind == .directory
        guard isThere || (verb != nil && walk.entersNewDirectories) else {
            return tellKept(left, status, existing, differences, nil, &found)
        }
        if existing == nil, collides(left, status, at) { return }
        let layer = layers[Int(source.slots[left].layer)]
        let crosses =
            walk.options.oneFileSystem && status.device != layer.device
            && layer.choice(source.name(left), source.length(left)) == nil
        if crosses, walk.options.leavesOutMountPoints {
            return tellKept(left, status, existing, differences, .mountPoint, &found)
        }
        var child = Child(
            source: Int32(left), destination: existing == nil ? -1 : Int32(right ?? -1), differences: differences,
            verb: verb, isEntered: !crosses, isCompared: isCompared)
        child.layers = mergedLayers(left)
        child.isEntered = child.isEntered && isEntered(left, child)
        if !child.isEntered { walk.inquiry?.note(path(left)) { $0.isNotEntered = true } }
        found.children.append(child)
        if let verb, walk.plansChanges { found.planned.record(verb, status, isNew: existing == nil) }
    }

    /// Whether anything is looked for in a directory, in one of the roots of the source.
    func isEntered(_ left: Int, _ child: Child) -> Bool {
        let (name, length) = (source.name(left), source.length(left))
        let places = child.layers.isEmpty ? [Int(source.slots[left].layer)] : child.layers
        return places.contains { place in
            let layer = layers[place]
            let selection = layer.selection(below: layer.choice(name, length), length, walk.options)
            return selection.map { !$0.isEmpty } ?? true
        }
    }

    /// All roots of the source that hold a directory of this name.
    func mergedLayers(_ left: Int) -> [Int] {
        guard layers.count > 1, left + 1 < source.count, isSameName(left, left + 1) else { return [] }
        var places = [Int(source.slots[left].layer)]
        var next = left + 1
        while next < source.count, isSameName(left, next) {
            if source.slots[next].kind == .directory { places.append(Int(source.slots[next].layer)) }
            next += 1
        }
        return places
    }
}
