extension Synchronizer {
    /// Plans without writing, on the engine's own threads and the calling one.
    ///
    /// - Parameters:
    ///   - cancellation: stops the planning.
    ///   - events: the kinds of events that `handler` is called for.
    ///   - handler: called by one thread at a time, not always by the same.
    /// - Returns: what would be done, in numbers.
    /// - Throws: `SynchronizationError` when there is nothing to plan; nothing was written.
    public func planBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        try session(cancellation, events, handler, executes: false).run(executes: false)
    }

    /// Runs, on the engine's own threads and the calling one. The same parameters as `planBlocking`.
    ///
    /// - Returns: what was done, in numbers; failures of single entries are among its problems.
    /// - Throws: `SynchronizationError` before anything was written.
    public func runBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        try session(cancellation, events, handler, executes: true).run(executes: true)
    }

    private func session(
        _ cancellation: Cancellation, _ events: EventKinds, _ handler: @escaping @Sendable (Event) -> Void,
        executes: Bool
    ) throws(SynchronizationError) -> Session {
        try Session(
            self, process: ProcessFacts(), cancellation: cancellation, listener: Listener(events, handler),
            executes: executes)
    }
}
