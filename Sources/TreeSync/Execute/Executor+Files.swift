internal import SystemPackage

extension Executor {
    /// How often a file that changes while it is copied is copied again.
    private static let attempts = 4

    /// The file to copy, open, and its status.
    func openSource(_ task: EntryTask, _ place: Place) throws(EntryFailure) -> OpenSource {
        if let recorded = task.layer.recorded { return try openRecorded(task, recorded) }
        let source = try doing(.readFile, .source) { () throws(Errno) in
            try task.visit.walk.openSource(task.sourceName, in: place.from, task.source)
        }
        let status = try status(of: OpenFile(raw: source.raw), task)
        guard status.kind == .regular else { throw EntryFailure(.readFile, nil, side: .source, cause: .unstable) }
        try checkGrouped(task) { () throws(Errno) in try Status.of(source.raw) }
        task.visit.touch()
        return OpenSource(descriptor: source, status: status)
    }

    /// The first name of an inode brings what the others become links to: another inode that has the name by now, as
    /// after an editor has saved the file, is not theirs.
    func checkGrouped(_ task: EntryTask, _ status: () throws(Errno) -> Status) throws(EntryFailure) {
        guard task.visit.walk.links != nil, task.source.links > 1, task.layer.recorded == nil else { return }
        let current = try doing(.readFile, .source, status)
        guard current.identity == task.source.identity else {
            throw EntryFailure(.readFile, nil, side: .source, cause: .unstable)
        }
    }

    /// The status of an open file of the source, as it is to be taken.
    private func status(of source: OpenFile, _ task: EntryTask) throws(EntryFailure) -> Status {
        var status = try doing(.readFile, .source) { () throws(Errno) in try source.statusOfContents() }
        // Comparing may have set it since.
        status.accessed = task.source.accessed
        guard let held = task.source.held else { return rules.taken(status) }
        guard status.kind == held.kind else { throw EntryFailure(.readFile, nil, side: .source, cause: .unstable) }
        var taken = task.source
        taken.size = status.size
        if !taken.isDevice { (taken.modified, taken.blocks) = (status.modified, status.blocks) }
        return taken
    }

    /// Makes a complete file with everything that hangs on it, under a name that nobody knows; on failure nothing of it
    /// is left behind but what is to be kept.
    ///
    /// - Parameter durably: whether it is on the disk before it may get its name.
    func createFile(
        _ task: EntryTask, _ place: Place, _ draft: Draft, _ worker: Worker, durably: Bool
    ) throws(EntryFailure) -> FileIdentity {
        let source = try openSource(task, place)
        let file = try openDraft(task, place, draft, source.status)
        var holding: Holding?
        if partials != nil, let begun = try? OpenFile(raw: file.raw).status(), begun.size > 0 {
            holding = Holding(status: begun)
        }
        let identity: FileIdentity
        do throws(EntryFailure) {
            if holding == nil { holding = try cloneOfExisting(task, place, OpenFile(raw: file.raw)) }
            identity = try complete(
                task, source, OpenFile(raw: file.raw), worker, durably: durably, holding: holding)
        } catch {
            let isKept = error.leavesPartial && keepPartial(task, place, OpenFile(raw: file.raw), draft)
            if !isKept { try? draft.at.remove(draft.name) }
            throw error
        }
        do { try file.closeReporting() } catch {
            try? draft.at.remove(draft.name)
            throw EntryFailure(.write, error)
        }
        return identity
    }

    /// A new file, or what an earlier run has kept of it.
    private func openDraft(
        _ task: EntryTask, _ place: Place, _ draft: Draft, _ source: Status
    ) throws(EntryFailure) -> Descriptor {
        if partials != nil, draft.at.raw == place.at.raw,
            let begun = takePartial(task, place, as: draft.name)
        {
            return begun
        }
        return try doing(.create) { () throws(Errno) in
            try draft.at.createFile(draft.name, permissions: rules.initialPermissions(for: source))
        }
    }

    /// With `--no-whole-file`: lets a new file share all blocks of the old one, so that only what differs is written.
    ///
    /// - Returns: `nil` where the file system cannot, or nothing is there to be shared.
    private func cloneOfExisting(
        _ task: EntryTask, _ place: Place, _ file: OpenFile
    ) throws(EntryFailure) -> Holding? {
        guard rules.options.arrival.copiesWholeFiles == false, let existing = task.existing,
            existing.kind == .regular, existing.size >= ContentCopy.smallestClone
        else { return nil }
        let route = CopyRoute(existing.device, existing.device)
        guard capabilities.mayClone(route), let old = try? place.at.openForReading(task.name) else { return nil }
        guard let current = try? Status.of(old.raw), current.identity == existing.identity,
            current.kind == .regular
        else { return nil }
        do { try file.clone(OpenFile(raw: old.raw)) } catch {
            if ContentCopy.isIncapable(error) { capabilities.cannotClone(route) }
            return nil
        }
        return Holding(status: try doing(.create) { () throws(Errno) in try file.status() })
    }

    /// Makes a new file that has no name until it is complete (`O_TMPFILE`): 10 to 20 % less work than a temporary
    /// name, and nothing is left behind when the process is killed.
    ///
    /// - Returns: `nil` where something has the name, or the file system makes no files without one.
    func copyUnnamed(
        _ task: EntryTask, _ place: Place, _ worker: Worker, durably: Bool
    ) throws(EntryFailure) -> FileIdentity? {
        guard task.existing == nil, capabilities.mayCreateUnnamed, !hasPartial(task, place) else { return nil }
        let source = try openSource(task, place)
        let file: Descriptor
        do {
            file = try place.at.createUnnamedFile(permissions: rules.initialPermissions(for: source.status))
        } catch {
            switch error {
            case .notSupported, .isDirectory, .invalidArgument, .noFunction:
                capabilities.cannotCreateUnnamed()
                return nil
            default: throw EntryFailure(.create, error)
            }
        }
        let identity: FileIdentity
        do throws(EntryFailure) {
            identity = try complete(task, source, OpenFile(raw: file.raw), worker, durably: durably)
        } catch {
            if error.leavesPartial { _ = keepPartial(task, place, OpenFile(raw: file.raw), nil) }
            throw error
        }
        // Where the file system is known not to need it, that would be 3 % of the work for a small file.
        let roots = task.visit.walk.roots
        if identity.device != roots.destinationIdentity?.device || !roots.traits.isSilentOnClosing {
            do { try file.reportClosing() } catch { throw EntryFailure(.write, error) }
        }
        do { try place.at.nameFile(file.raw, task.name) } catch {
            guard error == .fileExists else { throw EntryFailure(.create, error) }
            throw EntryFailure(.create, nil, cause: task.visit.walk.roots.causeOfExistingName())
        }
        return identity
    }

    /// Contents and attributes.
    ///
    /// - Parameter holding: what the file has of them; `nil` for an empty one.
    func complete(
        _ task: EntryTask, _ source: borrowing OpenSource, _ file: OpenFile, _ worker: Worker, durably: Bool,
        holding: Holding? = nil
    ) throws(EntryFailure) -> FileIdentity {
        var status = source.status
        var current = try doing(.create) { () throws(Errno) in try file.status() }
        let isFromBasis =
            holding == nil ? try copyBasis(task, status, to: file, device: current.device, worker) : false
        if !isFromBasis {
            try copyContents(task, source.file, &status, file, current.device, holding, worker)
        }
        // Writing takes set-id bits away.
        if holding != nil { current = try doing(.write) { () throws(Errno) in try file.status() } }
        // Writing changes it: a source that was made in the same tick of the kernel's clock would count as equal.
        current.modified = .impossible
        let change = attributeChange(task, source.carrier, file.raw, worker)
        writer(task, worker).apply(
            to: file, current: current, source: status, replaced: replacedStatus(task), attributes: change)
        if durably {
            try doing(.write) { () throws(Errno) in try file.synchronize() }
        }
        return current.identity
    }

    /// Another kind's permissions are nothing to keep.
    func replacedStatus(_ task: EntryTask) -> Status? {
        task.existing?.kind == task.source.kind ? task.existing : nil
    }

    /// Copies until the source was the same before and after; `status` becomes that of the copied state.
    private func copyContents(
        _ task: EntryTask, _ source: SourceFile, _ status: inout Status, _ file: OpenFile, _ device: UInt64,
        _ holding: Holding?, _ worker: Worker
    ) throws(EntryFailure) {
        var holding = holding
        let progress = CopyProgress(listener, size: status.size, path: task.path)
        defer { progress?.end() }
        for attempt in 1...Self.attempts {
            let written: Int64
            do throws(CopyFailure) {
                written =
                    if let holding {
                        try update(file, holding, from: source, status, progress, worker)
                    } else {
                        try copy(source, status, to: file, device, progress, worker)
                    }
            } catch {
                throw Self.failure(error)
            }
            let after =
                try source.whole.map { (file) throws(EntryFailure) in try self.status(of: file, task) } ?? status
            if after.size == status.size, after.modified == status.modified {
                var done = Statistics()
                done.writtenBytes = written
                return ledger.add(done)
            }
            progress?.startAgain()
            status = after
            if holding != nil {
                holding = Holding(status: try doing(.write) { () throws(Errno) in try file.statusOfContents() })
            } else if attempt < Self.attempts {
                try doing(.write) { () throws(Errno) in try file.truncate(to: 0) }
            }
        }
        throw EntryFailure(.readFile, nil, side: .source, cause: .unstable)
    }

    private func copy(
        _ source: SourceFile, _ status: Status, to file: OpenFile, _ device: UInt64, _ progress: CopyProgress?,
        _ worker: Worker
    ) throws(CopyFailure) -> Int64 {
        let copy = ContentCopy(
            allocation: Allocation(rules.options), capabilities: capabilities, cancellation: cancellation,
            throttle: throttle
        ) { progress?.add($0) }
        // What is kept of a file that could not be finished is its beginning.
        let helpers = partials == nil ? pool : nil
        return try copy.copy(source, status, to: file, device: device, worker, helpers: helpers)
    }

    private func update(
        _ file: OpenFile, _ holding: Holding, from source: SourceFile, _ status: Status, _ progress: CopyProgress?,
        _ worker: Worker
    ) throws(CopyFailure) -> Int64 {
        let options = rules.options
        let update = ContentUpdate(
            allocation: Allocation(options), blockSize: options.arrival.blockSize,
            copiesWhole: options.arrival.copiesWholeFiles == true, capabilities: capabilities,
            cancellation: cancellation, throttle: throttle
        ) { progress?.add($0) }
        return try update.update(
            file, holding.status, from: source, status, at: holding.start,
            (worker.copyBuffer(), worker.comparisonBuffer()))
    }

    private static func failure(_ failure: CopyFailure) -> EntryFailure {
        switch failure {
        case .read(let errno): EntryFailure(.readFile, errno, side: .source)
        case .write(let errno): EntryFailure(.write, errno)
        case .cancelled: .cancelled
        }
    }

    // MARK: Attributes

    /// Sets attributes in place, on exactly the entry that the scan saw.
    func setAttributes(_ task: EntryTask, _ place: Place, _ worker: Worker) throws(EntryFailure) {
        let entry = try doing(.setPermissions) { () throws(Errno) in try place.at.openPath(task.name) }
        let current = try doing(.setPermissions) { () throws(Errno) in try Status.of(entry.raw) }
        guard current.identity == task.existing?.identity, current.kind == task.existing?.nodeKind else {
            throw EntryFailure(.setPermissions, nil, cause: .changedInDestination)
        }
        // What the entry stands for, where it stands for something.
        let present = task.existing?.held == nil ? current : task.existing
        if !task.differences.isDisjoint(with: [.acl, .extendedAttributes, .owner, .group, .permissions]) {
            let source = try sourceCarrier(task, place)
            let change = attributeChange(task, source.carrier, entry.raw, worker)
            // An ACL is read from there again.
            return writer(task, worker).apply(
                to: OpenFile(raw: entry.raw), current: current, source: task.source, replaced: present,
                attributes: change)
        }
        writer(task, worker).apply(
            to: OpenFile(raw: entry.raw), current: current, source: task.source, replaced: present, attributes: nil)
    }

    /// What both entries carry; `nil` where neither carries anything or nobody asked.
    func attributeChange(
        _ task: EntryTask, _ source: AttributeCarrier, _ target: Int32, _ worker: Worker
    ) -> AttributeChange? {
        guard rules.comparesAttributes else { return nil }
        let walk = task.visit.walk
        return attributeChange(source, target, task.visit.policy(of: task.layer), worker) { operation, errno, side in
            worker.isFaithful = false
            walk.fail(operation, task.path, task.source.kind, errno, side: side)
        }
    }

    func attributeChange(
        _ source: AttributeCarrier, _ target: Int32, _ policy: AttributePolicy, _ worker: Worker,
        _ failed: (Problem.Operation, Errno, Walk.Side) -> Void
    ) -> AttributeChange? {
        let wanted: ExtendedAttributes
        var present: ExtendedAttributes
        do { wanted = try .read(source, .source, policy, worker.attributes) } catch {
            failed(.readExtendedAttributes, error, .source)
            return nil
        }
        do { present = try .read(.open(target), .destination, policy, worker.attributes) } catch {
            failed(.readExtendedAttributes, error, .destination)
            return nil
        }
        present.forgetKept(wanted, policy)
        if wanted.isEmpty, present.isEmpty { return nil }
        return AttributeChange(source: source, wanted: wanted, present: present)
    }

    func writer(_ task: EntryTask, _ worker: Worker) -> MetadataWriter {
        let walk = task.visit.walk
        let policy = task.visit.policy(of: task.layer)
        return MetadataWriter(rules: rules, policy: policy, isRoot: isRoot, traits: walk.roots.traits) {
            operation, errno, attribute in
            worker.isFaithful = false
            walk.fail(operation, task.path, task.source.kind, errno, side: .destination, attribute: attribute)
        }
    }
}

/// A file of the source that is being copied.
struct OpenSource: ~Copyable {
    /// `nil` for what a batch holds.
    private let descriptor: Descriptor?
    let file: SourceFile
    /// What its attributes are read from.
    let carrier: AttributeCarrier
    /// When it was opened.
    let status: Status

    init(descriptor: consuming Descriptor, status: Status) {
        file = SourceFile(OpenFile(raw: descriptor.raw))
        carrier = .open(descriptor.raw)
        self.descriptor = consume descriptor
        self.status = status
    }

    init(_ contents: RecordedContents, in batch: Batch, _ attributes: ExtendedAttributes, status: Status) {
        descriptor = nil
        file = SourceFile(contents, in: batch.file)
        carrier = .recorded(attributes)
        self.status = status
    }
}
