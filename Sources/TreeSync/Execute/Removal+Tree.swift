internal import SystemPackage

extension Removal {
    /// A directory that is being emptied, and what is left in it; the last name is the one that is worked on.
    private struct Level {
        let handle: DirectoryHandle
        var names: [[CChar]]
        /// Of each name what is known to lie below it; empty where everything goes.
        var lists: [RemovalList?] = []

        mutating func removeLast() {
            names.removeLast()
            _ = lists.popLast()
        }
    }

    /// Removes an entry with all it holds, on this thread: what was swapped out of its place.
    ///
    /// - Parameters:
    ///   - identity: what a directory must be; `nil` for whatever has the name.
    ///   - list: what it holds and goes; anything else keeps it. `nil` where everything goes.
    ///   - path: where what it held is known as, and is backed up; `nil` where nobody is to be told.
    /// - Returns: what a directory held, without itself.
    @discardableResult
    func removeTree(
        _ at: At, _ name: CName, _ identity: FileIdentity? = nil, only list: RemovalList? = nil,
        at path: RelativePath? = nil
    ) throws(EntryFailure) -> KindCounts {
        let status = try doing(.delete) { () throws(Errno) in try at.status(name) }
        var removed = KindCounts()
        let backups = path == nil ? nil : executor.rules.backups
        if backups?.areBeside == true {
            // What came into it since it was seen has no place for its backup.
            try doing(.delete) { () throws(Errno) in try at.removeDirectory(name) }
            return removed
        }
        guard status.kind == .directory else {
            if backups != nil { throw EntryFailure(.replace, nil, cause: .changedInDestination) }
            try doing(.delete) { () throws(Errno) in try at.remove(name) }
            return removed
        }
        let duplicate = try doing(.delete) { () throws(Errno) in try at.openDirectory(".") }
        var stack: [Level] = [
            Level(
                handle: DirectoryHandle(root: duplicate, budget: walk.roots.budget), names: [terminated(name)],
                lists: list.map { [$0] } ?? [])
        ]
        while let level = stack.last {
            guard let next = level.names.last else {
                stack.removeLast()
                guard let above = stack.last, let emptied = above.names.last else { continue }
                try doing(.delete) { () throws(Errno) in
                    try above.handle.use { (at) throws(Errno) in try at.removeDirectory(emptied) }
                }
                stack[stack.count - 1].removeLast()
                if stack.count > 1 {
                    removed.add(.directory)
                    record(path, stack, emptied, .directory)
                    tell(path, stack, emptied, .directory)
                }
                continue
            }
            guard let gone = try removeOrDescend(next, &stack, identity, path) else { continue }
            if stack.count > 1 { removed.add(gone.kind) }
            record(path, stack, next, RecordedState(gone))
            tell(path, stack, next, gone.kind)
        }
        return removed
    }

    private func record(_ path: RelativePath?, _ stack: [Level], _ name: [CChar], _ state: RecordedState) {
        // The directory itself is not gone: something takes its place.
        guard let path, stack.count > 1 else { return }
        walk.recorder?.recordDeletion(joined(place(stack, path), bytes(name)), state)
    }

    private func tell(_ path: RelativePath?, _ stack: [Level], _ name: [CChar], _ kind: EntryKind) {
        guard let path, executor.listener.wants(.finished) else { return }
        finished(joined(place(stack, path), bytes(name)), kind)
    }

    /// The path of the directory that is worked in.
    private func place(_ stack: [Level], _ path: RelativePath) -> [UInt8] {
        stack.dropFirst().dropLast().compactMap(\.names.last).reduce(path.bytes) { joined($0, bytes($1)) }
    }

    private func bytes(_ name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }

    /// What was removed; `nil` where a directory has to be emptied first.
    private func removeOrDescend(
        _ name: [CChar], _ stack: inout [Level], _ identity: FileIdentity?, _ path: RelativePath?
    ) throws(EntryFailure) -> Status? {
        let handle = stack[stack.count - 1].handle
        let raw = try doing(.delete) { () throws(Errno) in try handle.borrow() }
        defer { handle.giveBack() }
        let at = At(raw: raw)
        let status = try doing(.delete) { () throws(Errno) in try at.status(name) }
        if status.kind == .directory {
            let expected = stack.count == 1 ? identity : nil
            let list = stack[stack.count - 1].lists.last
            stack.append(try doing(.delete) { () throws(Errno) in try open(name, in: handle, expected, list) })
            return nil
        }
        if let path, executor.rules.backups != nil {
            let entry = EndangeredEntry(name: name, path: place(stack, path), levels: stack.dropFirst().map(\.handle))
            try executor.backingUp(entry, in: at, walk) { (isThere) throws(EntryFailure) in
                if isThere { try doing(.delete) { () throws(Errno) in try at.remove(name) } }
            }
        } else {
            try doing(.delete) { () throws(Errno) in try at.remove(name) }
        }
        stack[stack.count - 1].removeLast()
        return status
    }

    private func open(
        _ name: [CChar], in parent: DirectoryHandle, _ identity: FileIdentity?, _ list: RemovalList??
    ) throws(Errno) -> Level {
        let inner = try openForRemoval(parent, name)
        let raw = try inner.borrow()
        defer { inner.giveBack() }
        // Race: somebody may have given the name to another directory.
        if let identity, try Status.of(raw).identity != identity { throw .staleNFSFileHandle }
        if let list {
            // What was no directory when it was listed: what it holds was not judged.
            guard let list else { throw .directoryNotEmpty }
            let indices = 0..<list.count
            return Level(
                handle: inner, names: indices.map { terminated(list.name($0)) },
                lists: indices.map { list.contents[$0] })
        }
        var names: [[CChar]] = []
        let reader = DirectoryReader()
        try reader.read(raw) { name, length, _ in
            names.append(Array(UnsafeBufferPointer(start: name, count: length + 1)))
        }
        return Level(handle: inner, names: names)
    }
}
