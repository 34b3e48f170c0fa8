import Synchronization

/// A request to stop, shared between whoever runs a synchronisation and whoever may stop it.
public final class Cancellation: Sendable {
    private let requested = Atomic<Bool>(false)

    /// Nobody has asked yet.
    public init() {}

    /// Asks the run to stop at the next piece of a copy or the next entry. Safe in a signal handler.
    public func cancel() { requested.store(true, ordering: .relaxed) }

    /// Whether somebody has asked.
    public var isCancelled: Bool { requested.load(ordering: .relaxed) }
}
