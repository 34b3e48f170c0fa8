internal import CTreeTesting

/// Removes a tree of any depth and permissions, with immutable files; never enters another file system.
public func removeTree(_ path: String) throws {
    let (folder, name) = split(path)
    try inDirectory(folder) { try removeHere(name) }
}

/// Removes an entry of the working directory with all that it holds.
func removeHere(_ name: Name) throws {
    try remove(name, device: try status(of: name).device)
}

private func remove(_ name: Name, device: UInt64) throws {
    let status = try status(of: name)
    let kind = status.mode & 0o170000
    guard kind == 0o040000 else {
        if name.withCString(tt_unlink) < 0 {
            if kind == 0o100000 { _ = name.withCString { tt_set_immutable($0, 0) } }
            try check("remove", name, tt_unlink)
        }
        return
    }
    guard status.device == device else {
        throw FileFailure(operation: "remove a mount point", name: name, code: 0)
    }
    if status.mode & 0o700 != 0o700 { try setPermissions(name, 0o700) }
    try within(name) {
        for child in try namesHere() { try remove(child, device: device) }
    }
    try check("remove directory", name, tt_remove_directory)
}
