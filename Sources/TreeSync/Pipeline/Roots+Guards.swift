internal import SystemPackage

/// What the guards ask of the roots.
extension Roots {
    /// Whether a root of the source that is a directory, or that is missing, does not hold an entry of this name.
    ///
    /// - Parameter links: through which the roots were looked at; `nil` where none is followed.
    func lacks(_ marker: RelativePath, _ links: SourceLinks?) -> Bool {
        let name = terminated(marker.bytes)
        if missingRoots.lackMarker { return true }
        return zip(layers, operands).contains { layer, operand in
            guard let entry = operand.entry else { return lacks(name, layer, links) }
            guard entry.kind == .directory else { return false }
            return (try? inDirectory(entry, of: layer, links) { (at) throws(Errno) in try at.exists(name) }) != true
        }
    }

    /// Of a selection the directory that is chosen from may hold the entry, or else every directory that is named. Of what
    /// is missing the directory is asked that it would lie in.
    private func lacks(_ name: [CChar], _ layer: Layer, _ links: SourceLinks?) -> Bool {
        if holds(layer.handle, name) { return false }
        guard let selection = layer.selection, !selection.isNamed, let raw = try? layer.handle.borrow() else {
            return true
        }
        defer { layer.handle.giveBack() }
        var isAsked = false
        for entry in selection.entries {
            let names = entry.path.split(separator: UInt8(ascii: "/"))[...]
            let opened: Int32?
            switch entry.kind {
            case nil: opened = try? At(raw: raw).openDirectoryFollowing(relativePath(names.dropLast()))
            case .directory: opened = try? At(raw: raw).openDirectoryFollowing(relativePath(names))
            case .symbolicLink:
                opened = openFollowed(names, At(raw: raw), links)
                if opened == nil { continue }
            case .regular, .fifo, .socket, .characterDevice, .blockDevice: continue
            }
            guard let opened else { return true }
            let directory = Descriptor(owning: opened)
            guard (try? At(raw: directory.raw).exists(name)) == true else { return true }
            isAsked = true
        }
        return !isAsked
    }

    /// Opens the directory that a chosen link leads to; `nil` where it is not followed, or leads to no directory.
    private func openFollowed(_ names: ArraySlice<ArraySlice<UInt8>>, _ base: At, _ links: SourceLinks?) -> Int32? {
        guard let links, let last = names.last,
            let opened = try? base.openDirectoryFollowing(relativePath(names.dropLast()))
        else { return nil }
        let directory = Descriptor(owning: opened)
        let (at, name) = (At(raw: directory.raw), terminated(Array(last)))
        guard (try? links.status(name, in: at, depth: names.count - 1))?.kind == .directory else { return nil }
        return try? links.openDirectory(name, at, nil)
    }

    private func holds(_ directory: DirectoryHandle, _ name: [CChar]) -> Bool {
        (try? directory.use { (at) throws(Errno) in try at.exists(name) }) ?? false
    }

    /// Calls `body` with a directory that is itself an entry of its root open, be it one that a link leads to.
    private func inDirectory<Result>(
        _ entry: Operand.Entry, of layer: Layer, _ links: SourceLinks?, _ body: (At) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        let name = layer.renamed.map(terminated) ?? entry.name
        return try layer.handle.use { (at) throws(Errno) in
            let raw: Int32
            do throws(Errno) { raw = try at.openDirectory(name) } catch {
                guard let links, error == .notDirectory || error == .tooManySymbolicLinkLevels else { throw error }
                raw = try links.openDirectory(name, at, nil)
            }
            let directory = Descriptor(owning: raw)
            return try body(At(raw: directory.raw))
        }
    }

    // MARK: Mount points

    /// A mount point of `/etc/fstab` that is not mounted and at or below which one of the roots lies, or what is chosen of
    /// one.
    ///
    /// - Parameter links: through which the roots were looked at; `nil` where none is followed.
    func unmounted(_ links: SourceLinks?, _ table: MountTable = .ofSystem) -> RelativePath? {
        let places = table.unmounted
        if places.isEmpty { return nil }
        var found = missingRoots.above
        for handle in layers.map(\.handle) + [destination].compactMap(\.self) {
            found.formUnion((try? handle.use { (at) throws(Errno) in ancestors(of: at) }) ?? [])
        }
        for (layer, operand) in zip(layers, operands) {
            if let entry = operand.entry {
                noteEntry(entry, of: layer, links, &found)
            } else if let selection = layer.selection {
                found.formUnion(selection.ways(below: layer.handle))
                noteLinks(of: selection, below: layer.handle, links, &found)
                if let destination { found.formUnion(selection.ways(below: destination, followsLinks: false)) }
            }
        }
        return places.first { found.contains($0.identity) }.map { RelativePath(bytes: $0.path) }
    }

    /// Adds a directory that is itself a root, with all above it, and what the destination has of its name.
    private func noteEntry(
        _ entry: Operand.Entry, of layer: Layer, _ links: SourceLinks?, _ found: inout Set<FileIdentity>
    ) {
        guard entry.kind == .directory else { return }
        let above = try? inDirectory(entry, of: layer, links) { (at) throws(Errno) in ancestors(of: at) }
        found.formUnion(above ?? [])
        let target = try? destination?.use { (at) throws(Errno) in try at.status(entry.name).identity }
        if let target { found.insert(target) }
    }

    /// Adds the directories that chosen links lead to, where they are followed, and all above.
    private func noteLinks(
        of selection: Selection, below base: DirectoryHandle, _ links: SourceLinks?, _ found: inout Set<FileIdentity>
    ) {
        guard links != nil, let raw = try? base.borrow() else { return }
        defer { base.giveBack() }
        for entry in selection.entries where entry.kind == .symbolicLink {
            let names = entry.path.split(separator: UInt8(ascii: "/"))[...]
            guard let opened = openFollowed(names, At(raw: raw), links) else { continue }
            let directory = Descriptor(owning: opened)
            found.formUnion(ancestors(of: At(raw: directory.raw)))
        }
    }
}

/// What the guards have to know of roots of the source that do not exist, or that could not be opened.
struct MissingRoots: Sendable {
    /// The nearest directories above them that exist, and all above those.
    private(set) var above: Set<FileIdentity> = []
    /// Whether one of them does not hold what `Options.sourceMarker` names.
    private(set) var lackMarker = false

    /// - Parameter isMeant: whether it may be missing: then the directory that it would lie in may hold the marker.
    mutating func note(_ path: [UInt8], isMeant: Bool, _ marker: RelativePath?) {
        let parent = split(path).parent
        var place = parent
        while true {
            if let directory = try? openPlace(terminated(place)) {
                let at = At(raw: directory.raw)
                above.formUnion(ancestors(of: at))
                let mayHoldMarker = isMeant && place == parent
                if let marker, !mayHoldMarker || (try? at.exists(terminated(marker.bytes))) != true {
                    lackMarker = true
                }
                return
            }
            let next = split(place).parent
            if next == place { return lackMarker = true }
            place = next
        }
    }
}
