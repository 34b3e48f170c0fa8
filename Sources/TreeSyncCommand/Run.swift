import CLinux
import SystemPackage
import TreeSync

/// One synchronisation from its request to the exit status.
struct Run {
    private let request: Request
    private let output: Output

    init(_ request: Request) {
        self.request = request
        output = Output(request.presentation.stream)
    }

    /// Carries the request out and says what there is to say.
    func status() -> ExitStatus {
        prepareProcess()
        if let deadline = request.deadline { Deadline.stop(at: deadline) }
        do throws(BatchError) {
            let batch = try request.openBatch()
            return Run(request.keeping(batch)).status(applying: batch)
        } catch {
            complain([error.description])
            return ExitStatus(error)
        }
    }

    private func status(applying batch: Batch?) -> ExitStatus {
        let exists = destinationExists
        let log = LogFile.open(request, destinationExists: exists)
        catchTermination()
        let journal = Journal(request, output, log: log, destinationExists: exists)
        do throws(SynchronizationError) {
            let report = try synchronize(journal, applying: batch)
            journal.close(report)
            return conclude(report, journal)
        } catch {
            journal.abandon()
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

    private func synchronize(
        _ journal: Journal, applying batch: Batch?
    ) throws(SynchronizationError) -> Report {
        var synchronizer = request.synchronizer
        synchronizer.batch = batch
        let handler: @Sendable (Event) -> Void = { journal.note($0) }
        if request.records, !request.isDryRun {
            return try synchronizer.recordBlocking(
                cancellation: termination, events: journal.events, handler: handler)
        }
        return request.isDryRun
            ? try synchronizer.planBlocking(cancellation: termination, events: journal.events, handler: handler)
            : try synchronizer.runBlocking(cancellation: termination, events: journal.events, handler: handler)
    }

    private func conclude(_ report: Report, _ journal: Journal) -> ExitStatus {
        let summary = Summary(report: report, isDryRun: request.isDryRun, style: request.presentation.numberStyle)
        if !report.isCancelled {
            let isTerminal = isTerminal(request.presentation.stream.descriptor)
            output.write(summary.text(request.presentation, for: isTerminal ? .person : .program))
        }
        var complaints = Complaints(report: report, request: request, signal: receivedSignalName).lines
        let scriptFailure = request.writeScript(report)
        if let scriptFailure { complaints.append(scriptFailure) }
        var status = output.conclude(report, complaints)
        if status == .success, scriptFailure != nil { status = .fileInputOutput }
        if output.failure == .closed { return status }
        journal.closeLog(summary, complaints)
        return report.isCancelled && Deadline.isOver && receivedSignalName == nil ? .deadline : status
    }
}

/// What every run needs of the process: directories may be held open, and no signal of a write ends it.
///
/// Those that stop a run are caught when it begins: until then nothing is done that would have to be undone, and what is
/// to be read or written may be a FIFO that nobody opens.
func prepareProcess() {
    // Enough for 1,024 threads that each hold a chain of directories open.
    _ = ts_raise_descriptor_limit(65536)
    ignoreWriteSignals()
}

/// A listing of what the sources hold.
struct ListingRun {
    private let request: Request
    private let output: Output

    init(_ request: Request) {
        self.request = request
        output = Output(request.presentation.stream)
    }

    func status() -> ExitStatus {
        prepareProcess()
        let listing = SourceListing(request)
        let isQuiet = request.presentation.isQuiet
        let log = LogFile.open(request)
        catchTermination()
        do {
            let report = try request.synchronizer.listBlocking(cancellation: termination) { [output] action in
                let line = listing.line(action)
                log?.write(line)
                if isQuiet { return }
                output.write(line + [UInt8(ascii: "\n")])
                if output.failure == .closed { termination.cancel() }
            }
            return conclude(report, log)
        } catch {
            output.flush()
            complain([error.description])
            return ExitStatus(error)
        }
    }

    private func conclude(_ report: Report, _ log: LogFile?) -> ExitStatus {
        let summary = Summary(listing: report, isDryRun: request.isDryRun, style: request.presentation.numberStyle)
        if !report.isCancelled { output.write(summary.text(request.presentation)) }
        let complaints = Complaints(report: report, request: request, signal: receivedSignalName).lines
        let status = output.conclude(report, complaints)
        log?.close(summary, complaints)
        return status
    }
}

extension Output {
    /// The end of every run: writes what was kept back and says what went wrong.
    func conclude(_ report: Report, of request: Request) -> ExitStatus {
        conclude(report, Complaints(report: report, request: request, signal: receivedSignalName).lines)
    }

    fileprivate func conclude(_ report: Report, _ complaints: [String]) -> ExitStatus {
        let unwritten = finish()
        if failure == .closed { return .interrupted }
        complain(complaints)
        let status = ExitStatus(report)
        return status == .success ? unwritten ?? .success : status
    }
}
