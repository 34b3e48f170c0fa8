/// What one visit has to say, in the order of its names, and which of its children may follow.
struct OrderState {
    var isPlanned = false
    var hasSpoken = false
    var nextChild = 0
    /// Visits of children that were started; `nil` before, and when nothing below has anything to say.
    var children: [Visit?] = []
    /// Children that are finished and silent.
    var silent: Set<Int> = []
    var utterances: [Utterance] = []
    /// Where the cursor returns to; set while it is below.
    var parent: Visit?
    /// Whether anything at or below the visit has something to say.
    var isSilent = true
}

/// What is decided or printed when its turn in the order of the tree has come.
enum Utterance {
    case action(Action)
    /// An entry for which nothing is done.
    case kept(KeptEntry)
    /// The name of an inode with several: what becomes of it depends on the names before.
    case linkCandidate(LinkCandidate)
    /// What goes away from a directory.
    case removal(PendingRemoval)
}

/// Brings what many threads decide into the order of the tree: a directory, its other entries, then its directories.
///
/// A cursor stands at the first visit that is not planned yet; what is planned behind it waits. The lock of the order
/// is taken before that of the pool, never after it.
final class TreeOrder: @unchecked Sendable {
    private let lock = Lock(())
    private var current: Visit?
    private let speak: (Utterance, Visit) -> Void

    /// - Parameter speak: called for each utterance in order, by one thread at a time.
    init(_ speak: @escaping (Utterance, Visit) -> Void) { self.speak = speak }

    func begin(_ root: Visit) { lock.withLock { _ in current = root } }

    func end() { lock.withLock { _ in current = nil } }

    /// The visit's utterances and children are known.
    func planned(_ visit: Visit, _ utterances: [Utterance]) {
        lock.withLock { _ in
            visit.order.utterances = utterances
            visit.order.isPlanned = true
            visit.order.isSilent = utterances.isEmpty
            visit.order.children = Array(repeating: nil, count: visit.children.count)
            if visit === current { advance() }
        }
    }

    /// A child is being visited.
    func started(_ child: Visit) {
        lock.withLock { _ in
            child.parent?.order.children[child.position] = child
            if child.parent === current { advance() }
        }
    }

    /// A child will never be visited: it failed, or the run was cancelled.
    func skipped(_ position: Int, of parent: Visit) {
        lock.withLock { _ in
            parent.order.silent.insert(position)
            if parent === current { advance() }
        }
    }

    /// The visit and all below it are done: where they have nothing to say they are forgotten at once.
    func finished(_ visit: Visit) {
        lock.withLock { _ in
            guard let parent = visit.parent else { return }
            if !visit.order.isSilent { parent.order.isSilent = false }
            guard visit.order.isSilent, visit.order.isPlanned, visit !== current, visit.order.nextChild == 0,
                parent.order.nextChild <= visit.position
            else { return }
            parent.order.children[visit.position] = nil
            parent.order.silent.insert(visit.position)
        }
    }

    private func advance() {
        while let visit = current, visit.order.isPlanned {
            if !visit.order.hasSpoken {
                visit.order.hasSpoken = true
                for utterance in visit.order.utterances { speak(utterance, visit) }
                visit.order.utterances = []
            }
            let next = visit.order.nextChild
            if next == visit.order.children.count {
                current = visit.order.parent
                visit.order.parent = nil
                continue
            }
            if visit.order.silent.remove(next) != nil {
                visit.order.nextChild += 1
            } else if let child = visit.order.children[next] {
                visit.order.nextChild += 1
                visit.order.children[next] = nil
                child.order.parent = visit
                current = child
            } else {
                return
            }
        }
    }
}
