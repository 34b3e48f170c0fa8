internal import SystemPackage

// Directories that lead to chosen entries.

extension Inspection {
    /// Whether the entry is on the way to a chosen one.
    @inline(__always)
    func isWay(_ left: Int, _ layer: Layer) -> Bool {
        layer.selection != nil && layer.choice(source.name(left), source.length(left))?.leads ?? false
    }

    /// The status of what a link on the way leads to; `nil` where the entry is not on the way.
    func statusOfWay(_ left: Int) throws(Errno) -> Status? {
        let layer = layers[Int(source.slots[left].layer)]
        guard let base = layer.base, let selection = layer.selection, isWay(left, layer) else { return nil }
        return try base.statusOfWay(terminated(source.name(left)), in: layer.handle, selection.path)
    }

    /// Whether the directory is no part of what is made equal (`copiesImpliedDirectories`).
    func isBare(_ left: Int) -> Bool {
        guard !walk.options.copiesImpliedDirectories else { return false }
        let places = mergedLayers(left)
        return (places.isEmpty ? [Int(source.slots[left].layer)] : places).allSatisfy { place in
            let layer = layers[place]
            guard let choice = layer.choice(source.name(left), source.length(left)) else { return false }
            return choice.entry == nil && layer.selection?.listsAll == false
        }
    }

    /// A directory that is only a way: made where it is missing, and left as it is where it exists, be it by a link.
    func planWay(_ left: Int, _ right: Int?, _ status: Status, _ at: At, _ found: inout Findings) {
        var existing: Status?
        if let right {
            guard let found = wayInDestination(left, right, status, at) else { return }
            destination.statuses[right] = found
            existing = found
        } else if walk.options.existingOnly || !walk.plansChanges || collides(left, status, at) {
            return
        }
        var child = Child(
            source: Int32(left), destination: existing == nil ? -1 : Int32(right ?? -1), differences: [], verb: nil,
            isEntered: true, isBare: true)
        child.layers = mergedLayers(left)
        found.children.append(child)
    }

    /// The destination's directory, perhaps through a link that stays below its root; `nil` where there is none, which
    /// is reported.
    private func wayInDestination(_ left: Int, _ right: Int, _ status: Status, _ at: At) -> Status? {
        do throws(Errno) {
            let existing = try at.status(destination.name(right))
            switch existing.kind {
            case .directory: return existing
            case .symbolicLink:
                let handle = try walk.openInDestination(visit.path(of: source.name(left), source.length(left)))
                var referent = try handle.use { (at) throws(Errno) in try Status.of(at.raw) }
                referent.isReferent = true
                return referent
            case .regular, .fifo, .socket, .characterDevice, .blockDevice: throw .notDirectory
            }
        } catch {
            var problem = Problem(.openDirectory, path(left), .directory, errno: error)
            if error == .improperLink { problem.cause = .linkLeavesTree }
            if error == .notDirectory || error == .noSuchFileOrDirectory { problem.cause = .noDirectoryOnWay }
            walk.report(problem)
            return nil
        }
    }
}

extension Walk {
    /// Opens a directory of the destination by its path, through links that stay below the root.
    func openInDestination(_ path: RelativePath) throws(Errno) -> DirectoryHandle {
        guard let root = roots.destination else { throw .noSuchFileOrDirectory }
        return root.adopt(
            try root.use { (at) throws(Errno) in try at.openDirectoryWithin(terminated(path.bytes)) })
    }
}
