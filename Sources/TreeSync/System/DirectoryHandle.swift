import CLinux
import Synchronization
internal import SystemPackage

/// How many directories may stay open at once.
///
/// A tree may be deeper than the process may have descriptors: beyond the limit a directory is closed whenever nobody
/// uses it, and opened again from its nearest open ancestor.
final class DescriptorBudget: Sendable {
    let limit: Int
    private let open = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Half of what the process may open, so that files, pipes and the program around us find room.
    static func ofProcess() -> DescriptorBudget { DescriptorBudget(limit: max(16, Int(ts_descriptor_limit()) / 2)) }

    var isExceeded: Bool { open.load(ordering: .relaxed) > limit }
    func opened() { open.add(1, ordering: .relaxed) }
    func closed() { open.subtract(1, ordering: .relaxed) }
}

/// A directory below one of the roots, held open while it is used and known by its ancestors otherwise.
final class DirectoryHandle: Sendable {
    private struct State {
        var parent: DirectoryHandle?
        /// The name in the parent with a NUL at its end; empty for a root.
        var name: [CChar]
        var descriptor: Int32
        var users = 0
        var identity: FileIdentity?
    }

    private let state: Lock<State>
    private let budget: DescriptorBudget
    private let isRoot: Bool

    /// A root: stays open as long as the handle lives. Takes over `descriptor`.
    init(root descriptor: Int32, budget: DescriptorBudget) {
        state = Lock(State(parent: nil, name: [], descriptor: descriptor))
        self.budget = budget
        isRoot = true
        budget.opened()
    }

    private init(parent: DirectoryHandle, name: [CChar], descriptor: Int32, budget: DescriptorBudget) {
        state = Lock(State(parent: parent, name: name, descriptor: descriptor))
        self.budget = budget
        isRoot = false
        budget.opened()
    }

    deinit {
        // A chain of 10,000 ancestors must not be released by recursion.
        var next = state.withLock { state in
            if state.descriptor >= 0 {
                _ = ts_close(state.descriptor)
                budget.closed()
            }
            return state.parent.take()
        }
        while isKnownUniquelyReferenced(&next) { next = next?.detachParent() }
    }

    private func detachParent() -> DirectoryHandle? { state.withLock { $0.parent.take() } }

    /// Opens a child directory; no link is followed.
    func openChild(_ name: CName) throws(Errno) -> DirectoryHandle {
        let descriptor = try borrow()
        defer { giveBack() }
        let child = try At(raw: descriptor).openDirectory(name)
        return DirectoryHandle(parent: self, name: Self.copy(name), descriptor: child, budget: budget)
    }

    /// A directory that was reached through a link: it has no name in its parent, and stays open like a root.
    func adopt(_ descriptor: Int32) -> DirectoryHandle { DirectoryHandle(root: descriptor, budget: budget) }

    /// Checks that the open directory is the one that was scanned: not another that took its name since, nor the bare mount
    /// point of a file system that is gone. One that was mounted because it was opened (automount) is what was meant.
    ///
    /// - Throws: `staleNFSFileHandle` where it is not.
    func mustBe(_ scanned: FileIdentity) throws(Errno) {
        try use { (at) throws(Errno) in
            do throws(Errno) { try Status.expect(scanned, of: at.raw) } catch {
                guard error == .staleNFSFileHandle, try Status.isMountRoot(at.raw) else { throw error }
            }
        }
    }

    /// The directory was renamed within its parent.
    func isNow(_ name: [CChar]) { state.withLock { $0.name = name } }

    /// Calls `body` with the directory open.
    func use<Result>(_ body: (At) throws(Errno) -> Result) throws(Errno) -> Result {
        let descriptor = try borrow()
        defer { giveBack() }
        return try body(At(raw: descriptor))
    }

    /// Whether using it costs no more than the call.
    var isOpen: Bool { state.withLock { $0.descriptor >= 0 } }

    /// A descriptor that stays open until `giveBack()`.
    func borrow() throws(Errno) -> Int32 {
        if let open = borrowIfOpen() { return open }
        let opened = try reopen()
        return state.withLock { state in
            state.users += 1
            if state.descriptor >= 0 {
                _ = ts_close(opened)
            } else {
                state.descriptor = opened
                budget.opened()
            }
            return state.descriptor
        }
    }

    func giveBack() {
        state.withLock { state in
            state.users -= 1
            if state.users == 0, !isRoot, budget.isExceeded { park(&state) }
        }
    }

    private func park(_ state: inout State) {
        // Without an identity nobody could tell whether it is the same directory later: then it stays open.
        guard let status = try? Status.of(state.descriptor) else { return }
        state.identity = status.identity
        _ = ts_close(state.descriptor)
        state.descriptor = -1
        budget.closed()
    }

    private func borrowIfOpen() -> Int32? {
        state.withLock { state in
            guard state.descriptor >= 0 else { return nil }
            state.users += 1
            return state.descriptor
        }
    }

    /// Opens the directory again, from its nearest open ancestor, beneath which no link is followed.
    private func reopen() throws(Errno) -> Int32 {
        var (names, ancestor) = state.withLock { ([$0.name], $0.parent) }
        var base: Int32?
        while let candidate = ancestor {
            base = candidate.borrowIfOpen()
            if base != nil { break }
            let next = candidate.state.withLock { ($0.name, $0.parent) }
            names.append(next.0)
            ancestor = next.1
        }
        guard let base, let ancestor else { throw Errno.badFileDescriptor }
        defer { ancestor.giveBack() }
        let opened = Descriptor(owning: try openBeneath(base, names.reversed()))
        let identity = try Status.of(opened.raw).identity
        guard state.withLock({ $0.identity == nil || $0.identity == identity }) else {
            throw Errno.staleNFSFileHandle
        }
        return opened.release()
    }

    private static func copy(_ name: CName) -> [CChar] {
        var length = 0
        while name[length] != 0 { length += 1 }
        return Array(UnsafeBufferPointer(start: name, count: length + 1))
    }
}

/// The longest path that one `openat2` may take, with room for its NUL (`PATH_MAX` is 4,096).
private let longestPath = 4000

/// Opens the directory that `names` lead to below `base`, in as few calls as paths may be long.
func openBeneath(_ base: Int32, _ names: some Sequence<[CChar]>) throws(Errno) -> Int32 {
    let names = Array(names)
    do { return try openInFewCalls(base, names) } catch {
        // Before Linux 5.6 there is no `openat2`, and containers of old refuse it with EPERM.
        guard error == .noFunction || error == .notPermitted else { throw error }
        return try openOneByOne(base, names)
    }
}

private func openOneByOne(_ base: Int32, _ names: [[CChar]]) throws(Errno) -> Int32 {
    var current = Descriptor(owning: try At(raw: base).openDirectory("."))
    for name in names {
        let next = try At(raw: current.raw).openDirectory(name.last == 0 ? name : name + [0])
        current = Descriptor(owning: next)
    }
    return current.release()
}

private func openInFewCalls(_ base: Int32, _ names: [[CChar]]) throws(Errno) -> Int32 {
    let flags = ts_O_RDONLY | ts_O_DIRECTORY | ts_O_NOFOLLOW
    var current: Int32 = -1
    var path: [CChar] = []
    func descend() throws(Errno) {
        let next = try kernel { ts_openat_beneath(current < 0 ? base : current, path, flags) }
        if current >= 0 { _ = ts_close(current) }
        current = Int32(next)
    }
    do {
        for name in names {
            let component = name.last == 0 ? name.dropLast() : name[...]
            if path.count + component.count > longestPath {
                path[path.count - 1] = 0
                try descend()
                path.removeAll(keepingCapacity: true)
            }
            path += component
            path.append(CChar(UInt8(ascii: "/")))
        }
        if path.isEmpty { path = [CChar(UInt8(ascii: ".")), 0] } else { path[path.count - 1] = 0 }
        try descend()
        return current
    } catch {
        if current >= 0 { _ = ts_close(current) }
        throw error
    }
}

/// Opens a root, following links. The C function is `open` with `O_DIRECTORY`.
func openRoot(_ path: [CChar]) throws(Errno) -> Int32 {
    Int32(try kernel { ts_open(path, ts_O_RDONLY | ts_O_DIRECTORY, 0) })
}

/// Opens a directory to see what it is and where it lies, following links. What may not be read is only named (`O_PATH`),
/// which mounts nothing.
func openPlace(_ path: [CChar]) throws(Errno) -> Descriptor {
    do throws(Errno) { return Descriptor(owning: try openRoot(path)) } catch {
        guard error == .permissionDenied else { throw error }
        return Descriptor(owning: Int32(try kernel { ts_open(path, ts_O_PATH | ts_O_DIRECTORY, 0) }))
    }
}

/// Opens a root of our own that its permissions keep us from working in, for root never needed.
///
/// - Returns: the root's status before that; `nil` where nothing was changed.
func widenRoot(_ place: consuming PathWalk.Place) throws(Errno) -> Status? {
    guard ts_effective_user() != 0 else { return nil }
    let root = try place.open(ts_O_PATH)
    let status = try Status.of(root.raw)
    guard status.kind == .directory, status.permissions & 0o700 != 0o700 else { return nil }
    // Somebody else's root stays as it is; what cannot be done there will be said.
    let isWidened = (try? OpenFile(raw: root.raw).setPermissions(status.permissions | 0o700)) != nil
    return isWidened ? status : nil
}

/// The directory and all above it, up to `/`: the first is `directory` itself. None of them has to be readable.
func ancestors(of directory: At) -> [FileIdentity] {
    var found: [FileIdentity] = []
    do throws(Errno) {
        found.append(try Status.of(directory.raw).identity)
        var current = try PathWalk.directory("..", directory)
        while true {
            let identity = try Status.of(current.raw).identity
            // Above `/` there is `/`.
            if identity == found.last { return found }
            found.append(identity)
            current = try PathWalk.directory("..", At(raw: current.raw))
        }
    } catch {
        return found + ancestorsByPath(of: directory)
    }
}

/// What lies above a directory that may not be searched, as far as the directory's absolute path may be followed.
///
/// Race: whoever renames a directory of the path meanwhile hides what lies above. What is copied is not deleted all the
/// same (`SourcePlaces`).
private func ancestorsByPath(of directory: At) -> [FileIdentity] {
    let slash = UInt8(ascii: "/")
    guard let path = directory.realPath, path.first == slash else { return [] }
    let ends = path.indices.filter { path[$0] == slash }
    return ends.reversed().compactMap { end in
        try? Status.following(terminated(Array(path[...end]))).identity
    }
}
