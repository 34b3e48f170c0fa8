// Entries for which nothing is done, told to those who asked for them.

extension Inspection {
    /// The rules have nothing to do for this entry.
    func tellKept(
        _ left: Int, _ status: Status, _ existing: Status?, _ differences: Differences,
        _ reason: KeptEntry.Reason?, _ found: inout Findings
    ) {
        guard walk.listener.wants(.kept), walk.plansChanges else { return }
        let reason = reason ?? walk.rules.reasonToKeep(status, existing, differences)
        found.utterances.append(
            .kept(
                KeptEntry(
                    path(left), status.kind, reason, differences: differences,
                    facts: EntryFacts(status, in: visit.layers[Int(source.slots[left].layer)]),
                    symbolicLinkTarget: status.kind == .symbolicLink ? readLink(left) : nil)))
    }
}

extension Inspection {
    /// What is equal already may go away from the source.
    func removeKept(_ left: Int, _ status: Status, _ existing: Status?, _ differences: Differences, _ from: At) {
        guard walk.options.removesSources, walk.executor != nil, walk.plansChanges, existing != nil,
            walk.rules.reasonToKeep(status, existing, differences) == .equal
        else { return }
        let removal = SourceRemoval(walk: walk)
        if removal.sparesDestination(status, existing, in: from, visit, path: path(left)) { return }
        if removal.waitsForTheEnd {
            let item = Item(source: Int32(left), destination: -1, differences: differences, verb: .setAttributes)
            let detached = detach(item, status, existing)
            return walk.sourcesToRemove.withLock { $0.append(detached) }
        }
        removal.remove(sourceName(left), in: from, status, path: path(left))
    }
}

extension Walk {
    /// A directory that is as it should be. One that only takes single entries is none of the source's.
    func announceKept(_ visit: Visit, _ found: inout Findings) {
        guard listener.wants(.kept), visit.existing != nil, visit.coverage != .entriesAlone else { return }
        let entry = KeptEntry(
            RelativePath(bytes: visit.path), .directory, .equal, differences: visit.differences,
            facts: EntryFacts(visit.source, in: visit.layerAbove))
        found.utterances.insert(.kept(entry), at: 0)
    }

    /// A name of an inode with several for which nothing is to be done may go away from the source, once the inode that it
    /// has in the destination is complete: another name may bring that up to date.
    func removeKept(_ candidate: LinkCandidate, _ group: HardLinkTable.Group) {
        let item = candidate.item
        guard options.removesSources, executor != nil, plansChanges, let existing = item.existing,
            rules.reasonToKeep(item.source, existing, item.differences) == .equal
        else { return }
        item.withTask { task in
            let removal = SourceRemoval(walk: self)
            if removal.sparesDestination(task) { return }
            let isComplete = group.state.withLock { state in
                if !state.complete.contains(existing.identity) { state.unneeded.append(item) }
                return state.complete.contains(existing.identity)
            }
            if isComplete { removal.removeWhenUnneeded(task) }
        }
    }

    /// The destination's inode is complete: names that waited for that may go away from the source.
    func removeUnneeded(_ group: HardLinkTable.Group, _ identity: FileIdentity) {
        let items = group.state.withLock { $0.takeUnneeded(identity) }
        // Not at once: the leader's own name is still there.
        if !items.isEmpty { sourcesToRemove.withLock { $0 += items } }
    }

    /// A name of an inode with several that stays as it is.
    ///
    /// - Parameter isFirst: whether no name of the inode was met before it.
    func tellKept(_ candidate: LinkCandidate, isFirst: Bool) {
        guard listener.wants(.kept) else { return }
        let item = candidate.item
        let own = rules.reasonToKeep(item.source, item.existing, item.differences)
        listener.kept(
            KeptEntry(
                candidate.path, item.source.kind, own == .equal && !isFirst ? .linked : own,
                differences: item.differences, facts: EntryFacts(item.source, in: item.layer),
                symbolicLinkTarget: item.target))
    }
}

extension Rules {
    /// Why nothing is done for an entry, in the order in which `verb` decides.
    func reasonToKeep(_ source: Status, _ existing: Status?, _ differences: Differences) -> KeptEntry.Reason {
        if existing == nil, options.existingOnly { return .notCreated }
        if source.kind == .directory { return existing == nil ? .notCreated : .equal }
        if existing != nil, options.ignoresExisting { return .exists }
        if source.kind == .regular, source.size > options.largestSize { return .tooLarge }
        if source.kind == .regular, source.size < options.smallestSize { return .tooSmall }
        guard let existing else { return .notCreated }
        if source.kind == .regular, existing.kind == .regular, skipsNewer(source, existing) { return .newer }
        if isNotShorter(source, existing), differencesNeedCopy(differences, .regular) { return .notShorter }
        return .equal
    }
}
