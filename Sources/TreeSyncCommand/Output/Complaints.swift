import TreeSync

/// What standard error says of a run that came to its end, without the command's name.
struct Complaints: Sendable {
    let report: Report
    let request: Request
    /// The signal that stopped the run.
    let signal: String?

    var lines: [String] {
        let presentation = request.presentation
        let groups = report.problems.filter { group in
            let isRemark = group.first.severity == .remark
            let isUnwanted = presentation.isQuiet || (group.first.cause == .leftOut && presentation.level(.nonreg) == 0)
            return !(isRemark && isUnwanted) && !group.first.isSkippedDirectory
        }
        var lines = groups.flatMap { ProblemText($0).lines(presentation) }
        if let refusal = report.refusal {
            lines.append(refusal.sentence(isDryRun: request.isDryRun, style: presentation.numberStyle))
        }
        if report.isCancelled { lines.append(interruption) }
        return lines
    }

    private var interruption: String {
        let summary = Summary(report: report, isDryRun: request.isDryRun, style: request.presentation.numberStyle)
        let cause = signal.map { "stopped by \($0)" } ?? (Deadline.isOver ? "stopped: the time is up" : "stopped")
        return "\(cause): \(summary.sentence); run it again to go on"
    }
}
