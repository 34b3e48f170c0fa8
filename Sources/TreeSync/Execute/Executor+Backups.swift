internal import SystemPackage

/// An entry of the destination that is about to be replaced or deleted.
struct EndangeredEntry {
    let name: [CChar]
    /// The path of the directory that holds it.
    let path: [UInt8]
    /// Names of the source's entries there that end in the suffix of backups.
    var taken: Set<[UInt8]> = []
    /// What it must be; `nil` for whatever stands there.
    var existing: Status?
    /// The last directories of the path, where the destination has them under other names now.
    var levels: [DirectoryHandle] = []
    /// The visit of its directory, where there is one: it knows permissions that were widened since.
    var visit: Visit?
    /// It keeps its inode, so that a further name would not keep its contents.
    var isWrittenTo = false
}

/// A backup that stands in its place, and how the entry came there.
private struct MadeBackup: ~Copyable {
    enum Way {
        /// It is a further name of the entry.
        case beside
        /// It is a copy of the entry.
        case copied
        /// Its only name: there are no hard links here.
        case moved
        /// An older backup is already a name of the same inode.
        case stood
    }

    let directory: Descriptor
    let name: [CChar]
    var way = Way.beside
    /// Whether an older backup made room for it.
    var hasReplaced = false
}

/// Backups that have taken the places of older ones, beside what they are backups of: where the older one was to be
/// deleted, the new one must not be. One path is remembered for each that has.
final class RenewedBackups: Sendable {
    private let paths = Lock<Set<[UInt8]>>([])

    func insert(_ name: [UInt8], in path: [UInt8]) { paths.withLock { _ = $0.insert(joined(path, name)) } }

    func contains(_ name: [UInt8], in path: [UInt8]) -> Bool { paths.withLock { $0.contains(joined(path, name)) } }
}

extension Executor {
    /// Replaces or deletes an entry once its backup stands; where that fails, the entry stays or is put back.
    ///
    /// The backup is made a further name of the entry, so that no name is ever missing and neither is the backup. On
    /// another file system it is a copy. Without hard links the entry is moved, and its name is missing for a moment.
    ///
    /// - Parameter replace: told whether the entry's name is still there.
    func backingUp(
        _ entry: @autoclosure () -> EndangeredEntry, in at: At, _ walk: Walk,
        _ replace: (_ isThere: Bool) throws(EntryFailure) -> Void
    ) throws(EntryFailure) {
        guard let names = rules.backups else { return try replace(true) }
        let entry = entry()
        let plain = entry.name.dropLast().map { UInt8(bitPattern: $0) }
        if entry.existing == nil, names.isBackup(plain) { return try replace(true) }
        let name = terminated(names.name(of: plain, taken: entry.taken))
        let made = try makeBackup(of: entry, in: at, name, walk)
        do throws(EntryFailure) { try synchronize(made) } catch {
            undo(made, entry, at)
            throw error
        }
        do throws(EntryFailure) {
            try replace(made.way != .moved)
        } catch {
            // What was written to is no longer what it was: then the backup is all that is left of it.
            if !entry.isWrittenTo { undo(made, entry, at) }
            throw error
        }
    }

    private func makeBackup(
        of entry: EndangeredEntry, in at: At, _ name: [CChar], _ walk: Walk
    ) throws(EntryFailure) -> MadeBackup {
        let directory: Descriptor
        if let backupTree {
            directory = try backupTree.directory(for: entry.path, levels: entry.levels, entry.visit)
        } else {
            directory = Descriptor(owning: try doing(.backUp) { () throws(Errno) in try at.openDirectory(".") })
        }
        let target = At(raw: directory.raw)
        var made = MadeBackup(directory: directory, name: name)
        do throws(EntryFailure) {
            made.way = try bring(entry, at, to: name, target, walk)
            try check(entry, at, name, target, made.way)
        } catch {
            guard error.errno == .fileExists else { throw error }
            let temporary = temporaries.next()
            made.way = try bring(entry, at, to: temporary, target, walk)
            try check(entry, at, temporary, target, made.way)
            do throws(EntryFailure) {
                try replaceOlder(&made, temporary, target, walk)
            } catch {
                takeBack(temporary, target, made.way, entry, at)
                throw error
            }
            if backupTree == nil {
                renewedBackups.insert(name.dropLast().map { UInt8(bitPattern: $0) }, in: entry.path)
            }
        }
        return made
    }

    /// A copy is on the disk, with its name, before what it is a copy of is replaced. A further name is written by the
    /// file system in the order of the calls.
    private func synchronize(_ made: borrowing MadeBackup) throws(EntryFailure) {
        guard made.way == .copied, rules.options.durability != .none else { return }
        let directory = OpenFile(raw: made.directory.raw)
        try doing(.backUp) { () throws(Errno) in try directory.synchronize() }
    }

    private func bring(
        _ entry: EndangeredEntry, _ at: At, to name: [CChar], _ target: At, _ walk: Walk
    ) throws(EntryFailure) -> MadeBackup.Way {
        if entry.isWrittenTo {
            try copy(entry, at, to: name, target, walk)
            return .copied
        }
        do {
            try target.makeLink(name, to: entry.name, in: at)
            return .beside
        } catch {
            switch error {
            case .improperLink:
                try copy(entry, at, to: name, target, walk)
                return .copied
            case .notPermitted, .notSupported, .tooManyLinks, .noFunction:
                try doing(.backUp) { () throws(Errno) in try at.moveNew(entry.name, to: name, in: target) }
                return .moved
            default: throw EntryFailure(.backUp, error)
            }
        }
    }

    private func copy(
        _ entry: EndangeredEntry, _ at: At, to name: [CChar], _ target: At, _ walk: Walk
    ) throws(EntryFailure) {
        try copies?.copy(entry.name, in: at, to: name, in: target, entry.existing, self) {
            let path = joined(entry.path, entry.name.dropLast().map { UInt8(bitPattern: $0) })
            walk.report(Problem($0, RelativePath(bytes: path), entry.existing?.kind, errno: $1, attribute: $2))
        }
    }

    /// Race: between the look at the entry and its backup somebody may have put another one there, which is no
    /// backup of anything.
    private func check(
        _ entry: EndangeredEntry, _ at: At, _ name: [CChar], _ target: At, _ way: MadeBackup.Way
    ) throws(EntryFailure) {
        guard let existing = entry.existing, !entry.isWrittenTo, let made = try? target.status(name),
            made.device == existing.device,
            made.identity != existing.identity
        else { return }
        takeBack(name, target, way, entry, at)
        throw EntryFailure(.replace, nil, cause: .changedInDestination)
    }

    /// The older backup swaps names with the new one and goes away; if it cannot, it gets its name back.
    private func replaceOlder(
        _ made: inout MadeBackup, _ temporary: [CChar], _ target: At, _ walk: Walk
    ) throws(EntryFailure) {
        let older = try doing(.backUp) { () throws(Errno) in try target.status(made.name) }
        let new = try doing(.backUp) { () throws(Errno) in try target.status(temporary) }
        if older.identity == new.identity, made.way == .beside {
            try doing(.backUp) { () throws(Errno) in try target.remove(temporary) }
            made.way = .stood
        } else if older.kind == .directory, backupTree == nil {
            // Not a backup of ours: those of directories are made of what they hold.
            try doing(.backUp) { () throws(Errno) in
                try target.removeDirectory(made.name)
                try target.renameNew(temporary, to: made.name)
            }
        } else {
            try exchangeOlder(&made, temporary, target, older, walk)
        }
    }

    private func exchangeOlder(
        _ made: inout MadeBackup, _ temporary: [CChar], _ target: At, _ older: Status, _ walk: Walk
    ) throws(EntryFailure) {
        made.hasReplaced = true
        let removal = Removal(executor: self, walk: walk)
        do {
            try target.exchange(temporary, with: made.name)
        } catch {
            guard error == .invalidArgument || error == .noFunction else { throw EntryFailure(.backUp, error) }
            if older.kind == .directory {
                try removal.removeTree(target, made.name)
            }
            return try doing(.backUp) { () throws(Errno) in try target.rename(temporary, to: made.name) }
        }
        do throws(EntryFailure) { try removal.removeTree(target, temporary) } catch {
            try? target.exchange(temporary, with: made.name)
            throw error
        }
    }

    /// The entry keeps its name. A backup that has taken the place of an older one stays: it is what would be made again.
    private func undo(_ made: borrowing MadeBackup, _ entry: EndangeredEntry, _ at: At) {
        if made.hasReplaced, made.way == .beside || made.way == .copied { return }
        takeBack(made.name, At(raw: made.directory.raw), made.way, entry, at)
    }

    private func takeBack(
        _ name: [CChar], _ target: At, _ way: MadeBackup.Way, _ entry: EndangeredEntry, _ at: At
    ) {
        switch way {
        case .stood: break
        case .beside, .copied: try? target.remove(name)
        case .moved: try? target.moveNew(name, to: entry.name, in: at)
        }
    }
}

extension EndangeredEntry {
    /// What stands where a task's entry goes.
    init(_ task: EntryTask, _ existing: Status, isWrittenTo: Bool = false) {
        self.init(
            name: terminated(task.name), path: task.visit.path, taken: task.visit.namesLikeBackups, existing: existing,
            visit: task.visit, isWrittenTo: isWrittenTo)
    }
}
