import Testing
import TreeSync
import TreeTesting

/// Which files count as different, and which differences are acted upon.
@Suite struct ComparisonOptionTests {
    private static let early = Time(1_000_000_000, nanoseconds: 111_111_111)
    private static let late = Time(1_000_000_010, nanoseconds: 222_222_222)

    private static func file(_ text: String, _ time: Time) -> Tree { .file(text, Attributes(modified: time)) }

    /// Runs on one file `f` each way and returns the actions on it.
    private func actions(
        _ source: Tree, _ destination: Tree?, jobs: Int, _ change: (inout Options) -> Void,
        then check: (Mirror) throws -> Void = { _ in }
    ) throws -> [Action.Verb] {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["f": source]), .directory(destination.map { ["f": $0] } ?? [:]),
                options: Options().with(change))
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            #expect(run.planned == plan.planned)
            expectSuccess(run)
            try check(mirror)
            return run.planned(at: "f").map(\.verb)
        }
    }

    /// Same size, same second, other nanoseconds: what rsync never copies.
    @Test(arguments: widths) func quickCheckComparesNanoseconds(jobs: Int) throws {
        let other = Time(Self.early.seconds, nanoseconds: Self.early.nanoseconds + 1)
        let verbs = try actions(Self.file("new!", Self.early), Self.file("old!", other), jobs: jobs) { _ in
        } then: {
            try expectEqual($0.source, $0.destination)
        }
        #expect(verbs == [.update])
    }

    /// Same size and time, other bytes: found by reading only.
    @Test(arguments: widths) func contentsFindsWhatTheQuickCheckCannot(jobs: Int) throws {
        let (new, old) = (Self.file("new!", Self.early), Self.file("old!", Self.early))
        #expect(try actions(new, old, jobs: jobs) { _ in } == [])
        let verbs = try actions(new, old, jobs: jobs) {
            $0.contentComparison = .contents
        } then: {
            try expectEqual($0.source, $0.destination)
            try expectNothingToDo($0)
        }
        #expect(verbs == [.update])
    }

    /// The difference is found wherever it lies, also in what one side keeps as a hole.
    @Test(arguments: [0, 100_000, (1 << 20) - 1, (5 << 20) + 17] as [Int64], widths)
    func contentsReadsAll(offset: Int64, jobs: Int) throws {
        let size: Int64 = (5 << 20) + 18
        let hole = Tree.file(Contents(size: size))
        let data = Tree.file(Contents(size: size, pieces: [.bytes([1], at: offset)]))
        for (new, old) in [(hole, data), (data, hole)] {
            let verbs = try actions(new, old, jobs: jobs) {
                $0.contentComparison = .contents
            } then: {
                try expectEqual($0.source, $0.destination)
            }
            #expect(verbs == [.update])
        }
    }

    /// Equal bytes under another time are not copied again.
    @Test(arguments: widths) func contentsSetsOnlyTheTime(jobs: Int) throws {
        let (new, old) = (Self.file("same", Self.late), Self.file("same", Self.early))
        let verbs = try actions(new, old, jobs: jobs) {
            $0.contentComparison = .contents
        } then: {
            try expectEqual($0.source, $0.destination)
        }
        #expect(verbs == [.setAttributes])
    }

    @Test(arguments: widths) func contentsOfHolesAndZerosAreEqual(jobs: Int) throws {
        let zeros = Contents(size: 1 << 20, pieces: [.bytes(Array(repeating: 0, count: 1 << 20), at: 0)])
        let hole = Contents(size: 1 << 20)
        #expect(try actions(.file(hole), .file(zeros), jobs: jobs) { $0.contentComparison = .contents } == [])
        #expect(try actions(.file(zeros), .file(hole), jobs: jobs) { $0.contentComparison = .contents } == [])
    }

    @Test(arguments: widths) func sizeOnlyLeavesContentsOfTheSameSize(jobs: Int) throws {
        let verbs = try actions(Self.file("new!", Self.late), Self.file("old!", Self.early), jobs: jobs) {
            $0.contentComparison = .sizeOnly
        } then: { mirror in
            try expectEqual(mirror.source, mirror.destination, in: .all.subtracting([.contents]))
            let found = try differences(mirror.source, mirror.destination).map(\.property)
            #expect(found == ["contents"])
        }
        #expect(verbs == [.setAttributes])
        let longer = try actions(Self.file("newer", Self.early), Self.file("old!", Self.early), jobs: jobs) {
            $0.contentComparison = .sizeOnly
        }
        #expect(longer == [.update])
    }

    @Test(arguments: widths) func alwaysCopiesWhatLooksEqual(jobs: Int) throws {
        let verbs = try actions(Self.file("new!", Self.early), Self.file("old!", Self.early), jobs: jobs) {
            $0.contentComparison = .always
        } then: {
            try expectEqual($0.source, $0.destination)
        }
        #expect(verbs == [.update])
    }

    /// Within the window a file counts as unchanged; beyond it as changed.
    @Test(arguments: widths) func modifyWindowInSeconds(jobs: Int) throws {
        func verbs(_ window: Int?, _ time: Time) throws -> [Action.Verb] {
            try actions(Self.file("new!", time), Self.file("old!", Self.early), jobs: jobs) { $0.modifyWindow = window }
        }
        let second = Time(Self.early.seconds + 1, nanoseconds: Self.early.nanoseconds)
        let threeSeconds = Time(Self.early.seconds + 3, nanoseconds: Self.early.nanoseconds)
        #expect(try verbs(2, second) == [])
        #expect(try verbs(2, threeSeconds) == [.update])
        #expect(try verbs(-1, Time(Self.early.seconds, nanoseconds: Self.early.nanoseconds + 1)) == [.update])
        #expect(try verbs(nil, second) == [.update])
    }

    @Test(arguments: widths) func skipsNewerKeepsWhatIsNewer(jobs: Int) throws {
        func verbs(_ source: Time, _ destination: Time) throws -> [Action.Verb] {
            try actions(Self.file("source", source), Self.file("other!", destination), jobs: jobs) {
                $0.skipsNewer = true
            }
        }
        #expect(try verbs(Self.early, Self.late) == [])
        #expect(try verbs(Self.late, Self.early) == [.update])
        #expect(try actions(Self.file("source", Self.early), nil, jobs: jobs) { $0.skipsNewer = true } == [.create])
    }

    @Test(arguments: widths) func existingOnlyCreatesNothing(jobs: Int) throws {
        let source = Tree.directory([
            "new": .file("new"), "both": Self.file("new!", Self.late), "dir": .directory(["inner": .file()]),
            "fifo": .fifo(), "kept": .directory(["new": .socket()]),
        ])
        let destination = Tree.directory(["both": Self.file("old!", Self.early), "kept": .directory()])
        try withTemporaryDirectory { folder in
            let options = Options().with { $0.existingOnly = true }
            let mirror = try Mirror(in: folder, source, destination, options: options)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            let found = try differences(mirror.source, mirror.destination).map { "\($0.path) \($0.property)" }
            #expect(found.sorted() == ["dir name", "fifo name", "kept/new name", "new name"])
            try expectNothingToDo(mirror)
        }
    }

    @Test(arguments: widths) func ignoresExistingUpdatesNoFile(jobs: Int) throws {
        let source = Tree.directory(["new": .file("new"), "both": Self.file("new!", Self.late)])
        try withTemporaryDirectory { folder in
            let options = Options().with { $0.ignoresExisting = true }
            let mirror = try Mirror(
                in: folder, source, .directory(["both": Self.file("old!", Self.early)]), options: options)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.planned(at: "both") == [])
            #expect(run.planned(at: "new").map(\.verb) == [.create])
            let found = try differences(mirror.source, mirror.destination).map { "\($0.path) \($0.property)" }
            #expect(found.sorted() == ["both contents", "both modified"])
        }
    }

    /// Long runs of zeros take no space with `makesSparse`, and stay data without it.
    @Test(arguments: widths) func makesSparseTurnsZerosIntoHoles(jobs: Int) throws {
        let size = 4 << 20
        let zeros = Contents(
            size: Int64(size),
            pieces: [.bytes(Array(repeating: 0, count: size), at: 0), .random(seed: 1, count: 5000, at: 1 << 20)])
        let verbs = try actions(.file(zeros), nil, jobs: jobs) {
            $0.makesSparse = true
        } then: { mirror in
            try expectEqual(mirror.source, mirror.destination)
            let found = try differences(mirror.destination, mirror.source).map(\.property)
            #expect(found == ["allocation"])
        }
        #expect(verbs == [.create])
    }
}
