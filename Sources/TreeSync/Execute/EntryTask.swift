internal import SystemPackage

/// One entry that an action is carried out on. Borrows its name: lives no longer than the inventory or the detached
/// item that it was made from.
struct EntryTask {
    let visit: Visit
    let name: CName
    let length: Int
    let layer: Layer
    let source: Status
    let existing: Status?
    let differences: Differences
    let verb: ItemVerb
    /// As in `Item`.
    let basis: UInt8

    var path: RelativePath { visit.path(of: name, length) }
    /// Whether nothing of its kind has the name.
    var isNew: Bool { existing?.kind != source.kind }
    var sourceName: CName { layer.renamed ?? name }
}

extension EntryTask {
    /// - Parameter pair: the inventories of the visit, which outlive the task.
    init(_ visit: Visit, _ item: Item, _ pair: InventoryPair) {
        let source = Int(item.source)
        self.init(
            visit: visit, name: pair.source.name(source), length: pair.source.length(source),
            layer: visit.layers[Int(pair.source.slots[source].layer)], source: pair.source.statuses[source],
            existing: item.destination < 0 ? nil : pair.destination.statuses[Int(item.destination)],
            differences: item.differences, verb: item.verb, basis: item.basis)
    }
}

/// An entry whose action waits for something else: it owns what it needs.
struct DetachedItem: Sendable {
    let visit: Visit
    let name: [CChar]
    let layer: Layer
    let source: Status
    let existing: Status?
    var differences: Differences
    var verb: ItemVerb
    let basis: UInt8
    /// Where a symbolic link points.
    let target: [UInt8]?

    var path: RelativePath {
        name.withUnsafeBufferPointer { visit.path(of: $0.baseAddress!, $0.count - 1) }
    }

    /// Whether nothing of its kind has the name.
    var isNew: Bool { existing?.kind != source.kind }

    func withTask<Result>(_ body: (EntryTask) -> Result) -> Result {
        name.withUnsafeBufferPointer { name in
            body(
                EntryTask(
                    visit: visit, name: name.baseAddress!, length: name.count - 1, layer: layer, source: source,
                    existing: existing, differences: differences, verb: verb, basis: basis))
        }
    }

    init(
        visit: Visit, name: [CChar], layer: Layer, source: Status, existing: Status?, differences: Differences,
        verb: ItemVerb, basis: UInt8, target: [UInt8]?
    ) {
        self.visit = visit
        self.name = name
        self.layer = layer
        self.source = source
        self.existing = existing
        self.differences = differences
        self.verb = verb
        self.basis = basis
        self.target = target
    }

    init(_ task: EntryTask) {
        self.init(
            visit: task.visit, name: Array(UnsafeBufferPointer(start: task.name, count: task.length + 1)),
            layer: task.layer, source: task.source, existing: task.existing, differences: task.differences,
            verb: task.verb, basis: task.basis, target: nil)
    }
}

/// What became of one entry.
enum EntryOutcome {
    /// The identity of the destination's entry, for those that will be linked to it.
    case done(FileIdentity?)
    /// Complete under a temporary name, which has to be replaced by its own.
    case waiting(CompleteEntry)
    /// Reported already.
    case failed
    /// Not reported: it may succeed once deletions have made room.
    case noSpace(EntryFailure)
    case cancelled
}

/// An entry that is complete but for its name.
struct CompleteEntry: Sendable {
    let temporary: [CChar]
    let identity: FileIdentity
    /// Whether all that hangs on it could be set.
    let isFaithful: Bool
}

/// Why an action failed, before it is known whether that is final.
struct EntryFailure: Error {
    var operation: Problem.Operation
    var errno: Errno?
    var side: Walk.Side = .destination
    /// Where the cause is known better than the error number tells.
    var cause: Problem.Cause?
    var isCancelled = false

    init(
        _ operation: Problem.Operation, _ errno: Errno?, side: Walk.Side = .destination,
        cause: Problem.Cause? = nil
    ) {
        self.operation = operation
        self.errno = errno
        self.side = side
        self.cause = cause
    }

    static var cancelled: EntryFailure {
        var failure = EntryFailure(.write, nil)
        failure.isCancelled = true
        return failure
    }

    var isLackOfSpace: Bool { side == .destination && (errno == .noSpace || errno == .diskQuotaExceeded) }
    /// Whether the file system cannot exchange names.
    var saysNoExchange: Bool { errno == .invalidArgument || errno == .noFunction }
}

/// Gives a failed system call the operation that it was part of.
@inline(__always)
func doing<Result: ~Copyable>(
    _ operation: Problem.Operation, _ side: Walk.Side = .destination, _ body: () throws(Errno) -> Result
) throws(EntryFailure) -> Result {
    do { return try body() } catch { throw EntryFailure(operation, error, side: side) }
}
