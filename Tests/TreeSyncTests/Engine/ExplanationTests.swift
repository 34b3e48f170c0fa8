import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What is said of single paths: what would happen, and which rule, difference, option or guard decides.
@Suite struct ExplanationTests {
    private static let late = Time(1_700_000_000, nanoseconds: 5)

    /// For every action of a plan the explanation of its path has the same action, and nothing is written.
    @Test(arguments: Seeds.some(8), widths) func agreesWithThePlan(seed: UInt64, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
            var other = TreeGenerator(seed: seed &+ 1_000_000, abilities: TreeAbilities(isSource: false))
            let options = Options.deleting([.after, .before, .during][Int(seed % 3)]).with {
                $0.allowsEmptySource = true
            }
            let mirror = try Mirror(in: folder, generator.tree(), other.tree(), options: options)
            let before = try Snapshot(of: mirror.destination)
            let actions = try mirror.plan(jobs: jobs).planned
            let (explanations, _) = try mirror.explain(actions.map(\.path), jobs: jobs)
            #expect(explanations.map(\.path) == actions.map(\.path))
            for (explanation, action) in zip(explanations, actions) {
                #expect(explanation.outcome == .action(action), "seed \(seed)")
            }
            try expectUntouched(before, mirror.destination, "seed \(seed)")
        }
    }

    @Test(arguments: widths) func bothValuesOfWhatDiffers(jobs: Int) throws {
        let old = Tree.file("old and longer", Attributes(permissions: 0o600, modified: Self.late))
        let found = try explain(["f": .file("new")], ["f": old], "f", jobs: jobs)
        guard case .action(let action) = found.outcome else { return #expect(Bool(false), "\(found.outcome)") }
        #expect(action.verb == .update && action.differences == [.size, .time, .permissions])
        #expect(found.source?.facts.size == 3 && found.destination?.facts.size == 14)
        #expect(found.source?.facts.permissions == 0o644 && found.destination?.facts.permissions == 0o600)
        #expect(found.destination?.facts.modified == Timestamp(seconds: 1_700_000_000, nanoseconds: 5))
        #expect(found.reasons == [])
    }

    // MARK: Rules

    private static let rule = FilterRule.exclude("*.o").with { $0.origin = .file(Array("rules".utf8), line: 3) }

    @Test(arguments: widths) func theRuleThatHides(jobs: Int) throws {
        let source: [Name: Tree] = [
            "d": .directory(["x.o": .file()]), "e.o": .directory(["f": .directory(["g": .file()])]),
        ]
        let options = Options.filtering([Self.rule])
        let hidden = try explain(source, [:], "d/x.o", options, jobs: jobs)
        #expect(hidden.outcome == .leftOut && hidden.reasons == [.excluded(Self.rule, at: at("d/x.o"))])
        let below = try explain(source, [:], "e.o/f/g", options, jobs: jobs)
        #expect(below.outcome == .leftOut && below.reasons == [.excluded(Self.rule, at: at("e.o"))])
        let both = try explain(source, ["d": .directory(["x.o": .file("other")])], "d/x.o", options, jobs: jobs)
        #expect(both.outcome == .stays)
        #expect(both.reasons == [.excluded(Self.rule, at: at("d/x.o")), .protected(Self.rule, at: at("d/x.o"))])
    }

    /// Such an entry is asked about before the trees are walked.
    @Test(arguments: widths, [["d/x.o"], ["d/x.o", "f"]])
    func theRuleThatHidesWhatIsChosenByName(jobs: Int, paths: [String]) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["d": .directory(["x.o": .directory(["in": .file()])]), "f": .file()])
            let mirror = try Mirror(in: folder, source, .directory([:]))
            let elements = paths.map { SourceSelection.Element(at($0)) }
            let synchronizer = Synchronizer(
                sources: [Source(FilePath(mirror.source), placement: .selection(SourceSelection(elements)))],
                to: FilePath(mirror.destination), options: .filtering([Self.rule]).with { $0.jobs = jobs })
            let found = try synchronizer.explainBlocking([FilePath("d/x.o"), FilePath("d/x.o/in")]).explanations
            #expect(found.map(\.outcome) == [.leftOut, .leftOut])
            #expect(found.allSatisfy { $0.reasons == [.excluded(Self.rule, at: at("d/x.o"))] }, "\(found)")
        }
    }

    @Test(arguments: widths) func theRuleThatTakes(jobs: Int) throws {
        let options = Options.filtering([.include("a.o"), Self.rule])
        let found = try explain(["a.o": .file()], [:], "a.o", options, jobs: jobs)
        #expect(found.reasons == [.included(.include("a.o"))])
        #expect(found.verb == .create)
    }

    @Test(arguments: widths) func theRuleOfADirectory(jobs: Int) throws {
        let source: [Name: Tree] = ["d": .directory([".rules": .file("# no drafts\n- draft*\n"), "draft1": .file()])]
        var options = Options.deleting()
        options.filters = FilterRules()
        options.filters?.elements = [.directoryMerge(DirectoryMerge(Array(".rules".utf8)))]
        let found = try explain(source, [:], "d/draft1", options, jobs: jobs)
        let rule = FilterRule.exclude("draft*").with { $0.origin = .file(Array("d/.rules".utf8), line: 2) }
        #expect(found.outcome == .leftOut && found.reasons == [.excluded(rule, at: at("d/draft1"))])
    }

    @Test(arguments: widths) func whatIsProtectedAndWhatHoldsIt(jobs: Int) throws {
        let destination: [Name: Tree] = ["gone": .directory(["kept": .file(), "other": .file()])]
        let options = Options.filtering([.protect("kept")])
        let kept = try explain(["x": .file()], destination, "gone/kept", options, jobs: jobs)
        #expect(kept.outcome == .stays)
        #expect(kept.reasons == [.onlyInDestination, .protected(.protect("kept"), at: at("gone/kept"))])
        let holder = try explain(["x": .file()], destination, "gone", options, jobs: jobs)
        #expect(holder.outcome == .stays)
        #expect(holder.reasons == [.onlyInDestination, .protected(.protect("kept"), at: at("gone/kept"))])
        #expect(try explain(["x": .file()], destination, "gone/other", options, jobs: jobs).verb == .delete)
    }

    // MARK: Options and guards

    @Test(
        arguments: [
            (.newer, { @Sendable in $0.skipsNewer = true }), (.exists, { @Sendable in $0.ignoresExisting = true }),
            (.tooLarge, { @Sendable in $0.largestSize = 2 }), (.tooSmall, { @Sendable in $0.smallestSize = 4 }),
        ] as [(KeptEntry.Reason, @Sendable (inout Options) -> Void)])
    func theOptionThatLeavesAlone(_ reason: KeptEntry.Reason, _ change: @Sendable (inout Options) -> Void) throws {
        let old = Tree.file("old", Attributes(modified: Self.late))
        let found = try explain(["f": .file("new")], ["f": old], "f", Options().with(change))
        guard case .kept(let entry) = found.outcome else { return #expect(Bool(false), "\(found.outcome)") }
        #expect(entry.reason == reason && entry.differences == .time)
    }

    @Test func whatIsNotCreatedAndWhatLiesBelow() throws {
        let source: [Name: Tree] = ["d": .directory(["e": .directory(["f": .file()])])]
        let below = try explain(source, [:], "d/e/f", Options().with { $0.existingOnly = true })
        #expect(below.outcome == .leftOut && below.reasons == [.directoryKept(.notCreated, at: at("d"))])
        let flat = try explain(
            source, [:], "d/e", Options().with { ($0.recursive, $0.copiesDirectories) = (false, true) })
        #expect(flat.outcome == .leftOut && flat.reasons == [.notEntered(at: at("d"))])
    }

    @Test func kindsThatAreLeftOut() throws {
        let found = try explain(["p": .fifo()], [:], "p", Options().with { $0.preserved.remove(.specials) })
        #expect(found.outcome == .leftOut && found.problems.map(\.cause) == [.leftOut])
    }

    @Test(arguments: [Options.DeletionTime.after, .before, .during])
    func theGuardThatHoldsBack(_ time: Options.DeletionTime) throws {
        let options = Options.deleting(time).with { $0.deletionLimit = .count(1) }
        let destination: [Name: Tree] = ["d": .directory(["x": .file()])]
        let found = try explain(["f": .file()], destination, "d/x", options)
        #expect(found.outcome == .stays)
        #expect(found.reasons == [.onlyInDestination, .guarded(.deletionLimit(planned: 2, allowed: 1))])
        let free = try explain(["f": .file()], destination, "d/x", Options())
        #expect(free.outcome == .leftOut && free.reasons == [.directoryOnlyInDestination(at: at("d"))])
        let top = try explain(["f": .file()], destination, "d", Options())
        #expect(top.outcome == .stays && top.reasons == [.onlyInDestination, .notDeleting])
    }

    /// What lies beside single entries that are copied is none of the source's.
    @Test func whatIsNotCompared() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file()]), .directory(["beside": .file()]))
            let synchronizer = Synchronizer(
                sources: [Source(FilePath(mirror.source), placement: .entry)], to: FilePath(mirror.destination),
                options: .deleting())
            let found = try synchronizer.explainBlocking([FilePath("beside")]).explanations
            #expect(found.map(\.reasons) == [[.onlyInDestination, .notCompared]])
        }
    }

    // MARK: Paths

    @Test func pathsAsTheyAreTyped() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": .file()]), .directory())
            let paths = [
                mirror.source + "/f", mirror.destination + "/./f", "f", "./f/", "nothing", "../f", "/nowhere/f",
            ]
            let found = try mirror.explain(paths: paths)
            #expect(found.map(\.verb) == [.create, .create, .create, .create, nil, nil, nil])
            #expect(found[4...].allSatisfy { $0.outcome == .nowhere })
        }
    }

    @Test func aFileUnderAnotherName() throws {
        try withTemporaryDirectory { folder in
            try Tree.file("text").build(at: folder + "/old")
            let synchronizer = Synchronizer(
                sources: [Source(FilePath(folder + "/old"), placement: .entry)], to: FilePath(folder + "/new"),
                destinationIsDirectory: false)
            let paths = ["/old", "/new"].map { FilePath(folder + $0) }
            let found = try synchronizer.explainBlocking(paths).explanations
            #expect(found.map(\.path) == [at("new"), at("new")] && found.map(\.verb) == [.create, .create])
        }
    }
}
