internal import SystemPackage

extension Executor {
    /// How often a file that changes while it is copied is copied again.
    private static let attempts = 4

    /// The file to copy, open, and its status.
    private func openSource(_ task: EntryTask, _ place: Place) throws(EntryFailure) -> OpenSource {
        let source = try doing(.readFile, .source) { () throws(Errno) in
            try task.visit.walk.openSource(task.sourceName, in: place.from, task.source)
        }
        var status = try doing(.readFile, .source) { () throws(Errno) in try Status.of(source.raw) }
        // Comparing may have set it since.
        status.accessed = task.source.accessed
        guard status.kind == .regular else { throw EntryFailure(.readFile, nil, side: .source, cause: .unstable) }
        task.visit.touch()
        return OpenSource(descriptor: source, status: rules.taken(status))
    }

    /// Makes a complete file with everything that hangs on it, under a name that nobody knows; nothing of it is left
    /// behind on failure.
    ///
    /// - Parameter durably: whether it is on the disk before it may get its name.
    func createFile(
        _ task: EntryTask, _ place: Place, _ name: [CChar], _ worker: Worker, durably: Bool
    ) throws(EntryFailure) -> FileIdentity {
        let source = try openSource(task, place)
        let file = try doing(.create) { () throws(Errno) in
            try place.at.createFile(name, permissions: rules.initialPermissions(for: source.status))
        }
        do throws(EntryFailure) {
            let identity = try complete(task, source, OpenFile(raw: file.raw), worker, durably: durably)
            do { try file.closeReporting() } catch { throw EntryFailure(.write, error) }
            return identity
        } catch {
            try? place.at.remove(name)
            throw error
        }
    }

    /// Makes a new file that has no name until it is complete (`O_TMPFILE`): 10 to 20 % less work than a temporary
    /// name, and nothing is left behind when the process is killed.
    ///
    /// - Returns: `nil` where something has the name, or the file system makes no files without one.
    func copyUnnamed(
        _ task: EntryTask, _ place: Place, _ worker: Worker, durably: Bool
    ) throws(EntryFailure) -> FileIdentity? {
        guard task.existing == nil, capabilities.mayCreateUnnamed else { return nil }
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
        let identity = try complete(task, source, OpenFile(raw: file.raw), worker, durably: durably)
        do { try place.at.nameFile(file.raw, task.name) } catch {
            guard error == .fileExists else { throw EntryFailure(.create, error) }
            throw EntryFailure(.create, nil, cause: task.visit.walk.roots.causeOfExistingName())
        }
        return identity
    }

    /// Contents and attributes.
    private func complete(
        _ task: EntryTask, _ source: borrowing OpenSource, _ file: OpenFile, _ worker: Worker, durably: Bool
    ) throws(EntryFailure) -> FileIdentity {
        var status = source.status
        var current = try doing(.create) { () throws(Errno) in try file.status() }
        // Writing changes it: a source that was made in the same tick of the kernel's clock would count as equal.
        current.modified = .impossible
        try copyContents(task, OpenFile(raw: source.descriptor.raw), &status, file, current.device, worker)
        let change = attributeChange(task, .open(source.descriptor.raw), file.raw, worker)
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
        _ task: EntryTask, _ source: OpenFile, _ status: inout Status, _ file: OpenFile, _ device: UInt64,
        _ worker: Worker
    ) throws(EntryFailure) {
        let progress = CopyProgress(listener, size: status.size, path: task.path)
        defer { progress?.end() }
        for attempt in 1...Self.attempts {
            let copy = ContentCopy(
                makesSparse: rules.options.makesSparse, capabilities: capabilities, cancellation: cancellation,
                throttle: throttle
            ) { progress?.add($0) }
            let written: Int64
            do throws(CopyFailure) {
                written = try copy.copy(source, status, to: file, device: device, worker.copyBuffer())
            } catch {
                throw Self.failure(error)
            }
            let after = try doing(.readFile, .source) { () throws(Errno) in try source.status() }
            if after.size == status.size, after.modified == status.modified {
                var done = Statistics()
                done.writtenBytes = written
                return ledger.add(done)
            }
            progress?.startAgain()
            status = rules.taken(after)
            status.accessed = task.source.accessed
            if attempt < Self.attempts {
                try doing(.write) { () throws(Errno) in try file.truncate(to: 0) }
            }
        }
        throw EntryFailure(.readFile, nil, side: .source, cause: .unstable)
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
        guard current.identity == task.existing?.identity, current.kind == task.existing?.kind else {
            throw EntryFailure(.setPermissions, nil, cause: .changedInDestination)
        }
        if !task.differences.isDisjoint(with: [.acl, .extendedAttributes, .owner, .group, .permissions]) {
            let source = try sourceCarrier(task, place)
            let change = attributeChange(task, source.carrier, entry.raw, worker)
            // An ACL is read from there again.
            return writer(task, worker).apply(
                to: OpenFile(raw: entry.raw), current: current, source: task.source, replaced: current,
                attributes: change)
        }
        writer(task, worker).apply(
            to: OpenFile(raw: entry.raw), current: current, source: task.source, replaced: current, attributes: nil)
    }

    /// What both entries carry; `nil` where neither carries anything or nobody asked.
    func attributeChange(
        _ task: EntryTask, _ source: AttributeCarrier, _ target: Int32, _ worker: Worker
    ) -> AttributeChange? {
        guard rules.comparesAttributes else { return nil }
        let walk = task.visit.walk
        return attributeChange(source, target, worker) { operation, errno, side in
            worker.isFaithful = false
            walk.fail(operation, task.path, task.source.kind, errno, side: side)
        }
    }

    func attributeChange(
        _ source: AttributeCarrier, _ target: Int32, _ worker: Worker,
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
        return MetadataWriter(rules: rules, policy: policy, isRoot: isRoot, traits: walk.roots.traits) {
            operation, errno, attribute in
            worker.isFaithful = false
            walk.fail(operation, task.path, task.source.kind, errno, side: .destination, attribute: attribute)
        }
    }
}

/// A file of the source that is being copied.
struct OpenSource: ~Copyable {
    let descriptor: Descriptor
    /// When it was opened.
    let status: Status
}
