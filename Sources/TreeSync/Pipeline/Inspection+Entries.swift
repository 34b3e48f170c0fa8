internal import SystemPackage

extension Inspection {
    // MARK: Entries that are no directories

    func planEntry(
        _ left: Int, _ right: Int?, _ status: Status, _ existing: Status?, _ from: At, _ at: At,
        _ found: inout Findings
    ) throws(ComparisonFailure) {
        var differences: Differences = .absent
        if let existing, let right {
            differences = try compare(left, destination.name(right), status, existing, from, at)
        }
        let isGrouped = walk.links != nil && walk.rules.joinsLinks(status, existing)
        var decision = try decide(
            left, status, existing, walk.rules.verb(for: status, existing, differences), differences, from)
        if isRecorded {
            guard isExpected(left, status, existing, decision.verb, at) else { return }
            decision.verb = recordedVerb(left, decision.verb)
        }
        if !isGrouped, isTakenInPlace(decision, status, existing) {
            decision.verb = .update
            if decision.differences.isEmpty { decision.differences = .hardLink }
        }
        let verb = decision.verb
        differences = decision.differences
        if verb == nil, decision.basis > 0 {
            return tellKept(left, status, existing, differences, .equal, &found)
        }
        guard verb != nil || isGrouped else {
            // What is told of a link is read before it goes away.
            tellKept(left, status, existing, differences, nil, &found)
            return removeKept(left, status, existing, differences, from)
        }
        if existing == nil, collides(left, status, at) { return }
        let item = Item(
            source: Int32(left), destination: existing == nil ? -1 : Int32(right ?? -1), differences: differences,
            verb: verb ?? .joinGroup, basis: decision.basis)
        var room = Room.made
        if existing?.kind == .directory, verb != nil, let right {
            room = clear(right, item, status, from, at, &found)
        }
        // What is left to a basis directory is nothing that other names could be linked to.
        let isCandidate = isGrouped && verb != .leaveToBasis
        add(item, decision, status, existing, room, isCandidate: isCandidate, &found)
    }

    /// Whether a file that would keep its inode has to be parted from another name of it, which has got, or keeps, the
    /// contents and attributes of another file of the source in place.
    private func isTakenInPlace(_ decision: BasisDecision, _ status: Status, _ existing: Status?) -> Bool {
        guard walk.rules.writesInPlace, let existing, existing.links > 1, status.kind == .regular,
            existing.kind == .regular, decision.verb == nil || decision.verb == .setAttributes, !isRecorded,
            let executor = walk.executor, !executor.inPlace.mayTake(existing, status)
        else { return false }
        return walk.rules.reasonToKeep(status, existing, decision.differences) == .equal
    }

    private func add(
        _ item: Item, _ decision: BasisDecision, _ status: Status, _ existing: Status?, _ room: Room, isCandidate: Bool,
        _ found: inout Findings
    ) {
        if room == .none { return }
        if isCandidate {
            let candidate = LinkCandidate(
                detach(item, status, existing), decision.verb, waitsForGuards: room == .later,
                basis: decision.identity)
            found.candidates += 1
            found.utterances.append(.linkCandidate(candidate))
        } else if room == .later {
            found.putOff.append(detach(item, status, existing))
            announce(item, status, existing, &found)
        } else {
            found.items.append(item)
            if item.destination < 0, Executor.isQuick(status) { found.quick += 1 }
            announce(item, status, existing, &found)
        }
    }

    /// Whether a destination that ignores case has taken another name of the source for this one.
    func collides(_ left: Int, _ status: Status, _ at: At) -> Bool {
        guard at.raw >= 0, walk.roots.facts.ignoresCase, (try? at.exists(source.name(left))) == true else {
            return false
        }
        walk.report(Problem(.create, path(left), status.kind, cause: walk.roots.causeOfExistingName()))
        return true
    }

    private func announce(_ item: Item, _ status: Status, _ existing: Status?, _ found: inout Findings) {
        found.planned.record(item.verb, status, isNew: existing == nil)
        guard walk.listener.wants(.planned) else { return }
        let index = Int(item.source)
        let target = status.kind == .symbolicLink ? readLink(index) : nil
        var action = Action(
            planning: item.verb, path(index), status, item.differences, target: target,
            in: layers[Int(source.slots[index].layer)])
        if walk.isListing { action.facts = action.facts?.withAccessTime(of: status, walk.options) }
        found.utterances.append(.action(action.replacing(existing, source.bytes(index), in: visit)))
    }

    func detach(_ item: Item, _ status: Status, _ existing: Status?) -> DetachedItem {
        let index = Int(item.source)
        let name = Array(UnsafeBufferPointer(start: source.name(index), count: source.length(index) + 1))
        return DetachedItem(
            visit: visit, name: name, layer: layers[Int(source.slots[index].layer)], source: status,
            existing: existing, differences: item.differences, verb: item.verb, basis: item.basis,
            target: status.kind == .symbolicLink ? readLink(index) : nil)
    }

    func readLink(_ left: Int) -> [UInt8]? {
        let layer = layers[Int(source.slots[left].layer)]
        guard let descriptor = try? layer.handle.borrow() else { return nil }
        defer { layer.handle.giveBack() }
        return (try? layer.linkText(sourceName(left), source.statuses[left], in: At(raw: descriptor)))
            .map(walk.linkPolicy.taken)
    }

    // MARK: A directory in the way

    /// Whether a directory makes room for something else.
    private enum Room { case none, made, later }

    /// An empty directory makes room at once. A full one waits for the guards, or stays.
    private func clear(
        _ right: Int, _ item: Item, _ status: Status, _ from: At, _ at: At, _ found: inout Findings
    ) -> Room {
        let path = path(Int(item.source))
        let listing = walk.listContents(of: destination.name(right), in: at, path, visit.filters?.destination, worker)
        if case .isKeptPlace = listing { walk.report(Problem(.replace, path, status.kind, cause: .keptPlace)) }
        guard case .contents(let contents) = listing else { return .none }
        if contents.count == 0, !contents.isIncomplete { return .made }
        if let keptLinks = walk.keptLinks { keptLinks.spare(contents) }
        let fate = contents.isIncomplete ? .keep : walk.removals.fullDirectories
        guard fate == .keep || canBeRead(Int(item.source), item.verb, status, from) else { return .none }
        switch fate {
        case .keep:
            walk.report(refusal(to: path, status.kind, contents))
            return .none
        case .cleared where walk.executor == nil: return .made
        case .cleared:
            walk.report(Problem(.replace, path, status.kind, errno: .directoryNotEmpty))
            return .none
        case .refused:
            walk.report(Problem(.replace, path, status.kind, cause: .guarded))
            return .none
        case .atOnce:
            found.planned.deleted.add(contents.total)
            found.utterances.append(.removal(removal(contents, of: right)))
            return .made
        case .putOff:
            walk.removals.collector?.append(removal(contents, of: right))
            walk.inquiry?.note(path) { $0.waitsForGuards = true }
            return walk.plansChanges ? .later : .none
        }
    }

    /// Whether a file that takes the place of a full directory can be opened. Else the failure would be met after the guards
    /// have judged, or what it replaces is gone.
    private func canBeRead(_ left: Int, _ verb: ItemVerb, _ status: Status, _ from: At) -> Bool {
        guard status.kind == .regular, verb == .create || verb == .update, walk.batch == nil else { return true }
        do throws(Errno) {
            _ = try walk.openSource(sourceName(left), in: from, status)
            return true
        } catch {
            walk.report(walk.problem(EntryFailure(.readFile, error, side: .source), path(left), status.kind))
            return false
        }
    }

    /// Why a full directory stays. Where the options would let it go, what it cannot lose is a problem of its own.
    private func refusal(to path: RelativePath, _ kind: EntryKind, _ contents: RemovalList) -> Problem {
        if contents.isProtected {
            return Problem(.replace, path, kind, cause: isRecorded ? .notAsRecorded : .protected)
        }
        if walk.removals.fullDirectories == .keep { return Problem(.replace, path, kind, cause: .directoryInTheWay) }
        return Problem(.replace, path, kind, errno: .directoryNotEmpty)
    }

    private func removal(_ contents: RemovalList, of right: Int) -> PendingRemoval {
        PendingRemoval(contents, in: visit, below: destination.bytes(right))
    }

    // MARK: Names that only the destination has

    func destinationOnly(_ right: Int, _ at: At, _ found: inout Findings) {
        let name = destination.name(right)
        let length = destination.length(right)
        let origin = TemporaryNames.origin(name, length: length)
        if origin == .inUse { return }
        let mayGo =
            walk.removals.extras != .keep && !visit.isListingIncomplete
            && (isMissingSource(right) || (walk.options.deletion != nil && visit.coverage == .everything))
        guard mayGo || origin != nil || walk.inquiry != nil, let kind = kindInDestination(right, at) else { return }
        // In a directory where others may rename what is ours, the name says nothing of what a directory is.
        if let origin, kind != .directory || (origin == .unfinished && visit.isOursAlone) {
            if walk.plansChanges { found.leftovers.append(right) }
            return
        }
        walk.inquiry?.note(visit.path(of: name, length)) { $0.destination = try? at.status(name) }
        guard mayGo else { return }
        if isRecorded, !isExpectedToGo(right, kind, at) { return }
        let scope = visit.filters?.destination
        if isProtected(name, length, kind, scope) || walk.isKeptPlace(visit.path(of: name, length)) { return }
        let list: RemovalList
        if let begun = found.removal?.list {
            list = begun
        } else {
            list = RemovalList()
            found.removal = PendingRemoval(list, in: visit, below: [])
        }
        let path = visit.path(of: name, length)
        if kind == .directory {
            let listing = walk.listContents(
                of: name, in: at, path, scope, worker, sparesMountPoints: walk.options.oneFileSystem)
            guard case .contents(let contents) = listing else {
                if case .stays = listing { return }
                return list.isIncomplete = true
            }
            if contents.count > 0, walk.options.deletion == nil, !walk.options.force {
                return walk.report(Problem(.delete, path, kind, errno: .directoryNotEmpty))
            }
            list.append(name, length: length, kind, contents, walk.recorder == nil ? nil : .directory)
        } else {
            switch walk.departure(of: name, kind, in: at, path) {
            case .goes(let state):
                list.append(name, length: length, walk.countedKind(kind, name, in: at), state)
            case .stays: list.isIncomplete = true
            }
        }
    }

    /// What an entry is that only the destination has; `nil` where it is gone, or cannot be looked at, which is reported.
    private func kindInDestination(_ right: Int, _ at: At) -> EntryKind? {
        if let kind = destination.slots[right].kind { return kind }
        let name = destination.name(right)
        do throws(Errno) { return try at.status(name).kind } catch {
            if error != .noSuchFileOrDirectory {
                let path = visit.path(of: name, destination.length(right))
                walk.fail(.readStatus, path, nil, error, side: .destination)
            }
            return nil
        }
    }

    /// Whether the entry stands for a root of the source that does not exist (`deletesMissingSources`).
    private func isMissingSource(_ right: Int) -> Bool {
        !visit.missing.isEmpty && visit.missing.contains(destination.bytes(right))
    }

    private func isProtected(_ name: CName, _ length: Int, _ kind: EntryKind, _ scope: FilterScope?) -> Bool {
        let question = FilterQuestion(side: .destination)
        let rule = scope?.rule(name, length, isDirectory: kind == .directory, question)
        guard let rule, rule.effect == .exclude else {
            walk.inquiry?.note(visit.path(of: name, length)) { $0.isToGo = true }
            return false
        }
        walk.inquiry?.noteProtection(visit.path(of: name, length), rule)
        return true
    }

    /// An empty root of the source never empties a destination by accident.
    func finishRemoval(_ found: inout Findings) {
        guard let removal = found.removal else { return }
        if visit.hasEmptyRoot { walk.removals.collector?.noteEmptySource() }
        guard removal.list.count > 0 else { return found.removal = nil }
        guard walk.removals.extras == .atOnce else { return }
        guard walk.spareLinked(removal) else { return found.removal = nil }
        let options = walk.options
        let isEmptied = visit.hasEmptyRoot && !options.allowsEmptySource
        let isDoubtful = walk.ledger.hasSourceFailures && !options.deletesDespiteErrors
        if isDoubtful { walk.removals.collector?.noteHeldBack() }
        if isEmptied || isDoubtful { return found.removal = nil }
        found.planned.deleted.add(removal.list.total)
        found.utterances.insert(.removal(removal), at: 0)
    }
}

extension Action {
    /// What is planned for an entry of the source, as events tell it.
    init(
        planning verb: ItemVerb, _ path: RelativePath, _ status: Status, _ differences: Differences, target: [UInt8]?,
        in layer: Layer?
    ) {
        let action: Verb =
            switch verb {
            case .create: .create
            case .update: .update
            case .setAttributes, .joinGroup, .link: .setAttributes
            case .linkBasis: .linkBasis
            case .copyBasis: .copyBasis
            case .leaveToBasis: .leaveToBasis
            }
        self.init(
            action, path, status.kind, differences: differences, size: status.kind == .regular ? status.size : 0,
            symbolicLinkTarget: target, facts: EntryFacts(status, in: layer))
    }
}

extension Statistics {
    /// Counts an action as it is planned or done.
    ///
    /// - Parameter isNew: whether nothing of its kind had the name before.
    mutating func record(_ verb: ItemVerb, _ status: Status, isNew: Bool) {
        switch verb {
        case .create: created.add(status.kind)
        case .update, .setAttributes: updated += 1
        case .link:
            linked += 1
            if isNew { created.add(status.kind) } else { updated += 1 }
        case .linkBasis: linked += 1
        case .copyBasis: updated += 1
        case .joinGroup, .leaveToBasis: break
        }
        if status.kind == .regular, verb == .create || verb == .update {
            copiedFiles += 1
            copiedSize.addSaturating(status.size)
        }
    }
}
