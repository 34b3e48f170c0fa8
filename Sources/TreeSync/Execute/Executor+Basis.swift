internal import SystemPackage

/// Entries that are taken from a basis directory.
extension Executor {
    /// Links the entry to the one of its basis directory, or leaves it to that.
    ///
    /// What the basis holds is looked at again: it must still be what the source is. Where it is not, or cannot be
    /// linked, the entry is made like any other.
    ///
    /// - Returns: the entry's identity, which is that of the basis; `nil` where it has to be made.
    func takeFromBasis(_ task: EntryTask, _ place: Place, _ worker: Worker) throws(EntryFailure) -> FileIdentity?? {
        guard task.verb == .linkBasis || task.verb == .leaveToBasis, task.basis > 0,
            let handle = task.visit.bases[Int(task.basis) - 1], let raw = try? handle.borrow()
        else { return nil }
        defer { handle.giveBack() }
        let basis = At(raw: raw)
        guard let plain = try? basis.status(task.name) else { return nil }
        let present = task.visit.walk.countedInDestination(plain, task.name, in: basis)
        guard isEqual(task, present, in: basis) else { return nil }
        task.visit.touch()
        if task.verb == .linkBasis { return try link(task, place.at, to: present, in: basis).map { .some($0) } }
        try leave(task, place.at)
        return .some(nil)
    }

    private func isEqual(_ task: EntryTask, _ present: Status, in directory: At) -> Bool {
        let precision = task.visit.walk.precision
        return StatusComparison(rules: rules).differences(task.source, present) {
            precision.areEqual($0, $1, in: directory.raw, device: present.device)
        }.isEmpty
    }

    private func link(
        _ task: EntryTask, _ at: At, to present: Status, in basis: At
    ) throws(EntryFailure) -> FileIdentity? {
        let isNew = task.existing == nil
        let name = isNew ? terminated(task.name) : temporaries.next(replacing: task.existing?.kind)
        do {
            try at.makeLink(name, to: task.name, in: basis)
        } catch {
            switch error {
            case .fileExists where isNew:
                throw EntryFailure(.create, nil, cause: task.visit.walk.roots.causeOfExistingName())
            // Another file system, one without hard links, or an inode that has as many as it may have.
            case .improperLink, .notPermitted, .permissionDenied, .tooManyLinks, .notSupported, .noFunction,
                .noSuchFileOrDirectory:
                return nil
            default: throw EntryFailure(.link, error)
            }
        }
        do throws(EntryFailure) {
            let made = try doing(.link) { () throws(Errno) in try at.status(name) }
            guard made.identity == present.identity else {
                throw EntryFailure(.link, nil, cause: .changedInDestination)
            }
            if !isNew { try commit(task, at, Draft(at: at, name: name)) }
        } catch {
            try? at.remove(name)
            throw error
        }
        return present.identity
    }

    /// The destination's file makes room for that of the basis.
    private func leave(_ task: EntryTask, _ at: At) throws(EntryFailure) {
        guard let existing = task.existing else { return }
        let current = try doing(.delete) { () throws(Errno) in try at.status(task.name) }
        guard current.identity == existing.identity, current.kind == existing.nodeKind, isUnchanged(current, existing)
        else { throw EntryFailure(.delete, nil, cause: .changedInDestination) }
        try backingUp(EndangeredEntry(task, existing), in: at, task.visit.walk) { (isThere) throws(EntryFailure) in
            if isThere { try doing(.delete) { () throws(Errno) in try at.remove(task.name) } }
        }
    }

    /// Copies the contents of the basis directory's file, which as far as the rules look are the source's: on a file
    /// system that can, they share their blocks.
    ///
    /// - Returns: `false` where they have to come from the source.
    func copyBasis(
        _ task: EntryTask, _ source: Status, to file: OpenFile, device: UInt64, _ worker: Worker
    ) throws(EntryFailure) -> Bool {
        guard task.basis > 0, task.basis != BasisDecision.shared, task.source.kind == .regular,
            source.size == task.source.size,
            let handle = task.visit.bases[Int(task.basis) - 1], let raw = try? handle.borrow()
        else { return false }
        defer { handle.giveBack() }
        guard let opened = try? At(raw: raw).openForReading(task.name), let status = try? Status.of(opened.raw),
            status.kind == .regular, isSameContents(task, status, in: At(raw: raw))
        else { return false }
        let copy = ContentCopy(
            allocation: Allocation(rules.options), capabilities: capabilities, cancellation: cancellation,
            throttle: throttle
        ) { _ in }
        do throws(CopyFailure) {
            _ = try copy.copy(SourceFile(OpenFile(raw: opened.raw)), status, to: file, device: device, worker)
            let after = try? OpenFile(raw: opened.raw).status()
            if after?.size == status.size, after?.modified == status.modified { return true }
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .write(let errno): throw EntryFailure(.write, errno)
            case .read: break
            }
        }
        // The basis changed meanwhile, or cannot be read.
        try doing(.write) { () throws(Errno) in try file.truncate(to: 0) }
        return false
    }

    private func isSameContents(_ task: EntryTask, _ present: Status, in directory: At) -> Bool {
        let precision = task.visit.walk.precision
        let differences = StatusComparison(rules: rules).differences(task.source, present) {
            precision.areEqual($0, $1, in: directory.raw, device: present.device)
        }
        return !rules.differencesNeedCopy(differences, .regular)
    }
}
