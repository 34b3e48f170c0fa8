/// A run under way: its events as an asynchronous sequence, its report at the end.
///
/// The run begins with the first `next()` or the first look at `report`, on threads of its own. Cancelling the task
/// that waits for either stops it at the next piece of a copy: nothing half-written stands under a final name, and the
/// report says that it was cancelled. Events are delivered once, to one iterator; whoever stops iterating misses the
/// rest and may still ask for the report.
public struct Run: AsyncSequence, Sendable {
    /// What iterating yields.
    public typealias Element = Event
    /// What iterating throws: the run could not begin.
    public typealias Failure = SynchronizationError

    private let channel: EventChannel
    private let cancellation: Cancellation
    private let begin: @Sendable () -> Void

    init(_ synchronizer: Synchronizer, events: EventKinds) {
        let channel = EventChannel()
        let cancellation = Cancellation()
        self.channel = channel
        self.cancellation = cancellation
        begin = {
            channel.begin {
                do throws(SynchronizationError) {
                    channel.finish(
                        .success(
                            try synchronizer.runBlocking(cancellation: cancellation, events: events) {
                                channel.send($0)
                            }))
                } catch {
                    channel.finish(.failure(error))
                }
            }
        }
    }

    /// Stops the run, as cancelling the waiting task does.
    public func cancel() { cancellation.cancel() }

    /// What was done. Waits for the end of the run.
    public var report: Report {
        get async throws(SynchronizationError) {
            begin()
            let result = await withTaskCancellationHandler {
                await channel.result()
            } onCancel: {
                cancellation.cancel()
            }
            return try result.get()
        }
    }

    /// An iterator over the events that are still to come.
    public func makeAsyncIterator() -> Iterator {
        channel.listen()
        return Iterator(begin: begin, cancellation: cancellation, listening: Listening(channel))
    }

    /// Delivers the events of one run.
    public struct Iterator: AsyncIteratorProtocol {
        let begin: @Sendable () -> Void
        let cancellation: Cancellation
        let listening: Listening

        /// The next event; `nil` at the end of the run, also of a cancelled one.
        public mutating func next() async throws(SynchronizationError) -> Event? {
            try await next(isolation: nil)
        }

        /// The next event; `nil` at the end of the run, also of a cancelled one.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SynchronizationError) -> Event? {
            begin()
            let channel = listening.channel
            let result = await withTaskCancellationHandler {
                await channel.next()
            } onCancel: { [cancellation] in
                cancellation.cancel()
            }
            return try result.get()
        }
    }

    /// As long as it lives somebody listens.
    final class Listening: Sendable {
        let channel: EventChannel

        init(_ channel: EventChannel) { self.channel = channel }
        deinit { channel.stopListening() }
    }
}

extension Synchronizer {
    /// Makes the destination equal; nothing happens before the result is iterated or its report is awaited.
    ///
    /// - Parameter events: the kinds of events to deliver; the others cost nothing.
    public func run(events: EventKinds = .all) -> Run { Run(self, events: events) }

    /// What a run would do, as a value. Writes nothing.
    ///
    /// - Throws: `SynchronizationError`; `.cancelled` when the task was cancelled before the plan was complete.
    public func plan() async throws(SynchronizationError) -> Plan {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<PlanResult, Never>) in
                onOwnThread {
                    continuation.resume(returning: collect(cancellation))
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    private typealias PlanResult = Result<Plan, SynchronizationError>

    private func collect(_ cancellation: Cancellation) -> PlanResult {
        let actions = ActionList()
        do throws(SynchronizationError) {
            let report = try planBlocking(cancellation: cancellation, events: .planned) { event in
                if case .planned(let action) = event { actions.append(action) }
            }
            return report.isCancelled ? .failure(.cancelled) : .success(Plan(actions: actions.all, report: report))
        } catch {
            return .failure(error)
        }
    }
}

/// The actions of a plan while it is being made.
private final class ActionList: Sendable {
    private let actions = Lock<[Action]>([])

    func append(_ action: Action) { actions.withLock { $0.append(action) } }
    var all: [Action] { actions.withLock { $0 } }
}
