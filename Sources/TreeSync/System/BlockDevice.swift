import CLinux
internal import SystemPackage

extension At {
    /// Opens the block device that the scan saw, and nothing that was put in its place.
    ///
    /// The entry is held (`O_PATH`) and looked at before it is opened: opening a device may act. The C flag for writing is
    /// `O_EXCL`: EBUSY where the device is mounted or otherwise in use, and nobody can mount it while it is open.
    ///
    /// - Parameters:
    ///   - scanned: a status with the device's numbers.
    ///   - pinned: what a link leads to, where the scan followed one.
    /// - Throws: `staleNFSFileHandle` where it is another device, or none.
    func openBlockDevice(
        _ name: CName, _ scanned: Status, _ access: DeviceAccess, pinned: consuming Descriptor? = nil
    ) throws(Errno) -> Descriptor {
        let held: Descriptor
        if let pinned { held = pinned } else { held = try openPath(name) }
        try Self.check(held.raw, scanned)
        var opened: Int64?
        for _ in 1..<Self.mostAttempts where opened == nil {
            do throws(Errno) { opened = try open(held, name, scanned, access) } catch {
                if error != .resourceBusy { throw error }
                ts_sleep(Self.pause)
            }
        }
        if opened == nil { opened = try open(held, name, scanned, access) }
        guard let opened else { throw .resourceBusy }
        let device = Descriptor(owning: Int32(opened))
        try Self.check(device.raw, scanned)
        return device
    }

    /// A tenth of a second together: where another thread of the program starts a process, that holds what we had open
    /// until it is another program.
    private static let (mostAttempts, pause) = (10, Int64(10_000_000))

    private func open(
        _ held: borrowing Descriptor, _ name: CName, _ scanned: Status, _ access: DeviceAccess
    ) throws(Errno) -> Int64 {
        do throws(Errno) {
            let path = "/proc/self/fd/\(held.raw)"
            return try kernel { ts_open(path, access.flags, 0) }
        } catch {
            // Without `/proc` it is opened by name. Race: a device that is put there meanwhile is opened, and not read.
            guard error == .noSuchFileOrDirectory || error == .notDirectory, !scanned.isReferent else { throw error }
            return try kernel { ts_openat(raw, name, access.flags | ts_O_NOFOLLOW, 0) }
        }
    }

    private static func check(_ descriptor: Int32, _ scanned: Status) throws(Errno) {
        let current = try Status.of(descriptor)
        guard current.kind == .blockDevice, current.identity == scanned.identity,
            current.specialDevice == scanned.specialDevice
        else { throw .staleNFSFileHandle }
    }
}

/// What a block device is opened for.
enum DeviceAccess {
    case reading
    /// Reading, while nobody else uses it.
    case readingAlone
    case writing

    fileprivate var flags: Int32 {
        let common = ts_O_NONBLOCK | ts_O_NOCTTY
        switch self {
        case .reading: return common | ts_O_RDONLY
        case .readingAlone: return common | ts_O_RDONLY | ts_O_EXCL
        case .writing: return common | ts_O_RDWR | ts_O_EXCL
        }
    }
}

extension OpenFile {
    /// How many bytes a block device holds. The C call is `lseek` with `SEEK_END`.
    func deviceSize() throws(Errno) -> Int64 { try kernel { ts_lseek(raw, 0, ts_SEEK_END) } }

    /// The status with the size of what can be read: a block device itself has none.
    func statusOfContents() throws(Errno) -> Status {
        var status = try status()
        if status.kind == .blockDevice { status.size = try deviceSize() }
        return status
    }
}

extension Status {
    /// A device as a file of what it holds.
    ///
    /// - Parameters:
    ///   - size: of a block device; of a character device nobody knows how much comes out of it.
    ///   - time: the modification time of the file, where it is not the node's.
    func asFile(size: Int64, modified time: Timestamp? = nil) -> Status {
        var file = self
        file.held = Held(kind: kind, permissions: permissions)
        file.kind = .regular
        file.size = size
        // There are no holes in it.
        file.blocks = UInt64(size) / 512 + 1
        if let time { file.modified = time }
        return file
    }

    /// The device that the contents come from: the file system, or a block device itself.
    var contentDevice: UInt64 { isDevice ? specialDevice : device }
}

extension Timestamp {
    /// The present moment. The C function is `clock_gettime`.
    static var now: Timestamp {
        var (seconds, nanoseconds) = (Int64(0), UInt32(0))
        ts_wall_clock(&seconds, &nanoseconds)
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }
}
