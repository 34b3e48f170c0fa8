import CLinux
import Glibc
import Synchronization
import TreeSync

/// What SIGINT, SIGTERM and SIGHUP ask for. C calls a signal's handler without a context, so it is global.
let termination = Cancellation()
private let receivedSignal = Atomic<Int32>(0)

/// The first signal stops the run in good order; the second one of the same kind acts as if nothing caught it.
private func terminate(_ signal: Int32) {
    receivedSignal.store(signal, ordering: .relaxed)
    termination.cancel()
    ts_reset_signal(signal)
}

/// A closed pipe and a file that may not grow further are noticed where they are written to.
func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
}

/// Makes `termination` answer to signals.
func catchTermination() {
    // Both are made before a signal can come: making them is not safe in a handler.
    _ = termination
    _ = receivedSignal.load(ordering: .relaxed)
    _ = ts_catch_termination(terminate)
}

/// The name of the signal that came, if one did.
var receivedSignalName: String? {
    switch receivedSignal.load(ordering: .relaxed) {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    default: nil
    }
}
