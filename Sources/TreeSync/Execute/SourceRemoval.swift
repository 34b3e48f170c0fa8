internal import SystemPackage

/// Takes an entry away from the source once the destination holds it (`--remove-source-files`).
///
/// With all that hangs on it: where something could not be set, the source stays, unlike with rsync. Only what the scan
/// saw goes: an entry that changed since stays. Race: between that look and the removal somebody may
/// write to it or put another one in its place, which is then lost, as with rsync.
struct SourceRemoval {
    let walk: Walk

    /// - Parameters:
    ///   - directory: the source's directory, open.
    ///   - scanned: the entry's status when it was compared.
    ///   - path: for what is told of it.
    func remove(_ name: CName, in directory: At, _ scanned: Status, path: @autoclosure () -> RelativePath) {
        // A device stays: what it holds was copied, and it holds it still.
        guard scanned.kind != .directory, !scanned.isDevice, !walk.cancellation.isCancelled else { return }
        do throws(Errno) {
            guard try isAsScanned(name, in: directory, scanned) else {
                return walk.report(Problem(.removeSource, path(), scanned.kind, cause: .unstable))
            }
            try directory.remove(name)
        } catch {
            if error == .noSuchFileOrDirectory { return }
            return walk.report(Problem(.removeSource, path(), scanned.kind, errno: error))
        }
        if walk.listener.wants(.removedSources) { walk.listener.removedSource(path()) }
    }

    /// Whether an entry, or what it leads to where that was scanned, is what the scan saw.
    ///
    /// A link that leads nowhere by now is: what it led to was removed before it, perhaps as another name of the tree.
    private func isAsScanned(_ name: CName, in directory: At, _ scanned: Status) throws(Errno) -> Bool {
        let current: Status
        do throws(Errno) {
            current = try status(name, in: directory, scanned)
        } catch {
            guard error == .noSuchFileOrDirectory, scanned.isReferent else { throw error }
            return try directory.status(name).kind == .symbolicLink
        }
        return current.identity == scanned.identity && current.modified == scanned.modified
            && current.size == scanned.size && current.kind == scanned.nodeKind
    }

    private func status(_ name: CName, in directory: At, _ scanned: Status) throws(Errno) -> Status {
        guard scanned.isReferent else { return try directory.status(name) }
        let pinned = try directory.openReferent(name)
        return try Status.of(pinned.raw)
    }

    /// Whether what the destination has is the source's own name, because the same was named twice, or by way of a mount:
    /// nothing would be left of it. Called while the visit goes on.
    ///
    /// - Parameter directory: the source's directory, open.
    /// - Returns: whether it stays for that, which is reported then.
    func sparesDestination(
        _ scanned: Status, _ existing: Status?, in directory: At, _ visit: Visit, path: @autoclosure () -> RelativePath
    ) -> Bool {
        // Of a link that is followed the link goes, and not what the destination may have of it.
        guard let existing, existing.identity == scanned.identity, !scanned.isReferent, !scanned.isDevice else {
            return false
        }
        if scanned.links > 1, let holder = try? Status.of(directory.raw).identity,
            let other = try? visit.destination?.use({ (at) throws(Errno) in try Status.of(at.raw).identity }),
            holder != other
        {
            return false
        }
        walk.report(Problem(.removeSource, path(), scanned.kind, cause: .destinationItself))
        return true
    }

    /// The same for an entry whose action is complete.
    func sparesDestination(_ task: EntryTask) -> Bool {
        guard task.existing?.identity == task.source.identity else { return false }
        do throws(Errno) {
            return try task.layer.handle.use { (at) throws(Errno) in
                sparesDestination(task.source, task.existing, in: at, task.visit, path: task.path)
            }
        } catch {
            walk.report(Problem(.removeSource, task.path, task.source.kind, errno: error))
            return true
        }
    }

    /// Whether entries go away when everything is copied: where others may lead to them by way of links, or where what is
    /// copied is not on the disk before.
    var waitsForTheEnd: Bool { walk.sourceLinks != nil || walk.options.durability != .none }

    /// Removes an entry at once; or when everything is copied, where that is waited for, or its inode has further names:
    /// those that are not met yet would have one less, and pass for the only one.
    func removeWhenUnneeded(_ task: EntryTask) {
        if sparesDestination(task) { return }
        let hasNames = walk.links != nil && task.source.links > 1
        guard waitsForTheEnd || hasNames else { return remove(task) }
        let item = DetachedItem(task)
        walk.sourcesToRemove.withLock { $0.append(item) }
    }

    /// The same for an entry whose action is complete.
    func remove(_ task: EntryTask) {
        // What lies behind a link may belong to another tree.
        guard !task.visit.isBehindLink else {
            return walk.report(Problem(.removeSource, task.path, task.source.kind, cause: .behindLink))
        }
        do throws(Errno) {
            try task.layer.handle.use { (at) throws(Errno) in
                remove(task.sourceName, in: at, task.source, path: task.path)
            }
        } catch {
            walk.report(Problem(.removeSource, task.path, task.source.kind, errno: error))
        }
    }
}
