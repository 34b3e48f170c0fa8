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
