import Synchronization

/// Carries events from the engine's threads to one asynchronous reader.
///
/// The engine waits when the reader is far behind, so that memory stays bounded; when nobody listens, events are
/// dropped.
final class EventChannel: @unchecked Sendable {
    /// Some milliseconds of a fast run.
    private static let capacity = 4096

    typealias Ending = Result<Report, SynchronizationError>
    typealias Next = Result<Event?, SynchronizationError>

    /// Guards everything below, and lets the engine's threads wait for room.
    private let monitor = Monitor()
    private var events: [Event] = []
    private var nextEvent = 0
    private var reader: CheckedContinuation<Next, Never>?
    private var waiters: [CheckedContinuation<Ending, Never>] = []
    private var ending: Ending?
    private var listeners = 0
    private var hasBegun = false

    // MARK: The engine's side

    /// Starts `body` on a thread of its own, once.
    func begin(_ body: @escaping @Sendable () -> Void) {
        let isFirst = locked {
            defer { hasBegun = true }
            return !hasBegun
        }
        if isFirst { onOwnThread(body) }
    }

    func send(_ event: Event) {
        monitor.lock()
        while events.count - nextEvent >= Self.capacity, listeners > 0 { monitor.wait() }
        guard listeners > 0 else { return monitor.unlock() }
        if let reader {
            self.reader = nil
            monitor.unlock()
            reader.resume(returning: .success(event))
        } else {
            events.append(event)
            monitor.unlock()
        }
    }

    func finish(_ ending: Ending) {
        let (reader, waiters) = locked {
            self.ending = ending
            defer { (self.reader, self.waiters) = (nil, []) }
            return (self.reader, self.waiters)
        }
        reader?.resume(returning: ending.map { _ in nil })
        for waiter in waiters { waiter.resume(returning: ending) }
    }

    // MARK: The reader's side

    func listen() { locked { listeners += 1 } }

    func stopListening() {
        locked {
            listeners -= 1
            if listeners == 0 { (events, nextEvent) = ([], 0) }
            monitor.wakeAll()
        }
    }

    func next() async -> Next {
        await withCheckedContinuation { continuation in
            let now: Next? = locked {
                if let event = take() { return .success(event) }
                if let ending { return ending.map { _ in nil } }
                reader = continuation
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    func result() async -> Ending {
        await withCheckedContinuation { continuation in
            let now: Ending? = locked {
                if ending == nil { waiters.append(continuation) }
                return ending
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    private func take() -> Event? {
        guard nextEvent < events.count else { return nil }
        nextEvent += 1
        defer {
            if nextEvent == events.count {
                events.removeAll(keepingCapacity: true)
                nextEvent = 0
                monitor.wakeAll()
            }
        }
        return events[nextEvent - 1]
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        monitor.lock()
        defer { monitor.unlock() }
        return body()
    }
}

/// Runs `body` on a new thread, or here and now where there can be none.
func onOwnThread(_ body: @escaping @Sendable () -> Void) {
    do { try Thread.detach(body) } catch { body() }
}
