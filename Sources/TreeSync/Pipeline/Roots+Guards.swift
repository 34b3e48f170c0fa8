internal import SystemPackage

/// What the guards ask of the roots.
extension Roots {
    /// Whether a root of the source that is a directory does not hold an entry of this name.
    func lacks(_ marker: RelativePath) -> Bool {
        let name = terminated(marker.bytes)
        return zip(layers, operands).contains { layer, operand in
            guard let entry = operand.entry else { return lacks(name, layer) }
            guard entry.kind == .directory else { return false }
            guard let root = try? layer.handle.openChild(layer.renamed.map(terminated) ?? entry.name) else {
                return true
            }
            return !holds(root, name)
        }
    }

    /// Of a selection the directory that is chosen from may hold the entry, or else every directory that is named.
    private func lacks(_ name: [CChar], _ layer: Layer) -> Bool {
        if holds(layer.handle, name) { return false }
        guard let selection = layer.selection, !selection.isNamed else { return true }
        let directories = selection.entries.filter { $0.kind == .directory }
        return directories.isEmpty
            || !directories.allSatisfy { entry in
                let names = entry.path.split(separator: UInt8(ascii: "/")).map { terminated(Array($0)) }
                return
                    (try? layer.handle.use { (at) throws(Errno) in
                        let directory = Descriptor(owning: try openBeneath(at.raw, names))
                        return try At(raw: directory.raw).exists(name)
                    }) ?? false
            }
    }

    private func holds(_ directory: DirectoryHandle, _ name: [CChar]) -> Bool {
        (try? directory.use { (at) throws(Errno) in try at.exists(name) }) ?? false
    }

    /// A mount point of `/etc/fstab` that is not mounted and at or below which one of the roots lies.
    func unmounted(_ table: MountTable = .ofSystem) -> RelativePath? {
        let places = table.unmounted
        if places.isEmpty { return nil }
        let handles = layers.map(\.handle) + (destination.map { [$0] } ?? [])
        let above = Set(
            handles.flatMap { handle in
                (try? handle.use { (at) throws(Errno) in ancestors(of: at) }) ?? []
            })
        return places.first { above.contains($0.identity) }.map { RelativePath(bytes: $0.path) }
    }
}
