import CLinux
internal import SystemPackage

/// What has to be known of a file system before anything is written to it; costs one system call.
struct FileSystemTraits: Sendable {
    /// A FUSE server answers for it. Some of them ignore a modification time that comes without an access time, and
    /// promise permissions that they do not keep.
    let isInUserSpace: Bool
    /// Nothing can be written to the mount.
    let isReadOnly: Bool
    /// Closing a file says nothing that writing to it has not said: neither a network nor a server is behind it.
    let isSilentOnClosing: Bool

    /// The C function is `fstatfs`.
    init(_ descriptor: Int32) {
        var raw = ts_statfs()
        let isKnown = (try? kernel { ts_fstatfs(descriptor, &raw) }) != nil
        isInUserSpace = isKnown && raw.magic == Self.fuse
        isReadOnly = isKnown && raw.read_only != 0
        isSilentOnClosing = isKnown && Self.silent.contains(raw.magic)
    }

    /// Those whose drivers in the kernel do nothing when a file is closed: `EXT4_SUPER_MAGIC`, `XFS_SUPER_MAGIC`,
    /// `BTRFS_SUPER_MAGIC`, `TMPFS_MAGIC`.
    private static let silent: Set<UInt64> = [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994]

    /// `FUSE_SUPER_MAGIC`.
    private static let fuse: UInt64 = 0x6573_5546
}

/// What is known of one mounted file system.
struct FileSystemFacts: Sendable, Hashable {
    /// As the kernel's mount table names it (`ext4`, `exfat`); for a FUSE mount what its block device says.
    var name: String
    /// Whether the file system takes `A` and `a` for one name.
    var ignoresCase: Bool

    init(name: String) {
        self.name = name
        ignoresCase = Self.caseless.contains(name)
    }

    /// Of the file system with this device number.
    init(device: UInt64) { self.init(name: Self.mountedName(device)) }

    /// FAT and its kind: even seconds at worst, no owners, links, sockets or FIFOs.
    var isFAT: Bool { Self.caseless.contains(name) }

    private static let caseless: Set<String> = ["exfat", "vfat", "msdos", "fat"]

    /// The type in `/proc/self/mountinfo` of the mount with this device number.
    private static func mountedName(_ device: UInt64) -> String {
        let number = "\(ts_major(device)):\(ts_minor(device))"
        let lines = readSmallFile("/proc/self/mountinfo")?.split(separator: UInt8(ascii: "\n")) ?? []
        for line in lines.reversed() {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count > 2, fields[2] == number, let dash = fields.firstIndex(of: "-"), dash + 2 < fields.count
            else { continue }
            return userSpaceName(fields[dash + 1], device: fields[dash + 2])
        }
        return "unknown"
    }

    /// What stands behind a FUSE mount: its subtype, or what the boot sector of its block device says.
    private static func userSpaceName(_ type: String, device: String) -> String {
        if type.hasPrefix("fuse."), type.utf8.count > 5 { return String(type.dropFirst(5)) }
        guard type == "fuseblk" || type == "fuse" else { return type }
        if type.hasPrefix("fuseblk."), type.utf8.count > 8 { return String(type.dropFirst(8)) }
        guard device.hasPrefix("/dev/"), let raw = try? kernel({ ts_open(device, ts_O_RDONLY, 0) }) else { return type }
        let block = Descriptor(owning: Int32(raw))
        var sector = [UInt8](repeating: 0, count: 512)
        let count = sector.withUnsafeMutableBytes {
            (try? OpenFile(raw: block.raw).readFully($0.baseAddress!, $0.count, at: 0)) ?? 0
        }
        guard count == 512 else { return type }
        if sector[3..<11].elementsEqual("EXFAT   ".utf8) { return "exfat" }
        if sector[3..<11].elementsEqual("NTFS    ".utf8) { return "ntfs" }
        return type
    }
}
