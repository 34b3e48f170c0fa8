public import SystemPackage

/// Changes of a destination that a run has recorded (`Options.batch`), to be applied to another destination that is as
/// the first one was.
///
/// Opening one reads it to its end and checks every bit; what is damaged, cut off or of a later version is refused. It
/// stays open, and contents are read from it when they are needed: memory grows with the number of changes alone.
/// `Synchronizer.init(applying:to:options:)` applies it.
public final class Batch: Sendable {
    let file: OpenFile
    let index: BatchIndex
    let options: RecordedOptions
    let identities = RecordedIdentities()
    private let descriptor: OwnedDescriptor

    /// Opens and checks a batch.
    ///
    /// - Parameter path: of a regular file, which may be a symbolic link.
    /// - Throws: `BatchError`; nothing was changed.
    public convenience init(contentsOf path: FilePath) throws(BatchError) {
        let raw: Int32
        do throws(Errno) { raw = try openForReadingFollowing(path.bytes) } catch { throw .unreadable(path, error) }
        try self.init(owning: raw, named: path)
    }

    /// Takes over an open file and checks it. What cannot be read twice, a pipe for example, is first copied to a file
    /// that has no name.
    ///
    /// - Parameters:
    ///   - descriptor: is closed with the batch, or when it is refused.
    ///   - path: what errors call it.
    ///   - folder: where such a copy is made.
    /// - Throws: `BatchError`; nothing was changed.
    public init(owning descriptor: Int32, named path: FilePath, copyingTo folder: FilePath = "/var/tmp")
        throws(BatchError)
    {
        do throws(BatchFault) {
            let owned = try Self.readable(OwnedDescriptor(descriptor), folder)
            let scan = BatchScan(OpenFile(raw: owned.raw))
            (options, index) = try scan.run()
            self.descriptor = owned
            file = OpenFile(raw: owned.raw)
        } catch {
            throw error.error(path)
        }
    }

    /// How many names of the destination it concerns.
    public var count: Int { index.count }

    /// Which properties the run has preserved that was recorded.
    public var preserved: Options.Preserved { options.preserved }

    private static func readable(
        _ descriptor: OwnedDescriptor, _ folder: FilePath
    ) throws(BatchFault) -> OwnedDescriptor {
        do throws(Errno) {
            let status = try Status.of(descriptor.raw)
            switch status.kind {
            case .regular: return descriptor
            case .directory: throw Errno.isDirectory
            case .fifo, .socket, .characterDevice, .blockDevice, .symbolicLink:
                return OwnedDescriptor(try spooled(descriptor.raw, in: folder.bytes).release())
            }
        } catch { throw .unreadable(error) }
    }

    /// The record of a path.
    func record(_ place: BatchIndex.Place) throws(BatchFault) -> BatchRecord {
        var length: [UInt8] = [0, 0, 0, 0]
        try read(&length, at: place.offset)
        var parser = BatchParser(length[...])
        let count = Int(try parser.number() as UInt32)
        guard count > 0, count <= BatchFormat.mostBody else { throw .damaged }
        var body = [UInt8](repeating: 0, count: count)
        try read(&body, at: place.offset + 4)
        return try BatchRecord(decoding: body[...], contentsAt: place.offset + 4 + Int64(count))
    }

    private func read(_ bytes: inout [UInt8], at offset: Int64) throws(BatchFault) {
        let count = bytes.count
        let file = file
        do throws(Errno) {
            let done = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(Errno) in
                try file.readFully(bytes.baseAddress!, count, at: offset)
            }
            guard done == count else { throw Errno.ioError }
        } catch { throw .unreadable(error) }
    }
}

/// A descriptor that several share; the last one closes it.
final class OwnedDescriptor: Sendable {
    let raw: Int32
    private let descriptor: Descriptor

    init(_ raw: Int32) {
        self.raw = raw
        descriptor = Descriptor(owning: raw)
    }
}

/// Copies what a pipe brings to a file that has no name.
private func spooled(_ pipe: Int32, in folder: [UInt8]) throws(Errno) -> Descriptor {
    let directory = Descriptor(owning: try At.workingDirectory.openDirectoryFollowing(terminated(folder)))
    let file: Descriptor
    do throws(Errno) { file = try At(raw: directory.raw).createUnnamedFile(permissions: 0o600) } catch {
        guard error == .notSupported || error == .isDirectory || error == .invalidArgument else { throw error }
        let name = TemporaryNames(ProcessFacts()).next()
        file = try At(raw: directory.raw).createFile(name, permissions: 0o600)
        try At(raw: directory.raw).remove(name)
    }
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: ContentCopy.bufferSize, alignment: 16)
    defer { buffer.deallocate() }
    var position: Int64 = 0
    while true {
        let count = try readStream(pipe, buffer, ContentCopy.bufferSize)
        if count == 0 { return file }
        try OpenFile(raw: file.raw).writeAll(buffer, count, at: position)
        position += Int64(count)
    }
}
