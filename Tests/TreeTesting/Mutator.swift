internal import CTreeTesting
internal import Glibc

/// Changes trees on disk at random; the same seed changes the same tree in the same way.
public struct Mutator: Sendable {
    private var generator: TreeGenerator
    private var folder = ""
    private var snapshot = Snapshot()

    /// Changes of what `abilities` allow.
    public init(seed: UInt64, abilities: TreeAbilities) {
        generator = TreeGenerator(seed: seed, abilities: abilities)
    }

    /// Makes about `count` changes at and below `path`: kinds, contents, attributes, names, link structure, additions
    /// and deletions. Some are in vain because an earlier one took their place away.
    public mutating func mutate(_ path: String, count: Int) throws {
        snapshot = try Snapshot(of: path)
        folder = path
        for _ in 0..<count {
            let index = generator.random.below(snapshot.count)
            do { try change(index) } catch let failure as FileFailure where isExpected(failure) {}
        }
    }

    /// The entry was removed, renamed or replaced by an earlier change, a directory would move into itself, an
    /// unprivileged process may not.
    private func isExpected(_ failure: FileFailure) -> Bool {
        [
            ENOENT, ENOTDIR, EEXIST, EISDIR, ENOTEMPTY, EINVAL, EACCES, EPERM, EBUSY, ENXIO, EOPNOTSUPP, ENODATA,
        ].contains(failure.code)
    }

    private mutating func change(_ index: Int) throws {
        let name = snapshot.entries[index].name
        let parent = snapshot.entries[index].parent
        guard index != 0 else { return try changeRoot() }
        switch generator.random.below(13) {
        case 0: try within(parent) { _ in try removeHere(name) }
        case 1, 2: try within(parent) { try $0.replace(name) }
        case 3: try within(parent) { try $0.entry().build(here: NameGenerator.name(&$0.random)) }
        case 4, 5: try move(index)
        case 6: try link(index)
        case 7: try within(parent) { try $0.unshare(name) }
        case 8, 9: try within(parent) { try $0.changeContents(of: name) }
        default: try within(parent) { try $0.changeAttributes(of: name) }
        }
    }

    /// From outside: a change may close the root to its owner. It stays open, as in the trees that are generated.
    private mutating func changeRoot() throws {
        let (parent, name) = split(folder)
        try inDirectory(parent) {
            try generator.changeAttributes(of: name)
            if !generator.abilities.isPrivileged {
                try setPermissions(name, try status(of: name).mode & 0o7777 | 0o700)
            }
        }
    }

    /// Runs a change in a directory of the tree, which is reached level by level and never through a link.
    private mutating func within(_ index: Int, _ body: (inout TreeGenerator) throws -> Void) throws {
        var names: [Name] = []
        var index = index
        while index != 0 {
            names.append(snapshot.entries[index].name)
            index = snapshot.entries[index].parent
        }
        try inDirectory(folder) {
            for name in names.reversed() {
                guard try kind(of: name) == 0o040000 else {
                    throw FileFailure(operation: "enter", name: name, code: ENOTDIR)
                }
                try enter(name)
            }
            try body(&generator)
        }
    }

    /// A place for an entry: a directory of the tree, and a name that is new or taken.
    private mutating func place() -> (directory: Int, name: Name) {
        let directories = snapshot.entries.indices.filter { snapshot.entries[$0].isDirectory }
        let isNew = generator.random.once(in: 2)
        let other = generator.random.below(snapshot.count)
        let name = isNew || other == 0 ? NameGenerator.name(&generator.random) : snapshot.entries[other].name
        return (generator.random.pick(directories), name)
    }

    /// Renames an entry, often into another directory or over what is there.
    private mutating func move(_ index: Int) throws {
        let (directory, name) = place()
        let oldName = snapshot.entries[index].name
        var pin: Int32 = -1
        try within(directory) { _ in pin = Int32(try check("pin", ".", tt_pin)) }
        defer { _ = tt_close(pin) }
        let newName = Name(Array("/proc/self/fd/\(pin)/".utf8) + name.bytes)
        try within(snapshot.entries[index].parent) { _ in
            _ = try newName.withCString { newName in try check("rename", oldName) { tt_rename($0, newName) } }
        }
    }

    /// Makes another name for what is not a directory, in place of what has that name.
    private mutating func link(_ index: Int) throws {
        let (directory, name) = place()
        guard !snapshot.entries[index].isDirectory else { return }
        let oldName = snapshot.entries[index].name
        var pin: Int32 = -1
        try within(snapshot.entries[index].parent) { _ in pin = Int32(try check("pin", oldName, tt_pin)) }
        defer { _ = tt_close(pin) }
        try within(directory) { _ in
            if name.withCString({ tt_link_pinned(pin, $0) }) == -Int64(EEXIST) {
                try removeHere(name)
                try check("link", name) { tt_link_pinned(pin, $0) }
            }
        }
    }
}
