internal import SystemPackage

/// Roots of the source of which entries are chosen by name.
extension Opening {
    /// Opens the directory that is chosen from, and looks for what is chosen.
    mutating func open(
        _ selection: SourceSelection, of source: Source, _ index: Int
    ) throws(SynchronizationError) {
        let path = withoutTrailingSlashes(source.path.bytes)
        let root: DirectoryHandle
        do throws(Errno) {
            root = DirectoryHandle(root: try openRoot(terminated(path)), budget: budget)
        } catch {
            missingRoots.note(path, isMeant: false, synchronizer.options.sourceMarker)
            guard synchronizer.sources.contains(where: { $0.path != source.path }) else {
                throw .sourceDirectory(source.path, error)
            }
            return report(
                Problem(.readDirectory, RelativePath(bytes: path), .directory, errno: error, isSourceFailure: true))
        }
        open(selection, below: root, path, index)
    }

    /// A directory in the root that names begin in and that cannot be opened concerns these names alone.
    private mutating func open(
        _ selection: SourceSelection, below root: DirectoryHandle, _ path: [UInt8], _ index: Int
    ) {
        let directory = joined(path, selection.directory.bytes)
        do throws(Errno) {
            let start = try open(selection, below: root)
            let status = try start.use { (at) throws(Errno) in try Status.of(at.raw) }
            let base = SelectionBase(
                handle: start, followsLinksOutside: selection.followsLinksOutside)
            guard let chosen = survey(selection, base, directory) else { return }
            let layer = Layer(
                handle: start, source: index, device: status.device, isOperand: chosen.listsAll, selection: chosen,
                base: base)
            append(layer, nil, in: directory, status, FilePath(bytes: directory))
        } catch {
            missingRoots.note(directory, isMeant: false, synchronizer.options.sourceMarker)
            report(
                Problem(
                    .openDirectory, RelativePath(bytes: directory), .directory,
                    cause: error == .improperLink ? .linkLeavesTree : .system, errno: error, isSourceFailure: true))
        }
    }

    private func open(_ selection: SourceSelection, below root: DirectoryHandle) throws(Errno) -> DirectoryHandle {
        let path = terminated(selection.directory.bytes)
        if selection.directory.bytes.isEmpty { return root }
        return root.adopt(
            try root.use { (at) throws(Errno) in
                selection.followsLinksOutside
                    ? try at.openDirectoryFollowing(path) : try at.openDirectoryWithin(path)
            })
    }

    /// What there is of a selection; `nil` where that is nothing.
    private mutating func survey(
        _ selection: SourceSelection, _ base: SelectionBase, _ directory: [UInt8]
    ) -> Selection? {
        let options = synchronizer.options
        let scope = filters?.scope(.source, root: absolutePath(directory)) { [handle = base.handle] in [handle] }
        var survey = SelectionSurvey(base, options, scope, report)
        let found = survey.found(SelectionIndex.sorted(selection.elements))
        hidden += survey.hidden
        if found.contains(where: \.isMissing) { deletesMissing = true }
        return found.isEmpty ? nil : Selection(SelectionIndex(found), isRecursive: options.recursive)
    }

    // MARK: Overlap

    /// The same for each chosen directory as for a root of the source.
    func refuseOverlapOfSelection(_ index: Int, _ above: [FileIdentity]) throws(SynchronizationError) {
        guard let selection = layers[index].selection else { return }
        let options = synchronizer.options
        for entry in selection.entries where entry.kind == .directory {
            guard options.recursive || entry.takesContents, let identity = entry.identity else { continue }
            let path = FilePath(bytes: joined(paths[index].bytes, entry.path))
            if above.contains(identity) {
                throw .destinationInsideSource(source: path, destination: synchronizer.destination)
            }
            guard options.deletion != nil || options.force, let target = identityOfTarget(entry.path) else { continue }
            if holders(of: entry.path, below: layers[index].handle).contains(target) {
                throw .sourceInsideDestination(source: path, destination: synchronizer.destination)
            }
        }
    }

    private func identityOfTarget(_ path: [UInt8]) -> FileIdentity? {
        guard let destination else { return nil }
        return try? identityOfDirectory(path, below: destination)
    }

    /// The directory and all above it.
    private func holders(of path: [UInt8], below base: DirectoryHandle) -> [FileIdentity] {
        (try? base.use { (at) throws(Errno) in
            let opened = Descriptor(owning: try at.openDirectoryFollowing(terminated(path)))
            return ancestors(of: At(raw: opened.raw))
        }) ?? []
    }
}

/// The identity of a directory below another, where no link leads to it.
private func identityOfDirectory(
    _ path: [UInt8], below directory: DirectoryHandle
) throws(Errno) -> FileIdentity {
    try directory.use { (at) throws(Errno) in
        let names = path.split(separator: UInt8(ascii: "/")).map { terminated(Array($0)) }
        let opened = Descriptor(owning: try openBeneath(at.raw, names))
        return try Status.of(opened.raw).identity
    }
}
