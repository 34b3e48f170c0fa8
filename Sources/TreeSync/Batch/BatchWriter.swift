internal import SystemPackage

/// Records what a run does to its destination, or would do, in a batch that can be applied to another one.
///
/// Threads record what they have done, in any order, one after the other. A failure of the batch's own file ends the
/// recording, not the run: what was recorded goes away then.
final class BatchWriter: @unchecked Sendable {
    private let lock = Lock(())
    /// Everything below belongs to the lock; `nil` after a failure.
    private var file: BatchFile?
    private var failure: Errno?
    private let attributes = AttributeBuffer()
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: ContentCopy.bufferSize, alignment: 16)
    /// The numbers that stand for inodes with several names, and whether one of those names has been recorded with the
    /// contents, or as the one that stays.
    private var groups: [FileIdentity: UInt64] = [:]
    private var heldGroups: Set<UInt64> = []
    /// Inodes of the destination of which a name is recorded that stays, because others are parted from it.
    private var heldInodes: Set<FileIdentity> = []
    private let users = Accounts(.users)
    private let owningGroups = Accounts(.groups)
    private let durably: Bool
    private let path: FilePath

    /// How often a file that changes while it is recorded is recorded again.
    private static let attempts = 4

    /// `nil` where nothing is recorded.
    ///
    /// - Parameter isSource: whether a batch is applied: that is no source to record.
    /// - Throws: `batchFile` also for devices that count as files, which no batch can hold.
    init?(
        _ options: Options, _ paths: TypedPaths, _ process: ProcessFacts, isSource: Bool
    ) throws(SynchronizationError) {
        guard let path = options.batch else { return nil }
        // What a device holds belongs to no entry, and changes without one.
        if isSource || options.copiesDevices || options.writesDevices { throw .batchFile(path, .notSupported) }
        self.path = path
        durably = options.durability != .none
        do throws(Errno) {
            let place = try paths.resolve(path.bytes)
            file = try BatchFile(at: place, temporary: TemporaryNames(process).next(), RecordedOptions(options))
        } catch {
            throw .batchFile(path, error)
        }
    }

    /// Refuses a place in the destination.
    func check(_ roots: Roots) throws(SynchronizationError) {
        guard let destination = roots.destinationIdentity, lock.withLock({ _ in file?.isBelow(destination) ?? false })
        else { return }
        throw .batchInsideDestination(path)
    }

    deinit { buffer.deallocate() }

    /// Nothing was recorded completely.
    func discard() { lock.withLock { _ in file = nil } }

    /// The end of the run: the batch gets its name.
    ///
    /// - Returns: why it does not; what was recorded is gone then.
    func finish() -> Errno? {
        lock.withLock { _ in
            guard let file else { return failure }
            do throws(Errno) { try file.finish(durably: durably) } catch { failure = error }
            self.file = nil
            return failure
        }
    }

    // MARK: What is recorded

    /// An entry that was made or changed, or would be.
    ///
    /// - Parameter leader: the path that it became a hard link to.
    func record(_ task: EntryTask, at path: RelativePath, linkedTo leader: RelativePath? = nil) {
        lock.withLock { _ in
            guard file != nil else { return }
            if task.verb == .leaveToBasis { return noteDeletion(path, task.existing.map(RecordedState.init)) }
            guard var entry = describe(task, path) else { return }
            if let leader, entry.group != 0 { hold(entry, at: leader) }
            entry.role = leader == nil ? task.verb.role : .link
            if entry.group != 0, leader == nil { heldGroups.insert(entry.group) }
            let old = task.existing.map(RecordedState.init)
            if entry.role == .whole, entry.status.kind == .regular { return appendFile(task, path, old, &entry) }
            append(BatchRecord(path: path.bytes, old: old, change: .entry(entry)))
        }
    }

    /// A name that stays with its inode, from which another one is parted.
    func recordClaimant(_ task: EntryTask, at path: RelativePath) {
        lock.withLock { _ in
            guard file != nil, let existing = task.existing, heldInodes.insert(existing.identity).inserted,
                var entry = describe(task, path)
            else { return }
            entry.role = .attributes
            append(BatchRecord(path: path.bytes, old: RecordedState(existing), change: .entry(entry)))
        }
    }

    /// A directory that was made or changed, or in which something was.
    func record(_ visit: Visit) {
        guard visit.coverage != .entriesAlone, visit.verb != nil || visit.hasChanges || visit.isTouched else { return }
        // It could not be made.
        if visit.walk.executor != nil, visit.destination == nil { return }
        let path = RelativePath(bytes: visit.path)
        lock.withLock { _ in
            guard file != nil else { return }
            var entry = RecordedEntry(role: .attributes, status: visit.source)
            name(&entry, visit.walk.rules)
            if visit.walk.rules.comparesAttributes, let layer = visit.ownLayer {
                let policy = visit.parent.map { $0.policy(visit.sourceLayers.first ?? 0) } ?? visit.walk.policy
                do throws(Errno) {
                    entry.attributes = try layer.handle.use { (at) throws(Errno) in
                        try .read(.open(at.raw), .source, policy, attributes)
                    }
                } catch {
                    return visit.walk.fail(.readExtendedAttributes, path, .directory, error, side: .source)
                }
            }
            append(
                BatchRecord(path: path.bytes, old: visit.existing.map(RecordedState.init), change: .entry(entry)))
        }
    }

    /// An entry that went away, or would.
    func recordDeletion(_ path: [UInt8], _ state: RecordedState?) {
        lock.withLock { _ in noteDeletion(RelativePath(bytes: path), state) }
    }

    private func noteDeletion(_ path: RelativePath, _ state: RecordedState?) {
        if let state { append(BatchRecord(path: path.bytes, old: state, change: .deletion)) }
    }

    /// The name that others become links to stays as it is: it is recorded once, so that they find it.
    private func hold(_ entry: RecordedEntry, at leader: RelativePath) {
        guard heldGroups.insert(entry.group).inserted else { return }
        var entry = entry
        entry.role = .attributes
        append(
            BatchRecord(path: leader.bytes, old: RecordedState(entry.status), change: .entry(entry)))
    }

    private func append(_ record: BatchRecord) {
        guard let file else { return }
        do throws(Errno) {
            try file.begin(record)
            try file.end()
        } catch { fail(error) }
    }

    private func fail(_ errno: Errno) {
        failure = errno
        file = nil
    }

    // MARK: An entry

    /// All but the contents; `nil` where it cannot be read, which is reported.
    private func describe(_ task: EntryTask, _ path: RelativePath) -> RecordedEntry? {
        let walk = task.visit.walk
        var entry = RecordedEntry(status: task.source)
        name(&entry, walk.rules)
        if walk.links != nil, task.source.links > 1 { entry.group = group(of: task.source.identity) }
        do throws(Errno) {
            let raw = try task.layer.handle.borrow()
            defer { task.layer.handle.giveBack() }
            let from = At(raw: raw)
            if task.source.kind == .symbolicLink {
                entry.target = walk.linkPolicy.stored(
                    walk.linkPolicy.taken(try from.linkText(task.sourceName, task.source)))
            }
            guard walk.rules.comparesAttributes else { return entry }
            let source = try task.layer.carrier(task.sourceName, from, task.source, walk.sourceLinks)
            let policy = task.visit.policy(of: task.layer)
            entry.attributes = try .read(source.carrier, .source, policy, attributes)
            return entry
        } catch {
            let isLink = task.source.kind == .symbolicLink
            walk.fail(isLink ? .readLink : .readExtendedAttributes, path, task.source.kind, error, side: .source)
            return nil
        }
    }

    private func name(_ entry: inout RecordedEntry, _ rules: Rules) {
        if rules.options.preserved.contains(.owner) { entry.ownerName = users.name(of: entry.status.owner) ?? [] }
        if rules.options.preserved.contains(.group) {
            entry.groupName = owningGroups.name(of: entry.status.group) ?? []
        }
    }

    private func group(of identity: FileIdentity) -> UInt64 {
        let number = groups[identity] ?? UInt64(groups.count + 1)
        groups[identity] = number
        return number
    }

    // MARK: Contents

    /// Of the file as it was copied. One that changes meanwhile is read again, from the destination where that has it.
    private func appendFile(
        _ task: EntryTask, _ path: RelativePath, _ old: RecordedState?, _ entry: inout RecordedEntry
    ) {
        for _ in 0..<Self.attempts {
            // What the destination has got is recorded to its end.
            if task.visit.walk.executor == nil, task.visit.walk.cancellation.isCancelled { return }
            do throws(EntryFailure) {
                let origin = try open(task)
                entry.status.size = origin.status.size
                entry.status.modified = origin.status.modified
                entry.contents = RecordedContents(
                    extents: try extents(of: OpenFile(raw: origin.file.raw), origin.status), size: origin.status.size)
                let isSame = try appendFile(
                    BatchRecord(path: path.bytes, old: old, change: .entry(entry)), entry, origin)
                if isSame { return }
            } catch {
                file?.takeBack()
                return task.visit.walk.report(task.visit.walk.problem(error, path, .regular))
            }
        }
        task.visit.walk.report(Problem(.readFile, path, .regular, cause: .unstable))
    }

    private struct Origin: ~Copyable {
        let file: Descriptor
        let status: Status
    }

    /// The source, or what became of it in the destination where it is no longer what was copied.
    private func open(_ task: EntryTask) throws(EntryFailure) -> Origin {
        let source = try doing(.readFile, .source) { () throws(Errno) -> Descriptor in
            let raw = try task.layer.handle.borrow()
            defer { task.layer.handle.giveBack() }
            return try task.visit.walk.openSource(task.sourceName, in: At(raw: raw), task.source)
        }
        let raw = source.raw
        let status = try doing(.readFile, .source) { () throws(Errno) in try Status.of(raw) }
        guard status.kind == .regular else { throw EntryFailure(.readFile, nil, side: .source, cause: .unstable) }
        let isCopied = status.size == task.source.size && status.modified == task.source.modified
        if !isCopied, task.visit.walk.executor != nil, let made = try? openMade(task) { return made }
        return Origin(file: source, status: status)
    }

    private func openMade(_ task: EntryTask) throws(Errno) -> Origin {
        guard let directory = task.visit.destination else { throw .noSuchFileOrDirectory }
        let raw = try directory.borrow()
        defer { directory.giveBack() }
        let file = try At(raw: raw).openForReading(task.name)
        let status = try Status.of(file.raw)
        guard status.kind == .regular else { throw .invalidArgument }
        return Origin(file: file, status: status)
    }

    private func extents(of file: OpenFile, _ status: Status) throws(EntryFailure) -> [RecordedContents.Extent] {
        if status.size == 0 { return [] }
        let whole = [RecordedContents.Extent(offset: 0, length: status.size, place: 0)]
        guard status.hasHoles else { return whole }
        var found: [RecordedContents.Extent] = []
        var (position, place) = (Int64(0), Int64(0))
        while position < status.size {
            let segment: Range<Int64>?
            do { segment = try file.nextSegment(from: position, size: status.size) } catch {
                guard case .read(let errno) = error else { return whole }
                throw EntryFailure(.readFile, errno, side: .source)
            }
            guard let segment else { break }
            if let last = found.last, last.offset + last.length == segment.lowerBound {
                found[found.count - 1].length += Int64(segment.count)
            } else {
                found.append(.init(offset: segment.lowerBound, length: Int64(segment.count), place: place))
            }
            place += Int64(segment.count)
            position = segment.upperBound
            if found.count > BatchFormat.mostExtents { return whole }
        }
        return found
    }

    /// - Returns: whether the file was the same before and after; where it was not, nothing is recorded.
    private func appendFile(
        _ record: BatchRecord, _ entry: RecordedEntry, _ origin: borrowing Origin
    ) throws(EntryFailure) -> Bool {
        guard let file, let contents = entry.contents else { return true }
        do throws(Errno) { try file.begin(record) } catch {
            fail(error)
            return true
        }
        var isComplete = true
        for extent in contents.extents where isComplete && failure == nil {
            isComplete = try copy(extent, OpenFile(raw: origin.file.raw), to: file)
        }
        if failure != nil { return true }
        let raw = origin.file.raw
        let after = try doing(.readFile, .source) { () throws(Errno) in try Status.of(raw) }
        guard isComplete, after.size == origin.status.size, after.modified == origin.status.modified else {
            file.takeBack()
            return false
        }
        do throws(Errno) { try file.end() } catch { fail(error) }
        return true
    }

    /// - Returns: `false` where the source has ended before.
    private func copy(
        _ extent: RecordedContents.Extent, _ source: OpenFile, to file: BatchFile
    ) throws(EntryFailure) -> Bool {
        var done: Int64 = 0
        while done < extent.length {
            let wanted = Int(min(Int64(ContentCopy.bufferSize), extent.length - done))
            let count = try doing(.readFile, .source) { () throws(Errno) in
                try source.read(buffer, wanted, at: extent.offset + done)
            }
            if count == 0 { return false }
            do throws(Errno) { try file.add(UnsafeRawBufferPointer(start: buffer, count: count)) } catch {
                fail(error)
                return true
            }
            done += Int64(count)
        }
        return true
    }
}

extension ItemVerb {
    /// Of what is no link.
    fileprivate var role: RecordedEntry.Role {
        switch self {
        case .create, .update, .linkBasis, .copyBasis: .whole
        case .setAttributes, .joinGroup, .link, .leaveToBasis: .attributes
        }
    }
}

extension RecordedOptions {
    /// What of the options a batch has to hold.
    init(_ options: Options) {
        preserved = options.preserved
        kindsWithoutTimes = options.kindsWithoutTimes
        deletion = options.deletion ?? (options.deletesMissingSources ? .after : nil)
        force = options.force
    }
}
