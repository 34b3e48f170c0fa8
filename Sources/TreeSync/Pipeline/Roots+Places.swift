/// Where paths lie that somebody typed.
extension Roots {
    /// A path below the destination's root: as it was typed below one of the roots, else relative to them. `nil` for a
    /// path that lies below none of them.
    func place(of path: [UInt8]) -> RelativePath? {
        let parts = Parts(path)
        for operand in zip(operands, layers) {
            if let place = place(of: parts, below: operand) { return place }
        }
        if let rest = parts.below(Parts(destinationPath)) { return rest.place }
        return parts.isAbsolute ? nil : parts.place
    }

    private func place(of parts: Parts, below root: (operand: Operand, layer: Layer)) -> RelativePath? {
        let directory = Parts(root.operand.directory)
        guard let entry = root.operand.entry else { return parts.below(directory)?.place }
        let name = bytes(root.layer.renamed.map(terminated) ?? entry.name)
        guard let rest = parts.below(directory.appending(name)) else { return nil }
        return Parts(names: [bytes(entry.name)] + rest.names, isAbsolute: false).place
    }

    private func bytes(_ name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }
}

/// The names of a path without `.` and repeated slashes.
struct Parts {
    var names: [[UInt8]]
    var isAbsolute: Bool

    init(names: [[UInt8]], isAbsolute: Bool) {
        self.names = names
        self.isAbsolute = isAbsolute
    }

    init(_ path: [UInt8]) {
        let slash = UInt8(ascii: "/")
        names = path.split(separator: slash).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
        isAbsolute = path.first == slash
    }

    /// What follows the names of a directory; `nil` where the path does not begin with them.
    func below(_ directory: Parts) -> Parts? {
        guard isAbsolute == directory.isAbsolute, names.starts(with: directory.names) else { return nil }
        return Parts(names: Array(names.dropFirst(directory.names.count)), isAbsolute: false)
    }

    func appending(_ name: [UInt8]) -> Parts { Parts(names: names + [name], isAbsolute: isAbsolute) }

    /// `nil` where the path leads out of the tree.
    var place: RelativePath? {
        if names.contains(Array("..".utf8)) { return nil }
        return RelativePath(bytes: Array(names.joined(separator: [UInt8(ascii: "/")])))
    }
}
