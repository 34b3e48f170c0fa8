internal import SystemPackage

/// Complete entries under temporary names, which get their own together: when all of them are on the disk
/// (`Options.Durability.batch`), one wait for the disk for thousands of files, where each file by itself costs one; or
/// when everything is copied (`Options.Arrival.delaysUpdates`).
final class CommitQueue: Sendable {
    struct Waiting: Sendable {
        let item: DetachedItem
        let entry: CompleteEntry
        /// Called with `done`, `failed` or `cancelled`.
        let completion: @Sendable (EntryOutcome, Worker) -> Void
    }

    private struct State {
        var waiting: [Waiting] = []
        var bytes: Int64 = 0
        /// A directory on every file system that batches were put on.
        var directories: [UInt64: DirectoryHandle] = [:]
    }

    /// An interrupted run loses a batch: seconds of work.
    private static let most = 4096
    private static let mostBytes: Int64 = 1 << 30

    private let state = Lock(State())
    /// Whether the end of the run is waited for. Then memory grows with the number of changed entries.
    private let isUnlimited: Bool

    init(isUnlimited: Bool) { self.isUnlimited = isUnlimited }

    /// Adds an entry; returns a batch when it is full.
    func add(_ waiting: Waiting) -> [Waiting] {
        state.withLock { state in
            state.waiting.append(waiting)
            state.bytes.addSaturating(waiting.item.source.kind == .regular ? waiting.item.source.size : 0)
            let isFull = state.waiting.count >= Self.most || state.bytes >= Self.mostBytes
            guard isFull, !isUnlimited else { return [] }
            return Self.take(&state)
        }
    }

    /// Remembers a file system that names are given on.
    func note(_ device: UInt64, _ directory: DirectoryHandle) {
        state.withLock { $0.directories[device] = directory }
    }

    var directories: [DirectoryHandle] { state.withLock { Array($0.directories.values) } }

    func takeAll() -> [Waiting] { state.withLock { Self.take(&$0) } }

    private static func take(_ state: inout State) -> [Waiting] {
        defer { (state.waiting, state.bytes) = ([], 0) }
        return state.waiting
    }
}

extension Executor {
    /// Keeps a complete entry until its batch is on the disk.
    func await(
        _ entry: CompleteEntry, of item: DetachedItem, _ worker: Worker,
        _ completion: @escaping @Sendable (EntryOutcome, Worker) -> Void
    ) {
        let full = commits?.add(CommitQueue.Waiting(item: item, entry: entry, completion: completion)) ?? []
        if !full.isEmpty { commit(full, worker) }
    }

    /// Commits what still waits.
    ///
    /// - Returns: whether there was something.
    func commitAll(_ worker: Worker) -> Bool {
        let rest = commits?.takeAll() ?? []
        commit(rest, worker)
        return !rest.isEmpty
    }

    private func commit(_ batch: [CommitQueue.Waiting], _ worker: Worker) {
        var results: [UInt64: Result<Void, Errno>] = [:]
        for waiting in batch {
            let device = waiting.entry.identity.device
            let isNeeded = rules.options.durability == .batch && !cancellation.isCancelled
            if isNeeded, results[device] == nil { results[device] = synchronize(waiting) }
            waiting.completion(commit(waiting, results[device] ?? .success(())), worker)
        }
    }

    private func synchronize(_ waiting: CommitQueue.Waiting) -> Result<Void, Errno> {
        do throws(Errno) {
            guard let directory = waiting.item.visit.destination else { throw Errno.noSuchFileOrDirectory }
            try directory.use { (at) throws(Errno) in try OpenFile(raw: at.raw).synchronizeFileSystem() }
            commits?.note(waiting.entry.identity.device, directory)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func commit(_ waiting: CommitQueue.Waiting, _ synchronized: Result<Void, Errno>) -> EntryOutcome {
        let entry = waiting.entry
        return waiting.item.withTask { task in
            do throws(EntryFailure) {
                guard let directory = task.visit.destination else {
                    throw EntryFailure(.create, .noSuchFileOrDirectory)
                }
                let raw: Int32
                do throws(Errno) { raw = try directory.borrow() } catch {
                    // Perhaps it can be opened the next time.
                    try? directory.use { (at) throws(Errno) in try at.remove(entry.temporary) }
                    throw EntryFailure(.openDirectory, error)
                }
                defer { directory.giveBack() }
                let at = At(raw: raw)
                do throws(EntryFailure) {
                    if cancellation.isCancelled { throw .cancelled }
                    try doing(.write) { () throws(Errno) in try synchronized.get() }
                    try commit(task, at, Draft(at: at, name: entry.temporary))
                } catch {
                    if !(error.isCancelled && keepWaiting(task, at, entry)) { try? at.remove(entry.temporary) }
                    throw error
                }
                succeeded(task, isFaithful: entry.isFaithful)
                return .done(entry.identity)
            } catch {
                if error.isCancelled { return .cancelled }
                failed(task, error)
                return .failed
            }
        }
    }

    /// The run was stopped: what is complete is kept for the next one, where that is asked for.
    private func keepWaiting(_ task: EntryTask, _ at: At, _ entry: CompleteEntry) -> Bool {
        guard partials != nil, task.source.kind == .regular,
            let file = try? at.openForUpdating(entry.temporary),
            (try? Status.of(file.raw).identity) == entry.identity
        else { return false }
        return keepPartial(
            task, Place(from: at, at: at), OpenFile(raw: file.raw), Draft(at: at, name: entry.temporary))
    }
}
