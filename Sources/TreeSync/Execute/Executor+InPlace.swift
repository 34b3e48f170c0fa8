internal import SystemPackage

/// Files of the destination that this run has written to where they are.
final class WrittenInPlace: Sendable {
    private struct State {
        /// For inodes with several names: the inode of the source that they hold the contents of.
        var owners: [FileIdentity: FileIdentity] = [:]
        /// Those whose contents are not complete, so that size and time are ours and not what the scan saw.
        var unfinished: Set<FileIdentity> = []
    }

    private let state = Lock(State())

    /// Whether the file may take the contents of the source: not where another of its names has got those of another
    /// file, for then the two would undo each other's work for ever.
    func mayTake(_ existing: Status, _ source: Status) -> Bool {
        guard existing.links > 1 else { return true }
        return state.withLock { state in
            let owner = state.owners[existing.identity] ?? source.identity
            state.owners[existing.identity] = owner
            return owner == source.identity
        }
    }

    /// Whether this run may have changed the file since the scan.
    func isOurs(_ existing: Status) -> Bool {
        existing.links > 1 || state.withLock { $0.unfinished.contains(existing.identity) }
    }

    func noteUnfinished(_ identity: FileIdentity) { state.withLock { _ = $0.unfinished.insert(identity) } }
    func noteFinished(_ identity: FileIdentity) {
        state.withLock { if !$0.unfinished.isEmpty { $0.unfinished.remove(identity) } }
    }
}

extension Timestamp {
    /// The modification time of a file that is not finished, as rsync sets it: earlier than all others, so that nothing
    /// takes the file for the newer one.
    static let unfinished = Timestamp(seconds: 0)
}

extension Executor {
    /// Brings a file up to date where it is.
    ///
    /// - Returns: `nil` where it has to be replaced.
    func updateInPlace(
        _ task: EntryTask, _ place: Place, _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity? {
        guard let existing = task.existing else { return nil }
        if existing.isDevice { return try updateDevice(task, existing, place, worker) }
        guard task.verb == .update else { return nil }
        let isAsked = rules.writesInPlace(task.source, existing, task.differences)
        guard isAsked || (isUnfinished(existing, task) && rules.backups == nil) else { return nil }
        // A basis directory shares the inode: it keeps what it has.
        if task.basis == BasisDecision.shared { return nil }
        guard inPlace.mayTake(existing, task.source) else { return nil }
        guard let file = try openInPlace(task, existing, place, isAsked: isAsked) else { return nil }
        let source = try openSource(task, place)
        if !isAsked, try !isBeginning(file, existing, of: source, worker) { return nil }
        if rules.backups == nil { return try fillInPlace(task, source, file, worker) }
        // A closure cannot take over what cannot be copied.
        let raw = file.release()
        var (identity, isTakenOver): (FileIdentity?, Bool) = (nil, false)
        defer { if !isTakenOver { _ = Descriptor(owning: raw) } }
        let backup = EndangeredEntry(task, existing, isWrittenTo: true)
        try backingUp(backup, in: place.at, task.visit.walk) { (_) throws(EntryFailure) in
            isTakenOver = true
            identity = try fillInPlace(task, source, Descriptor(owning: raw), worker)
        }
        return identity
    }

    /// Opens exactly the file that the scan saw. `nil` where it is gone, so that its place is free, or where it cannot be
    /// opened and need not be.
    func openInPlace(
        _ task: EntryTask, _ existing: Status, _ place: Place, isAsked: Bool
    ) throws(EntryFailure) -> Descriptor? {
        do throws(Errno) {
            // Race: a device that is put there between this look and the next call is opened, but not written to.
            guard try place.at.status(task.name).kind == .regular else { throw Errno.invalidArgument }
            let file = try place.at.openForUpdating(task.name)
            let current = try Status.of(file.raw)
            let isSame = current.identity == existing.identity && current.kind == .regular
            let isUnchanged = current.size == existing.size && current.modified == existing.modified
            guard isSame, isUnchanged || inPlace.isOurs(existing) else { throw Errno.invalidArgument }
            return file
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            if error == .invalidArgument { throw EntryFailure(.replace, nil, cause: .changedInDestination) }
            if !isAsked { return nil }
            throw EntryFailure(.write, error)
        }
    }

    /// A file that an earlier run could not finish, kept under its own name (`--partial`).
    private func isUnfinished(_ existing: Status, _ task: EntryTask) -> Bool {
        rules.options.arrival.keptPartialFiles == .inPlace && existing.kind == .regular
            && task.source.kind == .regular && existing.modified == .unfinished && existing.size < task.source.size
            && existing.links == 1 && task.differences != .hardLink
    }

    /// It may also be an old file of that time: then it is replaced like any other.
    private func isBeginning(
        _ file: borrowing Descriptor, _ existing: Status, of source: borrowing OpenSource, _ worker: Worker
    ) throws(EntryFailure) -> Bool {
        do throws(ReadFailure) {
            let comparison = ContentComparison(cancellation: cancellation)
            return try comparison.areEqual(
                source.file, OpenFile(raw: file.raw), size: existing.size,
                worker.copyBuffer(), worker.comparisonBuffer()) && !cancellation.isCancelled
        } catch {
            switch error {
            case .source(let errno): throw EntryFailure(.readFile, errno, side: .source)
            case .destination: return false
            }
        }
    }

    func fillInPlace(
        _ task: EntryTask, _ source: borrowing OpenSource, _ file: consuming Descriptor, _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity {
        let target = OpenFile(raw: file.raw)
        let before = try doing(.write) { () throws(Errno) in try target.statusOfContents() }
        let identity: FileIdentity
        do throws(EntryFailure) {
            let isDevice = before.kind == .blockDevice
            let start = rules.options.arrival.growth == .trusting && !isDevice ? before.size : 0
            // A device is on no file system that a batch could wait for.
            let durability = rules.options.durability
            identity = try complete(
                task, source, target, worker, durably: durability == .file || (isDevice && durability != .none),
                holding: Holding(status: before, start: start))
            do { try file.reportClosing() } catch { throw EntryFailure(.write, error) }
        } catch {
            markUnfinished(target, before, task)
            throw error
        }
        if rules.options.durability == .batch, let directory = task.visit.destination {
            commits?.note(identity.device, directory)
        }
        inPlace.noteFinished(identity)
        return identity
    }

    /// What was written to and is not complete must differ from the source at the next run, which sees size and time.
    /// After a kill its time is that of the last write.
    private func markUnfinished(_ file: OpenFile, _ before: Status, _ task: EntryTask) {
        guard let now = try? file.statusOfContents(), now.modified != before.modified || now.size != before.size
        else { return }
        inPlace.noteUnfinished(before.identity)
        if task.source.modified != .unfinished {
            try? file.setModified(.unfinished, task.visit.walk.roots.traits)
        }
    }
}

/// What a file that is to be filled holds already.
struct Holding {
    let status: Status
    /// What lies before it is taken for right.
    var start: Int64 = 0
}
