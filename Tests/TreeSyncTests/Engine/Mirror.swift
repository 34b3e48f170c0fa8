import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// A source and a destination on disk, and what is to be done with them.
struct Mirror: Sendable {
    var source: String
    var destination: String
    var options = Options()

    /// Builds `source` and `destination` below `folder`; `nil` leaves the destination absent.
    init(in folder: String, _ source: Tree, _ destination: Tree? = nil, options: Options = .deleting()) throws {
        self.init(source: folder + "/source", destination: folder + "/destination", options: options)
        try source.build(at: self.source)
        try destination?.build(at: self.destination)
    }

    init(source: String, destination: String, options: Options = .deleting()) {
        self.source = source
        self.destination = destination
        self.options = options
    }

    /// What planning says; writes nothing.
    func plan(jobs: Int = 8) throws -> Run { try collect(jobs, Synchronizer.planBlocking) }

    /// Synchronises.
    @discardableResult
    func run(jobs: Int = 8, cancellation: Cancellation = Cancellation()) throws -> Run {
        try collect(jobs, Synchronizer.runBlocking, cancellation)
    }

    /// Synchronises with 3 MiB a second, and calls `body` once the first is copied.
    func runSlowly(
        jobs: Int, _ cancellation: Cancellation = Cancellation(), then body: @escaping @Sendable () -> Void
    ) throws -> Report {
        var options = options
        (options.jobs, options.bytesPerSecond) = (jobs, 3 << 20)
        return try Synchronizer(from: FilePath(source), to: FilePath(destination), options: options)
            .runBlocking(cancellation: cancellation, events: .progress) { event in
                if case .progress(let progress) = event, progress.copiedBytes >= 1 << 20 { body() }
            }
    }

    private typealias Call =
        (Synchronizer) -> (Cancellation, EventKinds, @escaping @Sendable (Event) -> Void) throws(SynchronizationError)
        ->
        Report

    private func collect(_ jobs: Int, _ call: Call, _ cancellation: Cancellation = Cancellation()) throws -> Run {
        var options = options
        options.jobs = jobs
        let synchronizer = Synchronizer(from: FilePath(source), to: FilePath(destination), options: options)
        let events = EventLog()
        let report = try call(synchronizer)(cancellation, .all) { event in events.append(event) }
        return events.run(report)
    }
}

final class EventLog: Sendable {
    private let events = Guarded<[Event]>([])

    func append(_ event: Event) { events.withLock { $0.append(event) } }

    func run(_ report: Report) -> Run {
        var run = Run(report: report)
        for event in events.withLock({ $0 }) {
            switch event {
            case .planned(let action): run.planned.append(action)
            case .finished(let action, let outcome): run.finished.append((action, outcome))
            case .problem(let problem): run.problems.append(problem)
            case .progress, .kept, .removedSource: break
            }
        }
        return run
    }
}

/// The events and the report of one run or plan.
struct Run {
    var report: Report
    var planned: [Action] = []
    var finished: [(action: Action, outcome: Outcome)] = []
    var problems: [Problem] = []

    /// The problems that are not only remarks.
    var errors: [Problem] { problems.filter { $0.severity == .error } }

    /// The problems that concern a path.
    func problems(at path: String) -> [Problem] { problems.filter { $0.path == RelativePath(bytes: Array(path.utf8)) } }

    /// The planned actions on a path.
    func planned(at path: String) -> [Action] { planned.filter { $0.path == RelativePath(bytes: Array(path.utf8)) } }
}

extension Options {
    /// Everything is preserved, what is not in the source is deleted.
    static func deleting(_ time: DeletionTime = .after) -> Options {
        var options = Options()
        options.deletion = time
        return options
    }

    /// The same options but for one change.
    func with(_ change: (inout Options) -> Void) -> Options {
        var options = self
        change(&options)
        return options
    }
}

/// The widths at which every test of the engine runs.
let widths = [1, 8]
