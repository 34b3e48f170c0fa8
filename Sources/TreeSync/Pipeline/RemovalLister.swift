internal import SystemPackage

extension Walk {
    /// All that a directory holds, at every depth.
    ///
    /// What cannot be read and what is a mount point is a problem and stays, and so do the directories above it; what
    /// `filters`, which hold in the directory above, protect stays without a word.
    ///
    /// - Parameter sparesMountPoints: mount points stay without a word, too, as with rsync's `--one-file-system`.
    func listContents(
        of name: CName, in at: At, _ path: RelativePath, _ filters: FilterScope?, _ worker: Worker,
        sparesMountPoints: Bool = false
    ) -> DirectoryListing {
        do {
            let device = try Status.of(at.raw).device
            var lister = RemovalLister(
                walk: self, path: path, device: device, filters: filters, worker: worker,
                sparesMountPoints: sparesMountPoints)
            return lister.list(at, name)
        } catch {
            fail(.readDirectory, path, .directory, error, side: .destination)
            return .failed
        }
    }
}

/// What becomes of a directory that would go away.
enum DirectoryListing {
    /// It goes away with all that it holds.
    case contents(RemovalList)
    /// It stays, of which nothing is told.
    case stays
    /// It stays, because it is or lies in a directory of backups or a basis directory, of which nothing is told.
    case isKeptPlace
    /// It stays, because it cannot be read or is a mount point: the problem is reported.
    case failed
}

/// Lists a directory that is to be removed, with a stack of its own: directories may be nested 10,000 deep.
private struct RemovalLister {
    let walk: Walk
    let path: RelativePath
    let device: UInt64
    let filters: FilterScope?
    let worker: Worker
    let sparesMountPoints: Bool
    private var stack: [Level] = []

    private struct Level {
        let directory: ListedDirectory
        let inventory = Inventory()
        let list = RemovalList()
        var filters: FilterScope?
        var next = 0
    }

    /// What became of a directory that was to be entered.
    private enum Entering { case entered, stays, isKeptPlace, failed }

    init(
        walk: Walk, path: RelativePath, device: UInt64, filters: FilterScope?, worker: Worker, sparesMountPoints: Bool
    ) {
        self.sparesMountPoints = sparesMountPoints
        self.filters = filters
        self.walk = walk
        self.path = path
        self.device = device
        self.worker = worker
    }

    mutating func list(_ at: At, _ name: CName) -> DirectoryListing {
        switch push(at, name) {
        case .entered: break
        case .stays: return .stays
        case .isKeptPlace: return .isKeptPlace
        case .failed: return .failed
        }
        while let level = stack.last {
            if walk.cancellation.isCancelled { return .failed }
            if level.next < level.inventory.count {
                stack[stack.count - 1].next += 1
                takeUp(level, level.next)
                continue
            }
            stack.removeLast()
            guard let above = stack.last else { return .contents(level.list) }
            let index = above.next - 1
            let name = above.inventory.name(index)
            let state: RecordedState? = walk.recorder == nil ? nil : .directory
            above.list.append(name, length: above.inventory.length(index), .directory, level.list, state)
        }
        return .failed
    }

    /// Takes up one entry; a directory becomes the next level.
    private mutating func takeUp(_ level: Level, _ index: Int) {
        let name = level.inventory.name(index)
        let (raw, kind): (Int32, EntryKind)
        do throws(Errno) { raw = try level.directory.handle.borrow() } catch {
            walk.fail(.readDirectory, path(ofLevels: stack.dropLast()), .directory, error, side: .destination)
            return level.list.isIncomplete = true
        }
        defer { level.directory.handle.giveBack() }
        do throws(Errno) {
            let known = level.inventory.slots[index].kind
            kind = if let known { known } else { try At(raw: raw).status(name).kind }
        } catch {
            // Gone already: that is what was wanted.
            if error == .noSuchFileOrDirectory { return }
            level.list.isIncomplete = true
            return walk.fail(.readStatus, currentPath(), nil, error, side: .destination)
        }
        let question = FilterQuestion(side: .destination, isBelowDeletion: true)
        let length = level.inventory.length(index)
        let rule = level.filters?.rule(name, length, isDirectory: kind == .directory, question)
        note(At(raw: raw), name, rule)
        let isKept = walk.batch != nil && !walk.isExpectedToGo(currentPath(), name, kind, At(raw: raw))
        if rule?.effect == .exclude || isKept {
            level.list.keepProtected()
        } else if kind != .directory {
            guard case .goes(let state) = walk.departure(of: name, kind, in: At(raw: raw), currentPath()) else {
                return level.list.isIncomplete = true
            }
            level.list.append(name, length: length, walk.countedKind(kind, name, in: At(raw: raw)), state)
            // Its backup stays in the directory, which therefore stays too.
            if let backups = walk.rules.backups, backups.areBeside, !backups.isBackup(level.inventory.bytes(index)) {
                level.list.isIncomplete = true
            }
        } else {
            switch push(At(raw: raw), name) {
            case .entered: break
            case .stays: level.list.keepProtected()
            case .isKeptPlace, .failed: level.list.isIncomplete = true
            }
        }
    }

    private func note(_ at: At, _ name: CName, _ rule: FilterRule?) {
        guard let inquiry = walk.inquiry else { return }
        // The entry itself is already counted as taken up.
        let path = currentPath()
        inquiry.note(path) {
            $0.destination = try? at.status(name)
            $0.isToGo = rule?.effect != .exclude
        }
        if let rule, rule.effect == .exclude { inquiry.noteProtection(path, rule) }
    }

    /// Opens and reads a directory. A failure is reported.
    private mutating func push(_ at: At, _ name: CName) -> Entering {
        do {
            var level = Level(directory: try ListedDirectory(at, name, in: stack.last?.directory, walk))
            let raw = try level.directory.handle.borrow()
            defer { level.directory.handle.giveBack() }
            if walk.isKeptPlace(currentPath()) { return .isKeptPlace }
            let status = try Status.of(raw)
            if walk.keptLinks != nil { level.list.identity = status.identity }
            guard status.device == device, try !Status.isMountRoot(raw) else {
                if sparesMountPoints { return .stays }
                walk.report(Problem(.delete, currentPath(), .directory, cause: .mountPoint))
                return .failed
            }
            if walk.roots.sourcePlaces.holds(status.identity) {
                walk.report(Problem(.delete, currentPath(), .directory, cause: .sourceItself))
                return .failed
            }
            try worker.reader.read(raw) { level.inventory.append($0, length: $1, kind: $2, layer: 0) }
            level.inventory.sort()
            if let above = stack.isEmpty ? filters : stack[stack.count - 1].filters {
                guard let own = scope(above, level, name) else { return .failed }
                level.filters = own
            }
            stack.append(level)
            return .entered
        } catch {
            walk.fail(.readDirectory, currentPath(), .directory, error, side: .destination)
            return .failed
        }
    }

    /// The rules of a directory that goes away, its own among them. A failure is reported.
    private func scope(_ above: FilterScope, _ level: Level, _ name: CName) -> FilterScope? {
        do throws(FilterError) {
            let bytes = terminated(name).dropLast().map { UInt8(bitPattern: $0) }
            return try above.child(bytes) { (file) throws(FilterError) in
                try readOwn(file, level.inventory, layer: 0, level.directory.handle, in: currentPath().bytes)
            }
        } catch {
            walk.report(Problem(.delete, currentPath(), .directory, cause: .filter(error)))
            return nil
        }
    }

    /// The path of the directory that is being opened.
    private func currentPath() -> RelativePath { path(ofLevels: stack[...]) }

    private func path(ofLevels levels: ArraySlice<Level>) -> RelativePath {
        let names = levels.map { $0.inventory.bytes($0.next - 1) }
        return RelativePath(bytes: names.reduce(path.bytes) { joined($0, $1) })
    }
}

/// A directory that is listed. Where its own permissions keep its user out, it is opened until nobody needs it; only
/// where something will be written, because a plan writes nothing.
private final class ListedDirectory {
    let handle: DirectoryHandle
    private let permissions: UInt16?

    init(_ at: At, _ name: CName, in parent: ListedDirectory?, _ walk: Walk) throws(Errno) {
        permissions = try Self.widen(at, name, walk)
        // Through its parent it may be closed and opened again: the tree may be deeper than files may be open.
        if let parent {
            handle = try parent.handle.openChild(name)
        } else {
            handle = DirectoryHandle(root: try at.openDirectory(name), budget: walk.roots.budget)
        }
    }

    /// The permissions that were widened.
    private static func widen(_ at: At, _ name: CName, _ walk: Walk) throws(Errno) -> UInt16? {
        guard let opener = walk.opener, !opener.isRoot else { return nil }
        let entry = try at.openPath(name)
        let status = try Status.of(entry.raw)
        guard status.kind == .directory, status.permissions & 0o700 != 0o700 else { return nil }
        // Somebody else's directory stays as it is; what cannot be read is said when it is opened.
        let isOpened = (try? OpenFile(raw: entry.raw).setPermissions(status.permissions | 0o700)) != nil
        return isOpened ? status.permissions : nil
    }

    deinit {
        guard let permissions else { return }
        try? handle.use { (at) throws(Errno) in try OpenFile(raw: at.raw).setPermissions(permissions) }
    }
}
