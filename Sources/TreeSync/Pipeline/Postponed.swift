/// What waits for the guards, and what failed for want of space and is tried again after the deletions.
final class Postponed: Sendable {
    typealias Decision = @Sendable (_ mayReplace: Bool, Worker) -> Void

    private struct State {
        var decisions: [Decision] = []
        var retries: [WorkPool.Job] = []
        var mayRetry: Bool
    }

    private let state: Lock<State>

    /// - Parameter mayRetry: whether deletions will come that may make room.
    init(mayRetry: Bool) { state = Lock(State(mayRetry: mayRetry)) }

    var mayRetry: Bool { state.withLock { $0.mayRetry } }

    func putOff(_ decision: @escaping Decision) { state.withLock { $0.decisions.append(decision) } }
    func retry(_ job: @escaping WorkPool.Job) { state.withLock { $0.retries.append(job) } }

    func takeDecisions() -> [Decision] {
        state.withLock { state in
            defer { state.decisions = [] }
            return state.decisions
        }
    }

    /// - Parameter isLast: whether want of space is final from now on.
    func takeRetries(isLast: Bool) -> [WorkPool.Job] {
        state.withLock { state in
            defer { state.retries = [] }
            if isLast { state.mayRetry = false }
            return state.retries
        }
    }
}
