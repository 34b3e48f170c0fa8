internal import SystemPackage
import Synchronization

/// Removes entries below open directories, several directories at a time.
struct Removal: Sendable {
    let executor: Executor
    let walk: Walk

    // MARK: What was planned

    /// Removes what was planned; `completion` is called when the last of it is done.
    func remove(_ removal: PendingRemoval, _ worker: Worker, _ completion: @escaping @Sendable (Worker) -> Void) {
        guard let directory = removal.directory else { return completion(worker) }
        let target: DirectoryHandle
        var closed: UInt16?
        widen(directory)
        do {
            target =
                removal.child.isEmpty
                ? directory : try openForRemoval(directory, terminated(removal.child), &closed)
        } catch {
            restore(directory, removal.path)
            walk.fail(.delete, RelativePath(bytes: removal.path), .directory, error, side: .destination)
            return completion(worker)
        }
        widen(target)
        let task = RemovalTask(
            parent: nil, list: removal.list, name: [], handle: target, path: removal.path, taken: removal.taken
        ) { [closed] in
            restore(target, removal.path)
            closeAgain(target, closed, removal.path)
            restore(directory, removal.path)
            completion($0)
        }
        remove(task, worker)
    }

    private func widen(_ directory: DirectoryHandle) {
        if !executor.isRoot { try? directory.use { (at) throws(Errno) in try executor.widenings.widen(at) } }
    }

    private func restore(_ directory: DirectoryHandle, _ path: [UInt8]) {
        guard !executor.isRoot else { return }
        do { try directory.use { (at) throws(Errno) in try executor.widenings.restore(at) } } catch {
            walk.fail(.setPermissions, RelativePath(bytes: path), .directory, error, side: .destination)
        }
    }

    /// A directory that was opened and stays has its permissions again.
    func closeAgain(_ directory: DirectoryHandle, _ permissions: UInt16?, _ path: [UInt8]) {
        guard let permissions else { return }
        do {
            try directory.use { (at) throws(Errno) in try OpenFile(raw: at.raw).setPermissions(permissions) }
        } catch {
            walk.fail(.setPermissions, RelativePath(bytes: path), .directory, error, side: .destination)
        }
    }

    private func remove(_ task: RemovalTask, _ worker: Worker) {
        var done = KindCounts()
        do {
            let raw = try task.handle.borrow()
            defer { task.handle.giveBack() }
            for index in 0..<task.list.count where !walk.cancellation.isCancelled && !task.list.isSpared(index) {
                if let inner = task.list.contents[index] {
                    descend(task, index, inner)
                } else if removeEntry(task, index, At(raw: raw)) {
                    done.add(task.list.kind(index))
                }
            }
        } catch {
            walk.fail(.delete, RelativePath(bytes: task.path), .directory, error, side: .destination)
        }
        count(done)
        finish(task, worker)
    }

    private func descend(_ task: RemovalTask, _ index: Int, _ inner: RemovalList) {
        let name = terminated(task.list.name(index))
        let path = joined(task.path, task.list.name(index))
        do {
            var closed: UInt16?
            let handle = try openForRemoval(task.handle, name, &closed)
            let next = RemovalTask(
                parent: task, list: inner, name: name, handle: handle, path: path, taken: [], closed: closed,
                completion: nil)
            task.unfinished.add(1, ordering: .relaxed)
            walk.pool.add { remove(next, $0) }
        } catch {
            // Gone already: that is what was wanted.
            if error == .noSuchFileOrDirectory { return }
            walk.fail(.delete, RelativePath(bytes: path), .directory, error, side: .destination)
        }
    }

    /// The last one out removes the directory, and so on upwards.
    private func finish(_ task: RemovalTask, _ worker: Worker) {
        var current = task
        while current.unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            guard let parent = current.takeParent() else {
                current.completion?(worker)
                return
            }
            let goes = !current.list.isIncomplete && !walk.cancellation.isCancelled
            if !goes || !removeDirectory(current, parent) { closeAgain(current.handle, current.closed, current.path) }
            current = parent
        }
    }

    private func removeDirectory(_ task: RemovalTask, _ parent: RemovalTask) -> Bool {
        do {
            try parent.handle.use { (at) throws(Errno) in try at.removeDirectory(task.name) }
            var done = KindCounts()
            done.add(.directory)
            count(done)
            walk.recorder?.recordDeletion(task.path, .directory)
            finished(task.path, .directory)
            return true
        } catch {
            walk.fail(.delete, RelativePath(bytes: task.path), .directory, error, side: .destination)
            return false
        }
    }

    private func removeEntry(_ task: RemovalTask, _ index: Int, _ at: At) -> Bool {
        let kind = task.list.kind(index)
        return task.list.withName(index) { name, length in
            do throws(EntryFailure) {
                try remove(task, at, name, kind)
            } catch {
                // Gone already: that is what was wanted.
                if error.errno == .noSuchFileOrDirectory, (try? at.exists(name)) == false { return false }
                let path = RelativePath(bytes: joined(task.path, task.list.name(index)))
                if !error.isCancelled { walk.report(walk.problem(error, path, kind)) }
                return false
            }
            if let recorder = walk.recorder {
                recorder.recordDeletion(joined(task.path, task.list.name(index)), task.list.state(index))
            }
            finished(joined(task.path, Array(UnsafeRawBufferPointer(start: name, count: length))), kind, task.taken)
            return true
        }
    }

    private func remove(
        _ task: RemovalTask, _ at: At, _ name: CName, _ kind: EntryKind
    ) throws(EntryFailure) {
        if kind == .directory { return try doing(.delete) { () throws(Errno) in try at.removeDirectory(name) } }
        // An older backup has made room for a new one of its name already.
        if let backups = executor.rules.backups, backups.areBeside {
            let plain = terminated(name).dropLast().map { UInt8(bitPattern: $0) }
            if backups.isBackup(plain), executor.renewedBackups.contains(plain, in: task.path) { return }
        }
        try executor.backingUp(
            EndangeredEntry(name: terminated(name), path: task.path, taken: task.taken), in: at, walk
        ) { (isThere) throws(EntryFailure) in
            if isThere { try doing(.delete) { () throws(Errno) in try at.remove(name) } }
        }
    }

    func count(_ done: KindCounts) {
        var statistics = Statistics()
        statistics.deleted = done
        executor.ledger.add(statistics)
    }

    func finished(_ path: @autoclosure () -> [UInt8], _ kind: EntryKind, _ taken: Set<[UInt8]> = []) {
        guard executor.listener.wants(.finished) else { return }
        let path = RelativePath(bytes: path())
        executor.listener.finished(Action(deleting: path, kind, executor.rules.backups, taken: taken), .done)
    }

    // MARK: Access

    /// A directory of our own that its permissions keep closed is opened: it is going away.
    ///
    /// - Parameter closed: gets the permissions of such a directory.
    /// - Throws: `resourceBusy` for a mount point, and for what is copied from: what is mounted there does not go. Whoever
    ///   may rename a directory could have moved one here since it was listed.
    func openForRemoval(
        _ parent: DirectoryHandle, _ name: [CChar], _ closed: inout UInt16?
    ) throws(Errno) -> DirectoryHandle {
        if !executor.isRoot {
            try parent.use { (at) throws(Errno) in
                let entry = try at.openPath(name)
                let status = try Status.of(entry.raw)
                if walk.roots.sourcePlaces.holds(status.identity) { throw .resourceBusy }
                guard status.kind == .directory, status.permissions & 0o700 != 0o700 else { return }
                // Somebody else's stays closed, and is a problem when it is opened.
                do throws(Errno) { try OpenFile(raw: entry.raw).setPermissions(status.permissions | 0o700) } catch {
                    return
                }
                closed = status.permissions
            }
        }
        let opened = try parent.openChild(name)
        let device = try parent.use { (at) throws(Errno) in try Status.of(at.raw).device }
        try opened.use { (at) throws(Errno) in
            let (status, isMountRoot) = try Status.ofDirectory(at.raw)
            if isMountRoot || status.device != device || walk.roots.sourcePlaces.holds(status.identity) {
                throw .resourceBusy
            }
        }
        return opened
    }
}

/// One directory whose entries are being removed.
private final class RemovalTask: Sendable {
    private let parent: Lock<RemovalTask?>
    let list: RemovalList
    let name: [CChar]
    let handle: DirectoryHandle
    let path: [UInt8]
    /// As for `BackupNames.name(of:taken:)`.
    let taken: Set<[UInt8]>
    /// The permissions of a directory that was opened to be emptied.
    let closed: UInt16?
    let completion: (@Sendable (Worker) -> Void)?
    let unfinished = Atomic<Int>(1)

    init(
        parent: RemovalTask?, list: RemovalList, name: [CChar], handle: DirectoryHandle, path: [UInt8],
        taken: Set<[UInt8]>, closed: UInt16? = nil, completion: (@Sendable (Worker) -> Void)?
    ) {
        self.closed = closed
        self.parent = Lock(parent)
        self.list = list
        self.name = name
        self.handle = handle
        self.path = path
        self.taken = taken
        self.completion = completion
    }

    func takeParent() -> RemovalTask? { parent.withLock { $0.take() } }
}

/// A name with a NUL at its end.
func terminated(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

/// A copy of a name with its NUL.
func terminated(_ name: CName) -> [CChar] {
    var length = 0
    while name[length] != 0 { length += 1 }
    return Array(UnsafeBufferPointer(start: name, count: length + 1))
}
