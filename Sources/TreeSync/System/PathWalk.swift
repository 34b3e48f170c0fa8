import CLinux
internal import SystemPackage

/// Follows a path one name at a time, so that it is known whose links it goes through and where it comes out.
///
/// What a name leads to is held open before it is looked at: nothing that somebody swaps meanwhile is followed unseen.
struct PathWalk: Sendable {
    /// Whose links are followed.
    enum Trust: Sendable {
        case everybody
        /// Root's and those of one user.
        case rootAnd(UInt32)
    }

    let trust: Trust

    /// As many links as the kernel follows.
    private static let mostLinks = 40
    /// `PROC_SUPER_MAGIC`: its links need not say where they lead (`/dev/fd/63` of a shell's `<(…)`).
    private static let processFileSystem: UInt64 = 0x9FA0

    /// Where a path comes out.
    struct Place: ~Copyable {
        /// The directory that holds the entry, only named (`O_PATH`).
        let holder: Descriptor
        /// The entry's name there, with a NUL; `.` for the directory itself.
        let name: [CChar]
        /// Whether the kernel alone knows where the entry leads.
        var isMagic = false
        /// What was found; `nil` where there is no such entry.
        let status: Status?

        var at: At { At(raw: holder.raw) }

        /// Opens the entry and nothing that takes its place as a link.
        func open(_ flags: Int32, permissions: UInt32 = 0) throws(Errno) -> Descriptor {
            let noFollow = isMagic ? 0 : ts_O_NOFOLLOW
            return Descriptor(owning: Int32(try kernel { ts_openat(holder.raw, name, flags | noFollow, permissions) }))
        }

        /// The entry, where it is a directory, only named.
        func directory() throws(Errno) -> Descriptor { try open(ts_O_PATH | ts_O_DIRECTORY) }
    }

    /// - Parameters:
    ///   - path: relative or absolute, without a NUL.
    ///   - start: where a relative one begins.
    /// - Throws: `tooManySymbolicLinkLevels` also where a link is not trusted.
    func resolve(_ path: [UInt8], from start: At = .workingDirectory) throws(Errno) -> Place {
        var pending = Self.names(path)
        var current = try Self.directory(path.first == UInt8(ascii: "/") ? "/" : ".", start)
        var links = 0
        while let name = pending.popLast() {
            let text = terminated(name)
            if name.elementsEqual("..".utf8) {
                current = try Self.directory("..", At(raw: current.raw))
                continue
            }
            let entry: Descriptor
            do { entry = try At(raw: current.raw).openPath(text) } catch {
                guard error == .noSuchFileOrDirectory, pending.isEmpty else { throw error }
                return Place(holder: current, name: text, status: nil)
            }
            let status = try Status.of(entry.raw)
            if status.kind == .symbolicLink {
                if pending.isEmpty, isMagic(current) {
                    try check(status)
                    return Place(holder: current, name: text, isMagic: true, status: status)
                }
                links += 1
                guard links <= Self.mostLinks else { throw .tooManySymbolicLinkLevels }
                try check(status)
                let target = try At(raw: entry.raw).readLink("")
                pending += Self.names(target)
                if target.first == UInt8(ascii: "/") { current = try Self.directory("/", .workingDirectory) }
            } else if pending.isEmpty {
                return Place(holder: current, name: text, status: status)
            } else {
                guard status.kind == .directory else { throw .notDirectory }
                current = entry
            }
        }
        let status = try Status.of(current.raw)
        return Place(holder: current, name: terminated(Array(".".utf8)), status: status)
    }

    private func check(_ link: Status) throws(Errno) {
        switch trust {
        case .everybody: break
        case .rootAnd(let user): if link.owner != 0, link.owner != user { throw .tooManySymbolicLinkLevels }
        }
    }

    private func isMagic(_ directory: borrowing Descriptor) -> Bool {
        var raw = ts_statfs()
        return (try? kernel { ts_fstatfs(directory.raw, &raw) }) != nil && raw.magic == Self.processFileSystem
    }

    /// The names of a path, the last one first.
    private static func names(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }.reversed().map(Array.init)
    }

    /// A directory that is only named (`O_PATH`): it needs not be readable.
    static func directory(_ name: CName, _ at: At) throws(Errno) -> Descriptor {
        let flags = ts_O_PATH | ts_O_DIRECTORY | ts_O_NOFOLLOW
        return Descriptor(owning: Int32(try kernel { ts_openat(at.raw, name, flags, 0) }))
    }
}

/// A directory that paths must come out in (`--confine-root`), or below which a tree lies.
struct Confinement: Sendable {
    let root: FileIdentity

    /// Whether an open directory, which may be one of `O_PATH`, is the root or lies below it.
    func holds(_ directory: Int32) throws(Errno) -> Bool {
        var current = try PathWalk.directory(".", At(raw: directory))
        var last: FileIdentity?
        while true {
            let identity = try Status.of(current.raw).identity
            if identity == root { return true }
            // Above `/` there is `/`.
            if identity == last { return false }
            last = identity
            current = try PathWalk.directory("..", At(raw: current.raw))
        }
    }

    /// Whether an entry lies below the root, or is it.
    func holds(_ place: borrowing PathWalk.Place) throws(Errno) -> Bool {
        guard place.status?.kind == .directory else { return try holds(place.holder.raw) }
        let directory = try PathWalk.directory(place.name, place.at)
        return try holds(directory.raw)
    }
}
