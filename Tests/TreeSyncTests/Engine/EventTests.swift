import Testing
import TreeSync
import TreeTesting

/// What a run tells while it goes on.
@Suite struct EventTests {
    /// Every planned action is finished once, as the same value: who shows a plan can tick it off.
    @Test(arguments: EntryShape.possible, widths) func finishesWhatWasPlanned(_ old: EntryShape, jobs: Int) throws {
        for new in EntryShape.possible {
            try withTemporaryDirectory { folder in
                let run = try Mirror(in: folder, new.tree(version: 1), old.tree(version: 0)).run(jobs: jobs)
                let finished = run.finished.map(\.action)
                let comment = "\(old.testDescription) becomes \(new.testDescription)"
                #expect(Set(finished) == Set(run.planned), "\(comment)")
                #expect(finished.count == run.planned.count, "\(comment)")
            }
        }
    }

    /// The numbers of the report are those of the tree and of the events.
    @Test(arguments: UInt64(1)...20, widths) func countsWhatHappened(seed: UInt64, jobs: Int) throws {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
            var other = TreeGenerator(seed: seed + 100, abilities: TreeAbilities(isSource: false))
            let mirror = try Mirror(in: folder, generator.tree(), other.tree())
            let run = try mirror.run(jobs: jobs)
            let statistics = run.report.statistics
            #expect(statistics.entries.total == (try Snapshot(of: mirror.source).count), "seed \(seed)")
            let isNew: (Action) -> Bool = { !$0.differences.isDisjoint(with: [.absent, .kind]) }
            let (gone, kept) = (run.planned.filter { $0.verb == .delete }, run.planned.filter { $0.verb != .delete })
            func count(_ isCounted: (Action) -> Bool) -> Int { run.planned.count { isCounted($0) } }
            #expect(statistics.deleted.total == gone.count, "seed \(seed)")
            #expect(statistics.created.total == kept.count { isNew($0) }, "seed \(seed)")
            #expect(statistics.updated == kept.count { !isNew($0) }, "seed \(seed)")
            #expect(statistics.linked == count { if case .link = $0.verb { true } else { false } }, "seed \(seed)")
        }
    }

    /// A problem is told when it is met and is in the report at the end.
    @Test(arguments: widths) func reportsTheProblemsThatItTold(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let inTheWay = Tree.directory(["inner": .file()])
            let names: [Name] = ["a", "b", "c"]
            let mirror = try Mirror(
                in: folder, .directory(Dictionary(uniqueKeysWithValues: names.map { ($0, .fifo()) })),
                .directory(Dictionary(uniqueKeysWithValues: names.map { ($0, inTheWay) })), options: Options())
            let run = try mirror.run(jobs: jobs)
            let group = try #require(run.report.problems.first)
            #expect(run.report.problems.count == 1)
            #expect(group.count == 3)
            #expect(group.paths.map(\.description) == ["a", "b", "c"])
            #expect(group.first.path.description == "a")
            #expect(Set(run.problems.map(\.path.description)) == ["a", "b", "c"])
            #expect(run.problems.count == 3)
            #expect(!run.report.succeeded)
        }
    }
}
