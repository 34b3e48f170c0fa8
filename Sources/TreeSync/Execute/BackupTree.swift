internal import SystemPackage

/// The directories that backups go to; each is made when the first backup needs it.
///
/// A directory gets what hangs on the destination's directory of that path, but for its time, which is that of the
/// last backup. Nothing below the backup directory is reached through a link: what stands where a directory is needed
/// is an older backup, and makes room.
final class BackupTree: Sendable {
    private let copies: CompleteCopy
    private let paths: TypedPaths
    private let directory: [UInt8]
    private let roots: Roots
    private let isRoot: Bool
    private let durably: Bool
    private let root = Lock<DirectoryHandle?>(nil)
    /// Directories that shall be closed to their owner when the last backup is made.
    private let narrowed = Lock<[[UInt8]: UInt16]>([:])

    /// `nil` where there are no backups, or where they stay beside what they are backups of.
    init?(_ session: Session) {
        guard let directory = session.rules.backups?.directory else { return nil }
        self.directory = directory
        copies = CompleteCopy(session)
        paths = session.paths
        roots = session.roots
        isRoot = session.process.effectiveUser == 0
        durably = session.options.durability != .none
    }

    /// Opens the directory that takes the backups of what `path` held.
    ///
    /// - Parameters:
    ///   - levels: the last directories of the path, where the destination has them under other names now.
    ///   - visit: that of the directory, where there is one.
    func directory(
        for path: [UInt8], levels: [DirectoryHandle] = [], _ visit: Visit? = nil
    ) throws(EntryFailure) -> Descriptor {
        try doing(.backUp) { () throws(Errno) in
            let base = try openRoot()
            let names = path.split(separator: UInt8(ascii: "/")).map { terminated(Array($0)) }
            let raw = try base.borrow()
            defer { base.giveBack() }
            do throws(Errno) {
                return Descriptor(owning: try openBeneath(raw, names))
            } catch {
                guard [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(error) else {
                    throw error
                }
                return try make(names, below: raw, levels, visit)
            }
        }
    }

    private func make(
        _ names: [[CChar]], below base: Int32, _ levels: [DirectoryHandle], _ visit: Visit?
    ) throws(Errno) -> Descriptor {
        var current = Descriptor(owning: try At(raw: base).openDirectory("."))
        for (index, name) in names.enumerated() {
            let at = At(raw: current.raw)
            do throws(Errno) {
                let next = try at.openDirectory(name)
                current = Descriptor(owning: next)
            } catch {
                switch error {
                case .noSuchFileOrDirectory: break
                case .notDirectory, .tooManySymbolicLinkLevels: try makeRoom(name, in: at)
                default: throw error
                }
                let next = try make(name, in: at)
                current = Descriptor(owning: next)
                let level = index - (names.count - levels.count)
                let origin = level >= 0 ? try? levels[level].borrow() : try? openOrigin(names[...index])
                guard let origin else { continue }
                let permissions = visit?.at(depth: index + 1)?.existing?.nodePermissions
                dress(OpenFile(raw: next), like: OpenFile(raw: origin), permissions, names[...index])
                if level >= 0 { levels[level].giveBack() } else { _ = Descriptor(owning: origin) }
            }
        }
        return current
    }

    /// Another thread may have made room at the same moment, and the directory, too.
    private func makeRoom(_ name: [CChar], in at: At) throws(Errno) {
        do { try at.remove(name) } catch {
            guard error == .noSuchFileOrDirectory || error == .isDirectory else { throw error }
        }
    }

    /// Another thread may have made it at the same moment.
    private func make(_ name: [CChar], in at: At) throws(Errno) -> Int32 {
        do { try at.makeDirectory(name, permissions: 0o777) } catch { guard error == .fileExists else { throw error } }
        if durably { try OpenFile(raw: at.raw).synchronize() }
        return try at.openDirectory(name)
    }

    private func openOrigin(_ names: ArraySlice<[CChar]>) throws(Errno) -> Int32 {
        guard let destination = roots.destination else { throw Errno.noSuchFileOrDirectory }
        let raw = try destination.borrow()
        defer { destination.giveBack() }
        return try openBeneath(raw, names)
    }

    /// As far as the file system keeps it: a backup is worth more than the owner of its directory.
    ///
    /// - Parameter permissions: those of the scan, before ours were widened; `nil` for the present ones.
    private func dress(
        _ directory: OpenFile, like origin: OpenFile, _ permissions: UInt16?, _ names: ArraySlice<[CChar]>
    ) {
        guard var status = try? origin.status(), let current = try? directory.status() else { return }
        status.permissions = permissions ?? status.permissions
        if !isRoot, status.permissions & 0o700 != 0o700 {
            let path = names.reduce([]) { joined($0, $1.dropLast().map { UInt8(bitPattern: $0) }) }
            narrowed.withLock { $0[path] = status.permissions }
            status.permissions |= 0o700
        }
        var attributes: AttributeChange?
        let carrier = AttributeCarrier.open(origin.raw)
        if let wanted = try? ExtendedAttributes.read(carrier, .source, copies.policy, AttributeBuffer()) {
            attributes = AttributeChange(source: carrier, wanted: wanted, present: ExtendedAttributes())
        }
        copies.writer(directory) { _, _, _ in }
            .apply(to: directory, current: current, source: status, replaced: nil, attributes: attributes)
    }

    // MARK: The root

    private func openRoot() throws(Errno) -> DirectoryHandle {
        guard let destination = roots.destination else { throw Errno.noSuchFileOrDirectory }
        return try root.withLock { (root) throws(Errno) in
            if let root { return root }
            let handle = try destination.use { (at) throws(Errno) in
                try open(directory, below: at)
            }
            root = handle
            return handle
        }
    }

    /// Opens a directory that the user named, made with those above it where they are missing.
    private func open(_ path: [UInt8], below at: At) throws(Errno) -> DirectoryHandle {
        do {
            return DirectoryHandle(root: try paths.openDirectory(path, from: at), budget: roots.budget)
        } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
        }
        for end in path.indices.dropFirst() where path[end] == UInt8(ascii: "/") {
            try makeNamed(Array(path[..<end]), at)
        }
        try makeNamed(path, at)
        let made = DirectoryHandle(root: try paths.openDirectory(path, from: at), budget: roots.budget)
        if durably { try made.use { (at) throws(Errno) in try OpenFile(raw: at.raw).synchronizeFileSystem() } }
        return made
    }

    private func makeNamed(_ path: [UInt8], _ at: At) throws(Errno) {
        do { try paths.makeDirectory(path, from: at, permissions: 0o777) } catch {
            // What is no directory is met when the next name is made in it, or when it is opened.
            guard error == .fileExists else { throw error }
        }
    }

    /// No backup follows: what was kept open gets its permissions.
    func close() {
        let directories = narrowed.withLock { $0 }
        guard !directories.isEmpty, let base = try? openRoot(), let raw = try? base.borrow() else { return }
        defer { base.giveBack() }
        // What is inside comes first.
        for (path, permissions) in directories.sorted(by: { $0.key.count > $1.key.count }) {
            let names = path.split(separator: UInt8(ascii: "/")).map { terminated(Array($0)) }
            guard let opened = try? openBeneath(raw, names) else { continue }
            let directory = Descriptor(owning: opened)
            try? OpenFile(raw: directory.raw).setPermissions(permissions)
        }
    }
}

extension Visit {
    /// The visit of the directory on the way to this one that lies so deep; `nil` where this one does not.
    fileprivate func at(depth: Int) -> Visit? {
        var visit: Visit? = self
        while let current = visit, current.depth > depth { visit = current.parent }
        return visit?.depth == depth ? visit : nil
    }
}
