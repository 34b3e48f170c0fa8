import CLinux
import Glibc
import Synchronization
import TreeSync

/// The command `treesync`: words become a request, the request a run, its events lines, its report a status.
@main
struct Command {
    static func main() {
        exit(run().rawValue)
    }

    private static func run() -> ExitStatus {
        do {
            let arguments = try Arguments(count: ts_argument_count(), vector: ts_arguments())
            return carryOut(try Invocation(arguments))
        } catch {
            complain([error.description])
            return error.exitStatus
        }
    }

    private static func carryOut(_ invocation: Invocation) -> ExitStatus {
        switch invocation {
        case .printHelp: show(HelpText.text)
        case .printVersion: show(VersionText.text)
        case .printCapabilities: show(CapabilityText.text)
        case .printOptions: show(OptionsDocument.text)
        case .printFlags(let text): show(text)
        case .printManual: show(ManualPage.text)
        case .printCompletion(let shell): show(shell.completion)
        case .synchronize(let request): Run(request).status()
        case .list(let request): ListingRun(request).status()
        case .explain(let request, let paths): ExplanationRun(request, paths).status()
        }
    }

    private static func show(_ text: String) -> ExitStatus {
        let output = Output()
        output.write(text)
        return output.finish() ?? .success
    }
}

extension Output {
    /// Writes what was kept back; the status where that failed. A reader that went away is no news.
    func finish() -> ExitStatus? {
        switch flush() {
        case nil: return nil
        case .closed: return .interrupted
        case .failed(let errno):
            complain(["cannot write to standard output: \(errno)"])
            return .fileInputOutput
        }
    }
}
