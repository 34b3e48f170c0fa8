internal import SystemPackage

/// Carries actions out. It has no opinion about policy: what to do was decided before.
final class Executor: Sendable {
    let rules: Rules
    let policy: AttributePolicy
    let temporaries: TemporaryNames
    let capabilities = CopyCapabilities()
    let inPlace = WrittenInPlace()
    /// `nil` where files that cannot be finished are not kept.
    let paths: TypedPaths
    let partials: PartialFiles?
    /// Where files are made; `nil` for where they belong.
    let elsewhere: TemporaryDirectory?
    let widenings = Widenings()
    let turns = Turns()
    let throttle: Throttle?
    /// Where complete entries wait for their names; `nil` where each gets its own at once.
    let commits: CommitQueue?
    /// Where what is replaced or deleted goes; `nil` where it stays beside, or nothing is kept of it.
    let backupTree: BackupTree?
    let renewedBackups = RenewedBackups()
    /// For backups that cannot be further names; `nil` where nothing is kept.
    let copies: CompleteCopy?
    /// Its idle threads help with large files.
    let pool: WorkPool
    let cancellation: Cancellation
    let listener: Listener
    let ledger: Ledger
    let process: ProcessFacts
    var isRoot: Bool { process.effectiveUser == 0 }

    init(_ session: Session) {
        rules = session.rules
        policy = session.policy
        temporaries = TemporaryNames(session.process)
        pool = session.pool
        cancellation = session.cancellation
        listener = session.listener
        ledger = session.ledger
        throttle = session.options.bytesPerSecond.map { Throttle(bytesPerSecond: $0) }
        let delays = session.options.arrival.delaysUpdates
        commits = delays || session.options.durability == .batch ? CommitQueue(isUnlimited: delays) : nil
        partials = PartialFiles(session.options.arrival)
        paths = session.paths
        elsewhere = session.elsewhere
        process = session.process
        backupTree = BackupTree(session)
        copies = session.rules.backups == nil ? nil : CompleteCopy(session)
    }

    /// Carries out one entry's action and counts it.
    ///
    /// - Parameter mayWait: whether a complete entry may wait for its name together with others.
    func perform(_ task: EntryTask, _ worker: Worker, mayWait: Bool = false) -> EntryOutcome {
        if cancellation.isCancelled { return .cancelled }
        worker.isFaithful = true
        do throws(EntryFailure) {
            switch try attempt(task, worker, mayWait: mayWait && commits != nil) {
            case .named(let identity):
                succeeded(task, isFaithful: worker.isFaithful)
                return .done(identity)
            case .unnamed(let entry): return .waiting(entry)
            }
        } catch {
            if error.isCancelled { return .cancelled }
            if error.isLackOfSpace { return .noSpace(error) }
            failed(task, error)
            return .failed
        }
    }

    /// - Parameters:
    ///   - leader: where the entry became a hard link, to what.
    ///   - isFaithful: whether all that hangs on it could be set.
    func succeeded(_ task: EntryTask, linkedTo leader: RelativePath? = nil, isFaithful: Bool) {
        task.visit.walk.recorder?.record(task, at: task.path, linkedTo: leader)
        let verb = leader == nil ? task.verb : .link
        var done = Statistics()
        // Of a link that a basis directory has too it is not told that it is new.
        let isNew = task.isNew && !(verb == .link && task.differences.isEmpty)
        done.record(verb, task.source, isNew: isNew)
        ledger.add(done)
        if verb == .create || verb == .update, task.source.kind == .regular {
            listener.progressed { $0.copiedFiles += 1 }
        }
        if listener.wants(.finished) { listener.finished(action(task, leader), .done) }
        // What is left to a basis directory is not in the destination.
        if rules.options.removesSources, isFaithful, verb != .leaveToBasis {
            SourceRemoval(walk: task.visit.walk).removeWhenUnneeded(task)
        }
    }

    func failed(_ task: EntryTask, _ failure: EntryFailure, linkedTo leader: RelativePath? = nil) {
        let problem = task.visit.walk.problem(failure, task.path, task.source.kind)
        task.visit.walk.report(problem)
        if listener.wants(.finished) { listener.finished(action(task, leader), .failed(problem)) }
    }

    /// The action as it was planned.
    private func action(_ task: EntryTask, _ leader: RelativePath?) -> Action {
        var target: [UInt8]?
        if task.source.kind == .symbolicLink {
            let policy = task.visit.walk.linkPolicy
            target =
                (try? task.layer.handle.use { (at) throws(Errno) in
                    try task.layer.linkText(task.sourceName, task.source, in: at)
                }).map(policy.taken)
        }
        var action = Action(
            planning: task.verb, task.path, task.source, task.differences, target: target, in: task.layer)
        if let leader { action.verb = .link(to: leader) }
        return action.replacing(
            task.existing, Array(UnsafeRawBufferPointer(start: task.name, count: task.length)), in: task.visit)
    }

    /// A complete entry.
    enum Made {
        /// In its place; the identity is that of a new entry.
        case named(FileIdentity?)
        case unnamed(CompleteEntry)
    }

    private func attempt(_ task: EntryTask, _ worker: Worker, mayWait: Bool) throws(EntryFailure) -> Made {
        guard let directory = task.visit.destination else { throw EntryFailure(.create, .noSuchFileOrDirectory) }
        let raw = try doing(.openDirectory) { () throws(Errno) in try directory.borrow() }
        defer { directory.giveBack() }
        let from = try doing(.openDirectory, .source) { () throws(Errno) in try task.layer.handle.borrow() }
        defer { task.layer.handle.giveBack() }
        let place = Place(from: At(raw: from), at: At(raw: raw))
        if task.verb == .setAttributes {
            try setAttributes(task, place, worker)
            return .named(nil)
        }
        if let taken = try takeFromBasis(task, place, worker) { return .named(taken) }
        if task.visit.isStaged { return .named(try make(task, place, worker)) }
        let isFile = task.source.kind == .regular
        if isFile, let identity = try updateInPlace(task, place, worker) { return .named(identity) }
        let durability = rules.options.durability
        let durably = durability == .file || (!mayWait && durability != .none)
        if isFile {
            do throws(EntryFailure) {
                if let made = try createElsewhere(task, place, worker, durably: durably, mayWait: mayWait) {
                    return made
                }
                return try makeReplacement(task, place, worker, durably: durably, mayWait: mayWait)
            } catch {
                guard error.isLackOfSpace, let identity = try overwriteFromElsewhere(task, place, worker) else {
                    throw error
                }
                return .named(identity)
            }
        }
        return try makeReplacement(task, place, worker, durably: durably, mayWait: mayWait)
    }

    /// Makes the complete entry beside its place, and puts it there.
    private func makeReplacement(
        _ task: EntryTask, _ place: Place, _ worker: Worker, durably: Bool, mayWait: Bool
    ) throws(EntryFailure) -> Made {
        let isFile = task.source.kind == .regular
        if isFile, !mayWait, let identity = try copyUnnamed(task, place, worker, durably: durably) {
            return .named(identity)
        }
        let draft = Draft(at: place.at, name: temporaries.next(replacing: task.existing?.kind))
        let identity =
            isFile
            ? try createFile(task, place, draft, worker, durably: durably)
            : try stage(task, place, draft.name, worker)
        if mayWait {
            return .unnamed(
                CompleteEntry(temporary: draft.name, identity: identity, isFaithful: worker.isFaithful))
        }
        do throws(EntryFailure) {
            try commit(task, place.at, draft)
        } catch {
            try? place.at.remove(draft.name)
            throw error
        }
        return .named(identity)
    }

    /// The directories that an entry is copied from and to, both open.
    struct Place {
        let from: At
        let at: At
    }

    /// Makes the complete new entry under a name that nobody knows; nothing of it is left behind on failure.
    func stage(
        _ task: EntryTask, _ place: Place, _ temporary: [CChar], _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity {
        task.visit.touch()
        do throws(EntryFailure) {
            try makeNode(task, place, temporary)
            return try completeNode(task, place, temporary, worker)
        } catch {
            // Even a failed call may have left something: a FUSE server of exFAT answers EIO and makes a file. What was
            // there before is somebody else's.
            if error.errno != .fileExists { try? place.at.remove(temporary) }
            throw error
        }
    }

    private func makeNode(_ task: EntryTask, _ place: Place, _ temporary: [CChar]) throws(EntryFailure) {
        switch task.source.kind {
        case .symbolicLink:
            let policy = task.visit.walk.linkPolicy
            let said = try doing(.readLink, .source) { () throws(Errno) in
                try task.layer.linkText(task.sourceName, task.source, in: place.from)
            }
            try checkGrouped(task) { () throws(Errno) in try place.from.status(task.sourceName) }
            let text = policy.stored(policy.taken(said))
            if rules.stores { return try makeStandIn(task, place.at, temporary, holding: text) }
            let target = text + [0]
            try doing(.create) { () throws(Errno) in
                try place.at.makeSymbolicLink(temporary, to: target.map { CChar(bitPattern: $0) })
            }
        case .fifo, .socket, .characterDevice, .blockDevice:
            if rules.stores { return try makeStandIn(task, place.at, temporary, holding: []) }
            try doing(.create) { () throws(Errno) in
                try place.at.makeNode(
                    temporary, task.source.kind, permissions: permissions(ofDraft: task, task.source),
                    device: task.source.specialDevice)
            }
        case .regular, .directory:
            preconditionFailure("files are copied, and directories are made by their own visit")
        }
    }

    private func completeNode(
        _ task: EntryTask, _ place: Place, _ temporary: [CChar], _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity {
        let node = try doing(.create) { () throws(Errno) in try place.at.openPath(temporary) }
        let current = try doing(.create) { () throws(Errno) in try Status.of(node.raw) }
        // Whoever owns the directory may have put something else there, for us to give it owner and set-id bits.
        guard current.kind == (rules.stores ? .regular : task.source.kind), current.links <= 1,
            current.specialDevice == 0 || current.specialDevice == task.source.specialDevice
        else { throw EntryFailure(.create, nil, cause: .changedInDestination) }
        if rules.stores { try storeKind(task, OpenFile(raw: node.raw), current, worker) }
        let source = try sourceCarrier(task, place)
        let change = attributeChange(task, source.carrier, node.raw, worker)
        writer(task, worker).apply(
            to: OpenFile(raw: node.raw), current: current, source: task.source, replaced: replacedStatus(task),
            attributes: change)
        return current.identity
    }

    /// What the attributes of the source's entry are read from.
    func sourceCarrier(_ task: EntryTask, _ place: Place) throws(EntryFailure) -> SourceCarrier {
        do throws(Errno) {
            return try task.layer.carrier(
                task.sourceName, place.from, task.source, task.visit.walk.sourceLinks, isPinned: true)
        } catch {
            throw EntryFailure(.readExtendedAttributes, error, side: .source)
        }
    }
}
