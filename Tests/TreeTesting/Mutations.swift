internal import CTreeTesting

/// What the mutator does to one name of the working directory.
extension TreeGenerator {
    mutating func replace(_ name: Name) throws {
        try removeHere(name)
        try entry().build(here: name)
    }

    /// Gives a name an inode of its own that looks the same: a change of the link structure alone, where it shared one.
    mutating func unshare(_ name: Name) throws {
        let status = try status(of: name)
        let copy: Name = "unshared"
        switch status.mode & 0o170000 {
        case 0o100000: _ = try copy.withCString { copy in try check("copy", name) { tt_duplicate($0, copy) } }
        case 0o010000, 0o140000: try check("make special", copy) { tt_make_special($0, status.mode, 0, 0) }
        default: return
        }
        try check("set the owner of", copy) { tt_set_owner($0, status.owner, status.group) }
        try setPermissions(copy, status.mode & 0o7777)
        try setModified(copy, Time(of: status))
        _ = try name.withCString { name in try check("rename", copy) { tt_rename($0, name) } }
    }

    /// Other bytes and another time, at the same size or another one.
    mutating func changeContents(of name: Name) throws {
        let status = try status(of: name)
        guard status.mode & 0o170000 == 0o100000 else { return }
        let size = Int64(status.size)
        switch random.below(4) {
        case 0: try check("set the size of", name) { tt_set_size($0, size / 2) }
        case 1: try writeRandom(name, count: 1 + random.below(100_000), at: size)
        default:
            guard size > 0 else { return }
            let offset = Int64(random.next() % UInt64(size))
            try writeRandom(name, count: Int(min(Int64(1 + random.below(5000)), size - offset)), at: offset)
        }
        try setModified(name, time(isFile: true))
    }

    private mutating func writeRandom(_ name: Name, count: Int, at offset: Int64) throws {
        let seed = random.next()
        try check("write", name) { tt_write_random($0, seed, Int64(count), offset) }
    }

    /// Permissions, owner, time, extended attributes or access control lists.
    mutating func changeAttributes(of name: Name) throws {
        let kind = try kind(of: name)
        let shape: Tree.Shape =
            switch kind {
            case 0o040000: .directory([:])
            case 0o100000: .file(Contents(size: 0))
            case 0o120000: .symbolicLink("")
            default: .fifo
            }
        let wanted = attributes(of: shape)
        switch random.below(6) {
        case 0: if let permissions = wanted.permissions { try setPermissions(name, permissions) }
        case 1:
            guard let owner = wanted.owner, let group = wanted.group else { return }
            try check("set the owner of", name) { tt_set_owner($0, owner, group) }
        case 2: try setModified(name, wanted.modified)
        case 3: for (attribute, value) in extendedAttributes(of: shape) { try setAttribute(name, attribute, value) }
        case 4: try removeAttributes(of: name)
        default:
            guard !shape.isLink else { return }
            try setAttribute(name, "system.posix_acl_access", list(of: shape).bytes)
            if shape.isDirectory { try setAttribute(name, "system.posix_acl_default", list(of: shape).bytes) }
        }
    }

    private mutating func removeAttributes(of name: Name) throws {
        for attribute in try attributeNames(of: name) where random.once(in: 2) {
            _ = try attribute.withCString { attribute in
                try check("remove an attribute of", name) { tt_remove_attribute($0, attribute) }
            }
        }
    }
}

/// What `lstat` says of a name of the working directory.
func status(of name: Name) throws(FileFailure) -> tt_status {
    var status = tt_status()
    try check("read the status of", name) { tt_status_of($0, &status) }
    return status
}

/// The kind bits of a name's mode.
func kind(of name: Name) throws(FileFailure) -> UInt32 { try status(of: name).mode & 0o170000 }

private func attributeNames(of name: Name) throws -> [Name] {
    var buffer = [CChar](repeating: 0, count: 65536)
    let count = try check("list the attributes of", name) { tt_attribute_names($0, &buffer, buffer.count) }
    return buffer[..<Int(count)].split(separator: 0).map { Name($0.map(UInt8.init(bitPattern:))) }.sorted()
}
