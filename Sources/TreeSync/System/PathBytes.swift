internal import SystemPackage

extension FilePath {
    /// The path's bytes, without repair of what is not UTF-8.
    var bytes: [UInt8] {
        withPlatformString { pointer in
            UnsafeRawBufferPointer(start: pointer, count: self.length).map { $0 }
        }
    }
}

/// The kernel's message for an error number, as C's `strerror` words it.
func message(of errno: Errno) -> String { errno.description }
