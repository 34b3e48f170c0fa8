import CLinux
internal import SystemPackage

/// The one door to the kernel: interruption and error numbers are dealt with here and nowhere else.
///
/// - Parameter body: a call that returns a negative error number when it fails, as the functions of CLinux do.
/// - Returns: what the call returned.
@inline(__always) @discardableResult
func kernel(_ body: () -> Int64) throws(Errno) -> Int64 {
    while true {
        let result = body()
        if result >= 0 { return result }
        if result != interrupted { throw Errno(rawValue: CInt(truncatingIfNeeded: -result)) }
    }
}

private let interrupted = Int64(-Errno.interrupted.rawValue)

/// Stands before a call that another library makes on our behalf and that reports by the C library's `errno`: tests of
/// debug builds may refuse it like any other. A released build asks nobody.
@inline(__always)
func door(_ call: StaticString) throws(Errno) {
    #if DEBUG
        try kernel { ts_fault(call.utf8Start, nil) }
    #endif
}
