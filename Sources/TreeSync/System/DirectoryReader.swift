import CLinux
internal import SystemPackage

/// Reads names and kinds of a directory's entries with `getdents64`.
struct DirectoryReader: ~Copyable {
    /// Large enough for some thousand names in one call, small enough to stay in the second-level cache.
    private static let bufferSize = 64 * 1024
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: bufferSize, alignment: 16)

    deinit { buffer.deallocate() }

    /// Reads from the beginning again: a root is read by every walk of a run.
    func rewind(_ descriptor: Int32) throws(Errno) { try kernel { ts_rewind(descriptor) } }

    /// Calls `body` with each name but `.` and `..`, its length and its kind; `nil` where the file system keeps none.
    func read(_ descriptor: Int32, _ body: (CName, Int, EntryKind?) -> Void) throws(Errno) {
        while true {
            let count = Int(try kernel { ts_getdents(descriptor, buffer, Self.bufferSize) })
            if count == 0 { return }
            var position = 0
            while position < count {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
                let record = buffer + position
                position += Int(record.load(fromByteOffset: 16, as: UInt16.self))
                let kind = EntryKind(rawValue: record.load(fromByteOffset: 18, as: UInt8.self))
                let name = (record + 19).assumingMemoryBound(to: CChar.self)
                let length = Self.length(name)
                if length <= 2, name[0] == dot, length == 1 || name[1] == dot { continue }
                body(name, length, kind)
            }
        }
    }

    @inline(__always)
    private static func length(_ name: CName) -> Int {
        var length = 0
        while name[length] != 0 { length += 1 }
        return length
    }
}

private let dot = CChar(UInt8(ascii: "."))
