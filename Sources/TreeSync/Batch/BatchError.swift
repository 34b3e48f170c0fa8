public import SystemPackage

/// Why a file cannot be applied as a batch. Nothing was changed.
public enum BatchError: Error, Sendable, Hashable {
    /// It cannot be opened or read.
    case unreadable(FilePath, Errno)
    /// It is no batch of treesync.
    case foreign(FilePath)
    /// It was written by a later treesync, in a format of this version.
    case newer(FilePath, version: UInt32)
    /// Its end is missing: it was not written or not copied completely.
    case truncated(FilePath)
    /// It is not what was written.
    case damaged(FilePath)
}

extension BatchError: CustomStringConvertible {
    /// One sentence without a full stop that names the file, escaped, and says what to do where that is known.
    public var description: String {
        switch self {
        case .unreadable(let path, let errno): "cannot read the batch \(quoted(path)): \(message(of: errno))"
        case .foreign(let path):
            "\(quoted(path)) is not a batch of treesync; a batch of rsync can only be applied by rsync"
        case .newer(let path, let version):
            "the batch \(quoted(path)) has version \(version) of the format, and this treesync reads up to "
                + "\(BatchFormat.version): apply it with the treesync that wrote it, or a later one"
        case .truncated(let path): "the batch \(quoted(path)) is not complete: copy or write it again"
        case .damaged(let path): "the batch \(quoted(path)) is damaged: copy or write it again"
        }
    }
}

/// What is wrong with the bytes of a batch, whatever the file is called.
enum BatchFault: Error, Equatable {
    case unreadable(Errno)
    case foreign
    case newer(UInt32)
    case truncated
    case damaged

    func error(_ path: FilePath) -> BatchError {
        switch self {
        case .unreadable(let errno): .unreadable(path, errno)
        case .foreign: .foreign(path)
        case .newer(let version): .newer(path, version: version)
        case .truncated: .truncated(path)
        case .damaged: .damaged(path)
        }
    }
}
