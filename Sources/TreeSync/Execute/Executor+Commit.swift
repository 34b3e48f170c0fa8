internal import SystemPackage

/// Complete entries get their names.
extension Executor {
    /// Puts the complete entry in its place. What stands there must be what the scan saw.
    func commit(_ task: EntryTask, _ at: At, _ draft: Draft) throws(EntryFailure) {
        guard let existing = task.existing else { return try commitNew(task, at, draft) }
        let current: Status
        do {
            current = try at.status(task.name)
        } catch {
            // It vanished meanwhile: its place is free.
            guard error == .noSuchFileOrDirectory else { throw EntryFailure(.replace, error) }
            return try commitNew(task, at, draft)
        }
        // Race: between this look and the rename somebody may put another entry there, which is then replaced.
        guard isWhatWasSeen(current, existing) else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
        if existing.kind == .directory { return try commitOverDirectory(task, existing, at, draft.name) }
        try backingUp(EndangeredEntry(task, existing), in: at, task.visit.walk) { (_) throws(EntryFailure) in
            try doing(.replace) { () throws(Errno) in try draft.at.move(draft.name, to: task.name, in: at) }
        }
    }

    /// Of an inode with several names we may ourselves have set the time meanwhile, by way of another name.
    func isUnchanged(_ current: Status, _ existing: Status) -> Bool {
        if current.kind == .directory { return true }
        // Nor is its size what it was, where files are written to in place.
        if existing.links > 1, rules.writesInPlace { return true }
        return current.size == existing.size && (existing.links > 1 || current.modified == existing.modified)
    }

    private func commitNew(_ task: EntryTask, _ at: At, _ draft: Draft) throws(EntryFailure) {
        do {
            try draft.at.moveNew(draft.name, to: task.name, in: at)
        } catch {
            guard error == .fileExists else { throw EntryFailure(.create, error) }
            throw EntryFailure(.create, nil, cause: task.visit.walk.roots.causeOfExistingName())
        }
    }

    /// The directory steps aside by swapping names, so that the name is never missing; then it is removed.
    private func commitOverDirectory(
        _ task: EntryTask, _ existing: Status, _ at: At, _ temporary: [CChar]
    ) throws(EntryFailure) {
        let contents = try judgeAgain(task, at)
        do throws(EntryFailure) {
            try exchange(temporary, with: task.name, of: existing, in: at)
        } catch {
            guard error.saysNoExchange else { throw error }
            // Without an exchange the name is missing for a moment.
            try removeDirectory(task, terminated(task.name), at, contents)
            return try commitNew(task, at, Draft(at: at, name: temporary))
        }
        do throws(EntryFailure) {
            try removeDirectory(task, temporary, at, contents)
        } catch {
            // What could not be removed, or was not because the run is cancelled, keeps its name: it must not hide under a
            // temporary one.
            try? at.exchange(temporary, with: task.name)
            throw error
        }
    }

    /// What goes with the directory that an entry takes the place of. What came into it since it was judged, and may not
    /// be lost, keeps it where it is.
    ///
    /// - Returns: `nil` where it must be empty.
    private func judgeAgain(_ task: EntryTask, _ at: At) throws(EntryFailure) -> RemovalList? {
        let walk = task.visit.walk
        switch walk.removals.fullDirectories {
        case .keep, .cleared, .refused: return nil
        case .putOff, .atOnce: if rules.backups?.areBeside == true { return nil }
        }
        let listing = walk.listContents(of: task.name, in: at, task.path, task.visit.filters?.destination, Worker())
        // Neither is what a cancelled run has listed complete, nor what it has emptied empty.
        if cancellation.isCancelled { throw .cancelled }
        guard case .contents(let contents) = listing, !contents.isProtected, !contents.isIncomplete else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
        return contents
    }

    private func removeDirectory(
        _ task: EntryTask, _ name: [CChar], _ at: At, _ contents: RemovalList?
    ) throws(EntryFailure) {
        guard let contents else {
            return try doing(.replace) { () throws(Errno) in try at.removeDirectory(name) }
        }
        try Removal(executor: self, walk: task.visit.walk)
            .removeTree(at, name, task.existing?.identity, only: contents, at: task.path)
    }
}
