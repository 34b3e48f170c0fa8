import CLinux
import Glibc

/// Whether what is written there is seen on a terminal. The C function is `isatty`.
func isTerminal(_ descriptor: Int32) -> Bool { ts_isatty(descriptor) == 1 }

extension Presentation.Stream {
    /// Standard output or standard error.
    var descriptor: Int32 { usesStandardError ? STDERR_FILENO : STDOUT_FILENO }
}
