import Glibc
import Synchronization
import TreeSync

/// What `--stop-after` and `--stop-at` ask for. C calls a signal's handler without a context, so it is global.
private let hasPassed = Atomic<Bool>(false)

enum Deadline {
    /// Whether the run was stopped because its time was up.
    static var isOver: Bool { hasPassed.load(ordering: .relaxed) }

    /// Makes `termination` answer when the time has come, in seconds since 1970.
    static func stop(at seconds: Int64) {
        _ = hasPassed.load(ordering: .relaxed)
        signal(SIGALRM) { _ in
            hasPassed.store(true, ordering: .relaxed)
            termination.cancel()
        }
        alarm(UInt32(clamping: max(1, seconds - LocalTime.now.seconds)))
    }
}
