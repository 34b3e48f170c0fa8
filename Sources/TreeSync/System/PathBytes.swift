internal import SystemPackage

extension FilePath {
    /// The path's bytes, without repair of what is not UTF-8.
    var bytes: [UInt8] {
        withPlatformString { pointer in
            UnsafeRawBufferPointer(start: pointer, count: self.length).map { $0 }
        }
    }

    /// Made of bytes as the kernel takes them.
    init(bytes: [UInt8]) {
        self = (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            FilePath(platformString: $0.baseAddress!)
        }
    }
}

/// The kernel's message for an error number, as C's `strerror` words it.
func message(of errno: Errno) -> String { errno.description }
