/// The names of a path, without `.` and repeated slashes. `..` takes back the name before it, as far as there is one.
struct TypedNames {
    private(set) var names: [[UInt8]] = []
    let isAbsolute: Bool

    private init(names: some Sequence<[UInt8]>, isAbsolute: Bool) {
        self.names = Array(names)
        self.isAbsolute = isAbsolute
    }

    init(_ path: [UInt8]) {
        let (slash, upwards) = (UInt8(ascii: "/"), Array("..".utf8))
        isAbsolute = path.first == slash
        for name in path.split(separator: slash).map(Array.init) where name != [UInt8(ascii: ".")] {
            if name != upwards {
                names.append(name)
            } else if let last = names.last, last != upwards {
                names.removeLast()
            } else if !isAbsolute {
                names.append(name)
            }
        }
    }

    /// With the working directory before a relative path.
    init(fromTop path: [UInt8]) { self.init([UInt8(ascii: "/")] + absolutePath(path)) }

    /// What follows the names of a directory; `nil` where the path does not begin with them.
    func below(_ directory: TypedNames) -> TypedNames? {
        guard isAbsolute == directory.isAbsolute, names.starts(with: directory.names) else { return nil }
        return dropFirst(directory.names.count)
    }

    func prefix(_ count: Int) -> TypedNames { TypedNames(names: names.prefix(count), isAbsolute: isAbsolute) }
    func dropFirst(_ count: Int) -> TypedNames { TypedNames(names: names.dropFirst(count), isAbsolute: false) }

    func renamingFirst(_ name: [UInt8]) -> TypedNames {
        TypedNames(names: [name] + names.dropFirst(), isAbsolute: isAbsolute)
    }

    var joined: [UInt8] { Array(names.joined(separator: [UInt8(ascii: "/")])) }

    /// `nil` where the path leads out of the tree.
    var place: RelativePath? { names.first == Array("..".utf8) ? nil : RelativePath(bytes: joined) }
}
