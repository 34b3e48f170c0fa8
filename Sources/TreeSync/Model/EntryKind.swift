/// What kind of thing a directory entry is. The values are those of `d_type` in `getdents64`.
public enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
    case fifo = 1
    case characterDevice = 2
    case directory = 4
    case blockDevice = 6
    case regular = 8
    case symbolicLink = 10
    case socket = 12

    /// The word that messages use: `file`, `directory`, `socket` …
    public var noun: String {
        switch self {
        case .fifo: "FIFO"
        case .characterDevice: "character device"
        case .directory: "directory"
        case .blockDevice: "block device"
        case .regular: "file"
        case .symbolicLink: "symbolic link"
        case .socket: "socket"
        }
    }

    /// The letter of rsync's itemized output (`%i`, second column).
    public var itemizeLetter: Character {
        switch self {
        case .regular: "f"
        case .directory: "d"
        case .symbolicLink: "L"
        case .characterDevice, .blockDevice: "D"
        case .fifo, .socket: "S"
        }
    }
}
