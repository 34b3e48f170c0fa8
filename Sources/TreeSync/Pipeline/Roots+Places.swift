internal import SystemPackage

/// Where paths lie that somebody typed.
extension Roots {
    /// What a typed path may mean, as a path below the destination's root: the likelier first, and nothing for a path that
    /// lies below no root.
    ///
    /// As it was typed below a root as that was typed; else relative to the roots; else wherever it leads to from the
    /// working directory.
    func places(of path: [UInt8]) -> [RelativePath] {
        let typed = TypedNames(path)
        if let place = place(of: typed, as: TypedNames.init(_:)) { return [place] }
        let whole = TypedNames(fromTop: path)
        let places = [
            typed.isAbsolute ? nil : typed.place, place(of: whole, as: TypedNames.init(fromTop:)), identified(whole),
            beside(whole),
        ]
        return places.compactMap(\.self)
    }

    private func place(of path: TypedNames, as names: ([UInt8]) -> TypedNames) -> RelativePath? {
        for index in layers.indices {
            let rest = path.below(names(operands[index].directory))
            if let place = rest.flatMap({ place(of: $0, in: index) }) { return place }
        }
        return path.below(names(destinationPath))?.place
    }

    /// - Parameter rest: what follows the directory of a root of the source.
    private func place(of rest: TypedNames, in index: Int) -> RelativePath? {
        guard let entry = operands[index].entry else { return rest.place }
        let own = bytes(layers[index].renamed.map(terminated) ?? entry.name)
        return rest.names.first == own ? rest.renamingFirst(bytes(entry.name)).place : nil
    }

    /// The same for a root that has another path here, through links or mounts.
    private func identified(_ path: TypedNames) -> RelativePath? {
        for count in (0...path.names.count).reversed() {
            let above = [UInt8(ascii: "/")] + path.prefix(count).joined
            guard let identity = try? Status.following(terminated(above)).identity else { continue }
            let rest = path.dropFirst(count)
            for index in layers.indices where identity == self.identity(of: layers[index]) {
                if let place = place(of: rest, in: index) { return place }
            }
            if identity == destinationIdentity { return rest.place }
        }
        return nil
    }

    private func identity(of layer: Layer) -> FileIdentity? {
        try? layer.handle.use { (at) throws(Errno) in try Status.of(at.raw).identity }
    }

    /// The place that an entry beside a single source would have.
    private func beside(_ path: TypedNames) -> RelativePath? {
        for operand in operands where operand.entry != nil {
            let rest = path.below(TypedNames(fromTop: operand.directory))
            if let place = rest?.place, place != .root { return place }
        }
        return nil
    }

    private func bytes(_ name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }

    // MARK: What is not chosen

    /// Whether a directory of which single entries take part holds one at this path that does not.
    func leavesOut(_ place: RelativePath) -> Bool {
        if hidden.contains(where: { $0.path.holds(place) }) { return false }
        return layers.indices.contains { !takes(place, from: $0) && holds(place, layers[$0]) }
    }

    private func takes(_ place: RelativePath, from index: Int) -> Bool {
        guard let entry = operands[index].entry else { return layers[index].selection?.concerns(place) ?? true }
        let names = [entry.name, layers[index].renamed.map(terminated) ?? entry.name].map(bytes)
        return place == .root || names.contains { RelativePath(bytes: $0).holds(place) }
    }

    private func holds(_ place: RelativePath, _ layer: Layer) -> Bool {
        let (parent, name) = split(place.bytes)
        let isThere = try? layer.handle.use { (at) throws(Errno) in
            let holder = Descriptor(owning: try at.openDirectoryWithin(terminated(parent)))
            return try At(raw: holder.raw).exists(terminated(name))
        }
        return isThere ?? false
    }
}
