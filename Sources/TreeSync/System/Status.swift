import CLinux
internal import SystemPackage

/// What the kernel says of one entry. The corresponding C type is `struct statx`.
struct Status: Sendable, Hashable {
    var size: Int64
    var modified: Timestamp
    var accessed = Timestamp(seconds: 0)
    var inode: UInt64
    var device: UInt64
    /// The numbers of a character or block device.
    var specialDevice: UInt64
    /// In units of 512 bytes.
    var blocks: UInt64
    var owner: UInt32
    var group: UInt32
    var links: UInt32
    /// The lower twelve bits of the mode: set-id, sticky, permissions.
    var permissions: UInt16
    var kind: EntryKind
    /// Whether it was found by following a link: it says of the entry's name what the link leads to.
    var isReferent = false
    /// What the file system has there, where the entry counts as something else: a device that counts as a file of its
    /// contents, or a file that stands for an entry with privileges.
    var held: Held?

    /// Kind and permissions as the file system has them.
    struct Held: Sendable, Hashable {
        var kind: EntryKind
        var permissions: UInt16
    }

    /// The set-group-id bit. The C constant is `S_ISGID`.
    static let groupBit: UInt16 = 0o2000

    /// What the file system says that the entry is, whatever it counts as.
    var nodeKind: EntryKind { held?.kind ?? kind }
    /// The permissions that the file system has, whatever they count as.
    var nodePermissions: UInt16 { held?.permissions ?? permissions }
    /// Whether it counts as a file, and a device holds its contents.
    var isDevice: Bool { kind == .regular && (nodeKind == .blockDevice || nodeKind == .characterDevice) }

    /// Device and inode: the same for every name of one file.
    var identity: FileIdentity { FileIdentity(device: device, inode: inode) }

    /// Whether blocks are missing, so that there must be holes.
    var hasHoles: Bool { blocks &* 512 < UInt64(size) }
}

/// Device and inode of a file.
struct FileIdentity: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
}

extension Status {
    @inline(__always)
    init(_ raw: ts_stat) {
        size = Int64(truncatingIfNeeded: raw.size)
        modified = Timestamp(seconds: raw.modified_seconds, nanoseconds: raw.modified_nanoseconds)
        accessed = Timestamp(seconds: raw.accessed_seconds, nanoseconds: raw.accessed_nanoseconds)
        inode = raw.inode
        device = raw.device
        specialDevice = raw.special_device
        blocks = raw.blocks
        owner = raw.owner
        group = raw.group
        links = raw.links
        permissions = UInt16(truncatingIfNeeded: raw.mode & 0o7777)
        kind = EntryKind(modeBits: raw.mode)
    }

    /// The C function is `statx` with `AT_EMPTY_PATH`.
    static func of(_ descriptor: Int32) throws(Errno) -> Status { Status(try rawStatus(descriptor)) }

    /// Checks that what is open is still what was seen by its name.
    ///
    /// - Throws: `staleNFSFileHandle` where it is something else.
    static func expect(_ identity: FileIdentity, of descriptor: Int32) throws(Errno) {
        guard try of(descriptor).identity == identity else { throw .staleNFSFileHandle }
    }

    /// Follows links: for the roots that the user typed, and nothing below them.
    static func following(_ path: CName) throws(Errno) -> Status {
        var status = ts_stat()
        try kernel { ts_stat_follow(path, &status) }
        return Status(status)
    }

    /// Whether an open directory is the root of a mount: another file system, or one mounted a second time. The C
    /// constant is `STATX_ATTR_MOUNT_ROOT`.
    static func isMountRoot(_ descriptor: Int32) throws(Errno) -> Bool { try rawStatus(descriptor).mount_root != 0 }

    /// The status of an open directory, and the same.
    static func ofDirectory(_ descriptor: Int32) throws(Errno) -> (status: Status, isMountRoot: Bool) {
        let raw = try rawStatus(descriptor)
        return (Status(raw), raw.mount_root != 0)
    }

    /// The access, change and birth times, which the kernel sets as finely as the file system keeps times.
    static func kernelTimes(_ directory: Int32, _ name: CName) throws(Errno) -> [Timestamp] {
        var raw = ts_stat()
        try kernel { ts_stat_at(directory, name, ts_AT_SYMLINK_NOFOLLOW | ts_AT_EMPTY_PATH, &raw) }
        return [
            Timestamp(seconds: raw.modified_seconds, nanoseconds: raw.modified_nanoseconds),
            Timestamp(seconds: raw.changed_seconds, nanoseconds: raw.changed_nanoseconds),
            Timestamp(seconds: raw.accessed_seconds, nanoseconds: raw.accessed_nanoseconds),
            Timestamp(seconds: raw.born_seconds, nanoseconds: raw.born_nanoseconds),
        ]
    }

    private static func rawStatus(_ descriptor: Int32) throws(Errno) -> ts_stat {
        var status = ts_stat()
        try kernel { ts_stat_at(descriptor, "", ts_AT_EMPTY_PATH, &status) }
        return status
    }
}

extension EntryKind {
    /// The file type bits of a mode, as `mknod` takes them.
    var modeBits: UInt32 { UInt32(rawValue) << 12 }

    /// The values of `d_type` are the type bits of a mode, shifted.
    @inline(__always)
    init(modeBits mode: UInt32) {
        self = EntryKind(rawValue: UInt8(truncatingIfNeeded: (mode & 0o170000) >> 12)) ?? .regular
    }
}
