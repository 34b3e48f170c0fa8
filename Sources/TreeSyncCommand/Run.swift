import CLinux
import Synchronization
import SystemPackage
import TreeSync

/// One synchronisation from its request to the exit status.
struct Run {
    /// Enough for 1,024 threads that each hold a chain of directories open.
    private static let descriptorLimit: Int64 = 65536

    private let request: Request
    private let output = Output()

    init(_ request: Request) { self.request = request }

    /// Carries the request out and says what there is to say.
    func status() -> ExitStatus {
        _ = ts_raise_descriptor_limit(Self.descriptorLimit)
        catchTermination()
        let journal = Journal(Listing(request, destinationExists: destinationExists), output)
        do {
            let report = try synchronize(journal)
            journal.close(report)
            return conclude(report)
        } catch {
            output.flush()
            complain([error.description])
            return ExitStatus(error)
        }
    }

    private var destinationExists: Bool {
        var status = ts_stat()
        let result = request.destination.filePath.withPlatformString { ts_stat_follow($0, &status) }
        return result != Int64(-Errno.noSuchFileOrDirectory.rawValue)
    }

    private func synchronize(_ journal: Journal) throws(SynchronizationError) -> Report {
        let synchronizer = request.synchronizer
        let events = Listing.events(for: request)
        let handler: @Sendable (Event) -> Void = { journal.note($0) }
        return request.isDryRun
            ? try synchronizer.planBlocking(cancellation: termination, events: events, handler: handler)
            : try synchronizer.runBlocking(cancellation: termination, events: events, handler: handler)
    }

    private func conclude(_ report: Report) -> ExitStatus {
        let style = request.presentation.numberStyle
        if !report.isCancelled {
            output.write(
                Summary(report: report, isDryRun: request.isDryRun, style: style).text(request.presentation))
        }
        let failure = output.finish()
        if output.failure == .closed { return .interrupted }
        complain(Complaints(report: report, request: request, signal: receivedSignalName).lines)
        let status = ExitStatus(report)
        return status == .success ? failure ?? .success : status
    }
}

/// Prints events as they come; the engine calls from one thread at a time, not always the same.
private final class Journal: Sendable {
    private let listing: Mutex<Listing>
    private let output: Output

    init(_ listing: Listing, _ output: Output) {
        self.listing = Mutex(listing)
        self.output = output
    }

    func note(_ event: Event) {
        let lines = listing.withLock { $0.lines(for: event) }
        if lines.isEmpty { return }
        output.write(lines)
        if output.failure == .closed { termination.cancel() }
    }

    func close(_ report: Report) {
        output.write(listing.withLock { $0.closing(report) })
    }
}
