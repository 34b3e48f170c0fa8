import Testing
import TreeSync
import TreeTesting

/// What goes away, when, and what keeps it from going away.
@Suite struct DeletionTests {
    private static let source = Tree.directory(["a": .file("a"), "dir": .directory(["b": .file("b")])])
    private static let destination = Tree.directory([
        "a": .file("older"), "extra": .file("extra"), "dir": .directory(["extra": .fifo()]),
        "gone": .directory(["x": .file(), "y": .directory(["z": .socket()])]),
    ])

    private func withMirror(
        _ options: Options, source: Tree = Self.source, destination: Tree = Self.destination,
        _ body: (Mirror) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            try body(try Mirror(in: folder, source, destination, options: options))
        }
    }

    private static let times: [Options.DeletionTime] = [.before, .during, .after]

    @Test(arguments: times, widths) func deletesWhatTheSourceLacks(_ time: Options.DeletionTime, jobs: Int) throws {
        try withMirror(.deleting(time)) { mirror in
            try expectConvergence(mirror, jobs: jobs, "\(time)")
        }
    }

    /// Every deleted entry is an action of its own, and counted.
    @Test(arguments: times, widths) func plansEachDeletion(_ time: Options.DeletionTime, jobs: Int) throws {
        try withMirror(.deleting(time)) { mirror in
            let run = try mirror.run(jobs: jobs)
            let deleted = run.planned.filter { $0.verb == .delete }
            #expect(
                deleted.map { "\($0.path)" }.sorted() == ["dir/extra", "extra", "gone", "gone/x", "gone/y", "gone/y/z"])
            #expect(run.report.statistics.deleted.total == 6)
            #expect(run.report.statistics.deleted.directories == 2)
            #expect(run.report.statistics.deleted.specials == 2)
        }
    }

    @Test(arguments: widths) func deletionsAfterAreLast(jobs: Int) throws {
        try withMirror(.deleting(.after)) { mirror in
            let verbs = try mirror.run(jobs: jobs).planned.map { $0.verb == .delete }
            #expect(verbs == verbs.sorted { !$0 && $1 })
        }
    }

    @Test(arguments: widths) func deletionsBeforeAreFirst(jobs: Int) throws {
        try withMirror(.deleting(.before)) { mirror in
            let run = try mirror.run(jobs: jobs)
            let outcomes = run.finished.map { $0.action.verb == .delete }
            #expect(outcomes == outcomes.sorted { $0 && !$1 })
        }
    }

    @Test(arguments: widths) func withoutDeletionExtrasStay(jobs: Int) throws {
        try withMirror(Options()) { mirror in
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.deleted.total == 0)
            let found = try differences(mirror.source, mirror.destination).map { "\($0.path) \($0.property)" }
            #expect(found.sorted() == ["dir/extra name", "extra name", "gone name"])
            try expectNothingToDo(mirror)
        }
    }

    /// More than the limit: the deletions are refused as a whole, the rest is done.
    @Test(arguments: times, widths) func refusesMoreThanTheLimit(_ time: Options.DeletionTime, jobs: Int) throws {
        for (limit, isRefused) in [(Options.DeletionLimit.count(5), true), (.count(6), false), (.count(0), true)] {
            try withMirror(.deleting(time).with { $0.deletionLimit = limit }) { mirror in
                let plan = try expectPlan(mirror)
                let run = try mirror.run(jobs: jobs)
                #expect(run.planned == plan.planned)
                #expect(run.report.refusal == plan.report.refusal)
                if isRefused, case .count(let allowed) = limit {
                    #expect(run.report.refusal == .deletionLimit(planned: 6, allowed: allowed))
                    try expectOnlyExtrasRemain(mirror, run)
                } else {
                    expectSuccess(run)
                    try expectEqual(mirror.source, mirror.destination)
                }
            }
        }
    }

    /// The destination holds 20 entries beside its root, of which 5 are to go.
    @Test(arguments: widths) func refusesMoreThanAPercentage(jobs: Int) throws {
        let kept = Dictionary(uniqueKeysWithValues: (0..<15).map { (Name("kept \($0)".utf8), Tree.file("k")) })
        let extra = Dictionary(uniqueKeysWithValues: (0..<5).map { (Name("extra \($0)".utf8), Tree.file("e")) })
        for (percent, isRefused) in [(20.0, true), (26.0, false), (100, false), (0, true)] {
            let options = Options.deleting().with { $0.deletionLimit = .percent(percent) }
            try withMirror(options, source: .directory(kept), destination: .directory(kept.merging(extra) { $1 })) {
                mirror in
                let run = try mirror.run(jobs: jobs)
                #expect(
                    (run.report.refusal != nil) == isRefused, "\(percent) %: \(String(describing: run.report.refusal))")
                #expect(try Snapshot(of: mirror.destination).count == (isRefused ? 21 : 16), "\(percent) %")
            }
        }
    }

    @Test(arguments: times, widths) func anEmptySourceEmptiesNothing(_ time: Options.DeletionTime, jobs: Int) throws {
        try withMirror(.deleting(time), source: .directory()) { mirror in
            let before = try Snapshot(of: mirror.destination)
            let run = try mirror.run(jobs: jobs)
            #expect(run.report.refusal == .emptySource)
            #expect(!run.report.succeeded)
            #expect(run.report.statistics.deleted.total == 0)
            #expect(run.planned.allSatisfy { $0.verb != .delete })
            let after = try Snapshot(of: mirror.destination)
            #expect(differences(before, after, in: .all.subtracting([.modified])) == [])
        }
    }

    @Test(arguments: times, widths) func anEmptySourceMayBeMeant(_ time: Options.DeletionTime, jobs: Int) throws {
        let options = Options.deleting(time).with { $0.allowsEmptySource = true }
        try withMirror(options, source: .directory()) { try expectConvergence($0, jobs: jobs) }
    }

    @Test(arguments: widths) func anEmptySourceAndAnEmptyDestinationAreEqual(jobs: Int) throws {
        try withMirror(.deleting(), source: .directory(), destination: .directory()) {
            try expectConvergence($0, jobs: jobs)
        }
    }

    /// What was refused is still there, and all of the source has arrived.
    private func expectOnlyExtrasRemain(_ mirror: Mirror, _ run: Run) throws {
        #expect(!run.report.succeeded)
        #expect(run.report.statistics.deleted.total == 0)
        let found = try differences(mirror.source, mirror.destination)
        #expect(found.allSatisfy { $0.property == "name" && $0.left == "missing" }, "\(found)")
        #expect(found.map { "\($0.path)" }.sorted() == ["dir/extra", "extra", "gone"])
    }
}
