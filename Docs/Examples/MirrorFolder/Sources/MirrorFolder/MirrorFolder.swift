import Dispatch
import Glibc
import SystemPackage
import TreeSync

/// Mirrors a folder: `MirrorFolder SOURCE DESTINATION`. Control-C stops it; running it again continues.
@main
struct MirrorFolder {
    static func main() async {
        guard CommandLine.argc == 3 else {
            show("usage: MirrorFolder SOURCE DESTINATION\n")
            exit(1)
        }
        // Paths are bytes; `CommandLine.arguments` would repair those that are not UTF-8.
        let source = FilePath(platformString: CommandLine.unsafeArgv[1]!)
        let destination = FilePath(platformString: CommandLine.unsafeArgv[2]!)

        let mirroring = Task { try await mirror(source, to: destination) }
        let interruption = onInterrupt { mirroring.cancel() }
        defer { interruption.cancel() }
        do {
            let report = try await mirroring.value
            summarize(report)
            exit(report.succeeded ? 0 : report.isCancelled ? 130 : 23)
        } catch SynchronizationError.cancelled {
            show("stopped\n")
            exit(130)
        } catch {
            show("\(error)\n")
            exit(2)
        }
    }

    /// Makes `destination` equal to `source`, what is not in the source deleted last.
    static func mirror(_ source: FilePath, to destination: FilePath) async throws -> Report {
        var options = Options()
        options.deletion = .after
        options.deletionLimit = .percent(50)

        let run = Synchronizer(from: source, to: destination, options: options).run()
        for try await event in run {
            switch event {
            case .progress(let progress): show(line(progress))
            case .problem(let problem): show("\r\u{1B}[K\(problem.path): \(describe(problem))\n")
            case .planned, .finished, .kept, .removedSource: break
            }
        }
        show("\r\u{1B}[K")
        return try await run.report
    }

    /// A line that takes the place of the one before.
    static func line(_ progress: Progress) -> String {
        let total = progress.isScanComplete ? "\(progress.plannedFiles)" : "\(progress.plannedFiles) or more"
        let megabytes = "\(progress.copiedBytes >> 20) of \(progress.plannedBytes >> 20) MiB"
        return "\r\u{1B}[K\(progress.copiedFiles) of \(total) files, \(megabytes)"
    }

    static func describe(_ problem: Problem) -> String {
        let reason = problem.errno.map { "\($0)" } ?? "\(problem.cause)"
        return "cannot \(problem.operation.rawValue) it: \(reason)"
    }

    static func summarize(_ report: Report) {
        let statistics = report.statistics
        show(
            """
            \(statistics.entries.total) entries, \(statistics.created.total) created, \(statistics.updated) updated, \
            \(statistics.deleted.total) deleted, \(statistics.writtenBytes >> 20) MiB written in \(report.duration)

            """)
        for group in report.problems {
            let paths = group.paths.map(\.description).joined(separator: ", ")
            show("\(group.count) × \(describe(group.first)): \(paths)\n")
        }
        if let refusal = report.refusal { show("nothing was deleted: \(refusal)\n") }
        if report.isCancelled { show("stopped before it was done\n") }
    }
}

/// Calls `action` when the user presses control-C, in place of ending the process.
///
/// To be called before there is a second thread: the signal must be blocked in every thread to reach Dispatch.
func onInterrupt(_ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_BLOCK, &interrupt, nil)
    let source = DispatchSource.makeSignalSource(signal: SIGINT)
    source.setEventHandler(handler: action)
    source.resume()
    return source
}

/// Writes to standard error at once.
func show(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
}
