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
        /// Their contents have been removed before.
        case cleared
        /// The guards let nothing go.
        case refused
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
    /// What backups of the entries are called.
    let backups: BackupNames?
    let taken: Set<[UInt8]>
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
        modified = child.isEmpty && visit.coverage != .entriesAlone ? time : nil
        backups = visit.walk.rules.backups
        taken = child.isEmpty ? visit.namesLikeBackups : []
    }

    func announce(_ listener: Listener) {
        guard listener.wants(.planned) else { return }
        list.forEach(below: path) { path, kind, _ in
            let isHere = path.bytes.count == self.path.count + path.name.count + (self.path.isEmpty ? 0 : 1)
            listener.planned(Action(deleting: path, kind, backups, taken: isHere ? taken : []))
        }
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

    private let state = Lock(State())

    func append(_ removal: PendingRemoval) {
        state.withLock { state in
            state.removals.append(removal)
            state.total.add(removal.list.total)
            state.nested += removal.list.total.total - (removal.isReplaced ? 0 : removal.list.count)
        }
    }

    /// Takes out what may not go after all.
    ///
    /// - Parameter mayGo: may take entries out of the removal; `false` where nothing of it may go.
    func spare(_ mayGo: (PendingRemoval) -> Bool) {
        let removals = state.withLock { $0.removals }
        let left = removals.filter(mayGo)
        state.withLock { state in
            state.removals = left
            state.total = KindCounts()
            for removal in left { state.total.add(removal.list.total) }
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
