/// Passes events to whoever wants them, one at a time. What nobody wants costs a comparison.
final class Listener: Sendable {
    /// Ten times a second, in nanoseconds.
    private static let progressInterval: Int64 = 100_000_000

    private struct State {
        var progress = Progress()
        var lastProgress: Int64 = 0
    }

    private let kinds: EventKinds
    private let handler: @Sendable (Event) -> Void
    private let state = Lock(State())

    init(_ kinds: EventKinds, _ handler: @escaping @Sendable (Event) -> Void) {
        self.kinds = kinds
        self.handler = handler
    }

    @inline(__always)
    func wants(_ kind: EventKinds) -> Bool { kinds.contains(kind) }

    func planned(_ action: Action) { tell(.planned(action), .planned) }
    func removedSource(_ path: RelativePath) { tell(.removedSource(path), .removedSources) }
    func kept(_ entry: KeptEntry) { tell(.kept(entry), .kept) }
    func finished(_ action: Action, _ outcome: Outcome) { tell(.finished(action, outcome), .finished) }
    func problem(_ problem: Problem) { tell(.problem(problem), .problems) }

    private func tell(_ event: Event, _ kind: EventKinds) {
        guard wants(kind) else { return }
        state.withLock { _ in handler(event) }
    }

    /// Counts, and tells about it when it is time again.
    func progressed(_ update: (inout Progress) -> Void) {
        guard wants(.progress) else { return }
        state.withLock { state in
            update(&state.progress)
            let now = monotonicNanoseconds()
            guard now - state.lastProgress > Self.progressInterval else { return }
            state.lastProgress = now
            handler(.progress(state.progress))
        }
    }

    /// Tells how it ended, however short it was.
    func finishProgress() {
        guard wants(.progress) else { return }
        state.withLock { handler(.progress($0.progress)) }
    }
}
