import SystemPackage
import TreeSync

/// The exit status, in rsync's numbers.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case success = 0
    /// The command line is wrong.
    case usage = 1
    /// What is to be applied is no batch, or one of a later version.
    case incompatible = 2
    /// The roots cannot be used together, or as what they are.
    case selection = 3
    /// Another machine was named.
    case unsupported = 4
    /// The root of the destination cannot be made, its disk is full, or standard output cannot be written.
    case fileInputOutput = 11
    /// A batch is damaged or not complete.
    case damagedBatch = 12
    /// Stopped by `--stop-after` or `--stop-at`.
    case deadline = 30
    /// Stopped by SIGINT, SIGTERM or SIGHUP.
    case interrupted = 20
    /// Some entries could not be copied, compared or deleted.
    case partial = 23
    /// Entries of the source vanished during the run; everything else was copied.
    case vanished = 24
    /// A guard stopped the deletions.
    case deletionRefused = 25

    /// What the manual page says of it.
    var explanation: String {
        switch self {
        case .success: "Everything was done. Remarks do not change that."
        case .usage: "The command line is wrong; nothing was done."
        case .incompatible: "The file of --read-batch is no batch of treesync, or was written by a later one."
        case .damagedBatch: "The file of --read-batch is damaged or not complete; nothing was done."
        case .selection:
            "The source and the destination cannot be used as they are: they are the same directory, one lies inside "
                + "the other, or several entries are to go where there is no directory; or a batch cannot be made."
        case .unsupported: "A path on another machine was named."
        case .fileInputOutput:
            "The destination cannot be created, its file system is full, or standard output or a batch cannot be written."
        case .interrupted:
            "Stopped by SIGINT, SIGTERM or SIGHUP, or nobody reads standard output any more. What was done stands; "
                + "running it again goes on."
        case .deadline:
            "Stopped by --stop-after or --stop-at. What was done stands; running it again goes on."
        case .partial:
            "Some entries could not be copied, compared or deleted, or the source could not be read. Everything else "
                + "was done."
        case .vanished: "Files of the source vanished while it was read. Everything else was done."
        case .deletionRefused:
            "Nothing was deleted, because --max-delete, --source-marker or the guard against an empty source or a "
                + "mount point without a mount forbade it. Everything else was done."
        }
    }
}

extension ExitStatus {
    /// The status of a run or a plan that came to its end.
    init(_ report: Report) {
        let errors = report.problems.map(\.first).filter { $0.severity == .error && $0.cause != .guarded }
        if report.isCancelled {
            self = .interrupted
        } else if let refusal = report.refusal {
            self = Self(refusal)
        } else if errors.contains(where: \.isFullDisk) {
            self = .fileInputOutput
        } else if errors.contains(where: { $0.cause != .vanished }) {
            self = .partial
        } else {
            self = errors.isEmpty ? .success : .vanished
        }
    }

    private init(_ refusal: GuardRefusal) {
        switch refusal {
        case .emptySource, .deletionLimit, .noSourceMarker, .unmounted: self = .deletionRefused
        case .sourceErrors: self = .partial
        }
    }

    /// The status of a run that could not begin.
    init(_ error: SynchronizationError) {
        switch error {
        case .source: self = .partial
        case .confinement: self = .selection
        case .mungedDirectoryExists, .credentials: self = .usage
        case .destination(_, let errno):
            self = Self.makesSelectionFail.contains(errno) ? .selection : .fileInputOutput
        case .destinationNotDirectory, .sameDirectory, .destinationInsideSource, .sourceInsideDestination,
            .sourceDirectory, .batchFile, .batchInsideDestination:
            self = .selection
        case .emptyPath, .filter, .temporaryDirectory, .backupDirectory, .backupDirectoryIsDestination,
            .backupDirectoryInSource, .partialDirectoryIsRoot, .backupSuffix,
            .tooManyBasisDirectories:
            self = .usage
        case .cancelled: self = .interrupted
        }
    }

    /// The status of a batch that cannot be applied.
    init(_ error: BatchError) {
        switch error {
        case .unreadable: self = .fileInputOutput
        case .foreign, .newer: self = .incompatible
        case .truncated, .damaged: self = .damagedBatch
        }
    }

    /// What the kernel says of a destination whose path leads through something that is no directory.
    private static let makesSelectionFail: [Errno] = [.notDirectory, .tooManySymbolicLinkLevels]
}

extension Problem {
    /// A batch could not be written, or there was no room for a file's contents, which rsync takes for a failure of its own kind.
    fileprivate var isFullDisk: Bool {
        operation == .writeBatch
            || operation == .write && [.noSpace, .diskQuotaExceeded, .fileTooLarge].contains(errno)
    }
}
