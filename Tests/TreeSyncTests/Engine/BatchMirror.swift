import SystemPackage
import TreeSync
import TreeTesting

/// A source, a destination, and twins of that destination that a batch is applied to.
struct BatchMirror {
    let folder: String
    let mirror: Mirror

    var batch: String { folder + "/batch" }

    /// Builds both trees.
    init(in folder: String, _ source: Tree, _ destination: Tree?, options: Options = .deleting()) throws {
        self.folder = folder
        var options = options
        options.batch = FilePath(folder + "/batch")
        mirror = try Mirror(in: folder, source, destination, options: options)
    }

    /// Another destination that is as the first one is now.
    func twin(_ name: String = "twin") throws -> String {
        let path = folder + "/" + name
        if entryExists(at: mirror.destination) { try Mirror(source: mirror.destination, destination: path).run() }
        return path
    }

    /// What a run would do, recorded; nothing is changed.
    @discardableResult
    func record(jobs: Int) throws -> Run {
        var options = mirror.options
        options.jobs = jobs
        let synchronizer = Synchronizer(
            from: FilePath(mirror.source), to: FilePath(mirror.destination), options: options)
        let log = EventLog()
        return log.run(try synchronizer.recordBlocking(events: .all) { log.append($0) })
    }

    /// Applies the batch.
    @discardableResult
    func apply(to destination: String, jobs: Int, _ options: Options = Options()) throws -> Run {
        try Self.apply(batch, to: destination, jobs: jobs, options)
    }

    static func apply(_ batch: String, to destination: String, jobs: Int, _ options: Options = Options()) throws -> Run
    {
        let synchronizer = try applying(batch, to: destination, jobs: jobs, options)
        let log = EventLog()
        return log.run(try synchronizer.runBlocking(events: .all) { log.append($0) })
    }

    /// What applying it would do.
    func plan(for destination: String, jobs: Int) throws -> Run {
        let synchronizer = try Self.applying(batch, to: destination, jobs: jobs, Options())
        let log = EventLog()
        return log.run(try synchronizer.planBlocking(events: .all) { log.append($0) })
    }

    private static func applying(
        _ batch: String, to destination: String, jobs: Int, _ options: Options
    ) throws -> Synchronizer {
        var options = options
        options.jobs = jobs
        return Synchronizer(
            applying: try Batch(contentsOf: FilePath(batch)), to: FilePath(destination), options: options)
    }
}
