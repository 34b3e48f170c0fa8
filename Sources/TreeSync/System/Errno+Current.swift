import Glibc
internal import SystemPackage

extension Errno {
    /// What the C library's `errno` says on this thread, for libraries that report by it.
    static var current: Errno { Errno(rawValue: errno) }
}
