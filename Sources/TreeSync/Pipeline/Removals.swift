import Synchronization
internal import SystemPackage

/// What a walk does with entries that have to go.
struct RemovalPolicy: Sendable {
    /// Entries that only the destination has.
    enum Extras: Sendable { case keep, collect, atOnce }

    /// Directories that are not empty and stand where the source has something else.
    enum FullDirectories: Sendable {
        case keep
        /// Replaced after the guards.
        case putOff
        case atOnce
        /// Their contents have been removed before, where the guards agreed.
        case cleared
    }

    var extras = Extras.keep
    var fullDirectories = FullDirectories.keep
    var collector: RemovalCollector?
}

/// Entries of one directory of the destination that are to be removed.
final class PendingRemoval: Sendable {
    let list: RemovalList
    let directory: DirectoryHandle?
    /// The directory's path below the root.
    let path: [UInt8]
    /// Where not empty: the child of `directory` that the list is the contents of, which itself stays.
    let child: [UInt8]
    /// Whether the list is what stands in the place of something else, which removes it when it is put there.
    var isReplaced: Bool { !child.isEmpty }
    /// The time that the directory shall have when its entries are gone; `nil` where it is not ours to set.
    let modified: Timestamp?

    init(_ list: RemovalList, in visit: Visit, below child: [UInt8]) {
        self.list = list
        self.child = child
        directory = visit.destination
        let base = visit.path
        path = child.isEmpty ? base : joined(base, child)
        // Before the walk that makes everything equal, a deletion leaves the time as it was.
        let time = visit.walk.plansChanges ? visit.source.modified : visit.existing?.modified
        modified = child.isEmpty && visit.holdsAll ? time : nil
    }

    func announce(_ listener: Listener) {
        guard listener.wants(.planned) else { return }
        list.forEach(below: path) { listener.planned(Action(.delete, $0, $1)) }
    }
}

/// The deletions of a whole walk, for the guards to judge before the first of them.
final class RemovalCollector: Sendable {
    private struct State {
        var removals: [PendingRemoval] = []
        var total = KindCounts()
        /// Entries below directories that were not compared, so that nobody has counted them yet.
        var nested = 0
        var emptiesDestination = false
        var heldBack = false
    }

    private let state = Mutex(State())

    func append(_ removal: PendingRemoval) {
        state.withLock { state in
            state.removals.append(removal)
            state.total.add(removal.list.total)
            state.nested += removal.list.total.total - (removal.isReplaced ? 0 : removal.list.count)
        }
    }

    func noteEmptySource() { state.withLock { $0.emptiesDestination = true } }

    /// Deletions that were due were not made because the source could not be read.
    func noteHeldBack() { state.withLock { $0.heldBack = true } }

    var nested: Int { state.withLock { $0.nested } }
    var heldBack: Bool { state.withLock { $0.heldBack } }
    var total: KindCounts { state.withLock { $0.total } }
    var emptiesDestination: Bool { state.withLock { $0.emptiesDestination } }

    /// In the order of their paths, whatever the threads did.
    func takeAll() -> [PendingRemoval] {
        state.withLock { state in
            defer { state.removals = [] }
            return state.removals.sorted { isBeforeInTree($0.path, $1.path) }
        }
    }
}

/// The order of the tree for directories: a slash sorts before every byte that a name may hold.
func isBeforeInTree(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let slash = UInt8(ascii: "/")
    for (first, second) in zip(left, right) where first != second {
        return first == slash || (second != slash && first < second)
    }
    return left.count < right.count
}

extension Walk {
    /// All that a directory holds, at every depth.
    ///
    /// What cannot be read and what is a mount point is a problem and stays, and so do the directories above it.
    /// - Returns: `nil` where the directory itself cannot be read or is a mount point.
    func listContents(of name: CName, in at: At, _ path: RelativePath, _ worker: Worker) -> RemovalList? {
        let root: DirectoryHandle
        let device: UInt64
        do {
            let opened = try openToList(at, name)
            root = DirectoryHandle(root: opened, budget: roots.budget)
            device = try Status.of(at.raw).device
            guard try Status.of(opened).device == device else {
                report(Problem(.delete, path, .directory, cause: .mountPoint))
                return nil
            }
        } catch {
            fail(.readDirectory, path, .directory, error, side: .destination)
            return nil
        }
        return RemovalLister(walk: self, device: device, worker: worker).list(root, path.bytes)
    }
}

extension Walk {
    /// A directory of our own that its permissions keep closed is opened for a moment, where it will be written to.
    private func openToList(_ at: At, _ name: CName) throws(Errno) -> Int32 {
        do {
            return try at.openDirectory(name)
        } catch {
            guard error == .permissionDenied, let opener, !opener.isRoot else { throw error }
            return try opener.openClosed(at, name)
        }
    }

    fileprivate func openChildToList(_ parent: DirectoryHandle, _ name: CName) throws(Errno) -> DirectoryHandle {
        do {
            return try parent.openChild(name)
        } catch {
            guard error == .permissionDenied, let opener, !opener.isRoot else { throw error }
            let opened = try parent.use { (at) throws(Errno) in try opener.openClosed(at, name) }
            return DirectoryHandle(root: opened, budget: roots.budget)
        }
    }
}

/// Lists directories that are to be removed, with a stack of its own: they may be nested 10,000 deep.
private struct RemovalLister {
    let walk: Walk
    let device: UInt64
    let worker: Worker

    private struct Level {
        let handle: DirectoryHandle
        let path: [UInt8]
        let inventory: Inventory
        let list = RemovalList()
        var next = 0
    }

    func list(_ root: DirectoryHandle, _ path: [UInt8]) -> RemovalList? {
        guard var level = open(root, path) else { return nil }
        var stack: [Level] = []
        while true {
            if walk.cancellation.isCancelled { return nil }
            if level.next < level.inventory.count {
                let index = level.next
                level.next += 1
                if let inner = enter(level, index) {
                    stack.append(level)
                    level = inner
                }
                continue
            }
            guard let above = stack.popLast() else { return level.list }
            let index = above.next - 1
            above.list.append(
                above.inventory.name(index), length: above.inventory.length(index), .directory, level.list)
            level = above
        }
    }

    private func open(_ handle: DirectoryHandle, _ path: [UInt8]) -> Level? {
        let level = Level(handle: handle, path: path, inventory: Inventory())
        do {
            let descriptor = try handle.borrow()
            defer { handle.giveBack() }
            try worker.reader.read(descriptor) { level.inventory.append($0, length: $1, kind: $2, layer: 0) }
        } catch {
            walk.fail(.readDirectory, RelativePath(bytes: path), .directory, error, side: .destination)
            return nil
        }
        level.inventory.sort()
        return level
    }

    /// Takes up one entry; the level of a directory that has to be listed first.
    private func enter(_ level: Level, _ index: Int) -> Level? {
        let name = level.inventory.name(index)
        let kind = level.inventory.slots[index].kind ?? kindByStatus(level.handle, name)
        guard kind == .directory else {
            level.list.append(name, length: level.inventory.length(index), kind ?? .regular)
            return nil
        }
        let path = joined(level.path, level.inventory.bytes(index))
        do {
            let handle = try level.handle.openChild(name)
            let found = try handle.use { (at) throws(Errno) in try Status.of(at.raw).device }
            guard found == device else {
                walk.report(Problem(.delete, RelativePath(bytes: path), .directory, cause: .mountPoint))
                level.list.isIncomplete = true
                return nil
            }
            if let inner = open(handle, path) { return inner }
        } catch {
            walk.fail(.readDirectory, RelativePath(bytes: path), .directory, error, side: .destination)
        }
        level.list.isIncomplete = true
        return nil
    }

    private func kindByStatus(_ handle: DirectoryHandle, _ name: CName) -> EntryKind? {
        try? handle.use { (at) throws(Errno) in try at.status(name).kind }
    }
}
