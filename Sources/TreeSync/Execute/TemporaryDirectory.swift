internal import SystemPackage

/// The directory that files are made in until they are complete (`Options.Arrival.temporaryDirectory`).
final class TemporaryDirectory: Sendable {
    let handle: DirectoryHandle
    private let identity: FileIdentity
    private var device: UInt64 { identity.device }
    /// The time that the directory shall have, where it is one of those that are made equal.
    private let modified = Lock<Timestamp?>(nil)
    /// File systems, as device numbers, that nothing can be renamed to from here.
    private let unreachable = Lock<Set<UInt64>>([])

    /// Removes what killed runs have left in it.
    ///
    /// - Parameters:
    ///   - destination: the path that a relative one begins at.
    ///   - paths: whose links may stand on the way.
    /// - Throws: `SynchronizationError` where it is no directory that can be opened.
    init?(
        _ path: FilePath?, below destination: [UInt8], _ budget: DescriptorBudget, _ paths: TypedPaths
    ) throws(SynchronizationError) {
        guard let path else { return nil }
        let bytes = path.bytes
        let full = bytes.first == UInt8(ascii: "/") ? bytes : destination + [UInt8(ascii: "/")] + bytes
        do throws(Errno) {
            if bytes.isEmpty { throw Errno.noSuchFileOrDirectory }
            let raw = try paths.openDirectory(full)
            handle = DirectoryHandle(root: raw, budget: budget)
            identity = try Status.of(raw).identity
            try Self.clean(At(raw: raw))
        } catch {
            throw .temporaryDirectory(path, error)
        }
    }

    private static func clean(_ directory: At) throws(Errno) {
        var leftovers: [[CChar]] = []
        try DirectoryReader().read(directory.raw) { name, length, _ in
            if TemporaryNames.origin(name, length: length) == .unfinished {
                leftovers.append(Array(UnsafeBufferPointer(start: name, count: length + 1)))
            }
        }
        for name in leftovers where (try? directory.status(name).kind) == .regular { try? directory.remove(name) }
    }

    /// Whether what is made here can be renamed to another directory.
    func reaches(_ directory: At) -> Bool {
        guard let other = try? Status.of(directory.raw).device else { return false }
        return other == device && !unreachable.withLock { $0.contains(other) }
    }

    /// A directory of the destination is finished; if it is this one, files that are made later change its time.
    func noteFinished(_ directory: FileIdentity?, _ time: Timestamp) {
        if directory == identity { modified.withLock { $0 = time } }
    }

    /// The end of the run: nothing more is made here.
    func restoreTime(_ traits: FileSystemTraits) {
        guard let time = modified.withLock({ $0 }) else { return }
        // Gone with the deletions, perhaps.
        try? handle.use { (at) throws(Errno) in try OpenFile(raw: at.raw).setModified(time, traits) }
    }

    /// It is another mount of the same file system.
    func cannotReach(_ directory: At) {
        guard let other = try? Status.of(directory.raw).device else { return }
        unreachable.withLock { _ = $0.insert(other) }
    }
}

extension Executor {
    /// Makes a complete file in the directory for that, and gives it its name or, where it waits for that, a temporary
    /// one beside it.
    ///
    /// - Returns: `nil` where it has to be made beside its place: a rename does not lead there.
    func createElsewhere(
        _ task: EntryTask, _ place: Place, _ worker: Worker, durably: Bool, mayWait: Bool
    ) throws(EntryFailure) -> Made? {
        guard let elsewhere, task.existing?.kind != .directory, elsewhere.reaches(place.at),
            !hasPartial(task, place)
        else { return nil }
        let raw = try doing(.create) { () throws(Errno) in try elsewhere.handle.borrow() }
        defer { elsewhere.handle.giveBack() }
        let draft = Draft(at: At(raw: raw), name: temporaries.next())
        let identity = try createFile(task, place, draft, worker, durably: durably)
        do throws(EntryFailure) {
            guard mayWait else {
                try commit(task, place.at, draft)
                return .named(identity)
            }
            try doing(.create) { () throws(Errno) in try draft.at.move(draft.name, to: draft.name, in: place.at) }
            return .unnamed(
                CompleteEntry(temporary: draft.name, identity: identity, isFaithful: worker.isFaithful))
        } catch {
            try? draft.at.remove(draft.name)
            guard error.errno == .improperLink else { throw error }
            elsewhere.cannotReach(place.at)
            return nil
        }
    }

    /// Where a second copy finds no room beside the old file: makes it in the directory on another file system, and
    /// copies it over the old one, as rsync does. Until that is done the old file holds some of both.
    ///
    /// - Returns: `nil` where that is no way out.
    func overwriteFromElsewhere(
        _ task: EntryTask, _ place: Place, _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity? {
        guard let elsewhere, let existing = task.existing, existing.kind == .regular, existing.links == 1,
            !rules.options.arrival.delaysUpdates, rules.backups == nil, !elsewhere.reaches(place.at)
        else { return nil }
        let raw = try doing(.create) { () throws(Errno) in try elsewhere.handle.borrow() }
        defer { elsewhere.handle.giveBack() }
        let draft = Draft(at: At(raw: raw), name: temporaries.next())
        _ = try createFile(task, place, draft, worker, durably: false)
        defer { try? draft.at.remove(draft.name) }
        let made = try doing(.create) { () throws(Errno) in try draft.at.openForReading(draft.name) }
        let status = try doing(.create) { () throws(Errno) in try Status.of(made.raw) }
        guard let file = try openInPlace(task, existing, place, isAsked: true) else { return nil }
        return try fillInPlace(task, OpenSource(descriptor: made, status: status), file, worker)
    }
}
