import CLinux
internal import SystemPackage

extension AttributeCarrier {
    /// What is stored of the entry's privileged status.
    enum StoredAnswer: Equatable {
        case nothing
        case status(StoredStatus)
        /// There is something that no status can be read from.
        case damaged
    }

    /// Reads it; on file systems without extended attributes there is nothing.
    func storedStatus() throws(Errno) -> StoredAnswer {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: StoredStatus.longest, alignment: 1)
        defer { buffer.deallocate() }
        let count: Int
        do throws(Errno) {
            count = try get(StoredStatus.attributeName, buffer, StoredStatus.longest)
        } catch {
            switch error {
            case .noData, .notSupported: return .nothing
            // It is longer than any status.
            case .outOfRange: return .damaged
            default: throw error
            }
        }
        return StoredStatus(UnsafeRawBufferPointer(start: buffer, count: count)).map { .status($0) } ?? .damaged
    }

    /// What the kernel says of the entry that carries the attributes.
    func status() throws(Errno) -> Status {
        switch self {
        case .open(let raw): try Status.of(raw)
        case .named(let at, let name): try at.status(name)
        // A batch holds what its entries stand for.
        case .recorded: throw .notSupported
        }
    }
}

extension StoredStatus {
    /// The attribute's name with a NUL.
    static var attributeName: CName { UnsafeRawPointer(attribute.utf8Start).assumingMemoryBound(to: CChar.self) }

    /// The numbers of a device as `mknod` takes them. The C function is `makedev`.
    var device: UInt64 { kind.isDevice ? ts_makedev(major, minor) : 0 }

    /// What has to be stored of a status.
    init(_ kind: EntryKind, _ permissions: UInt16, device: UInt64, owner: UInt32, group: UInt32) {
        self.init(
            kind: kind, permissions: permissions, major: kind.isDevice ? ts_major(device) : 0,
            minor: kind.isDevice ? ts_minor(device) : 0, owner: owner, group: group)
    }
}

extension Status {
    /// The entry that a file or directory stands for. A node of another kind carries no such attributes, and stands for
    /// itself.
    ///
    /// - Returns: `nil` where what is stored is damaged, or says of a directory that it is something else, or the reverse.
    func standingFor(_ carrier: AttributeCarrier) throws(Errno) -> Status? {
        guard kind == .regular || kind == .directory else { return self }
        switch try carrier.storedStatus() {
        case .nothing: return self
        case .damaged: return nil
        case .status(let stored):
            guard (stored.kind == .directory) == (kind == .directory) else { return nil }
            var seen = self
            seen.held = Held(kind: kind, permissions: permissions)
            seen.kind = stored.kind
            seen.permissions = stored.permissions
            seen.owner = stored.owner
            seen.group = stored.group
            seen.specialDevice = stored.device
            return seen
        }
    }
}

extension EntryKind {
    /// Whether it has device numbers.
    var isDevice: Bool { self == .characterDevice || self == .blockDevice }
}

extension At {
    /// The text of a symbolic link, or of the file that stands for one.
    ///
    /// - Throws: `invalidArgument` where the file holds no text that a link could have, `staleNFSFileHandle` where it is
    ///   another one than the scan saw.
    func linkText(_ name: CName, _ status: Status) throws(Errno) -> [UInt8] {
        guard status.nodeKind == .regular else { return try readLink(name) }
        let file = try openForReading(name)
        let current = try Status.of(file.raw)
        guard current.kind == .regular, current.identity == status.identity else { throw .staleNFSFileHandle }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: Self.longestTarget, alignment: 1)
        defer { buffer.deallocate() }
        let count = try OpenFile(raw: file.raw).readFully(buffer, Self.longestTarget, at: 0)
        let text = Array(UnsafeRawBufferPointer(start: buffer, count: count))
        // `PATH_MAX` counts the NUL.
        guard (1..<Self.longestTarget).contains(count), !text.contains(0) else { throw .invalidArgument }
        return text
    }
}
