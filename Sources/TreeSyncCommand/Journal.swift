import Synchronization
import TreeSync

/// Everything that is said while a run goes on; the engine calls from one thread at a time, not always the same.
final class Journal: Sendable {
    private struct State {
        var listing: Listing
        var meter: ProgressMeter?
    }

    private let state: Mutex<State>
    private let output: Output
    private let log: LogFile?
    /// The kinds of events that somebody here wants.
    let events: EventKinds

    init(_ request: Request, _ output: Output, log: LogFile?, destinationExists: Bool) {
        let palette = Palette(request.presentation.color, descriptor: request.presentation.stream.descriptor)
        let listing = Listing(request, destinationExists: destinationExists, palette: palette)
        let meter = ProgressMeter(request, output: output)
        var events = Listing.events(for: request)
        if log != nil { events.formUnion(LogFile.events(for: request)) }
        if meter != nil { events.insert(.progress) }
        self.output = output
        self.log = log
        self.events = events
        state = Mutex(State(listing: listing, meter: meter))
    }

    func note(_ event: Event) {
        log?.note(event)
        if case .progress(let progress) = event { return state.withLock { $0.meter?.note(progress) ?? () } }
        state.withLock { state in
            let lines = state.listing.lines(for: event)
            if lines.isEmpty { return }
            state.meter?.makeRoom()
            output.write(lines)
        }
        if output.failure == .closed { termination.cancel() }
    }

    func close(_ report: Report) {
        state.withLock { state in
            let lines = state.listing.closing(report)
            if !lines.isEmpty { state.meter?.makeRoom() }
            output.write(lines)
            state.meter?.finish(report)
        }
    }

    /// The run could not begin: nothing of the progress stays.
    func abandon() { state.withLock { $0.meter?.makeRoom() } }

    func closeLog(_ summary: Summary, _ complaints: [String]) { log?.close(summary, complaints) }
}
