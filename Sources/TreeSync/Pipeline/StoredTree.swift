internal import SystemPackage

/// Looks at the entries of trees that keep what only root could set in extended attributes (`--fake-super`).
///
/// Behind it an entry is what it stands for; `Status.held` says what the file system has. It costs one call for each
/// file and directory of such a side, and nothing on others.
struct StoredTree: Sendable {
    private let sides: Options.FakeSuper

    /// `nil` where neither side keeps anything so.
    init?(_ options: Options) {
        if options.fakeSuper.isEmpty { return nil }
        sides = options.fakeSuper
    }

    /// - Returns: `nil` where what is stored is damaged.
    func source(_ status: Status, _ carrier: AttributeCarrier) throws(Errno) -> Status? {
        sides.contains(.source) ? try status.standingFor(carrier) : status
    }

    /// What a file of the destination counts as where it is only named, to be removed.
    func kind(_ name: CName, in at: At) -> EntryKind {
        guard sides.contains(.destination),
            case .status(let stored)? = try? AttributeCarrier.named(at, name).storedStatus()
        else { return .regular }
        return stored.kind == .directory ? .regular : stored.kind
    }

    /// What is damaged in the destination, or cannot be read, belongs to nobody: it differs from whatever the source has,
    /// and is made anew or set again.
    func destination(_ status: Status, _ carrier: AttributeCarrier) -> Status {
        guard sides.contains(.destination) else { return status }
        if let seen = try? status.standingFor(carrier) { return seen }
        var unknown = status
        unknown.held = Status.Held(kind: status.kind, permissions: status.permissions)
        (unknown.owner, unknown.group) = (.max, .max)
        return unknown
    }
}

extension Walk {
    /// How an entry of the source counts, before any rule has looked at it: what it stands for, or the file that a device
    /// is taken for.
    ///
    /// - Returns: `nil` where what is stored of it is damaged.
    @inline(__always)
    func counted(_ status: Status, _ name: CName, in at: At) throws(Errno) -> Status? {
        var status = status
        if let storedTree {
            let carrier = try SourceCarrier(name, at, status, sourceLinks, isPinned: false)
            guard let seen = try storedTree.source(status, carrier.carrier) else { return nil }
            status = seen
        }
        return try devices?.taken(status, name, in: at, sourceLinks) ?? status
    }

    /// How an entry of the destination, or of a basis directory, counts.
    @inline(__always)
    func countedInDestination(_ status: Status, _ name: CName, in at: At) -> Status {
        storedTree?.destination(status, .named(at, name)) ?? status
    }

    /// How the directory counts that a kept link leads to.
    func countedInDestination(
        _ status: Status, _ links: KeptLinks, _ name: CName, in at: At
    ) throws(Errno) -> Status {
        guard let storedTree else { return status }
        let pinned = try links.pin(name, at, status.identity)
        return storedTree.destination(status, .open(pinned.raw))
    }

    /// The kind that an entry is counted as when it is removed; whether it is a directory is not changed by it.
    func countedKind(_ kind: EntryKind, _ name: CName, in at: At) -> EntryKind {
        kind == .regular ? storedTree?.kind(name, in: at) ?? kind : kind
    }

    /// How a root that is open counts.
    func countedRoot(_ status: Status, _ handle: DirectoryHandle?, _ side: Side) -> Status {
        guard let storedTree, let handle, let raw = try? handle.borrow() else { return status }
        defer { handle.giveBack() }
        switch side {
        case .destination: return storedTree.destination(status, .open(raw))
        case .source:
            if let seen = try? storedTree.source(status, .open(raw)) { return seen }
            report(Problem(.readStatus, .root, .directory, cause: .damagedStatus, isSourceFailure: true))
            return status
        }
    }
}
