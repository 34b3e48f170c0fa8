internal import SystemPackage

/// Where files that could not be finished wait for the next run (`Options.Arrival.partialFiles`).
struct PartialFiles: Sendable {
    enum Location: Sendable, Hashable {
        /// Under their own names.
        case inPlace
        /// In a directory below each file's own; its names from above, each with a NUL.
        case below([[CChar]])
        /// In one directory for all; its path with a NUL.
        case reserved([CChar])
    }

    /// Nobody else may look into such a directory, or put something there.
    private static let permissions: UInt16 = 0o700

    /// Where complete files wait for the end of a run unless another directory is asked for, as with rsync.
    private static let reservedForDelay = Location.below([terminated(Array(Options.Arrival.directoryOfDelayed.utf8))])

    let location: Location

    /// `nil` where nothing is kept.
    init?(_ arrival: Options.Arrival) {
        switch arrival.keptPartialFiles {
        case nil: return nil
        case .inPlace: location = .inPlace
        case .directory(let path):
            let bytes = path.bytes
            let names = bytes.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
            if bytes.first == UInt8(ascii: "/") {
                location = .reserved(terminated(bytes))
            } else if names.isEmpty {
                location = .inPlace
            } else {
                location = .below(names.map { terminated(Array($0)) })
            }
        }
    }

    /// - Throws: `SynchronizationError` for a relative path that leads upwards.
    static func check(_ arrival: Options.Arrival) throws(SynchronizationError) {
        guard case .directory(let path) = arrival.keptPartialFiles,
            case .below(let names) = PartialFiles(arrival)?.location,
            names.contains(terminated(Array("..".utf8)))
        else { return }
        throw .temporaryDirectory(path, .invalidArgument)
    }

    /// The rule that keeps such directories out of the source and protects the destination's; as in rsync.
    static func exclusion(_ arrival: Options.Arrival) -> FilterRule? {
        guard case .below(let names) = PartialFiles(arrival)?.location else { return nil }
        let path = names.map { $0.dropLast().map { UInt8(bitPattern: $0) } }.joined(separator: [UInt8(ascii: "/")])
        let literal = path.flatMap { byte in
            "*?[\\".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        var rule = FilterRule(.exclude, literal + [UInt8(ascii: "/")])
        rule.isPerishable = true
        return rule
    }

    /// Opens the directory for the files of another one. No link below the destination is followed.
    ///
    /// - Parameter paths: whose links may stand on the way to one for all.
    /// - Returns: `nil` where it does not exist and is not to be made, or files are not kept in one.
    func open(beside directory: At, makes: Bool, _ paths: TypedPaths) -> Descriptor? {
        switch location {
        case .inPlace: return nil
        case .reserved(let path):
            let path = path.dropLast().map { UInt8(bitPattern: $0) }
            if makes { try? paths.makeDirectory(path, permissions: Self.permissions) }
            return (try? paths.openDirectory(path)).map { Descriptor(owning: $0) }
        case .below(let names):
            guard makes, let name = names.last else {
                return (try? openBeneath(directory.raw, names)).map { Descriptor(owning: $0) }
            }
            guard let above = try? openBeneath(directory.raw, names.dropLast()) else { return nil }
            let parent = Descriptor(owning: above)
            try? At(raw: parent.raw).makeDirectory(name, permissions: Self.permissions)
            return (try? At(raw: parent.raw).openDirectory(name)).map { Descriptor(owning: $0) }
        }
    }

    /// Removes the directory where nothing is left in it; one for all stays.
    func removeIfEmpty(beside directory: At) {
        guard case .below(let names) = location, let name = names.last,
            let above = try? openBeneath(directory.raw, names.dropLast())
        else { return }
        let parent = Descriptor(owning: above)
        try? At(raw: parent.raw).removeDirectory(name)
    }

    /// Whether the file is one that a run has kept: it has the time of what is not finished, and has been nobody else's
    /// to write to, so that it stays what it is once it was compared. Anything else of the name is somebody's own.
    func isPart(_ file: Status, _ user: UInt32) -> Bool { file.links == 1 && isMarked(file, user) }

    /// The same, whatever the number of its names.
    func isMarked(_ file: Status, _ user: UInt32) -> Bool {
        file.kind == .regular && file.owner == user && file.permissions & 0o077 == 0 && file.modified == .unfinished
    }

    /// Whether the file may go when the one that it belongs to is complete: it is a part, or lies in a directory that
    /// rsync and this program keep for themselves.
    func isOurs(_ file: Status, _ user: UInt32) -> Bool {
        isPart(file, user) || file.kind == .regular && location == Self.reservedForDelay
    }
}

extension Executor {
    /// Whether an earlier run has kept a part of this file.
    func hasPartial(_ task: EntryTask, _ place: Place) -> Bool {
        guard let partials, let holder = partials.open(beside: place.at, makes: false, paths) else { return false }
        guard let found = try? At(raw: holder.raw).status(task.name) else { return false }
        return partials.isOurs(found, process.effectiveUser)
    }

    /// Takes what an earlier run has kept of the file, and gives it a temporary name in the file's own directory; one
    /// of ours that cannot be gone on with is removed.
    func takePartial(_ task: EntryTask, _ place: Place, as temporary: [CChar]) -> Descriptor? {
        guard let partials, let holder = partials.open(beside: place.at, makes: false, paths) else { return nil }
        let at = At(raw: holder.raw)
        // Race: what somebody puts there after this look is moved or removed in the place of the part; what is moved is
        // looked at again before it is written to.
        guard let found = try? at.status(task.name), partials.isOurs(found, process.effectiveUser) else { return nil }
        defer { partials.removeIfEmpty(beside: place.at) }
        guard rules.options.arrival.copiesWholeFiles != true, partials.isPart(found, process.effectiveUser),
            (try? at.move(task.name, to: temporary, in: place.at)) != nil
        else {
            try? at.remove(task.name)
            return nil
        }
        if let file = try? place.at.openForUpdating(temporary), let current = try? Status.of(file.raw),
            current.identity == found.identity, partials.isPart(current, process.effectiveUser)
        {
            // From here on it has the time of its last change, as a new file has.
            try? OpenFile(raw: file.raw).truncate(to: current.size)
            // Where permissions are preserved they come with the contents.
            let permissions = permissions(ofDraft: task, task.source) & ~process.umask
            try? OpenFile(raw: file.raw).setPermissions(permissions)
            return file
        }
        try? place.at.remove(temporary)
        return nil
    }

    /// Keeps what there is of a file that could not be finished, where that is asked for. An old file under the same
    /// name stays: it is complete.
    ///
    /// - Parameter draft: its temporary name; `nil` where it has none.
    /// - Returns: whether the temporary name is gone.
    func keepPartial(_ task: EntryTask, _ place: Place, _ file: OpenFile, _ draft: Draft?) -> Bool {
        guard let partials, !task.visit.isStaged, let size = try? file.status().size, size > 0 else { return false }
        // Whoever goes on with it must be sure that it was ours alone.
        try? file.setOwner(process.effectiveUser, group: .max)
        try? file.setPermissions(0o600)
        // Gives back what was reserved.
        try? file.truncate(to: size)
        try? file.setModified(.unfinished, task.visit.walk.roots.traits)
        do throws(Errno) {
            if partials.location == .inPlace {
                guard task.existing == nil else { return false }
                if let draft {
                    try draft.at.moveNew(draft.name, to: task.name, in: place.at)
                } else {
                    try place.at.nameFile(file.raw, task.name)
                }
                return true
            }
            // Where such permissions and times do not hold, it could not be told from somebody's own file.
            guard partials.isMarked(try file.status(), process.effectiveUser) else { return false }
            guard let holder = partials.open(beside: place.at, makes: true, paths) else { return false }
            let at = At(raw: holder.raw)
            // Race: what somebody puts in the place of an older part between these two calls is removed.
            if let older = try? at.status(task.name) {
                guard partials.isOurs(older, process.effectiveUser) else { return false }
                try at.remove(task.name)
            }
            if let draft {
                try draft.at.moveNew(draft.name, to: task.name, in: at)
            } else {
                try at.nameFile(file.raw, task.name)
            }
            return true
        } catch {
            partials.removeIfEmpty(beside: place.at)
            return false
        }
    }

    /// Removes what was kept of files that are equal now, or all but their attributes.
    func discardPartials(_ visit: Visit) {
        guard let partials, case .below = partials.location, let directory = visit.destination, let pair = visit.pair,
            let raw = try? directory.borrow()
        else { return }
        defer { directory.giveBack() }
        guard let holder = partials.open(beside: At(raw: raw), makes: false, paths) else { return }
        var kept: Set<[UInt8]> = []
        try? DirectoryReader().read(holder.raw) { name, length, kind in
            if kind == .regular || kind == nil {
                kept.insert(Array(UnsafeRawBufferPointer(start: name, count: length)))
            }
        }
        if kept.isEmpty { return }
        let settled = Set(visit.items.filter { $0.verb == .setAttributes }.map { Int($0.source) })
        for index in 0..<pair.source.count where kept.contains(pair.source.bytes(index)) {
            let name = terminated(pair.source.bytes(index))
            let source = pair.source.statuses[index]
            guard source.kind == .regular, let present = try? At(raw: raw).status(name), present.kind == .regular,
                let part = try? At(raw: holder.raw).status(name), partials.isOurs(part, process.effectiveUser),
                settled.contains(index) || present.size == source.size && present.modified == source.modified
            else { continue }
            try? At(raw: holder.raw).remove(name)
        }
        visit.touch()
        partials.removeIfEmpty(beside: At(raw: raw))
    }
}

extension EntryFailure {
    /// Whether what was copied so far is right: the run was stopped, or the rest could not be read.
    var leavesPartial: Bool { isCancelled || side == .source && operation == .readFile && cause == nil }
}

/// A complete entry, or one that is being made, under a temporary name.
struct Draft {
    let at: At
    let name: [CChar]
}
