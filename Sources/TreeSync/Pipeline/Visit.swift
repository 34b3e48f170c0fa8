internal import SystemPackage
import Synchronization

/// What is to be done with one entry that is no directory, by its places in the inventories.
struct Item {
    var source: Int32
    /// -1 where the destination has no such entry.
    var destination: Int32
    var differences: Differences
    var verb: ItemVerb
    /// The place among the basis directories, from 1, of the one that the entry is taken from; 0 for none.
    var basis: UInt8 = 0
}

/// A directory below the visited one, by its places in the inventories.
struct Child {
    var source: Int32
    var destination: Int32
    var differences: Differences
    var verb: ItemVerb?
    /// Whether what it holds is compared: not across a mount point with `oneFileSystem`.
    var isEntered: Bool
    /// Whether the directory itself could be compared, where both sides have it.
    var isCompared = true
    /// Whether it is only a way to what is chosen, and no part of what is made equal.
    var isBare = false
    /// Roots of the source that hold a directory of this name; empty where only the entry's own does.
    var layers: [Int] = []
}

/// How much of a directory the source stands for.
enum Coverage: Sendable {
    /// The directory with all that it holds: what the source lacks may go.
    case everything
    /// The directory itself, and some of what it holds.
    case selection
    /// Only entries in it: the directory is not itself part of what is made equal.
    case entriesAlone
}

/// One directory on its way through the pipeline, both sides of it.
///
/// One thread at a time owns it: the one that scans and compares, then whoever does the last thing in it. What several
/// threads touch at once is atomic, or belongs to the pool's or the order's lock, as noted.
final class Visit: @unchecked Sendable {
    let walk: Walk
    /// Let go when the visit is finished, so that a deep chain is not released by recursion.
    private(set) var parent: Visit?
    /// The place among the parent's children.
    let position: Int
    /// The destination's name with a NUL at its end; empty for the root.
    let name: [CChar]
    let depth: Int

    /// The source's directory, and the destination's as it was found.
    let source: Status
    let existing: Status?
    let differences: Differences
    let verb: ItemVerb?
    let isEntered: Bool
    let isCompared: Bool
    /// Whether a link that was followed leads to the source's directory, or to one above it.
    let isBehindLink: Bool
    /// One of the roots of the source whose contents belong here is empty: perhaps it is not mounted.
    var hasEmptyRoot = false
    /// How much of the directory the source stands for.
    var coverage = Coverage.everything
    /// Names that were chosen and do not exist, so that what the destination has of them goes.
    var missing: Set<[UInt8]> = []

    /// The source's directories, and which of the parent's they are found in.
    var layers: [Layer] = []
    let sourceLayers: [Int]
    /// The source's directory could not be read completely: nothing here counts as missing in it.
    var isListingIncomplete = false
    var destination: DirectoryHandle?
    /// The directories of the basis trees that stand for this one, as far as there are any.
    var bases: [DirectoryHandle?] = []
    /// Whether there is one that cannot be opened.
    var areBasesUnknown = false
    /// `nil` where there are no rules.
    var filters: DirectoryFilters?
    /// Names of the source's entries that end in the suffix of backups; empty where backups are not made beside.
    var namesLikeBackups: Set<[UInt8]> = []
    var pair: InventoryPair?
    var items: [Item] = []
    var children: [Child] = []
    /// Belongs to the pool's lock.
    private var nextChild = 0
    /// Permissions that were widened so that we may write here; they come back at the end.
    var isWidened = false
    /// What a new directory got to be worked in, though the umask or a default ACL had taken it away.
    var addedPermissions: UInt16 = 0
    var isCreated = false
    /// The set-group-id bit of the destination's directory while it is worked in.
    var groupBit: UInt16 = 0
    /// Whether something in it is made, changed or removed; known where that is recorded.
    var hasChanges = false
    /// The temporary name under which a new directory is filled; `nil` once it has its own.
    var stagedName: [CChar]?
    var isStaged: Bool { stagedName != nil }

    /// The visit itself, its children and what was put off.
    private let unfinished = Atomic<Int>(1)
    /// Children that were not started, and the items: whoever may still need the inventories.
    private let readers = Atomic<Int>(1)
    private let touched = Atomic<Bool>(false)
    /// Belongs to the order's lock.
    var order = OrderState()

    init(
        walk: Walk, parent: Visit?, position: Int, name: [CChar], source: Status, existing: Status?, child: Child,
        sourceLayers: [Int]
    ) {
        self.walk = walk
        self.parent = parent
        self.position = position
        self.name = name
        depth = parent.map { $0.depth + 1 } ?? 0
        self.source = source
        self.existing = existing
        if let existing, existing.kind == .directory { groupBit = existing.nodePermissions & Status.groupBit }
        differences = child.differences
        verb = child.verb
        isEntered = child.isEntered
        isCompared = child.isCompared
        self.sourceLayers = sourceLayers
        if child.isBare { coverage = .entriesAlone }
        isBehindLink = source.isReferent || parent?.isBehindLink ?? false
    }

    /// The source's directory that this one becomes; the others are merged into it.
    var ownLayer: Layer? { parent == nil ? walk.roots.contentsLayer : layers.first }

    /// What says which source it belongs to, also where its own directory was not opened: the layer that holds it.
    var layerAbove: Layer? {
        guard let parent, let index = sourceLayers.first, index < parent.layers.count else { return ownLayer }
        return parent.layers[index]
    }

    /// Whether nobody else may rename what lies in the destination's directory. An ACL that lets somebody shows in the
    /// group's bits.
    var isOursAlone: Bool {
        guard let existing else { return true }
        return existing.owner == walk.process.effectiveUser && existing.nodePermissions & 0o022 == 0
    }

    // MARK: Paths

    /// The path below the root; made when it is needed, because a deep tree's paths are long.
    var path: [UInt8] {
        var names: [[CChar]] = []
        var visit = self
        while !visit.name.isEmpty {
            names.append(visit.name)
            guard let parent = visit.parent else { break }
            visit = parent
        }
        var path: [UInt8] = []
        for name in names.reversed() {
            if !path.isEmpty { path.append(UInt8(ascii: "/")) }
            for character in name.dropLast() { path.append(UInt8(bitPattern: character)) }
        }
        return path
    }

    func path(of name: CName, _ length: Int) -> RelativePath {
        RelativePath(bytes: joined(path, Array(UnsafeRawBufferPointer(start: name, count: length))))
    }

    /// Which attributes of this directory's entries are copied.
    func policy(_ layer: Int) -> AttributePolicy { filters.map { walk.policy.inside($0, layer: layer) } ?? walk.policy }

    func policy(of layer: Layer) -> AttributePolicy {
        guard filters != nil else { return walk.policy }
        return policy(layers.firstIndex { $0 === layer } ?? 0)
    }

    /// The rules of a directory above, for the layer that was entered last.
    func inheritFilters(_ scope: FilterScope) {
        if filters == nil { filters = DirectoryFilters() }
        filters?.sources.append(scope)
    }

    // MARK: Life

    /// The visit begins again later: what it has read is given back.
    func forget() {
        filters = nil
        layers = []
        bases = []
        isListingIncomplete = false
        if let pair { walk.stock.giveBack(pair) }
        pair = nil
    }

    /// Something in the destination's directory changed, so that its time must be set again.
    func touch() { touched.store(true, ordering: .relaxed) }
    var isTouched: Bool { touched.load(ordering: .relaxed) }

    /// Holds the visit open for something that is done later.
    func hold() { unfinished.add(1, ordering: .relaxed) }

    /// One part is done. Finishes this directory and those above that waited only for it.
    func complete(_ worker: Worker) {
        var current = self
        while current.unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            walk.finish(current, worker)
            guard let parent = current.parent else { return }
            current.walk.order?.finished(current)
            current.parent = nil
            current = parent
        }
    }

    /// Whoever read the inventories needs them no more.
    func releaseInventories(_ count: Int = 1) {
        guard readers.subtract(count, ordering: .acquiringAndReleasing).newValue == 0, let pair else { return }
        self.pair = nil
        walk.stock.giveBack(pair)
    }

    func retainInventories(_ count: Int) { readers.add(count, ordering: .relaxed) }
    func hold(_ count: Int) { unfinished.add(count, ordering: .relaxed) }
}

extension Visit {
    /// The status of an item's source. The inventories are still there.
    func source(of item: Item) -> Status {
        guard let pair else { preconditionFailure("inventories outlive the items") }
        return pair.source.statuses[Int(item.source)]
    }
}

extension Visit: WorkPool.Feed {
    func nextJob() -> WorkPool.Job? {
        guard nextChild < children.count else { return nil }
        let index = nextChild
        nextChild += 1
        return { [self] worker in walk.visitChild(self, index, worker) }
    }
}

/// Inventories that are used again.
final class InventoryStock: Sendable {
    private let free = Lock<[InventoryPair]>([])

    func take() -> InventoryPair { free.withLock { $0.popLast() } ?? InventoryPair() }

    func giveBack(_ pair: InventoryPair) {
        pair.removeAll()
        free.withLock { if $0.count < 64 { $0.append(pair) } }
    }
}
