internal import SystemPackage

extension Removal {
    /// What goes of what an entry holds, where it is a directory.
    private enum Extent {
        case everything
        case listed(RemovalList)
        case nothing
    }

    /// A directory that is being emptied, and what is left in it; the last entry is the one that is worked on.
    private struct Level {
        let handle: DirectoryHandle
        var entries: [(name: [CChar], extent: Extent)]
        /// The permissions of a directory that was opened to be emptied.
        var closed: UInt16?
    }

    /// Removes an entry with all it holds, on this thread: what was swapped out of its place.
    ///
    /// - Parameters:
    ///   - identity: what a directory must be; `nil` for whatever has the name.
    ///   - list: what it holds and goes; anything else keeps it. `nil` where everything goes.
    ///   - path: where what it held is known as, is backed up and counts as deleted; `nil` where nobody is to be told.
    ///   - isCleanup: whether it goes to its end where the run is cancelled meanwhile.
    /// - Throws: `cancelled` where the run is; what is left stays.
    func removeTree(
        _ at: At, _ name: CName, _ identity: FileIdentity? = nil, only list: RemovalList? = nil,
        at path: RelativePath? = nil, isCleanup: Bool = false
    ) throws(EntryFailure) {
        let status = try doing(.delete) { () throws(Errno) in try at.status(name) }
        let backups = path == nil ? nil : executor.rules.backups
        if backups?.areBeside == true {
            // What came into it since it was seen has no place for its backup.
            return try doing(.delete) { () throws(Errno) in try at.removeDirectory(name) }
        }
        guard status.kind == .directory else {
            if backups != nil { throw EntryFailure(.replace, nil, cause: .changedInDestination) }
            return try doing(.delete) { () throws(Errno) in try at.remove(name) }
        }
        let duplicate = try doing(.delete) { () throws(Errno) in try at.openDirectory(".") }
        var stack: [Level] = [
            Level(
                handle: DirectoryHandle(root: duplicate, budget: walk.roots.budget),
                entries: [(terminated(name), list.map { .listed($0) } ?? .everything)])
        ]
        // What was not removed stays, as closed as it was.
        defer { for level in stack { closeAgain(level.handle, level.closed, path?.bytes ?? []) } }
        while !stack.isEmpty {
            if walk.cancellation.isCancelled, !isCleanup { throw .cancelled }
            guard let next = stack[stack.count - 1].entries.last else {
                guard stack.count > 1, let emptied = stack[stack.count - 2].entries.last?.name else { return }
                let above = stack[stack.count - 2].handle
                try doing(.delete) { () throws(Errno) in
                    try above.use { (at) throws(Errno) in try at.removeDirectory(emptied) }
                }
                stack.removeLast()
                stack[stack.count - 1].entries.removeLast()
                isGone(path, stack, emptied, .directory)
                continue
            }
            guard let gone = try removeOrDescend(next, &stack, identity, path) else { continue }
            isGone(path, stack, next.name, RecordedState(gone))
        }
    }

    /// Counts and tells what is gone.
    private func isGone(_ path: RelativePath?, _ stack: [Level], _ name: [CChar], _ state: RecordedState) {
        // The directory itself is not: something takes its place.
        guard let path, stack.count > 1 else { return }
        var done = KindCounts()
        done.add(state.kind)
        count(done)
        walk.recorder?.recordDeletion(joined(place(stack, path), bytes(name)), state)
        finished(joined(place(stack, path), bytes(name)), state.kind)
    }

    /// The path of the directory that is worked in.
    private func place(_ stack: [Level], _ path: RelativePath) -> [UInt8] {
        stack.dropFirst().dropLast().compactMap(\.entries.last?.name).reduce(path.bytes) { joined($0, bytes($1)) }
    }

    private func bytes(_ name: [CChar]) -> [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }

    /// What was removed; `nil` where a directory has to be emptied first.
    private func removeOrDescend(
        _ entry: (name: [CChar], extent: Extent), _ stack: inout [Level], _ identity: FileIdentity?,
        _ path: RelativePath?
    ) throws(EntryFailure) -> Status? {
        let name = entry.name
        let handle = stack[stack.count - 1].handle
        let raw = try doing(.delete) { () throws(Errno) in try handle.borrow() }
        defer { handle.giveBack() }
        let at = At(raw: raw)
        let status = try doing(.delete) { () throws(Errno) in try at.status(name) }
        if status.kind == .directory {
            let expected = stack.count == 1 ? identity : nil
            stack.append(
                try doing(.delete) { () throws(Errno) in try open(name, in: handle, expected, entry.extent) })
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
        stack[stack.count - 1].entries.removeLast()
        return status
    }

    private func open(
        _ name: [CChar], in parent: DirectoryHandle, _ identity: FileIdentity?, _ extent: Extent
    ) throws(Errno) -> Level {
        var closed: UInt16?
        let inner = try openForRemoval(parent, name, &closed)
        let raw = try inner.borrow()
        defer { inner.giveBack() }
        // Race: somebody may have given the name to another directory.
        if let identity { try Status.expect(identity, of: raw) }
        switch extent {
        // What was no directory when it was listed: what it holds was not judged.
        case .nothing: throw .directoryNotEmpty
        case .listed(let list):
            let entries = (0..<list.count).map { index in
                (terminated(list.name(index)), list.contents[index].map(Extent.listed) ?? .nothing)
            }
            return Level(handle: inner, entries: entries, closed: closed)
        case .everything:
            var entries: [(name: [CChar], extent: Extent)] = []
            try DirectoryReader().read(raw) { name, length, _ in
                entries.append((Array(UnsafeBufferPointer(start: name, count: length + 1)), .everything))
            }
            return Level(handle: inner, entries: entries, closed: closed)
        }
    }
}
