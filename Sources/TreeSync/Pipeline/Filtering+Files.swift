internal import SystemPackage

/// Longer files hold no rules that somebody wrote.
private let longestFile = 16 << 20

/// The rules that a directory holds in a file of its own; `nil` where it has none.
///
/// - Parameter inventory: what the directory holds: no file is looked for that is not there.
func readOwn(
    _ name: [UInt8], _ inventory: Inventory, layer: Int, _ handle: DirectoryHandle,
    in path: @autoclosure () -> [UInt8]
) throws(FilterError) -> [UInt8]? {
    guard let index = inventory.index(of: name, layer: layer) else { return nil }
    switch inventory.slots[index].kind {
    case .directory: return nil
    case .regular, .symbolicLink, .fifo, .socket, .characterDevice, .blockDevice, nil: break
    }
    do throws(Errno) {
        return try handle.use { (at) throws(Errno) in try contents(at, terminated(name)) }
    } catch {
        // A directory, where the file system keeps no kinds.
        if error == .noSuchFileOrDirectory || error == .isDirectory { return nil }
        // What a link leads to may lie anywhere.
        let isOdd = error == .tooManySymbolicLinkLevels || error == .invalidArgument
        let file = joined(path(), name)
        throw FilterError(isOdd ? .notRegular : .unreadable(error), file, .argument)
    }
}

/// The same for a directory that was not read.
func readOwn(
    _ name: [UInt8], _ handle: DirectoryHandle, in path: @autoclosure () -> [UInt8]
) throws(FilterError) -> [UInt8]? {
    let kind: EntryKind
    do throws(Errno) {
        kind = try handle.use { (at) throws(Errno) in try at.status(terminated(name)).kind }
    } catch {
        if error == .noSuchFileOrDirectory { return nil }
        throw FilterError(.unreadable(error), joined(path(), name), .argument)
    }
    if kind == .directory { return nil }
    let inventory = Inventory()
    inventory.append(terminated(name), length: name.count, kind: kind, layer: 0)
    return try readOwn(name, inventory, layer: 0, handle, in: path())
}

/// A file that a directory's own rules name: below the root, and never through a link.
func readNamed(
    _ file: [UInt8], _ origin: FilterOrigin, below roots: [DirectoryHandle]
) throws(FilterError) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    let parts = file.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }.map(Array.init)
    guard file.first != slash, let name = parts.last, !parts.contains(Array("..".utf8)) else {
        throw FilterError(.outsideOfTree, file, origin)
    }
    var failure = Errno.noSuchFileOrDirectory
    for root in roots {
        do throws(Errno) {
            return try root.use { (at) throws(Errno) in
                let directory = Descriptor(owning: try openBeneath(at.raw, parts.dropLast().map(terminated)))
                return try contents(At(raw: directory.raw), terminated(name))
            }
        } catch {
            failure = error
            // A file there stands where another root has a directory.
            if error != .noSuchFileOrDirectory, error != .notDirectory { break }
        }
    }
    throw FilterError(.unreadable(failure), file, origin)
}

/// A file of rules in a directory below the root; `nil` where there is none.
func readIn(
    _ directory: [UInt8], _ name: [UInt8], below roots: [DirectoryHandle]
) throws(FilterError) -> [UInt8]? {
    do throws(FilterError) {
        return try readNamed(directory + name, .argument, below: roots)
    } catch {
        switch error.cause {
        case .unreadable(.noSuchFileOrDirectory), .unreadable(.isDirectory): return nil
        case .unreadable(.invalidArgument): throw FilterError(.notRegular, error.text, error.origin)
        case .unreadable, .unknownRule, .modifier, .missingPattern, .textAfterClear, .sidesSpecifiedTwice, .tooDeep,
            .outsideOfTree, .notRegular:
            throw error
        }
    }
}

/// - Throws: `.isDirectory` or `.invalidArgument` where it is no regular file.
private func contents(_ at: At, _ name: [CChar]) throws(Errno) -> [UInt8] {
    // A device is not opened: that alone may act. Race: one that is put there between this look and the opening is opened
    // and closed again, but neither read nor waited for.
    let kind = try at.status(name).kind
    guard kind == .regular else { throw kind == .directory ? .isDirectory : .invalidArgument }
    let file = try at.openForReading(name)
    let status = try Status.of(file.raw)
    guard status.kind == .regular else { throw .invalidArgument }
    guard status.size <= longestFile else { throw .fileTooLarge }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    let size = bytes.count
    let result = bytes.withUnsafeMutableBytes { buffer in
        Result { () throws(Errno) in
            guard let start = buffer.baseAddress else { return 0 }
            return try OpenFile(raw: file.raw).readFully(start, size, at: 0)
        }
    }
    return Array(bytes.prefix(try result.get()))
}

extension FilterScope {
    /// The scope with rules of directories above the tree that files are looked for in (`: /.rsync-filter`).
    ///
    /// - Parameter name: the directory of the root that is about to be entered; empty for the root itself.
    func withRulesAbove(_ name: [UInt8]) throws(FilterError) -> FilterScope {
        let own = rootPath + name
        let end = name.isEmpty ? max(own.count - 1, 0) : own.count
        var scope = self
        let slash = UInt8(ascii: "/")
        let ends = [0] + own.prefix(end).indices.filter { own[$0] == slash }
        for length in ends where length < end && readsDirectories {
            let directory = [slash] + own.prefix(length)
            scope = try scope.above(length: length) { merge in
                merge.lengthsAbove(own.prefix(end)).contains(length)
            } read: { (file) throws(FilterError) in
                try readAbove(directory, file)
            }
        }
        return scope
    }
}

/// A file of rules in a directory above the root; `nil` where there is none.
func readAbove(_ directory: [UInt8], _ file: [UInt8]) throws(FilterError) -> [UInt8]? {
    do throws(Errno) {
        return try contents(.workingDirectory, terminated(directory + [UInt8(ascii: "/")] + file))
    } catch {
        if error == .noSuchFileOrDirectory || error == .isDirectory { return nil }
        throw FilterError(.unreadable(error), joined(directory, file), .argument)
    }
}

/// A root's path as it was typed, from the top.
func absolutePath(_ path: [UInt8]) -> [UInt8] {
    let here = path.first == UInt8(ascii: "/") ? [] : try? At.workingDirectoryPath()
    return resolved(path, at: here ?? [])
}
