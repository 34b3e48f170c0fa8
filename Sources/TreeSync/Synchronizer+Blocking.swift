public import SystemPackage

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
        try withCredentials { () throws(SynchronizationError) in
            try session(cancellation, events, handler, .planning).run(executes: false)
        }
    }

    /// Runs, on the engine's own threads and the calling one. The same parameters as `planBlocking`.
    ///
    /// - Returns: what was done, in numbers; failures of single entries are among its problems.
    /// - Throws: `SynchronizationError` before anything was written.
    public func runBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        try withCredentials { () throws(SynchronizationError) in
            try session(cancellation, events, handler, .running).run(executes: true)
        }
    }

    /// What the sources hold: an action for each entry, in the order of the tree, as if there were no destination.
    /// Nothing is looked for in the destination, and nothing is written.
    ///
    /// Entries of all kinds are told of; with `deletesMissingSources` what was named and does not exist is told of as
    /// deleted. Without `recursive` that is each source itself or, where it stands for its
    /// contents, what its directory holds.
    ///
    /// - Returns: how many entries there are, and what could not be read.
    /// - Throws: `SynchronizationError` when no source can be opened.
    public func listBlocking(
        cancellation: Cancellation = Cancellation(), handler: @escaping @Sendable (Action) -> Void
    ) throws(SynchronizationError) -> Report {
        var listed = self
        listed.options.preserved = options.preserved.intersection(.accessTimes)
            .union([.symbolicLinks, .devices, .specials])
        listed.options.copiesDirectories = true
        listed.options.deletion = nil
        listed.options.existingOnly = false
        listed.options.links.leavesOutUnsafe = false
        (listed.options.smallestSize, listed.options.largestSize) = (0, .max)
        let listing = listed
        return try withCredentials { () throws(SynchronizationError) in
            try listing.session(
                cancellation, .planned, { if case .planned(let action) = $0 { handler(action) } }, .listing
            ).run(executes: false)
        }
    }

    /// Records what a run would do in the batch of `options.batch`, and changes nothing. The same parameters as
    /// `planBlocking`.
    ///
    /// - Returns: what was recorded, in numbers; what could not be read is among its problems.
    /// - Throws: `SynchronizationError` when there is nothing to record, or the batch cannot be made.
    public func recordBlocking(
        cancellation: Cancellation = Cancellation(), events: EventKinds = [],
        handler: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SynchronizationError) -> Report {
        try withCredentials { () throws(SynchronizationError) in
            try session(cancellation, events, handler, .recording).run(executes: false)
        }
    }

    /// What would happen to some paths, and why. Plans the whole tree and writes nothing.
    ///
    /// - Parameters:
    ///   - paths: relative to the destination's root, or as they lie below a root: as that was given, or else wherever
    ///     the file system finds it. `..` takes back the name before it.
    ///   - cancellation: stops the planning.
    /// - Returns: an explanation for each path in their order, and the report of the plan.
    /// - Throws: `SynchronizationError` when there is nothing to plan.
    public func explainBlocking(
        _ paths: [FilePath], cancellation: Cancellation = Cancellation()
    ) throws(SynchronizationError) -> (explanations: [Explanation], report: Report) {
        try withCredentials { () throws(SynchronizationError) in
            let inquiry = Inquiry()
            let session = try session(
                cancellation, [.planned, .kept, .problems], { inquiry.note($0) }, .planning, inquiry)
            let roots = session.roots
            let places = paths.map { roots.places(of: $0.bytes) }
            inquiry.ask(places.flatMap(\.self))
            for choice in roots.hidden { inquiry.note(choice.path) { $0.hiding = choice.rule } }
            let report = session.run(executes: false)
            for place in places.flatMap(\.self) where roots.leavesOut(place) {
                inquiry.note(place) { $0.isNotChosen = true }
            }
            let explanations = zip(paths, places).map { inquiry.answer($0.bytes, at: $1, report, options) }
            return (explanations, report)
        }
    }

    /// Calls `body` here, or on a thread that has the credentials of the options.
    private func withCredentials<Result: Sendable>(
        _ body: @escaping @Sendable () throws(SynchronizationError) -> Result
    ) throws(SynchronizationError) -> Result {
        guard let credentials = options.credentials else { return try body() }
        return try credentials.run(body)
    }

    private func session(
        _ cancellation: Cancellation, _ events: EventKinds, _ handler: @escaping @Sendable (Event) -> Void,
        _ purpose: Session.Purpose, _ inquiry: Inquiry? = nil
    ) throws(SynchronizationError) -> Session {
        try Session(
            applied(), process: ProcessFacts(), cancellation: cancellation, listener: Listener(events, handler),
            purpose: purpose, inquiry: inquiry)
    }
}
