internal import SystemPackage

/// Links of the destination that count as the directories that they lead to (rsync's `--keep-dirlinks`), or that are
/// only on the way to something chosen (`--no-implied-dirs`).
///
/// Where a link leads is held open (`O_PATH`) before it is judged, and only that very directory is opened: whoever swaps
/// the link meanwhile gains nothing. It has to lie below the destination's root, unless the options trust everybody.
final class KeptLinks: Sendable {
    private struct State {
        /// What links lead to, and the directories above: what must not be deleted with its contents.
        var needed: Set<FileIdentity> = []
        var referents: Set<FileIdentity> = []
        /// For each directory of the destination a digest of the path by which it was visited.
        var paths: [FileIdentity: Int] = [:]
        /// Directories that are visited by more than one path.
        var shared: Set<FileIdentity> = []
        /// It could not be found out which directories lie above what a link leads to.
        var isUncertain = false
    }

    /// Whether each link to a directory is kept; else those on the way alone.
    let keepsAll: Bool
    private let roots: Roots
    private let trustsEverybody: Bool
    /// Whether it matters later which directories were visited.
    private let deletes: Bool
    private let state = Lock(State())

    /// `nil` where links of the destination are no directories.
    init?(_ options: Options, _ roots: Roots) {
        keepsAll = options.links.keepsDirectoryLinks
        let goesThroughLinks = !options.copiesImpliedDirectories && roots.layers.contains { $0.selection != nil }
        guard keepsAll || goesThroughLinks else { return nil }
        self.roots = roots
        trustsEverybody = options.links.trustsEverybody
        deletes = options.deletion != nil || options.force
    }

    /// The directory that a link leads to; `nil` where it leads to something else or nowhere.
    func directory(_ name: CName, _ at: At) throws(EntryFailure) -> Status? {
        let pinned: Descriptor
        do throws(Errno) { pinned = try at.openReferent(name) } catch {
            switch error {
            case .noSuchFileOrDirectory, .tooManySymbolicLinkLevels, .notDirectory: return nil
            default: throw EntryFailure(.openDirectory, error)
            }
        }
        do throws(Errno) {
            var status = try Status.of(pinned.raw)
            guard status.kind == .directory else { return nil }
            guard try mayLead(to: pinned.raw) else { throw .improperLink }
            status.isReferent = true
            if liesInSource(pinned.raw) { throw .resourceBusy }
            return status
        } catch {
            if error == .resourceBusy { throw EntryFailure(.openDirectory, nil, cause: .sourceItself) }
            if error == .improperLink { throw EntryFailure(.openDirectory, nil, cause: .linkLeadsOut) }
            throw EntryFailure(.openDirectory, error)
        }
    }

    /// Whether what is copied would be written to, and deleted from.
    private func liesInSource(_ directory: Int32) -> Bool {
        let above = ancestors(of: At(raw: directory)).prefix { $0 != roots.destinationIdentity }
        return above.contains(where: roots.sourcePlaces.takes)
    }

    private func mayLead(to directory: Int32) throws(Errno) -> Bool {
        if trustsEverybody { return true }
        guard let root = roots.destinationIdentity else { return false }
        return try Confinement(root: root).holds(directory)
    }

    /// Holds the directory that a link led to when it was scanned.
    func pin(_ name: CName, _ at: At, _ scanned: FileIdentity) throws(Errno) -> Descriptor {
        let pinned = try at.openReferent(name)
        guard try Status.of(pinned.raw).identity == scanned, try mayLead(to: pinned.raw) else {
            throw .staleNFSFileHandle
        }
        return pinned
    }

    /// Opens the directory that a link led to when it was scanned. It stays open: to be opened again it would have to be
    /// followed again.
    func open(_ name: CName, in parent: DirectoryHandle, _ scanned: FileIdentity) throws(Errno) -> DirectoryHandle {
        let raw = try parent.use { (at) throws(Errno) in
            let pinned = try pin(name, at, scanned)
            return try At(raw: pinned.raw).openDirectory(".")
        }
        return DirectoryHandle(root: raw, budget: roots.budget)
    }

    /// Opens a directory below the root whose path may lead through kept links.
    func open(_ names: [[CChar]], below root: DirectoryHandle) throws(Errno) -> Descriptor {
        var current = Descriptor(owning: try root.use { (at) throws(Errno) in try at.openDirectory(".") })
        for name in names {
            let at = At(raw: current.raw)
            do throws(Errno) {
                current = Descriptor(owning: try at.openDirectory(name))
            } catch {
                guard error == .notDirectory || error == .tooManySymbolicLinkLevels else { throw error }
                let pinned = try at.openReferent(name)
                guard try mayLead(to: pinned.raw) else { throw .improperLink }
                current = Descriptor(owning: try At(raw: pinned.raw).openDirectory("."))
            }
        }
        return current
    }

    // MARK: Deletion

    /// A directory of the destination is being visited.
    func note(_ visit: Visit) {
        guard deletes, let existing = visit.existing, let directory = visit.destination else { return }
        let digest = visit.path.hashValue
        let above =
            existing.isReferent ? (try? directory.use { (at) throws(Errno) in ancestors(of: at) }) ?? [] : []
        state.withLock { state in
            if let known = state.paths[existing.identity], known != digest { state.shared.insert(existing.identity) }
            state.paths[existing.identity] = digest
            if existing.isReferent { state.referents.insert(existing.identity) }
            state.needed.formUnion(above)
            if existing.isReferent, !above.contains(where: { $0 == roots.destinationIdentity }), !trustsEverybody {
                state.isUncertain = true
            }
        }
    }

    /// Whether the directory is, or holds, what a link leads to.
    func needs(_ directory: FileIdentity) -> Bool {
        state.withLock { $0.isUncertain || $0.needed.contains(directory) }
    }

    /// Whether several directories of the source go to this one of the destination: what one of them lacks, another has.
    func isShared(_ directory: FileIdentity) -> Bool { state.withLock { $0.shared.contains(directory) } }

    /// Takes out of a list what links lead to.
    func spare(_ list: RemovalList) {
        let referents = state.withLock { $0.referents }
        if !referents.isEmpty { list.spare(referents) }
    }
}

extension Walk {
    /// Takes out of what is to be removed what kept links lead to.
    ///
    /// - Returns: `false` where nothing of it may go.
    func spareLinked(_ removal: PendingRemoval) -> Bool {
        guard let keptLinks else { return true }
        if ledger.hasReadingFailures {
            removals.collector?.noteHeldBack()
            return false
        }
        keptLinks.spare(removal.list)
        guard !removal.isReplaced, let directory = removal.directory else { return true }
        do {
            let holder = try directory.use { (at) throws(Errno) in try Status.of(at.raw).identity }
            guard keptLinks.isShared(holder) else { return true }
            report(Problem(.delete, RelativePath(bytes: removal.path), .directory, cause: .sharedDirectory))
        } catch {
            fail(.delete, RelativePath(bytes: removal.path), .directory, error, side: .destination)
        }
        return false
    }
}
