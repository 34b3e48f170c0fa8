internal import SystemPackage

/// A batch while it is written: it has no name, or a temporary one, until it is complete.
///
/// One thread at a time uses it.
final class BatchFile {
    /// What a batch holds is for its owner.
    private static let permissions: UInt16 = 0o600

    private let place: PathWalk.Place
    private let file: Descriptor
    /// `nil` while the file has no name.
    private var temporary: [CChar]?
    private let digest: BatchDigest
    private var count: UInt64 = 0
    /// The end of what is written.
    private var position: Int64 = 0
    /// The record that is being written: where it begins, and its digest.
    private var open: (start: Int64, digest: BatchDigest)?

    /// - Parameters:
    ///   - place: where the file goes; what stands there is replaced when the batch is complete.
    ///   - temporary: what it is called meanwhile where the file system makes no files without a name.
    /// - Throws: also `fileExists` where something else than a file has the name.
    init(at place: consuming PathWalk.Place, temporary: [CChar], _ options: RecordedOptions) throws(Errno) {
        if let status = place.status, status.kind != .regular { throw .fileExists }
        digest = try BatchDigest()
        if let unnamed = try Self.createUnnamed(place.at) {
            file = unnamed
        } else {
            file = try place.at.createFile(temporary, permissions: Self.permissions)
            self.temporary = temporary
        }
        self.place = place
        var header = BatchBytes()
        header.bytes += BatchFormat.magic
        header.put(BatchFormat.version)
        header.put(options.encoded)
        digest.add(header.bytes)
        try write(header.bytes)
    }

    deinit { if let temporary { try? place.at.remove(temporary) } }

    /// Whether a directory holds it, at any depth.
    func isBelow(_ directory: FileIdentity) -> Bool { ancestors(of: place.at).contains(directory) }

    private static func createUnnamed(_ at: At) throws(Errno) -> Descriptor? {
        do throws(Errno) { return try at.createUnnamedFile(permissions: permissions) } catch {
            switch error {
            case .notSupported, .isDirectory, .invalidArgument, .noFunction: return nil
            default: throw error
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        guard let start = bytes.baseAddress else { return }
        try OpenFile(raw: file.raw).writeAll(start, bytes.count, at: position)
        position += Int64(bytes.count)
    }

    private func write(_ bytes: [UInt8]) throws(Errno) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(Errno) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    // MARK: A record

    /// Its contents, where it has any, are added next.
    func begin(_ record: BatchRecord) throws(Errno) {
        let own = try BatchDigest()
        open = (position, own)
        var head = BatchBytes()
        head.put(record.encoded)
        own.add(head.bytes)
        try write(head.bytes)
    }

    func add(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        if let start = bytes.baseAddress { open?.digest.add(start, bytes.count) }
        try write(bytes)
    }

    func end() throws(Errno) {
        guard let sum = open?.digest.finish() else { return }
        try write(sum)
        open = nil
        digest.add(sum)
        count += 1
    }

    /// The record that was begun is none.
    func takeBack() {
        if let open { position = open.start }
        open = nil
    }

    // MARK: The end

    /// Appends the trailer and gives the file its name.
    ///
    /// - Parameter durably: whether it is on the disk before it has its name.
    func finish(durably: Bool) throws(Errno) {
        var trailer = BatchBytes()
        trailer.put(UInt32(0))
        trailer.put(count)
        trailer.put(position)
        digest.add(trailer.bytes)
        try write(trailer.bytes + digest.finish())
        // A record that was taken back may have been longer than what followed it.
        try OpenFile(raw: file.raw).truncate(to: position)
        if durably { try OpenFile(raw: file.raw).synchronize() }
        try publish()
    }

    private func publish() throws(Errno) {
        let at = place.at
        if temporary == nil {
            do throws(Errno) { return try at.nameFile(file.raw, place.name) } catch {
                guard error == .fileExists else { throw error }
            }
            let name = TemporaryNames(ProcessFacts()).next()
            try at.nameFile(file.raw, name)
            temporary = name
        }
        guard let name = temporary else { return }
        try at.rename(name, to: place.name)
        temporary = nil
    }
}
