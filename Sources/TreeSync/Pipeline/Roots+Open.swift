internal import SystemPackage

extension Roots {
    /// Opens both roots and refuses what would destroy or never end.
    ///
    /// A root of the source that is missing is a problem where there are others, and an error where it is the only one.
    static func open(
        _ synchronizer: Synchronizer, for purpose: Session.Purpose, _ typedPaths: TypedPaths,
        _ sourceLinks: SourceLinks?, _ filters: FilterFoundation?, report: @escaping (Problem) -> Void
    ) throws(SynchronizationError) -> Roots {
        var opening = Opening(
            synchronizer, executes: purpose == .running, typedPaths: typedPaths, sourceLinks: sourceLinks, filters,
            report)
        do throws(SynchronizationError) {
            try opening.openSources()
            if purpose == .listing { return opening.finish() }
            try opening.openDestination()
            try opening.refuseOverlap()
            try opening.checkBackups()
            try opening.checkPartialFiles()
            try opening.openBases()
            return opening.finish()
        } catch {
            opening.closeAgain()
            throw error
        }
    }
}

/// The steps of opening both roots.
struct Opening {
    let synchronizer: Synchronizer
    let report: (Problem) -> Void
    let executes: Bool
    let filters: FilterFoundation?
    let typedPaths: TypedPaths
    let sourceLinks: SourceLinks?
    let budget = DescriptorBudget.ofProcess()
    var layers: [Layer] = []
    var operands: [Roots.Operand] = []
    /// For each layer, the status of the root that it stands for.
    var statuses: [Status] = []
    var paths: [FilePath] = []
    /// Names of roots that do not exist, and whose destinations go away.
    var missing: Set<[UInt8]> = []
    /// Whether a selection names what does not exist, and whose destination goes away.
    var deletesMissing = false
    /// Roots that do not exist, or could not be opened.
    var missingRoots = MissingRoots()
    var hidden: [HiddenChoice] = []
    var destination: DirectoryHandle?
    var existing: Status?
    var destinationPath: [UInt8]
    /// Where below the destination's root backups or basis directories lie.
    var keptPlaces: [RelativePath] = []
    var bases: [DirectoryHandle?] = []
    var areBasesUnknown = false

    init(
        _ synchronizer: Synchronizer, executes: Bool, typedPaths: TypedPaths, sourceLinks: SourceLinks?,
        _ filters: FilterFoundation?, _ report: @escaping (Problem) -> Void
    ) {
        self.filters = filters
        self.synchronizer = synchronizer
        self.executes = executes
        self.typedPaths = typedPaths
        self.sourceLinks = sourceLinks
        self.report = report
        destinationPath = withoutTrailingSlashes(synchronizer.destination.bytes)
    }

    // MARK: Sources

    mutating func openSources() throws(SynchronizationError) {
        if let batch = synchronizer.batch { return try open(batch) }
        for (index, source) in synchronizer.sources.enumerated() {
            let path = withoutTrailingSlashes(source.path.bytes)
            guard !path.isEmpty else { throw .emptyPath }
            if case .selection(let selection) = source.placement {
                try open(selection, of: source, index)
                continue
            }
            do throws(Errno) {
                try open(source, path, index)
            } catch {
                missingRoots.note(path, isMeant: isIgnored(source, error), synchronizer.options.sourceMarker)
                if isIgnored(source, error) {
                    if synchronizer.options.deletesMissingSources { missing.insert(split(path).name) }
                    continue
                }
                guard synchronizer.sources.count > 1 else { throw .source(source.path, error) }
                report(
                    Problem(
                        .readStatus, RelativePath(bytes: path), nil, errno: error, isSourceFailure: true))
            }
        }
        guard !synchronizer.sources.isEmpty else { throw .emptyPath }
    }

    /// A directory that was named for its contents is not a missing entry, as in rsync.
    private func isIgnored(_ source: Source, _ errno: Errno) -> Bool {
        let options = synchronizer.options
        return (options.ignoresMissingSources || options.deletesMissingSources) && source.placement == .entry
            && errno == .noSuchFileOrDirectory
    }

    private mutating func open(_ source: Source, _ path: [UInt8], _ index: Int) throws(Errno) {
        let (parent, name) = split(path)
        if source.placement == .contents || name.isEmpty {
            let handle = DirectoryHandle(root: try openRoot(terminated(path)), budget: budget)
            let status = try handle.use { (at) throws(Errno) in try Status.of(at.raw) }
            guard takesDirectories else { return leaveOut([]) }
            let layer = Layer(handle: handle, source: index, device: status.device, isOperand: true)
            append(layer, nil, in: path, status, source.path)
        } else {
            let raw = try openRoot(terminated(parent))
            let handle = DirectoryHandle(root: raw, budget: budget)
            let status = try status(of: terminated(name), in: At(raw: raw))
            guard takesDirectories || status.kind != .directory else {
                return isHidden(name, in: parent, handle) ? () : leaveOut(name)
            }
            let entry = Roots.Operand.Entry(name: terminated(name), kind: status.kind)
            let layer = Layer(handle: handle, source: index, device: status.device, isOperand: false)
            append(layer, entry, in: parent, status, source.path)
        }
    }

    /// Of an entry, or of what it leads to where it is a link that is followed.
    private func status(of name: [CChar], in at: At) throws(Errno) -> Status {
        let status = try at.status(name)
        guard status.kind == .symbolicLink, let sourceLinks else { return status }
        // One that leads nowhere is met again when the entry is inspected, which says why it is left out.
        return (try? sourceLinks.status(name, in: at, depth: 0)) ?? status
    }

    private var takesDirectories: Bool {
        synchronizer.options.recursive || synchronizer.options.copiesDirectories
    }

    /// Whether a rule leaves a directory out, so that nothing need be said of it.
    private func isHidden(_ name: [UInt8], in parent: [UInt8], _ handle: DirectoryHandle) -> Bool {
        let scope = filters?.scope(.source, root: absolutePath(parent)) { [handle] }
        return name.withUnsafeBufferPointer {
            scope?.rule(for: $0, isDirectory: true, FilterQuestion(side: .source))?.effect == .exclude
        }
    }

    private func leaveOut(_ path: [UInt8]) {
        report(Problem(.create, RelativePath(bytes: path), .directory, cause: .leftOut))
    }

    mutating func append(
        _ layer: Layer, _ entry: Roots.Operand.Entry?, in directory: [UInt8], _ status: Status, _ path: FilePath
    ) {
        layers.append(layer)
        operands.append(Roots.Operand(entry: entry, directory: directory))
        statuses.append(status)
        paths.append(path)
    }

    // MARK: Destination

    mutating func openDestination() throws(SynchronizationError) {
        guard !destinationPath.isEmpty else { throw .emptyPath }
        // Nothing goes there: it is not even made.
        if layers.isEmpty { return try openForDeletion() }
        if synchronizer.options.makesPath, executes {
            if (try? Status.following(terminated(destinationPath))) == nil { try refuseOverlap() }
            try makePath()
        }
        do throws(Errno) {
            existing = executes ? try widenRoot(typedPaths.resolve(destinationPath)) : nil
            let raw = try typedPaths.openDirectory(destinationPath)
            destination = DirectoryHandle(root: raw, budget: budget)
            if existing == nil { existing = try Status.of(raw) }
        } catch {
            switch error {
            case .noSuchFileOrDirectory: takesFileName ? try openFileDestination() : try requireParent(error)
            case .notDirectory: try openFileDestination()
            default: throw .destination(synchronizer.destination, error)
            }
        }
    }

    /// Nothing goes to the destination; something in it may have to go.
    private mutating func openForDeletion() throws(SynchronizationError) {
        guard !missing.isEmpty else { return }
        do throws(Errno) {
            let raw = try typedPaths.openDirectory(destinationPath)
            destination = DirectoryHandle(root: raw, budget: budget)
            existing = try Status.of(raw)
        } catch {
            // Where there is no directory, there is nothing in it.
            if error == .noSuchFileOrDirectory || error == .notDirectory { return }
            throw .destination(synchronizer.destination, error)
        }
    }

    /// Only the last name of the destination is made.
    private func requireParent(_ errno: Errno) throws(SynchronizationError) {
        // What a link leads to is not made: it may be where a disk should be mounted.
        if isLink(destinationPath) { throw .destination(synchronizer.destination, .fileExists) }
        // A dry run makes none of them.
        if synchronizer.options.makesPath, !executes { return }
        let isReadOnly: Bool
        do throws(Errno) {
            let parent = Descriptor(owning: try typedPaths.openDirectory(split(destinationPath).parent))
            // A run would find out when it makes the destination; a plan makes nothing.
            isReadOnly = FileSystemTraits(parent.raw).isReadOnly
        } catch {
            throw .destination(synchronizer.destination, errno)
        }
        if isReadOnly { throw .destination(synchronizer.destination, .readOnlyFileSystem) }
    }

    private func isLink(_ path: [UInt8]) -> Bool {
        let (above, name) = split(path)
        guard let parent = (try? typedPaths.openDirectory(above)).map({ Descriptor(owning: $0) }) else { return false }
        return (try? At(raw: parent.raw).status(terminated(name)))?.kind == .symbolicLink
    }

    /// Makes the directories above the destination; the destination itself is made later.
    private func makePath() throws(SynchronizationError) {
        let parent = split(destinationPath).parent
        for end in parent.indices.dropFirst() where parent[end] == UInt8(ascii: "/") {
            try makeDirectory(Array(parent[..<end]))
        }
        try makeDirectory(parent)
    }

    private func makeDirectory(_ path: [UInt8]) throws(SynchronizationError) {
        do throws(Errno) {
            if isLink(path), try typedPaths.resolve(path).status == nil { throw .noSuchFileOrDirectory }
            try typedPaths.makeDirectory(path, permissions: 0o777)
        } catch {
            // What is no directory is met when the destination is opened.
            if error != .fileExists { throw .destination(synchronizer.destination, error) }
        }
    }

    /// A single file that goes to a name and not into a directory.
    private var takesFileName: Bool {
        guard operands.count == 1, synchronizer.sources.count == 1, let entry = operands[0].entry else { return false }
        return entry.kind != .directory && !synchronizer.destinationIsDirectory
    }

    private mutating func openFileDestination() throws(SynchronizationError) {
        guard takesFileName, let entry = operands[0].entry else {
            throw .destinationNotDirectory(synchronizer.destination)
        }
        var (parent, name) = split(destinationPath)
        do throws(Errno) {
            let raw: Int32
            if let device = try openHolderOfDevice() {
                (raw, name) = device
            } else {
                raw = try typedPaths.openDirectory(parent)
            }
            destination = DirectoryHandle(root: raw, budget: budget)
            existing = try Status.of(raw)
        } catch {
            throw .destination(synchronizer.destination, error)
        }
        layers[0] = Layer(
            handle: layers[0].handle, source: layers[0].source, device: layers[0].device, isOperand: false,
            sourceName: entry.name)
        operands[0].entry?.name = terminated(name)
        destinationPath = parent
    }

    /// A link to a device that is to be written to (`/dev/disk/by-id/…`) stands for the device: it is not replaced.
    ///
    /// - Returns: the directory that holds the device, and its name there; `nil` for anything else.
    private func openHolderOfDevice() throws(Errno) -> (Int32, [UInt8])? {
        guard synchronizer.options.writesDevices else { return nil }
        let place = try typedPaths.resolve(destinationPath)
        guard let kind = place.status?.kind, kind.isDevice else { return nil }
        return (try place.at.openDirectory("."), place.name.dropLast().map { UInt8(bitPattern: $0) })
    }

    /// After an error nothing was written: not even the permissions of the root.
    func closeAgain() { if executes { TreeSync.closeAgain(destination, existing) } }

    // MARK: Result

    func finish() -> Roots {
        var limit = Int64.max
        if synchronizer.options.preserved.contains(.hardLinks), let destination {
            limit =
                (try? destination.use { (at) throws(Errno) in
                    let device = try Status.of(at.raw).device
                    return FileSystemFacts(device: device).isFAT ? 1 : OpenFile(raw: at.raw).linkLimit()
                }) ?? .max
        }
        let contents = layers.indices.first {
            operands[$0].entry == nil && layers[$0].isNamed
        }.map { statuses[$0] }
        return Roots(
            budget: budget, layers: layers, operands: operands, source: contents, destination: destination,
            existing: existing, destinationPath: destinationPath, linkLimit: limit, missing: missing,
            deletesMissing: deletesMissing, missingRoots: missingRoots, hidden: hidden, keptPlaces: keptPlaces,
            bases: bases, areBasesUnknown: areBasesUnknown, device: bases.isEmpty ? 0 : destinationDevice,
            sourcePlaces: sourcePlaces)
    }
}

extension Roots {
    /// After an error before the first entry: the root has its permissions again.
    func closeAgain() { TreeSync.closeAgain(destination, existing) }
}

private func closeAgain(_ destination: DirectoryHandle?, _ existing: Status?) {
    guard let existing, existing.kind == .directory else { return }
    try? destination?.use { (at) throws(Errno) in
        if try Status.of(at.raw).permissions != existing.permissions {
            try OpenFile(raw: at.raw).setPermissions(existing.permissions)
        }
    }
}

/// What precedes the last name, and the last name; `.` and nothing where there is but one of them.
func split(_ path: [UInt8]) -> (parent: [UInt8], name: [UInt8]) {
    let slash = UInt8(ascii: "/")
    guard let last = path.lastIndex(of: slash) else { return ([UInt8(ascii: ".")], path) }
    let name = Array(path[(last + 1)...])
    let parent = withoutTrailingSlashes(Array(path[..<last]))
    return (parent.isEmpty ? [slash] : parent, name)
}

func withoutTrailingSlashes(_ path: [UInt8]) -> [UInt8] {
    var path = path
    while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
    return path
}
