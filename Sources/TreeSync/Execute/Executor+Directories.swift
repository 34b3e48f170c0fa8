internal import SystemPackage

extension Executor {
    /// What the owner needs to work in a directory.
    static let workingPermissions: UInt16 = 0o700

    /// Makes an existing directory ready to be worked in.
    func prepare(_ visit: Visit) {
        restrict(visit)
        setGroupBit(of: visit)
    }

    /// Before anything is made in it, a directory that changes its owner or its permissions belongs to whom it shall and
    /// lets nobody in whom the source keeps out. What it shall allow more comes when the last entry is done.
    private func restrict(_ visit: Visit) {
        guard visit.verb == .setAttributes, visit.coverage != .entriesAlone, !rules.stores,
            let existing = visit.existing
        else { return }
        let owner = rules.comparesOwner() && existing.owner != visit.source.owner ? visit.source.owner : .max
        let group =
            rules.comparesGroup(visit.source.group) && existing.group != visit.source.group ? visit.source.group : .max
        var permissions = existing.nodePermissions
        if let wanted = rules.permissions(for: visit.source, over: existing) {
            permissions &= wanted & 0o777 | 0o7000
        }
        // With an ACL the group's bits are the most that it allows.
        if visit.differences.contains(.acl) { permissions &= ~0o070 }
        let opened: UInt16 = isRoot ? 0 : Self.workingPermissions
        // What fails here fails again at the end, and is said.
        try? visit.destination?.use { (at) throws(Errno) in
            let directory = OpenFile(raw: at.raw)
            if owner != .max || group != .max { try? directory.setOwner(owner, group: group) }
            if permissions | opened != existing.nodePermissions | opened {
                try? directory.setPermissions(permissions | opened)
            }
        }
    }

    /// Gives an existing directory the set-group-id bit that it shall have before anything is made in it, where what is
    /// made would keep the group that it gets by that. Its other permissions come when the last entry is done.
    private func setGroupBit(of visit: Visit) {
        guard visit.verb == .setAttributes, visit.coverage != .entriesAlone, rules.leavesGroups,
            let wanted = rules.groupBit(of: visit.source), wanted != visit.groupBit
        else { return }
        // What fails here fails again at the end, and is said.
        try? visit.destination?.use { (at) throws(Errno) in
            let directory = OpenFile(raw: at.raw)
            try directory.setPermissions(try directory.status().permissions & ~Status.groupBit | wanted)
            visit.groupBit = wanted
        }
    }

    /// Opens an existing directory; where its permissions keep us out and it is ours, they are widened until the end.
    func openDirectory(_ visit: Visit, in parent: DirectoryHandle) throws(EntryFailure) {
        do {
            visit.destination = try parent.openChild(visit.name)
        } catch {
            guard error == .permissionDenied, let existing = visit.existing else {
                throw EntryFailure(.openDirectory, error)
            }
            try widen(visit, existing, parent)
            visit.destination = try doing(.openDirectory) { () throws(Errno) in try parent.openChild(visit.name) }
        }
        // Race: another directory that was put there since stays as it is.
        let opened = try doing(.openDirectory) { () throws(Errno) in
            try visit.destination?.use { (at) throws(Errno) in try Status.of(at.raw).identity }
        }
        guard opened == visit.existing?.identity else {
            visit.destination = nil
            throw EntryFailure(.openDirectory, nil, cause: .changedInDestination)
        }
        guard let existing = visit.existing, !isRoot, !visit.isWidened else { return }
        if existing.nodePermissions & Self.workingPermissions != Self.workingPermissions {
            try widen(visit, existing, parent)
        }
    }

    private func widen(_ visit: Visit, _ existing: Status, _ parent: DirectoryHandle) throws(EntryFailure) {
        try doing(.setPermissions) { () throws(Errno) in
            try parent.use { (at) throws(Errno) in
                let entry = try at.openPath(visit.name)
                guard try Status.of(entry.raw).identity == existing.identity else { return }
                do throws(Errno) {
                    try OpenFile(raw: entry.raw).setPermissions(existing.nodePermissions | Self.workingPermissions)
                } catch {
                    // Somebody else's directory: what cannot be done in it will be said there.
                    if error == .notPermitted || error == .permissionDenied { return }
                    throw error
                }
                visit.isWidened = true
            }
        }
    }

    /// Gives a directory that was only looked into its permissions back.
    func closeAgain(_ visit: Visit) {
        // The root stays open for the walk that writes.
        guard visit.isWidened, visit.depth > 0, let existing = visit.existing else { return }
        try? visit.destination?.use { (at) throws(Errno) in
            try OpenFile(raw: at.raw).setPermissions(existing.nodePermissions)
        }
    }

    /// Sets what hangs on the directory itself, after the last thing in it is done.
    func finishDirectory(_ visit: Visit, _ worker: Worker) {
        if rules.preservesTime(.directory), visit.coverage != .entriesAlone {
            elsewhere?.noteFinished(visit.existing?.identity, visit.source.modified)
        }
        let changes = visit.verb == .setAttributes || visit.isCreated
        guard changes || visit.isTouched || visit.isWidened, let handle = visit.destination else { return }
        // A run that was cancelled stops within a second: the way back to thousands of levels takes longer. What is
        // not finished here, the next run finishes.
        if cancellation.isCancelled, !handle.isOpen { return }
        let walk = visit.walk
        do throws(EntryFailure) {
            let raw = try doing(.openDirectory) { () throws(Errno) in try handle.borrow() }
            defer { handle.giveBack() }
            let current = try doing(.setTimes) { () throws(Errno) in try Status.of(raw) }
            if visit.verb == nil {
                restore(visit, OpenFile(raw: raw), current)
            } else {
                apply(visit, OpenFile(raw: raw), current, changes, worker)
            }
            if rules.options.durability == .file {
                try doing(.write) { () throws(Errno) in try OpenFile(raw: raw).synchronize() }
            }
        } catch {
            walk.report(walk.problem(error, RelativePath(bytes: visit.path), .directory))
        }
    }

    /// The directory itself is as it should be, but for what our work in it has changed.
    private func restore(_ visit: Visit, _ directory: OpenFile, _ current: Status) {
        let walk = visit.walk
        let path = RelativePath(bytes: visit.path)
        if visit.isWidened, let existing = visit.existing {
            do { try directory.setPermissions(existing.nodePermissions) } catch {
                walk.fail(.setPermissions, path, .directory, error, side: .destination)
            }
        }
        guard visit.coverage != .entriesAlone, rules.preservesTime(.directory), visit.isTouched else { return }
        do { try directory.setModified(visit.source.modified, walk.roots.traits) } catch {
            walk.fail(.setTimes, path, .directory, error, side: .destination)
        }
    }

    private func apply(
        _ visit: Visit, _ directory: OpenFile, _ current: Status, _ changes: Bool, _ worker: Worker
    ) {
        let walk = visit.walk
        let path = RelativePath(bytes: visit.path)
        var current = current
        var replaced = visit.isCreated ? nil : visit.existing
        if visit.isCreated, !rules.options.preserved.contains(.permissions) {
            // The umask and a default ACL have had their say; only what we added for ourselves goes.
            replaced = current
            replaced?.permissions &= ~(Self.workingPermissions & ~visit.source.permissions | visit.addedPermissions)
        }
        if visit.isTouched { current.modified = .impossible }
        // What hangs on a directory is chosen by the rules of the one that holds it.
        let policy = visit.parent.map { $0.policy(visit.sourceLayers.first ?? 0) } ?? policy
        let writer = MetadataWriter(rules: rules, policy: policy, isRoot: isRoot, traits: walk.roots.traits) {
            operation, errno, attribute in
            walk.fail(operation, path, .directory, errno, side: .destination, attribute: attribute)
        }
        var change: AttributeChange?
        let layer = changes && rules.comparesAttributes ? visit.ownLayer?.handle : nil
        var source: Int32?
        do throws(Errno) { source = try layer?.borrow() } catch {
            walk.fail(.readExtendedAttributes, path, .directory, error, side: .source)
        }
        defer { if source != nil { layer?.giveBack() } }
        if let source {
            do throws(Errno) {
                let carrier = try visit.ownLayer?.carrier(open: source) ?? .open(source)
                change = attributeChange(carrier, directory.raw, policy, worker) { operation, errno, side in
                    walk.fail(operation, path, .directory, errno, side: side)
                }
            } catch {
                walk.fail(.readExtendedAttributes, path, .directory, error, side: .source)
            }
        }
        writer.apply(
            to: directory, current: current, source: visit.source, replaced: replaced, attributes: change)
        guard changes else { return }
        var done = Statistics()
        let verb: ItemVerb = !visit.isCreated ? .setAttributes : visit.verb == .copyBasis ? .copyBasis : .create
        done.record(verb, visit.source, isNew: visit.existing == nil)
        ledger.add(done)
        guard listener.wants(.finished) else { return }
        let action = Action(
            planning: verb, path, visit.source, visit.differences, target: nil, in: visit.layerAbove)
        listener.finished(action, .done)
    }

    /// At the end of a run: what was named since the last wait for the disk, and the name of a new root.
    func synchronize(_ roots: Roots) throws(Errno) {
        guard let destination = roots.destination, !cancellation.isCancelled else { return }
        switch rules.options.durability {
        case .none: break
        case .batch:
            for directory in [destination] + (commits?.directories ?? []) {
                try directory.use { (at) throws(Errno) in try OpenFile(raw: at.raw).synchronizeFileSystem() }
            }
        case .file:
            guard roots.isDestinationNew else { return }
            let above = Descriptor(owning: try destination.use { (at) throws(Errno) in try at.openDirectory("..") })
            try OpenFile(raw: above.raw).synchronize()
        }
    }

    /// A directory that was finished before its entries were removed gets its time again.
    func restoreTime(_ removal: PendingRemoval, _ walk: Walk) {
        guard rules.preservesTime(.directory), let time = removal.modified else { return }
        do {
            try removal.directory?.use { (at) throws(Errno) in
                try OpenFile(raw: at.raw).setModified(time, walk.roots.traits)
            }
        } catch {
            walk.fail(.setTimes, RelativePath(bytes: removal.path), .directory, error, side: .destination)
        }
    }
}
