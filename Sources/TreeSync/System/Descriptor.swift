import CLinux
internal import SystemPackage

/// An open file or directory, closed exactly once.
struct Descriptor: ~Copyable, Sendable {
    let raw: Int32

    init(owning raw: Int32) { self.raw = raw }

    // Only what cannot lose data may live here: files that were written are closed by `closeReporting`, or have been through
    // `reportClosing`.
    deinit { _ = ts_close(raw) }

    /// Gives the descriptor away; the caller closes it.
    consuming func release() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    /// Closes and reports what the file system only says now (quota, network). The C function is `close`.
    consuming func closeReporting() throws(Errno) {
        let result = ts_close(release())
        // The descriptor is gone after EINTR too: never a second close.
        if result < 0, result != -Int64(Errno.interrupted.rawValue) { throw Errno(rawValue: CInt(-result)) }
    }

    /// Reports what the file system only says when a file is closed, while this file can still get its name, or be marked:
    /// by closing a second descriptor of it.
    borrowing func reportClosing() throws(Errno) {
        try Descriptor(owning: duplicate(raw)).closeReporting()
    }
}

extension Descriptor {
    /// Opens the regular file that this descriptor names (`O_PATH`) for reading.
    ///
    /// - Parameter fallback: opens it by name, for where there is no `/proc`. Race: a device that is put there meanwhile is
    ///   opened; what is opened and not the same inode is not read.
    borrowing func openForReading(
        _ access: FileAccess, fallback: () throws(Errno) -> Descriptor
    ) throws(Errno) -> Descriptor {
        let path = "/proc/self/fd/\(raw)"
        do throws(Errno) {
            return try openFile(access) { ts_open(path, $0, 0) }
        } catch {
            guard error == .noSuchFileOrDirectory || error == .notDirectory else { throw error }
        }
        let opened = try fallback()
        try Status.expect(Status.of(raw).identity, of: opened.raw)
        return opened
    }
}

/// Opens a file without waiting for a FIFO's other end and, where that is asked for and allowed, without setting its
/// access time.
private func openFile(_ access: FileAccess, _ open: (Int32) -> Int64) throws(Errno) -> Descriptor {
    let flags = ts_O_RDONLY | ts_O_NONBLOCK
    if access == .leavingAccessTime {
        do throws(Errno) {
            return Descriptor(owning: Int32(try kernel { open(flags | ts_O_NOATIME) }))
        } catch {
            // Only the owner and root may ask for that.
            if error != .notPermitted { throw error }
        }
    }
    return Descriptor(owning: Int32(try kernel { open(flags) }))
}

/// A NUL-terminated name or path, as the kernel takes it.
typealias CName = UnsafePointer<CChar>

/// Calls relative to an open directory that name one child and follow no link.
/// `raw` is a directory's descriptor that outlives the call.
struct At {
    let raw: Int32

    /// Where relative paths of the user begin.
    static var workingDirectory: At { At(raw: ts_AT_FDCWD) }

    /// `PATH_MAX`: no link is longer.
    static let longestTarget = 4096

    /// The C function is `openat` with `O_NOFOLLOW`; a directory only.
    func openDirectory(_ name: CName) throws(Errno) -> Int32 {
        Int32(try kernel { ts_openat(raw, name, ts_O_RDONLY | ts_O_DIRECTORY | ts_O_NOFOLLOW, 0) })
    }

    /// Opens the directory itself once more, locked as long as that is open. The C function is `flock`.
    ///
    /// - Throws: `wouldBlock` where somebody else has locked it.
    func openLocked() throws(Errno) -> Descriptor {
        let opened = Descriptor(owning: try openDirectory("."))
        try kernel { ts_lock(opened.raw) }
        return opened
    }

    /// Opens a regular file for reading. Never waits for a FIFO's other end, never follows a link.
    func openForReading(_ name: CName, _ access: FileAccess = .plain) throws(Errno) -> Descriptor {
        try openFile(access) { ts_openat(raw, name, $0 | ts_O_NOFOLLOW, 0) }
    }

    /// Opens a regular file for reading and writing. Never waits, never follows a link, never becomes a terminal's.
    /// Whoever calls looks first what it is: opening a device may act.
    func openForUpdating(_ name: CName) throws(Errno) -> Descriptor {
        let flags = ts_O_RDWR | ts_O_NOFOLLOW | ts_O_NONBLOCK | ts_O_NOCTTY
        return Descriptor(owning: Int32(try kernel { ts_openat(raw, name, flags, 0) }))
    }

    /// Creates a file that did not exist. The C function is `openat` with `O_CREAT | O_EXCL`.
    func createFile(_ name: CName, permissions: UInt16) throws(Errno) -> Descriptor {
        let flags = ts_O_RDWR | ts_O_CREAT | ts_O_EXCL | ts_O_NOFOLLOW
        return Descriptor(owning: Int32(try kernel { ts_openat(raw, name, flags, UInt32(permissions)) }))
    }

    /// Creates a file that has no name yet, and goes away with its descriptor if it never gets one. The C function is
    /// `openat` with `O_TMPFILE`.
    func createUnnamedFile(permissions: UInt16) throws(Errno) -> Descriptor {
        Descriptor(owning: Int32(try kernel { ts_openat(raw, ".", ts_O_TMPFILE | ts_O_RDWR, UInt32(permissions)) }))
    }

    /// Gives an unnamed file its name; EEXIST where there is an entry. The C function is `linkat`.
    func nameFile(_ file: Int32, _ name: CName) throws(Errno) { try kernel { ts_link_unnamed(file, raw, name) } }

    /// The C function is `statx` with `AT_SYMLINK_NOFOLLOW`.
    @inline(__always)
    func status(_ name: CName) throws(Errno) -> Status {
        var status = ts_stat()
        try kernel { ts_stat_at(raw, name, ts_AT_SYMLINK_NOFOLLOW, &status) }
        return Status(status)
    }

    func makeDirectory(_ name: CName, permissions: UInt16) throws(Errno) {
        try kernel { ts_mkdirat(raw, name, UInt32(permissions)) }
    }

    /// The C function is `mknodat`, for FIFOs, sockets and devices.
    func makeNode(_ name: CName, _ kind: EntryKind, permissions: UInt16, device: UInt64) throws(Errno) {
        try kernel { ts_mknodat(raw, name, kind.modeBits | UInt32(permissions), device) }
    }

    func makeSymbolicLink(_ name: CName, to target: CName) throws(Errno) {
        try kernel { ts_symlinkat(target, raw, name) }
    }

    func makeLink(_ name: CName, to target: CName, in directory: At) throws(Errno) {
        try kernel { ts_linkat(directory.raw, target, raw, name, 0) }
    }

    func remove(_ name: CName) throws(Errno) { try kernel { ts_unlinkat(raw, name, 0) } }

    func removeDirectory(_ name: CName) throws(Errno) { try kernel { ts_unlinkat(raw, name, ts_AT_REMOVEDIR) } }

    /// Replaces `new` atomically, whatever it is. The C function is `renameat`.
    func rename(_ name: CName, to new: CName) throws(Errno) { try kernel { ts_renameat2(raw, name, raw, new, 0) } }

    /// The same from one directory to another. EXDEV where that is on another file system.
    func move(_ name: CName, to new: CName, in directory: At) throws(Errno) {
        try kernel { ts_renameat2(raw, name, directory.raw, new, 0) }
    }

    /// Fails with EEXIST where `new` exists. File systems that cannot promise it (FUSE) are asked first.
    func renameNew(_ name: CName, to new: CName) throws(Errno) { try moveNew(name, to: new, in: self) }

    /// The same from one directory to another. EXDEV where that is on another file system.
    func moveNew(_ name: CName, to new: CName, in directory: At) throws(Errno) {
        do {
            try kernel { ts_renameat2(raw, name, directory.raw, new, ts_RENAME_NOREPLACE) }
        } catch {
            guard error == .invalidArgument || error == .noFunction else { throw error }
            // Race: an entry made between these two calls is replaced. Only where the kernel offers no better.
            if try directory.exists(new) { throw Errno.fileExists }
            try move(name, to: new, in: directory)
        }
    }

    /// Swaps two names atomically. EINVAL where the file system cannot.
    func exchange(_ name: CName, with other: CName) throws(Errno) {
        try kernel { ts_renameat2(raw, name, raw, other, ts_RENAME_EXCHANGE) }
    }

    func exists(_ name: CName) throws(Errno) -> Bool {
        do {
            _ = try status(name)
            return true
        } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return false
        }
    }

    /// The target of a symbolic link, without a NUL at its end.
    func readLink(_ name: CName) throws(Errno) -> [UInt8] {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.longestTarget, alignment: 1)
        defer { buffer.deallocate() }
        let count = try kernel { ts_readlinkat(raw, name, buffer, Self.longestTarget) }
        return Array(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
    }
}

extension At {
    /// The absolute path of the working directory. The C function is `getcwd`.
    static func workingDirectoryPath() throws(Errno) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: longestTarget)
        let count = try kernel { ts_getcwd(&buffer, buffer.count) }
        return Array(buffer.prefix(Int(count) - 1))
    }

    /// The absolute path that leads to the directory now; `nil` where there is no `/proc`.
    var realPath: [UInt8]? { try? readLink(terminated(Array("/proc/self/fd/\(raw)".utf8))) }

    /// `openPath(_:)` of what a link leads to.
    func openReferent(_ name: CName) throws(Errno) -> Descriptor {
        Descriptor(owning: Int32(try kernel { ts_openat(raw, name, ts_O_PATH, 0) }))
    }

    /// Opens a regular file that a link leads to. Whoever calls has looked that it is one.
    func openReferentForReading(_ name: CName, _ access: FileAccess) throws(Errno) -> Descriptor {
        try openFile(access) { ts_openat(raw, name, $0, 0) }
    }

    /// A descriptor that only names the entry: neither reads nor blocks nor acts. The C flag is `O_PATH`.
    func openPath(_ name: CName) throws(Errno) -> Descriptor {
        Descriptor(owning: Int32(try kernel { ts_openat(raw, name, ts_O_PATH | ts_O_NOFOLLOW, 0) }))
    }
}

extension At {
    /// Opens a directory through whatever links lead there. The C function is `openat`.
    func openDirectoryFollowing(_ path: CName) throws(Errno) -> Int32 {
        Int32(try kernel { ts_openat(raw, path, ts_O_RDONLY | ts_O_DIRECTORY, 0) })
    }

    /// Opens a directory through links that stay below this one. The C function is `openat2` with `RESOLVE_BENEATH`;
    /// EXDEV where a link leaves, ENOSYS before Linux 5.6.
    func openDirectoryWithin(_ path: CName) throws(Errno) -> Int32 {
        Int32(try kernel { ts_openat_within(raw, path, ts_O_RDONLY | ts_O_DIRECTORY) })
    }
}
