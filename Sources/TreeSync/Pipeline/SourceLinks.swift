internal import SystemPackage

/// Looks through the symbolic links of the source that count as what they lead to.
///
/// What a link leads to is held open (`O_PATH`) before it is looked at, and what is read later must be the same inode.
/// Whoever may change the source may let a link lead anywhere: the options ask to follow it. With a confinement nothing
/// outside of it is ever looked at.
final class SourceLinks: Sendable {
    /// Why there is nothing to be said of an entry.
    enum Failure: Error {
        /// The entry itself cannot be looked at.
        case entry(Errno)
        /// The link leads nowhere, or in a circle.
        case dangling(Errno)
        /// The link leads out of what the run is confined to.
        case outside
        /// What the link leads to cannot be looked at.
        case referent(Errno)
    }

    private let policy: LinkPolicy
    private let confinement: Confinement?

    /// `nil` where no link is followed.
    init?(_ options: Options) throws(SynchronizationError) {
        policy = LinkPolicy(options.links)
        guard policy.followsSome else { return nil }
        confinement = try TypedPaths.confinement(options.links)
    }

    /// The status of an entry, or of what it leads to where it is a link that is followed.
    ///
    /// - Parameter depth: how many directories of the tree lie above the entry's own, the root not counted.
    func status(_ name: CName, in at: At, depth: Int) throws(Failure) -> Status {
        let (status, target): (Status, [UInt8])
        do throws(Errno) {
            status = try at.status(name)
            guard status.kind == .symbolicLink else { return status }
            target = try at.readLink(name)
        } catch { throw .entry(error) }
        let follows = policy.follows(target, depth: depth)
        guard follows || policy.options.followed.contains(.directories) else { return status }
        do throws(Errno) {
            let referent = try Self.status(of: try pin(name, at))
            return follows || referent.kind == .directory ? referent : status
        } catch {
            // Where only links to directories are followed this is none of them.
            guard follows else { return status }
            switch error {
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: throw .dangling(error)
            case .improperLink: throw .outside
            default: throw .referent(error)
            }
        }
    }

    /// The kind that an entry counts as. What leads nowhere, or to where nothing may be looked at, is a link, of which the
    /// inspection says more.
    func kind(_ name: CName, in at: At, depth: Int) throws(Errno) -> EntryKind {
        do throws(Failure) { return try status(name, in: at, depth: depth).kind } catch {
            switch error {
            case .dangling, .outside: return .symbolicLink
            case .entry(let errno), .referent(let errno): throw errno
            }
        }
    }

    private static func status(of pinned: borrowing Descriptor) throws(Errno) -> Status {
        var status = try Status.of(pinned.raw)
        status.isReferent = true
        return status
    }

    /// Holds what a link leads to open, without reading it.
    ///
    /// - Throws: `improperLink` where that lies outside of the confinement.
    private func pin(_ name: CName, _ at: At) throws(Errno) -> Descriptor {
        guard let confinement else { return try at.openReferent(name) }
        let bytes = terminated(name).dropLast().map { UInt8(bitPattern: $0) }
        let place = try PathWalk(trust: .everybody).resolve(bytes, from: at)
        guard let status = place.status else { throw .noSuchFileOrDirectory }
        guard !place.isMagic, try confinement.holds(place) else { throw .improperLink }
        let pinned = try place.at.openPath(place.name)
        try Status.expect(status.identity, of: pinned.raw)
        return pinned
    }

    /// Holds what a link led to when it was scanned.
    func pin(_ name: CName, _ at: At, _ scanned: FileIdentity) throws(Errno) -> Descriptor {
        let pinned = try pin(name, at)
        try Status.expect(scanned, of: pinned.raw)
        return pinned
    }

    /// Opens a directory that a link leads to.
    ///
    /// - Parameter scanned: what it must be; `nil` where nobody has looked yet.
    func openDirectory(_ name: CName, _ at: At, _ scanned: FileIdentity?) throws(Errno) -> Int32 {
        let pinned = if let scanned { try pin(name, at, scanned) } else { try pin(name, at) }
        return try At(raw: pinned.raw).openDirectory(".")
    }
}

/// What the attributes of an entry of the source are read from.
struct SourceCarrier: ~Copyable {
    /// What a link leads to, held open.
    private let pinned: Descriptor?
    let carrier: AttributeCarrier

    /// - Parameter isPinned: whether it must be the very entry that the scan saw, because what is read is given to another.
    /// - Throws: `staleNFSFileHandle` where it is another one.
    init(_ name: CName, _ at: At, _ status: Status, _ links: SourceLinks?, isPinned: Bool) throws(Errno) {
        if status.isReferent, let links {
            self.init(holding: try links.pin(name, at, status.identity))
        } else if isPinned {
            let pinned = try at.openPath(name)
            try Status.expect(status.identity, of: pinned.raw)
            self.init(holding: pinned)
        } else {
            self.init(name, at)
        }
    }

    /// - Parameter held: what a link leads to.
    init(holding held: consuming Descriptor) {
        carrier = .open(held.raw)
        pinned = consume held
    }

    private init(_ name: CName, _ at: At) {
        pinned = nil
        carrier = .named(at, name)
    }

    init(recorded attributes: ExtendedAttributes) {
        pinned = nil
        carrier = .recorded(attributes)
    }
}

extension Walk {
    /// Opens a file of the source for reading: the entry itself, or what a link leads to.
    ///
    /// - Parameter status: of the scan.
    func openSource(_ name: CName, in at: At, _ status: Status) throws(Errno) -> Descriptor {
        if status.isDevice { return try openDevice(name, in: at, status) }
        guard status.isReferent, let sourceLinks else { return try at.openForReading(name, rules.access) }
        let pinned = try sourceLinks.pin(name, at, status.identity)
        guard try Status.of(pinned.raw).kind == .regular else { throw .staleNFSFileHandle }
        return try pinned.openForReading(rules.access) { () throws(Errno) in
            try at.openReferentForReading(name, rules.access)
        }
    }

    /// Opens a directory of the source, by way of a link where that is followed.
    ///
    /// - Parameter scanned: of the directory, where it is known.
    func openSourceDirectory(
        _ name: CName, in parent: DirectoryHandle, _ scanned: Status?
    ) throws(Errno) -> DirectoryHandle {
        guard let sourceLinks, scanned?.isReferent ?? true else { return try parent.openChild(name) }
        if scanned == nil {
            do { return try parent.openChild(name) } catch {
                guard error == .notDirectory || error == .tooManySymbolicLinkLevels else { throw error }
            }
        }
        let raw = try parent.use { (at) throws(Errno) in
            try sourceLinks.openDirectory(name, at, scanned?.identity)
        }
        // Held open as long as it is used: it could be opened again only by following the link again.
        let opened = DirectoryHandle(root: raw, budget: roots.budget)
        roots.sourcePlaces.note(try opened.use { (at) throws(Errno) in try Status.of(at.raw).identity })
        return opened
    }

    /// Tells why a link of the source could not be looked through, or an entry not be looked at.
    func fail(_ failure: SourceLinks.Failure, _ path: RelativePath, _ kind: EntryKind?) {
        switch failure {
        case .entry(let errno): fail(.readStatus, path, kind, errno, side: .source)
        case .dangling(let errno):
            report(
                Problem(.readStatus, path, .symbolicLink, cause: .danglingLink, errno: errno, isSourceFailure: true))
        case .outside:
            report(Problem(.readStatus, path, .symbolicLink, cause: .outsideConfinement, isSourceFailure: true))
        case .referent(let errno):
            report(Problem(.readStatus, path, .symbolicLink, errno: errno, isSourceFailure: true))
        }
    }
}

extension Visit {
    /// Whether a directory of the source is this one or one above it: by way of a link it would hold itself.
    func isBelow(_ directory: FileIdentity) -> Bool {
        var visit: Visit? = self
        while let current = visit {
            if current.source.identity == directory { return true }
            visit = current.parent
        }
        return false
    }
}

extension LinkPolicy {
    /// Unusable links must lead nowhere.
    func checkMunging() throws(SynchronizationError) {
        guard options.restoresMunged || options.munges else { return }
        let status = try? Status.following(terminated(Self.munged))
        if status?.kind == .directory { throw .mungedDirectoryExists }
    }
}
