import CLinux
import Synchronization
import SystemPackage
import TreeSync

/// The file of `--log-file`: a line for each thing that is done, behind the time and the number of the process; and what
/// `-v` and `--info` tell, whatever `-q` says.
final class LogFile: Sendable {
    private let path: [UInt8]
    private let output: Output
    private let writer: LineWriter
    private let remarks: Remarks
    private let ownName: OwnName
    private let announcement: Mutex<Announcement>
    /// `nil` where entries get no line.
    private let format: LineFormat?
    /// Whether entries that stay as they are get a line too.
    private let listsKept: Bool

    /// The log that was asked for. One that cannot be opened stops nothing, as in rsync.
    ///
    /// - Parameter destinationExists: before the run.
    static func open(_ request: Request, destinationExists: Bool = true) -> LogFile? {
        guard let path = request.presentation.logFile else { return nil }
        do throws(Errno) {
            return try LogFile(path, request.unquiet, destinationExists)
        } catch {
            complain(["cannot open the log file \"\(printable(path))\": \(error); going on without it"])
            return nil
        }
    }

    /// - Throws: the reason why it cannot be opened; it is appended to where it exists.
    private init(_ path: [UInt8], _ request: Request, _ destinationExists: Bool) throws(Errno) {
        let file = try request.options.links.openTyped(
            path, ts_O_WRONLY | ts_O_CREAT | ts_O_APPEND | ts_O_NOCTTY, permissions: 0o666)
        self.path = path
        output = Output(descriptor: file, buffering: .block)
        let presentation = request.presentation
        let format = presentation.logFormat ?? .itemized
        self.format = format.pieces.isEmpty ? nil : format
        writer = LineWriter(format, request)
        remarks = Remarks(presentation, writer)
        ownName = OwnName(request)
        announcement = Mutex(Announcement(request, destinationExists: destinationExists))
        let isAsked = presentation.itemization > 1 || (presentation.itemizes && presentation.level(.name) > 1)
        listsKept = format.contains("i") && isAsked
        write(Array("building file list".utf8))
    }

    /// The kinds of events that lines are made from.
    static func events(for request: Request) -> EventKinds {
        Listing.events(for: request.unquiet).union(.planned)
    }

    func note(_ event: Event) {
        for line in lines(event) { write(line) }
    }

    private func lines(_ event: Event) -> [[UInt8]] {
        switch event {
        case .planned(let action):
            guard let item = ownName.item(action) else { return [] }
            let first = announcement.withLock { $0.line(before: action) }
            return [first, remarks.backup(action), line(item)].compactMap(\.self)
        case .kept(let entry): return [line(entry, ownName.item(entry))].compactMap(\.self)
        case .removedSource(let path): return [remarks.removedSource(ownName.path(path))].compactMap(\.self)
        case .problem(let problem): return [remarks.skipped(problem)].compactMap(\.self)
        case .finished, .progress: return []
        }
    }

    private func line(_ item: LineItem) -> [UInt8]? {
        if item.deed == .keep { return listsKept ? writer.line(item) : remarks.upToDate(item) }
        guard let format else { return nil }
        if item.deed == .delete, !format.contains("i"), !format.contains("o") {
            return Array("deleting ".utf8) + writer.name(item)
        }
        return format.contains("i") || item.isSignificant ? writer.line(item) : nil
    }

    private func line(_ entry: KeptEntry, _ item: LineItem) -> [UInt8]? {
        guard entry.reason == .equal || entry.reason == .linked else { return remarks.kept(entry, item) }
        return !listsKept && item.kind == .directory ? nil : line(item)
    }

    /// The last lines: what went wrong, the figures that were asked for, and rsync's sums.
    func close(_ summary: Summary, _ complaints: [String]) {
        if let line = announcement.withLock({ $0.line(after: summary.report) }) { write(line) }
        for line in complaints { write(Array(line.utf8)) }
        if remarks.presentation.printsStatistics { write(text: summary.labelledLines) }
        let statistics = summary.report.statistics
        write(text: "sent \(statistics.writtenBytes) bytes  received 0 bytes  total size \(statistics.totalSize)")
        if remarks.presentation.level(.stats) > 0 { write(text: summary.totalLine) }
        if case .failed(let error) = output.flush() {
            complain(["cannot write the log file \"\(printable(path))\": \(error); some of it is missing"])
        }
    }

    private func write(text: String) {
        for line in text.split(separator: "\n") { write(Array(line.utf8)) }
    }

    /// Writes one line, without its line feed.
    func write(_ line: [UInt8]) {
        let head = "\(LocalTime.spaced(LocalTime.now)) [\(ts_process())] "
        output.write(Array(head.utf8) + line + [UInt8(ascii: "\n")])
    }
}

extension Request {
    /// As if `-q` had not been given.
    fileprivate var unquiet: Request {
        var request = self
        request.presentation.isQuiet = false
        return request
    }
}
