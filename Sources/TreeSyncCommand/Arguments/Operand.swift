import SystemPackage
import TreeSync

/// One path of the command line, as bytes: `FilePath` would drop the trailing slash that means something.
struct Operand: Sendable, Equatable {
    let bytes: [UInt8]

    /// Refuses what names another machine, and nothing at all.
    init(_ bytes: [UInt8]) throws(UsageError) {
        guard !bytes.isEmpty else { throw .emptyOperand }
        if Self.isDaemonAddress(bytes) { throw .daemonAddress(bytes) }
        if Self.isRemote(bytes) { throw .remotePath(bytes) }
        self.bytes = bytes
    }

    var filePath: FilePath { TreeSyncCommand.filePath(bytes) }

    /// Whether the path can only mean a directory: it ends in a slash, in `.` or in `..`.
    var isDirectory: Bool {
        let last = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        return last.isEmpty || last.elementsEqual(".".utf8) || last.elementsEqual("..".utf8)
    }

    /// The last name of the path.
    var name: RelativePath {
        RelativePath(bytes: Array(bytes.split(separator: UInt8(ascii: "/")).last ?? []))
    }

    var source: Source { Source(filePath, placement: isDirectory ? .contents : .entry) }

    /// A colon before the first slash: `host:path`.
    private static func isRemote(_ bytes: [UInt8]) -> Bool {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return !bytes[..<colon].contains(UInt8(ascii: "/"))
    }

    /// `rsync://host/module` or `host::module`.
    private static func isDaemonAddress(_ bytes: [UInt8]) -> Bool {
        let scheme = Array("rsync://".utf8)
        let start = bytes.prefix(scheme.count).map { $0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0) }
        if start == scheme { return true }
        guard isRemote(bytes), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return colon + 1 < bytes.count && bytes[colon + 1] == UInt8(ascii: ":")
    }
}

/// A path of bytes as they were typed.
func filePath(_ bytes: [UInt8]) -> FilePath {
    (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { characters in
        FilePath(platformString: characters.baseAddress!)
    }
}
