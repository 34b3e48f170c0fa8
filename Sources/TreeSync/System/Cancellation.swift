import Synchronization

/// A request to stop, shared between whoever runs a synchronisation and whoever may stop it.
public final class Cancellation: Sendable {
    private let requested = Atomic<Bool>(false)

    public init() {}

    /// Asks the run to stop at the next piece of a copy or the next entry. Safe in a signal handler.
    public func cancel() { requested.store(true, ordering: .relaxed) }

    public var isCancelled: Bool { requested.load(ordering: .relaxed) }
}
