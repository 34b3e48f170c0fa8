internal import CTreeTesting

/// Removes a tree of any depth and permissions, with immutable files; never enters another file system.
public func removeTree(_ path: String) throws {
    let (folder, name) = split(path)
    try inDirectory(folder) { try removeHere(name) }
}

/// Removes an entry of the working directory with all that it holds.
func removeHere(_ name: Name) throws {
    let device = try status(of: name).device
    var open: [(name: Name, children: [Name])] = []
    var next: Name? = name
    while true {
        if let name = next {
            if try removeUnlessDirectory(name, device: device) {
                try enter(name)
                open.append((name, try namesHere()))
            }
        } else if let done = open.popLast() {
            try enter("..")
            try check("remove directory", done.name, tt_remove_directory)
        }
        guard !open.isEmpty else { return }
        next = open[open.count - 1].children.popLast()
    }
}

/// Whether `name` is a directory, which then can be entered and emptied.
private func removeUnlessDirectory(_ name: Name, device: UInt64) throws -> Bool {
    let status = try status(of: name)
    let kind = status.mode & 0o170000
    guard kind == 0o040000 else {
        if name.withCString(tt_unlink) < 0 {
            if kind == 0o100000 { _ = name.withCString { tt_set_immutable($0, 0) } }
            try check("remove", name, tt_unlink)
        }
        return false
    }
    guard status.device == device else { throw FileFailure(operation: "remove a mount point", name: name, code: 0) }
    if status.mode & 0o700 != 0o700 { try setPermissions(name, 0o700) }
    return true
}
