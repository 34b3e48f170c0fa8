import CLinux
internal import SystemPackage

/// Calls on an open file or directory, or on an entry that is only named (`O_PATH`): permissions, owner and time can be
/// set on either. `raw` outlives the value.
struct OpenFile: PositionedReading {
    let raw: Int32

    func status() throws(Errno) -> Status { try Status.of(raw) }

    /// The C function is `fchmod`.
    func setPermissions(_ permissions: UInt16) throws(Errno) { try kernel { ts_set_mode(raw, UInt32(permissions)) } }

    /// `UInt32.max` leaves the owner or the group as it is. The C function is `fchownat` with `AT_EMPTY_PATH`.
    func setOwner(_ owner: UInt32, group: UInt32) throws(Errno) { try kernel { ts_set_owner(raw, owner, group) } }

    /// Leaves the access time alone, but where `traits` say otherwise. The C function is `utimensat` with
    /// `AT_EMPTY_PATH`.
    func setModified(_ time: Timestamp, _ traits: FileSystemTraits) throws(Errno) {
        try kernel { ts_set_modified(raw, time.seconds, time.nanoseconds, traits.isInUserSpace ? 1 : 0) }
    }

    /// Sets both times. The C function is `utimensat`.
    func setTimes(modified: Timestamp, accessed: Timestamp) throws(Errno) {
        try kernel {
            ts_set_times(raw, modified.seconds, modified.nanoseconds, accessed.seconds, accessed.nanoseconds)
        }
    }

    func read(_ buffer: UnsafeMutableRawPointer, _ size: Int, at offset: Int64) throws(Errno) -> Int {
        Int(try kernel { ts_pread(raw, buffer, size, offset) })
    }

    func writeAll(_ buffer: UnsafeRawPointer, _ size: Int, at offset: Int64) throws(Errno) {
        var done = 0
        while done < size {
            let count = Int(try kernel { ts_pwrite(raw, buffer + done, size - done, offset + Int64(done)) })
            // A write of nothing would be tried for ever.
            if count == 0 { throw Errno.noSpace }
            done += count
        }
    }

    func truncate(to size: Int64) throws(Errno) { try kernel { ts_ftruncate(raw, size) } }

    /// Returns when contents and attributes are on the disk. The C function is `fsync`.
    func synchronize() throws(Errno) { try kernel { ts_fsync(raw) } }

    /// Returns when all that was written to the file system is on the disk. The C function is `syncfs`.
    func synchronizeFileSystem() throws(Errno) { try kernel { ts_syncfs(raw) } }

    /// The next data at or after `offset`; `nil` where only a hole follows. The C call is `lseek` with `SEEK_DATA`.
    func nextData(from offset: Int64) throws(Errno) -> Int64? {
        do {
            return try kernel { ts_lseek(raw, offset, ts_SEEK_DATA) }
        } catch {
            guard error == .noSuchAddressOrDevice else { throw error }
            return nil
        }
    }

    /// The next hole after `offset`; the end of the file counts as one.
    func nextHole(from offset: Int64) throws(Errno) -> Int64 {
        try kernel { ts_lseek(raw, offset, ts_SEEK_HOLE) }
    }

    /// Makes this file share all of the source's blocks. The C call is `ioctl` with `FICLONE`.
    func clone(_ source: OpenFile) throws(Errno) { try kernel { ts_clone(raw, source.raw) } }

    /// Copies inside the kernel; returns how many bytes, 0 at the end of the source.
    func copyRange(from source: OpenFile, at offset: Int64, _ size: Int) throws(Errno) -> Int {
        Int(try kernel { ts_copy_file_range(source.raw, offset, raw, offset, size) })
    }

    /// The number of names that one inode may have here, as `fpathconf` knows it.
    func linkLimit() -> Int64 { ts_link_limit(raw) }
}

/// Another descriptor of the same open file. The C function is `fcntl` with `F_DUPFD_CLOEXEC`.
func duplicate(_ descriptor: Int32) throws(Errno) -> Int32 { Int32(try kernel { ts_duplicate(descriptor) }) }

/// Reads what a pipe or a terminal brings next, at most `size` bytes; 0 at its end. The C function is `read`.
func readStream(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ size: Int) throws(Errno) -> Int {
    Int(try kernel { ts_read(descriptor, buffer, size) })
}

/// Opens a file that somebody named, through whatever links lead there. A FIFO waits for its other end.
func openForReadingFollowing(_ path: [UInt8]) throws(Errno) -> Int32 {
    let path = terminated(path)
    return Int32(try kernel { ts_open(path, ts_O_RDONLY | ts_O_NOCTTY, 0) })
}
