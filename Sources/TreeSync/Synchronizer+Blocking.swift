extension Synchronizer {
    /// Plans without writing, on the engine's own threads and the calling one.
    ///
    /// - Parameters:
    ///   - events: the kinds of events that `handler` is called for.
    ///   - handler: called by one thread at a time, not always by the same.
    /// - Returns: what would be done, in numbers.
    public func planBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        fatalError()
    }

    /// Runs, on the engine's own threads and the calling one. The same parameters as `planBlocking`.
    public func runBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        fatalError()
    }
}
