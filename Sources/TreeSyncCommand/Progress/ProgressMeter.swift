import CLinux
import Glibc
import TreeSync

/// Shows how far a run is: as `--progress` and `--info=progress2` ask for it, or quietly on a terminal.
struct ProgressMeter: Sendable {
    /// What is shown.
    enum Mode: Sendable, Equatable {
        /// `--progress`: the whole, and lines for large files.
        case files
        /// `--info=progress2`: the whole.
        case whole
        /// A line on standard error, where the run takes long; it leaves nothing.
        case quiet
    }

    /// A run that is over sooner needs no line.
    private static let patience = 1.0
    /// Of a file that is copied faster nobody needs to be told, in seconds.
    private static let leastFileTime = 0.5

    private let mode: Mode
    private let isDryRun: Bool
    private let text: ProgressText
    private let start = ts_monotonic_nanoseconds()
    private var pace = Pace()
    private var line: StatusLine
    /// Large files under way, and since when.
    private var begun: [RelativePath: Double] = [:]
    private var files: [FileProgress] = []

    /// `nil` where nothing is to be shown.
    ///
    /// - Parameter output: where the lines of the run go.
    init?(_ request: Request, output: Output) {
        let presentation = request.presentation
        guard let mode = Self.mode(presentation) else { return nil }
        self.mode = mode
        isDryRun = request.isDryRun
        text = ProgressText(style: presentation.numberStyle)
        let usesStandardError = mode == .quiet || presentation.stream.usesStandardError
        line = StatusLine(
            mode == .quiet ? Output(descriptor: STDERR_FILENO, buffering: .block) : output,
            descriptor: usesStandardError ? STDERR_FILENO : STDOUT_FILENO)
    }

    private static func mode(_ presentation: Presentation) -> Mode? {
        switch presentation.level(.progress) {
        case 0: break
        case 1: return .files
        default: return .whole
        }
        guard !presentation.isQuiet, presentation.showsProgress != false, ts_isatty(STDERR_FILENO) == 1 else {
            return nil
        }
        return .quiet
    }

    private var seconds: Double { Double(ts_monotonic_nanoseconds() - start) / 1e9 }

    /// About ten times a second, and at the end.
    mutating func note(_ progress: Progress) {
        pace.note(progress, at: seconds)
        if mode == .files { noteFiles(progress.largeFiles) }
        if termination.isCancelled { return line.clear() }
        switch mode {
        case .quiet:
            guard pace.seconds >= Self.patience else { return }
            line.draw(text.words(pace, isDryRun: isDryRun, columns: line.columns))
        case .files, .whole:
            // Nothing is copied in a dry run.
            guard !isDryRun else { return }
            line.draw(columns)
        }
    }

    private var columns: String {
        let whole = text.columns(pace)
        guard mode == .files, line.isTerminal, let file = pace.progress.largeFiles.first else { return whole }
        let name = text.part(file, columns: line.columns - TextWidth.of(whole) - 2)
        return name.isEmpty ? whole : whole + "  " + name
    }

    /// Large files that are complete get lines of their own, which stay.
    private mutating func noteFiles(_ current: [FileProgress]) {
        for file in files where !current.contains(where: { $0.path == file.path }) {
            let time = pace.seconds - (begun.removeValue(forKey: file.path) ?? pace.seconds)
            guard time >= Self.leastFileTime, !termination.isCancelled else { continue }
            line.clear()
            line.output.write("\(text.columns(file, seconds: time)) \(file.path)\n")
        }
        for file in current where begun[file.path] == nil { begun[file.path] = pace.seconds }
        files = current
    }

    /// Other lines are about to be written: makes room where they go to the same place.
    mutating func makeRoom() { line.clear() }

    /// The last state stays on the screen where somebody asked for it.
    mutating func finish(_ report: Report) {
        switch mode {
        case .quiet: line.clear()
        case .files, .whole:
            guard !isDryRun, !report.isCancelled else { return line.clear() }
            line.draw(text.columns(pace, isLast: true))
            line.keep()
        }
        line.output.flush()
    }
}
