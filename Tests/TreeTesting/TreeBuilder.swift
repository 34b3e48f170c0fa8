internal import CTreeTesting

extension Tree {
    /// Makes the tree on disk; the parent of `path` exists, `path` itself does not.
    public func build(at path: String) throws {
        let (folder, name) = split(path)
        try inDirectory(folder) {
            var builder = TreeBuilder()
            defer { builder.finish() }
            try builder.build(self, name)
        }
    }

    /// Makes the tree under a bare name of the working directory.
    func build(here name: Name) throws {
        var builder = TreeBuilder()
        defer { builder.finish() }
        try builder.build(self, name)
    }
}

/// Makes `levels` directories inside each other, each called `name`, with `tree` as `name` in the last one.
///
/// A tree value of thousands of levels would need as deep a recursion wherever it is copied or destroyed.
public func buildChain(at path: String, levels: Int, name: Name, last tree: Tree) throws {
    let (folder, first) = split(path)
    try inDirectory(folder) {
        var next = first
        for _ in 0..<levels {
            try check("make directory", next) { tt_make_directory($0, 0o755) }
            try enter(next)
            next = name
        }
        try tree.build(here: next)
        for level in 0..<levels {
            try enter("..")
            try setModified(
                level == levels - 1 ? first : name, Time(1_400_000_000 + Int64(level), nanoseconds: 987_654_321))
        }
    }
}

/// Turns a tree value into entries of the working directory.
private struct TreeBuilder {
    private var pins: [String: Int32] = [:]

    mutating func build(_ tree: Tree, _ name: Name) throws {
        if let label = tree.inode, let pin = pins[label] {
            try check("link", name) { tt_link_pinned(pin, $0) }
            return
        }
        try makeShape(tree.shape, name)
        try setAttributes(tree, name)
        if let label = tree.inode { pins[label] = Int32(try check("pin", name, tt_pin)) }
    }

    func finish() { for pin in pins.values { _ = tt_close(pin) } }

    private mutating func makeShape(_ shape: Tree.Shape, _ name: Name) throws {
        switch shape {
        case .directory(let entries):
            try check("make directory", name) { tt_make_directory($0, 0o700) }
            try within(name) {
                for (child, tree) in entries.sorted(by: { $0.key < $1.key }) { try build(tree, child) }
            }
        case .file(let contents): try makeFile(contents, name)
        case .symbolicLink(let target):
            _ = try target.withCString { target in try check("make link", name) { tt_make_link(target, $0) } }
        case .fifo: try makeSpecial(0o010000, name)
        case .socket: try makeSpecial(0o140000, name)
        case .characterDevice(let major, let minor): try makeSpecial(0o020000, name, major, minor)
        case .blockDevice(let major, let minor): try makeSpecial(0o060000, name, major, minor)
        }
    }

    private func makeSpecial(_ kind: UInt32, _ name: Name, _ major: UInt32 = 0, _ minor: UInt32 = 0) throws {
        try check("make special", name) { tt_make_special($0, kind | 0o600, major, minor) }
    }

    private func makeFile(_ contents: Contents, _ name: Name) throws {
        try check("make file", name, tt_make_file)
        try check("set the size of", name) { tt_set_size($0, contents.size) }
        for piece in contents.pieces {
            try check("write", name) {
                switch piece {
                case .bytes(let bytes, let offset): tt_write($0, bytes, bytes.count, offset)
                case .random(let seed, let count, let offset): tt_write_random($0, seed, count, offset)
                }
            }
        }
    }

    /// Owner first (it clears set-id bits and capabilities), attributes while the file is still writable, then
    /// permissions, then the list that overrules them, the time last.
    private func setAttributes(_ tree: Tree, _ name: Name) throws {
        let attributes = tree.attributes
        if attributes.owner != nil || attributes.group != nil {
            let (owner, group) = (attributes.owner ?? .max, attributes.group ?? .max)
            try check("set the owner of", name) { tt_set_owner($0, owner, group) }
        }
        for (attribute, value) in attributes.extended { try setAttribute(name, attribute, value) }
        if let capabilities = attributes.capabilities {
            try setAttribute(name, "security.capability", Attributes.capabilityBytes(capabilities))
        }
        if let permissions = tree.permissions { try setPermissions(name, permissions) }
        if let list = attributes.accessList { try setAttribute(name, "system.posix_acl_access", list.bytes) }
        if let list = attributes.defaultList { try setAttribute(name, "system.posix_acl_default", list.bytes) }
        try setModified(name, attributes.modified)
    }
}

extension Tree {
    /// What the permissions are when no access control list says otherwise; `nil` of a link.
    fileprivate var permissions: UInt32? {
        switch shape {
        case .symbolicLink: nil
        case .directory: attributes.permissions ?? 0o755
        case .file, .fifo, .socket, .characterDevice, .blockDevice: attributes.permissions ?? 0o644
        }
    }
}

func setAttribute(_ name: Name, _ attribute: Name, _ value: [UInt8]) throws(FileFailure) {
    try check("set \(attribute) of", name) { name in
        attribute.withCString { tt_set_attribute(name, $0, value, value.count) }
    }
}

func setPermissions(_ name: Name, _ permissions: UInt32) throws(FileFailure) {
    try check("set the permissions of", name) { tt_set_permissions($0, permissions) }
}

func setModified(_ name: Name, _ time: Time) throws(FileFailure) {
    try check("set the time of", name) { tt_set_modified($0, time.seconds, time.nanoseconds) }
}
