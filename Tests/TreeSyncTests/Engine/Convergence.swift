import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Synchronises and checks all that holds for every run without problems: planning writes nothing and says at every
/// width what the run then does, the run makes the trees equal, the source stays untouched, and nothing is left to do.
func expectConvergence(
    _ mirror: Mirror, jobs: Int, in properties: ComparedProperties = .all, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let comment = comment + " jobs \(jobs)"
    let source = try Snapshot(of: mirror.source)
    let plan = try expectPlan(mirror, comment, sourceLocation: sourceLocation)
    let run = try mirror.run(jobs: jobs)
    expectSuccess(run, comment, sourceLocation: sourceLocation)
    // A run opens directories of its own user that their permissions close; a plan writes nothing and cannot see in.
    let isBlind = !isRoot && plan.errors.contains { !$0.isSourceFailure && $0.errno == .permissionDenied }
    if !isBlind {
        expectSame(run.planned, plan.planned, "the run plans otherwise than the plan. \(comment)", sourceLocation)
        expectSameStatistics(plan, run, comment, sourceLocation)
    }
    try expectEqual(mirror.source, mirror.destination, in: properties, comment, sourceLocation: sourceLocation)
    try expectUntouched(source, mirror.source, comment, sourceLocation: sourceLocation)
    try expectNothingToDo(mirror, comment, sourceLocation: sourceLocation)
}

/// After a run that something befell, the next one makes both trees equal and leaves nothing to do. Much quicker than
/// `expectConvergence`, which checks planning as well.
func expectRecovery(
    _ mirror: Mirror, in properties: ComparedProperties = .all, _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    expectSuccess(try mirror.run(jobs: 1), comment, sourceLocation: sourceLocation)
    try expectEqual(mirror.source, mirror.destination, in: properties, comment, sourceLocation: sourceLocation)
    let left = try mirror.plan(jobs: 1)
    expectSame(left.planned, [], "something is left to do. \(comment)", sourceLocation)
}

/// Plans at every width: the same each time, in the order of the tree, and nothing is written.
@discardableResult
func expectPlan(_ mirror: Mirror, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws
    -> Run
{
    let exists = entryExists(at: mirror.destination)
    let source = try Snapshot(of: mirror.source)
    let destination = exists ? try Snapshot(of: mirror.destination) : nil
    let serial = try mirror.plan(jobs: 1)
    let parallel = try mirror.plan(jobs: 8)
    expectSame(serial.planned, parallel.planned, "plans differ between 1 and 8 jobs. \(comment)", sourceLocation)
    #expect(serial.finished.isEmpty, "a plan finishes actions", sourceLocation: sourceLocation)
    expectTreeOrder(serial.planned, comment, sourceLocation)
    try expectUntouched(source, mirror.source, comment, sourceLocation: sourceLocation)
    if let destination {
        try expectUntouched(destination, mirror.destination, comment, sourceLocation: sourceLocation)
    } else {
        #expect(
            !entryExists(at: mirror.destination), "planning made the destination. \(comment)",
            sourceLocation: sourceLocation)
    }
    return serial
}

/// A plan of an equal pair holds nothing.
func expectNothingToDo(
    _ mirror: Mirror, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for jobs in widths {
        let again = try mirror.plan(jobs: jobs)
        expectSame(again.planned, [], "something is left to do. \(comment)", sourceLocation)
        #expect(again.errors.map(\.line) == [], "\(comment)", sourceLocation: sourceLocation)
    }
}

/// Every action was carried out, and no problem was met.
func expectSuccess(_ run: Run, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) {
    let failed = run.finished.filter { $0.outcome != .done }
    let lines = failed.map { "\n  failed: \($0.action)" } + run.errors.map { "\n  \($0.line)" }
    let refusal = run.report.refusal.map { "\n  refused: \($0)" } ?? ""
    let isSuccess = lines.isEmpty && refusal.isEmpty && run.report.succeeded
    let comment = "\(comment) \(lines.prefix(10).joined())\(refusal)"
    #expect(isSuccess, "\(comment)", sourceLocation: sourceLocation)
}

extension Problem {
    /// What the problem is, in a line.
    var line: String {
        let attribute = attribute.map { " " + printable($0) } ?? ""
        return "cannot \(operation.rawValue) \(path): \(cause)\(attribute) \(errno.map { "\($0)" } ?? "")"
    }
}

/// The numbers of a plan are those of the run that follows; what was written is known afterwards only.
private func expectSameStatistics(_ plan: Run, _ run: Run, _ comment: String, _ sourceLocation: SourceLocation) {
    var (planned, done) = (plan.report.statistics, run.report.statistics)
    #expect(planned.writtenBytes == 0, "a plan writes. \(comment)", sourceLocation: sourceLocation)
    (planned.writtenBytes, done.writtenBytes) = (0, 0)
    #expect(planned == done, "\(comment)", sourceLocation: sourceLocation)
    #expect(
        plan.report.createdDestination == run.report.createdDestination, "\(comment)", sourceLocation: sourceLocation)
}

private func expectSame(_ left: [Action], _ right: [Action], _ comment: String, _ sourceLocation: SourceLocation) {
    guard left != right else { return }
    let (extra, missing) = (left.filter { !right.contains($0) }, right.filter { !left.contains($0) })
    let order =
        extra.isEmpty && missing.isEmpty
        ? "\n only the order differs: \(left.map(\.description)) | \(right.map(\.description))" : ""
    let lines =
        extra.prefix(10).map { "\n  + \($0) \($0.differences)" }
        + missing.prefix(10).map { "\n  - \($0) \($0.differences)" }
    Issue.record("\(comment)\(lines.joined())\(order)", sourceLocation: sourceLocation)
}

/// Planned actions come in the order of the tree: a directory, its other entries in byte order, then its directories;
/// deletions follow rules of their own.
private func expectTreeOrder(_ actions: [Action], _ comment: String, _ sourceLocation: SourceLocation) {
    let paths = actions.filter { $0.verb != .delete && $0.verb != .deleteTemporary }.map(TreeOrder.init)
    for (first, second) in zip(paths, paths.dropFirst()) where !(first < second) {
        Issue.record("\(first.action) comes before \(second.action). \(comment)", sourceLocation: sourceLocation)
        return
    }
}

private struct TreeOrder {
    let action: Action
    let names: [[UInt8]]

    init(_ action: Action) {
        self.action = action
        names = action.path.bytes.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// Whether the name at `level` is that of a directory.
    private func isDirectory(_ level: Int) -> Bool { level < names.count - 1 || action.kind == .directory }

    static func < (left: TreeOrder, right: TreeOrder) -> Bool {
        for level in 0..<min(left.names.count, right.names.count) where left.names[level] != right.names[level] {
            let directories = (left.isDirectory(level), right.isDirectory(level))
            if directories.0 != directories.1 { return directories.1 }
            return left.names[level].lexicographicallyPrecedes(right.names[level])
        }
        return left.names.count < right.names.count
    }
}
