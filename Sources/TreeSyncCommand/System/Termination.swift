import CLinux
import Glibc
import Synchronization
import TreeSync

/// What SIGINT, SIGTERM and SIGHUP ask for. C calls a signal's handler without a context, so it is global.
let termination = Cancellation()
private let receivedSignal = Atomic<Int32>(0)

/// When each kind of signal came first, in nanoseconds; 0 before that.
private let firstHangUp = Atomic<Int64>(0)
private let firstInterrupt = Atomic<Int64>(0)
private let firstTermination = Atomic<Int64>(0)

/// Whoever signals a process and its group sends the same signal twice in no time.
private let distance: Int64 = 200_000_000

/// The first signal stops the run in good order; another one of the same kind, a moment later, acts as if nothing caught
/// it.
private func terminate(_ signal: Int32) {
    let now = ts_monotonic_nanoseconds()
    let first =
        switch signal {
        case SIGHUP: firstHangUp.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        case SIGINT: firstInterrupt.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        default: firstTermination.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        }
    if first.exchanged {
        receivedSignal.store(signal, ordering: .relaxed)
        termination.cancel()
    } else if now - first.original > distance {
        ts_reset_signal(signal)
        raise(signal)
    }
}

/// A closed pipe and a file that may not grow further are noticed where they are written to.
func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
}

/// Makes `termination` answer to signals.
func catchTermination() {
    // All are made before a signal can come: making them is not safe in a handler.
    _ = termination
    _ = receivedSignal.load(ordering: .relaxed)
    _ = firstHangUp.load(ordering: .relaxed)
    _ = firstInterrupt.load(ordering: .relaxed)
    _ = firstTermination.load(ordering: .relaxed)
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
