internal import SystemPackage

/// Directories that are new in the destination.
extension Executor {
    /// Makes the visit's directory in the destination and opens it. Only we can enter it until it is finished.
    ///
    /// - Parameter isStaged: whether it has a temporary name until `publish`.
    func makeDirectory(
        _ visit: Visit, in parent: DirectoryHandle, isStaged: Bool, _ worker: Worker
    ) throws(EntryFailure) {
        let raw = try doing(.openDirectory) { () throws(Errno) in try parent.borrow() }
        defer { parent.giveBack() }
        let at = At(raw: raw)
        let permissions = rules.workingPermissions(of: visit.coverage == .entriesAlone ? nil : visit.source)
        visit.parent?.touch()
        let name = isStaged ? temporaries.next() : visit.name
        if visit.isCreated {
            // One that took another's place and found no space to be opened.
        } else if let existing = visit.existing {
            try replaceByDirectory(visit, existing, at, permissions)
        } else {
            do { try at.makeDirectory(name, permissions: permissions) } catch {
                guard error == .fileExists else { throw EntryFailure(.create, error) }
                throw EntryFailure(.create, nil, cause: visit.walk.roots.causeOfExistingName())
            }
        }
        if isStaged { visit.stagedName = name }
        visit.isCreated = true
        do throws(EntryFailure) {
            if !isRoot {
                visit.addedPermissions = try doing(.setPermissions) { () throws(Errno) in try openNew(name, at) }
            }
            let opened = try doing(.openDirectory) { () throws(Errno) in try parent.openChild(name) }
            try checkNew(opened, permissions | visit.addedPermissions, worker)
            visit.destination = opened
            try setGroupBit(ofNew: visit, permissions)
        } catch {
            visit.destination = nil
            if visit.existing == nil, (try? at.removeDirectory(name)) != nil {
                visit.isCreated = false
                visit.stagedName = nil
            }
            throw error
        }
    }

    /// Race: between its making and its opening whoever may rename it could have put another directory in its place, to see
    /// what is made in it, or to have that one given to somebody.
    private func checkNew(
        _ directory: DirectoryHandle, _ permissions: UInt16, _ worker: Worker
    ) throws(EntryFailure) {
        let isNew = try doing(.openDirectory) { () throws(Errno) in
            try directory.use { (at) throws(Errno) in
                var isEmpty = true
                try worker.reader.read(at.raw) { _, _, _ in isEmpty = false }
                let status = try Status.of(at.raw)
                // Some file systems know one owner and one set of permissions only.
                if status.owner != process.effectiveUser {
                    try? OpenFile(raw: at.raw).setOwner(process.effectiveUser, group: .max)
                }
                if status.permissions & 0o777 & ~permissions != 0 {
                    try? OpenFile(raw: at.raw).setPermissions(permissions)
                }
                return isEmpty
            }
        }
        if !isNew { throw EntryFailure(.create, nil, cause: .changedInDestination) }
    }

    private func setGroupBit(ofNew visit: Visit, _ permissions: UInt16) throws(EntryFailure) {
        let inherited = visit.parent?.groupBit ?? 0
        visit.groupBit = inherited
        guard visit.coverage != .entriesAlone, let directory = visit.destination else { return }
        visit.groupBit = try doing(.setPermissions) { () throws(Errno) in
            try directory.use { (at) throws(Errno) in
                try OpenFile(raw: at.raw).setGroupBit(
                    of: visit.source, rules, permissions: permissions, inherited: inherited)
            }
        }
    }

    /// The umask, or a default ACL of the parent, may have closed the new directory even to its owner.
    ///
    /// - Returns: the permissions that were added.
    private func openNew(_ name: [CChar], _ at: At) throws(Errno) -> UInt16 {
        let entry = try at.openPath(name)
        let permissions = try Status.of(entry.raw).permissions
        let added = Self.workingPermissions & ~permissions
        if added != 0 { try OpenFile(raw: entry.raw).setPermissions(permissions | added) }
        return added
    }

    /// The directory takes the place of something else by swapping names, so that the name is never missing.
    private func replaceByDirectory(
        _ visit: Visit, _ existing: Status, _ at: At, _ permissions: UInt16
    ) throws(EntryFailure) {
        let current = try doing(.replace) { () throws(Errno) in try at.status(visit.name) }
        guard isWhatWasSeen(current, existing) else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
        let temporary = temporaries.next()
        try doing(.create) { () throws(Errno) in try at.makeDirectory(temporary, permissions: permissions) }
        let path = visit.parent?.path ?? []
        let taken = visit.parent?.namesLikeBackups ?? []
        do throws(EntryFailure) {
            try backingUp(
                EndangeredEntry(name: visit.name, path: path, taken: taken, existing: existing, visit: visit.parent),
                in: at, visit.walk
            ) { (isThere) throws(EntryFailure) in
                guard isThere else {
                    return try doing(.replace) { () throws(Errno) in try at.renameNew(temporary, to: visit.name) }
                }
                try putDirectory(temporary, inPlaceOf: existing, visit.name, at)
            }
        } catch {
            try? at.removeDirectory(temporary)
            throw error
        }
    }

    private func putDirectory(
        _ temporary: [CChar], inPlaceOf existing: Status, _ name: [CChar], _ at: At
    ) throws(EntryFailure) {
        do throws(EntryFailure) {
            try exchange(temporary, with: name, of: existing, in: at)
        } catch {
            guard error.saysNoExchange else { throw error }
            // Without an exchange the name is missing for a moment.
            return try doing(.replace) { () throws(Errno) in
                try at.remove(name)
                try at.rename(temporary, to: name)
            }
        }
        do throws(Errno) { try at.remove(temporary) } catch {
            // What could not be removed gets its name back.
            try? at.exchange(temporary, with: name)
            throw EntryFailure(.replace, error)
        }
    }
}

extension OpenFile {
    /// What is made in a set-group-id directory has its group and is one itself. What a new directory shall have
    /// instead, it gets at once, because whatever is made in it inherits that in turn.
    ///
    /// - Parameters:
    ///   - permissions: its permissions now, without the bit.
    ///   - inherited: the bit that it was made with.
    /// - Returns: the bit that it has then.
    func setGroupBit(
        of directory: Status, _ rules: Rules, permissions: UInt16, inherited: UInt16
    ) throws(Errno) -> UInt16 {
        // Without a bit to begin with it matters to entries that keep the group they are made with.
        let wanted = inherited != 0 || rules.leavesGroups ? rules.groupBit(of: directory) ?? inherited : inherited
        if wanted == 0, inherited == 0 { return 0 }
        // The directory's other attributes come when it is full; what fails here fails again there, and is said.
        if !rules.stores, rules.comparesGroup(directory.group) { try? setOwner(.max, group: directory.group) }
        if wanted != inherited { try setPermissions(permissions | wanted) }
        return wanted
    }
}
