import SystemPackage
import TreeSync

/// Says what would happen to some paths, and why.
struct ExplanationRun {
    private let request: Request
    private let paths: [[UInt8]]
    private let output: Output

    init(_ request: Request, _ paths: [[UInt8]]) {
        self.request = request
        self.paths = paths
        output = Output(request.presentation.stream)
    }

    /// Plans, explains, and says what there is to say of the plan.
    func status() -> ExitStatus {
        prepareProcess()
        catchTermination()
        do {
            let asked = paths.map(filePath)
            let (explanations, report) = try request.synchronizer.explainBlocking(asked, cancellation: termination)
            if !report.isCancelled {
                for explanation in explanations { output.write(ExplanationText(explanation, request).text) }
            }
            return output.conclude(report, of: request)
        } catch {
            output.flush()
            complain([error.description])
            return ExitStatus(error)
        }
    }
}
