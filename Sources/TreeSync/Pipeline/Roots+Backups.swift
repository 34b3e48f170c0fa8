internal import SystemPackage

extension Opening {
    /// Refuses backups that would be none, and finds out whether they go into the destination.
    mutating func checkBackups() throws(SynchronizationError) {
        guard let backups = synchronizer.options.backups else { return }
        let names = BackupNames(backups)
        guard names.areUsable else { throw .backupSuffix(backups.suffix) }
        guard let directory = names.directory, let given = backups.directory else { return }
        var opened: DirectoryHandle?
        do throws(Errno) {
            let directory = try open(directory)
            opened = directory
            if let existing, try identity(of: directory) == existing.identity { throw Errno.fileExists }
        } catch {
            switch error {
            case .noSuchFileOrDirectory: break
            case .fileExists: throw .backupDirectoryIsDestination(given)
            default: throw .backupDirectory(given, error)
            }
        }
        if let holder = try? opened ?? nearest(directory),
            liesInSource(holder, isItself: opened != nil) || opened.map(holdsSource) ?? false
        {
            throw .backupDirectoryInSource(given)
        }
        keptPlaces += places(of: directory, opened)
    }

    /// Refuses one directory for all unfinished files that is, or lies in, what is read, or is the destination: a part is
    /// taken from there and goes away, by its name alone.
    func checkPartialFiles() throws(SynchronizationError) {
        let arrival = synchronizer.options.arrival
        guard case .directory(let given) = arrival.keptPartialFiles,
            case .reserved(let path) = PartialFiles(arrival)?.location
        else { return }
        let bytes = path.dropLast().map { UInt8(bitPattern: $0) }
        guard let nearest = nearestDirectory(bytes) else { return }
        let isDestination =
            existing != nil && nearest.isItself && (try? identity(of: nearest.handle)) == existing?.identity
        if isDestination || liesInSource(nearest.handle, isItself: nearest.isItself) {
            throw .partialDirectoryIsRoot(given)
        }
    }

    private func identity(of directory: DirectoryHandle) throws(Errno) -> FileIdentity {
        try directory.use { (at) throws(Errno) in try Status.of(at.raw).identity }
    }

    /// Whether a directory is one that a root of the source stands for, or lies in one. Of a root that is only chosen from,
    /// what is chosen counts, and what leads there.
    ///
    /// - Parameter isItself: whether it is not the nearest directory above one that will be made.
    private func liesInSource(_ directory: DirectoryHandle, isItself: Bool) -> Bool {
        let above = holders(of: directory)
        return layers.indices.contains { index in
            let status = statuses[index]
            guard let selection = layers[index].selection, !selection.listsAll else {
                return status.kind == .directory && above.contains(status.identity)
            }
            if isItself, let own = above.first,
                own == status.identity || selection.ways(below: layers[index].handle).contains(own)
            {
                return true
            }
            return selection.entries.contains { entry in
                guard synchronizer.options.recursive || entry.takesContents else { return false }
                return entry.identity.map(above.contains) ?? false
            }
        }
    }

    /// Whether a directory holds a root of the source that is an entry: its backup would have that name there.
    private func holdsSource(_ directory: DirectoryHandle) -> Bool {
        guard let own = try? identity(of: directory) else { return false }
        return layers.indices.contains { index in
            guard let entry = operands[index].entry, (try? identity(of: layers[index].handle)) == own else {
                return false
            }
            return layers[index].renamed.map(terminated) ?? entry.name == entry.name
        }
    }

    /// Opens the basis directories. One that does not exist is a remark, as in rsync.
    mutating func openBases() throws(SynchronizationError) {
        guard let basis = synchronizer.options.basis else { return }
        if basis.directories.count > BasisDirectories.most { throw .tooManyBasisDirectories }
        for path in basis.directories {
            do throws(Errno) {
                bases.append(try open(path.bytes))
            } catch {
                bases.append(nil)
                let isMissing = error == .noSuchFileOrDirectory || error == .notDirectory
                if !isMissing { areBasesUnknown = true }
                let cause: Problem.Cause = isMissing ? .noBasis : .system
                report(Problem(.openDirectory, RelativePath(bytes: path.bytes), .directory, cause: cause, errno: error))
            }
            keptPlaces += places(of: path.bytes, bases.last ?? nil)
        }
    }

    /// Of a destination that does not exist yet, that of the directory above.
    var destinationDevice: UInt64 {
        existing?.device ?? (try? Status.following(terminated(split(destinationPath).parent)))?.device ?? 0
    }

    /// The nearest directory that exists on the way to one that was named relative to the destination.
    private func nearest(_ directory: [UInt8]) throws(Errno) -> DirectoryHandle? {
        try lookUp(directory) { (path, start) throws(Errno) in nearestDirectory(path, from: start)?.handle }
    }

    /// Opens a directory that was named relative to the destination.
    private func open(_ directory: [UInt8]) throws(Errno) -> DirectoryHandle {
        try lookUp(directory) { (path, start) throws(Errno) in
            DirectoryHandle(root: try typedPaths.openDirectory(path, from: start), budget: budget)
        }
    }

    /// Calls `body` with where a directory that was named relative to the destination is looked up, and by which path.
    ///
    /// - Throws: `Errno.noSuchFileOrDirectory` where it lies in a destination that does not exist yet.
    private func lookUp<Result>(
        _ directory: [UInt8], _ body: ([UInt8], At) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        let slash = UInt8(ascii: "/")
        if directory.first == slash { return try body(directory, .workingDirectory) }
        if let destination {
            return try destination.use { (at) throws(Errno) in try body(directory, at) }
        }
        // The destination will be made: what lies above it is there already.
        let above = Array("..".utf8)
        let rest = directory.drop { $0 != slash }.drop { $0 == slash }
        guard directory.prefix(while: { $0 != slash }) == above[...] else { throw Errno.noSuchFileOrDirectory }
        let parent = Descriptor(owning: try typedPaths.openDirectory(split(destinationPath).parent))
        return try body(rest.isEmpty ? Array(".".utf8) : Array(rest), At(raw: parent.raw))
    }

    /// Where the directory lies below the destination: as it is spelled, and as it is, by whatever links.
    private func places(of directory: [UInt8], _ opened: DirectoryHandle?) -> [RelativePath] {
        var real: RelativePath?
        let paths = [opened, destination].map { try? $0?.use { (at) throws(Errno) in at.realPath } }
        if let whole = paths[0], let base = paths[1] { real = TypedNames(whole).below(TypedNames(base))?.place }
        return Set([place(of: directory), real].compactMap { $0 }).filter { $0 != .root }
    }

    /// The directory's path below the destination; `nil` where it is spelled outside of it. A link on the way leads
    /// elsewhere: then more is kept than has to be.
    private func place(of directory: [UInt8]) -> RelativePath? {
        let slash = UInt8(ascii: "/")
        let base = absolutePath(destinationPath)
        let whole = directory.first == slash ? directory : [slash] + base + [slash] + directory
        return TypedNames(absolutePath(whole)).below(TypedNames(base))?.place
    }
}
