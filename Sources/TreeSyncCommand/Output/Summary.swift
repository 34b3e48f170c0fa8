import TreeSync

/// The figures at the end of a run: the summary of `-v` and the lines of `--stats`.
struct Summary: Sendable {
    let report: Report
    let isDryRun: Bool
    let style: Presentation.NumberStyle
    private var isListing = false

    init(report: Report, isDryRun: Bool, style: Presentation.NumberStyle) {
        self.report = report
        self.isDryRun = isDryRun
        self.style = style
    }

    /// Of `--list-only`: nothing is made.
    init(listing report: Report, isDryRun: Bool, style: Presentation.NumberStyle) {
        var listed = report
        listed.statistics = Statistics()
        listed.statistics.entries = report.statistics.entries
        listed.statistics.totalSize = report.statistics.totalSize
        self.init(report: listed, isDryRun: isDryRun, style: style)
        isListing = true
    }

    private var statistics: Statistics { report.statistics }
    /// Of a dry run: what the copies would hold.
    private var movedBytes: Int64 { isDryRun ? statistics.copiedSize : statistics.writtenBytes }

    /// What `presentation` asks for, each part behind an empty line as rsync prints it; empty where it asks for
    /// nothing.
    ///
    /// - Parameter audience: who reads it. On a terminal the sentence also ends a run with `-i` or `-n`.
    func text(_ presentation: Presentation, for audience: Audience = .program) -> String {
        if presentation.isQuiet { return "" }
        var text = ""
        if presentation.printsStatistics { text += "\n" + labelledLines }
        if presentation.level(.stats) > 0 {
            text += "\n" + sentence + "\n" + totalLine
        } else if audience == .person, isDryRun || presentation.itemizes || presentation.level(.progress) > 0 {
            text += sentence + "\n"
        }
        return text
    }

    /// Who reads the output: a script may count its lines.
    enum Audience: Sendable { case program, person }

    /// One line in words: what was done, or would be.
    var sentence: String { isListing ? inventory : isDryRun ? prediction : account }

    private var inventory: String {
        let count = statistics.entries.total
        return "\(style.count(count)) \(count == 1 ? "entry" : "entries") listed; \(problemCount)"
    }

    private var account: String {
        var parts = ["\(style.count(statistics.created.total)) created", "\(style.count(statistics.updated)) updated"]
        if statistics.linked > 0 { parts.append("\(style.count(statistics.linked)) linked") }
        parts.append("\(style.count(statistics.deleted.total)) deleted")
        parts.append("\(amount) written")
        return "\(parts.joined(separator: ", ")) in \(style.ratio(seconds)) seconds; \(problemCount)"
    }

    private var prediction: String {
        var parts = ["create \(style.count(statistics.created.total))", "update \(style.count(statistics.updated))"]
        if statistics.linked > 0 { parts.append("link \(style.count(statistics.linked))") }
        parts.append("delete \(style.count(statistics.deleted.total))")
        parts.append("write \(amount)")
        return "would \(parts.joined(separator: ", ")); compared in \(style.ratio(seconds)) seconds; \(problemCount)"
    }

    private var amount: String { "\(style.bytes(movedBytes)) \(movedBytes == 1 ? "byte" : "bytes")" }

    private var problemCount: String {
        let count = report.problems.filter { $0.first.severity == .error }.map(\.count).reduce(0, +)
        return count == 0 ? "no problems" : count == 1 ? "1 problem" : "\(style.count(count)) problems"
    }

    /// rsync's last line. Its speedup is the size of everything by the bytes that went over the wire; here, by the
    /// bytes written.
    var totalLine: String {
        let speedup = Double(statistics.totalSize) / Double(max(1, movedBytes))
        return "total size is \(style.bytes(statistics.totalSize))  speedup is \(style.ratio(speedup))"
            + (isDryRun ? " (DRY RUN)" : "") + "\n"
    }

    private var seconds: Double {
        let (seconds, attoseconds) = report.duration.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// rsync's lines; those of its protocol are zero, because nothing is sent.
    var labelledLines: String {
        let written = isDryRun ? 0 : statistics.writtenBytes
        let matched = isDryRun ? 0 : max(0, statistics.copiedSize - written)
        return """
            Number of files: \(counts(statistics.entries))
            Number of created files: \(counts(statistics.created))
            Number of deleted files: \(counts(statistics.deleted))
            Number of regular files transferred: \(style.count(statistics.copiedFiles))
            Total file size: \(style.bytes(statistics.totalSize)) bytes
            Total transferred file size: \(style.bytes(statistics.copiedSize)) bytes
            Literal data: \(style.bytes(written)) bytes
            Matched data: \(style.bytes(matched)) bytes
            File list size: 0
            File list generation time: 0.000 seconds
            File list transfer time: 0.000 seconds
            Total bytes sent: \(style.bytes(written))
            Total bytes received: 0

            """
    }

    /// A total and, in parentheses, the kinds that it is made of.
    private func counts(_ counts: KindCounts) -> String {
        let kinds = [
            ("reg", counts.regular), ("dir", counts.directories), ("link", counts.symbolicLinks),
            ("dev", counts.devices), ("special", counts.specials),
        ]
        let parts = kinds.filter { $0.1 > 0 }.map { "\($0.0): \(style.count($0.1))" }
        return style.count(counts.total) + (parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")")
    }
}
