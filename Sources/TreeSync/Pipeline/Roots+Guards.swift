internal import SystemPackage

/// What the guards ask of the roots.
extension Roots {
    /// Whether a root of the source that is a directory does not hold an entry of this name.
    func lacks(_ marker: RelativePath) -> Bool {
        let name = terminated(marker.bytes)
        return zip(layers, operands).contains { layer, operand in
            guard let entry = operand.entry else { return !holds(layer.handle, name) }
            guard entry.kind == .directory else { return false }
            guard let root = try? layer.handle.openChild(layer.renamed.map(terminated) ?? entry.name) else {
                return true
            }
            return !holds(root, name)
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
