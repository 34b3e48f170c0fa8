import CLinux
import SystemPackage
import TreeSync

/// The file of `--log-file`: a line for each thing that is done, behind the time and the number of the process.
struct LogFile: Sendable {
    private let output: Output
    private let writer: LineWriter?
    private let itemizes: Bool
    private let namesOperation: Bool
    /// Whether entries that stay as they are are listed too.
    private let listsKept: Bool

    /// `nil` where none was asked for.
    ///
    /// - Throws: the reason why it cannot be opened; it is appended to where it exists.
    init?(_ request: Request) throws(Errno) {
        guard let path = request.presentation.logFile else { return nil }
        let file = try request.options.links.openTyped(
            path, ts_O_WRONLY | ts_O_CREAT | ts_O_APPEND | ts_O_NOCTTY, permissions: 0o666)
        output = Output(descriptor: file, buffering: .block)
        let format = request.presentation.logFormat ?? .itemized
        writer = format.pieces.isEmpty ? nil : LineWriter(format, request)
        itemizes = format.contains("i")
        listsKept = itemizes && request.presentation.itemization > 1
        namesOperation = itemizes || format.contains("o")
        write(Array("building file list".utf8))
    }

    func note(_ event: Event) {
        guard let writer, let item = item(event) else { return }
        if item.deed == .delete, !namesOperation {
            write(Array("deleting ".utf8) + writer.name(item))
        } else if itemizes || item.isSignificant {
            write(writer.line(item))
        }
    }

    private func item(_ event: Event) -> LineItem? {
        switch event {
        case .planned(let action): LineItem(action).flatMap { $0.deed == .keep && !listsKept ? nil : $0 }
        case .kept(let entry) where listsKept && (entry.reason == .equal || entry.reason == .linked): LineItem(entry)
        case .kept, .finished, .problem, .progress, .removedSource: nil
        }
    }

    /// The last lines: what went wrong, and rsync's sums.
    func close(_ report: Report, _ complaints: [String]) {
        for line in complaints { write(Array(line.utf8)) }
        let statistics = report.statistics
        write(
            Array(
                "sent \(statistics.writtenBytes) bytes  received 0 bytes  total size \(statistics.totalSize)".utf8))
        output.flush()
    }

    private func write(_ line: [UInt8]) {
        let head = "\(LocalTime.spaced(LocalTime.now)) [\(ts_process())] "
        output.write(Array(head.utf8) + line + [UInt8(ascii: "\n")])
    }
}
