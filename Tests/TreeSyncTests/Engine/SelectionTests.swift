import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Entries of the source that are chosen by name (`SourceSelection`).
@Suite struct SelectionTests {
    private static let source = Tree.directory([
        "a": .directory(
            ["b": .directory(["f": .file("f"), "g": .file("g")], Attributes(permissions: 0o710)), "h": .file("h")],
            Attributes(permissions: 0o750)),
        "x": .directory(["y": .file("y")]), "top": .file("top"), "link": .link("a"),
    ])
    private static let destination = Tree.directory([
        "a": .directory(["b": .directory(["old": .file("old")]), "old": .file("old")]), "old": .file("old"),
    ])

    @Test(arguments: widths) func whatIsChosenKeepsItsPath(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(in: folder, Self.source, nil, ["a/b/f", "x"])
            #expect(try choice.run(jobs).succeeded)
            let expected = Tree.directory([
                "a": .directory(
                    ["b": .directory(["f": .file("f")], Attributes(permissions: 0o710))],
                    Attributes(permissions: 0o750)),
                "x": .directory(["y": .file("y")]),
            ])
            try expected.build(at: folder + "/expected")
            try expectEqual(folder + "/expected", choice.destination, in: [.contents, .permissions])
            #expect(try choice.plan(jobs) == [])
        }
    }

    /// Whoever chooses every entry of a tree by its path has chosen the tree.
    @Test(arguments: Seeds.some(10), widths) func everyEntryIsTheTree(seed: UInt64, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
            let tree = generator.tree()
            let choice = try Choice(in: folder, tree, nil, []) { $0.recursive = false }
            let paths = try names(in: choice.source)
            var elements = paths.map { SourceSelection.Element(RelativePath(bytes: $0.bytes)) }
            elements.append(SourceSelection.Element(.root))
            let chosen = choice.choosing(elements) { $0.copiesDirectories = true }
            let report = try chosen.run(jobs)
            #expect(report.succeeded, "\(report.problems)")
            try expectEqual(choice.source, choice.destination)
        }
    }

    @Test(arguments: [Options.DeletionTime.after, .before, .during], widths)
    func nothingIsDeletedOnTheWay(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(in: folder, Self.source, Self.destination, ["a/b"]) { $0.deletion = time }
            #expect(try choice.run(jobs).statistics.deleted.total == 1)
            let left = try Snapshot(of: choice.destination)
            #expect(left.contains("old") && left.contains("a/old") && !left.contains("a/b/old"))
            #expect(left.contains("a/b/g"))
        }
    }

    /// An entry that does not exist does not even bring along the directories that lead to it, and is a failure in
    /// reading the source.
    @Test(arguments: widths) func whatIsMissingIsAProblem(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(
                in: folder, Self.source, .directory(["x": .directory(["old": .file()])]),
                [
                    "a/missing", "a/missing/more", "x", "top/below",
                ]
            ) { $0.deletion = .after }
            let report = try choice.run(jobs)
            #expect(report.refusal == .sourceErrors)
            let missing = report.problems.flatMap(\.paths).map(\.description).sorted()
            #expect(missing == ["a/missing", "a/missing/more", "top/below"])
            let left = try Snapshot(of: choice.destination)
            #expect(left.contains("x/y") && left.contains("x/old") && !left.contains("a") && !left.contains("top"))
        }
    }

    @Test(arguments: widths) func aRuleHidesWhatIsChosenButNotTheWay(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(in: folder, Self.source, nil, ["a/b/f", "a/b/g", "x/y"]) {
                $0.filters = FilterRules([.exclude("a"), .exclude("/a/b/g"), .exclude("y")])
            }
            #expect(try choice.run(jobs).succeeded)
            #expect(try names(in: choice.destination) == ["a", "a/b", "a/b/f"])
        }
    }

    @Test(arguments: widths) func aRuleOfADirectoryOnTheWayHides(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(in: folder, Self.source, nil, ["a/b/f", "a/b/g"]) {
                $0.filters = FilterRules()
                $0.filters?.elements = [.directoryMerge(DirectoryMerge(Array(".rules".utf8)))]
            }
            try Tree.file("- /b/f").build(at: choice.source + "/a/.rules")
            #expect(try choice.run(jobs).succeeded)
            #expect(try names(in: choice.destination) == ["a", "a/b", "a/b/g"])
        }
    }

    // MARK: Links

    @Test(arguments: widths) func aLinkOnTheWayBecomesADirectory(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let choice = try Choice(in: folder, Self.source, nil, ["link/b/f", "link/h"])
            #expect(try choice.run(jobs).succeeded)
            #expect(try differences(choice.source + "/a/h", choice.destination + "/link/h").isEmpty)
            #expect(try Snapshot(of: choice.destination).contains("link/b/f"))
            #expect(try choice.plan(jobs) == [])
        }
    }

    /// Whoever may write to the tree must not choose what is read.
    @Test(arguments: widths, ["/absolute", "../outside", "inner/../../outside"])
    func aLinkThatLeavesTheTree(jobs: Int, target: String) throws {
        try withTemporaryDirectory { folder in
            let target = target == "/absolute" ? folder + "/outside" : target
            try Tree.directory(["secret": .file("secret")]).build(at: folder + "/outside")
            let tree = Tree.directory(["way": .link(Name(target.utf8)), "inner": .directory(), "f": .file("f")])
            var choice = try Choice(in: folder, tree, nil, ["way/secret", "f"])
            let report = try choice.run(jobs)
            #expect(report.problems.map(\.first.cause) == [.linkLeavesTree])
            #expect(report.problems.map(\.first.isSourceFailure) == [true])
            #expect(try names(in: choice.destination) == ["f"])
            choice.followsLinksOutside = true
            #expect(try choice.run(jobs).succeeded)
            #expect(try Snapshot(of: choice.destination).contains("way/secret"))
        }
    }

    // MARK: Directories that are only a way

    @Test(arguments: widths) func aBareWayStaysAsItIs(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let destination = Tree.directory([
                "a": .link("real"), "real": .directory(["old": .file("old")], Attributes(permissions: 0o711)),
            ])
            let choice = try Choice(in: folder, Self.source, destination, ["a/b/f", "x/y"]) {
                $0.copiesImpliedDirectories = false
                $0.deletion = .after
            }
            #expect(try choice.run(jobs).succeeded)
            let left = try Snapshot(of: choice.destination)
            #expect(left.contains("real/b/f") && left.contains("real/old") && left.contains("x/y"))
            try Tree.directory([:], Attributes(permissions: 0o711)).build(at: folder + "/expected")
            let found = try differences(folder + "/expected", choice.destination + "/real", in: [.permissions])
            #expect(found.map(\.property).allSatisfy { $0 == "name" })
            #expect(try choice.plan(jobs) == [])
        }
    }

    @Test(arguments: widths, [Tree.link("../outside"), .link("nowhere"), .file("file"), .fifo()])
    func aBareWayThatLeadsNowhere(jobs: Int, way: Tree) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory().build(at: folder + "/outside")
            let choice = try Choice(in: folder, Self.source, .directory(["a": way]), ["a/b/f", "x/y"]) {
                $0.copiesImpliedDirectories = false
            }
            let report = try choice.run(jobs)
            #expect(report.problems.map(\.first.path.description) == ["a"])
            #expect(try names(in: folder + "/outside") == [])
            try Tree.directory(["a": way]).build(at: folder + "/expected")
            #expect(try differences(folder + "/expected/a", choice.destination + "/a").isEmpty)
            #expect(try Snapshot(of: choice.destination).contains("x/y"))
        }
    }

    // MARK: Guards

    @Test(arguments: widths) func anEmptyChosenDirectoryEmptiesNothing(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["a": .directory(["b": .directory()])])
            let choice = try Choice(in: folder, source, Self.destination, ["a/b"]) { $0.deletion = .after }
            #expect(try choice.run(jobs).refusal == .emptySource)
            #expect(try Snapshot(of: choice.destination).contains("a/b/old"))
        }
    }

    @Test(arguments: widths) func theMarkerIsInEveryChosenDirectoryOrAbove(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var source = Self.source
            let choice = try Choice(in: folder, source, Self.destination, ["a/b"]) {
                ($0.deletion, $0.sourceMarker) = (.after, RelativePath(bytes: Array("g".utf8)))
            }
            #expect(try choice.run(jobs).refusal == nil)
            let other = choice.choosing(["a/b", "x"].map { .init(RelativePath(bytes: Array($0.utf8))) })
            try Tree.directory(["extra": .file()]).build(at: choice.destination + "/x")
            #expect(try other.run(jobs).refusal != nil)
            source["g"] = .file()
            try Tree.file().build(at: choice.source + "/g")
            #expect(try other.run(jobs).refusal == nil)
        }
    }

    /// The copy would contain itself, or destroy what it is made of.
    @Test(arguments: widths) func overlapsAreRefused(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Self.source.build(at: folder + "/source")
            let inside = Choice(source: folder + "/source", destination: folder + "/source/a/b", ["a"])
            #expect(throws: SynchronizationError.self) { _ = try inside.run(jobs) }
            try Tree.directory(["s": .directory(["d": .directory(["s": .directory(["f": .file()])])])]).build(
                at: folder + "/loop")
            // The source's `s` lies inside of the `s` that it would replace.
            var above = Choice(source: folder + "/loop/s/d", destination: folder + "/loop", ["s"])
            above.options.deletion = .after
            #expect(throws: SynchronizationError.self) { _ = try above.run(jobs) }
            #expect(entryExists(at: folder + "/loop/s/d/s/f"))
        }
    }

    // MARK: Together with others

    /// Two directories of one name from two roots are one, with the attributes of the first.
    @Test(arguments: widths) func severalRootsShareTheWay(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["a": .directory(["x": .file("1")], Attributes(permissions: 0o700))])
                .build(at: folder + "/one")
            try Tree.directory(["a": .directory(["x": .file("2"), "y": .file("2")])]).build(at: folder + "/two")
            var options = Options.deleting()
            options.jobs = jobs
            let sources = [("/one", "a/x"), ("/two", "a/y")].map { root, path in
                Source(
                    FilePath(folder + root),
                    placement: .selection(SourceSelection([.init(RelativePath(bytes: Array(path.utf8)))])))
            }
            let report = try Synchronizer(sources: sources, to: FilePath(folder + "/new"), options: options)
                .runBlocking()
            #expect(report.succeeded)
            #expect(try differences(folder + "/one/a/x", folder + "/new/a/x").isEmpty)
            #expect(try differences(folder + "/two/a/y", folder + "/new/a/y").isEmpty)
            let found = try differences(folder + "/one/a", folder + "/new/a", in: [.permissions])
            #expect(found.map { "\($0.path) \($0.property)" } == ["y name"])
        }
    }

    /// What is hung on a directory that is not entered is copied all the same.
    @Test(arguments: widths) func aDirectoryThatIsNotEnteredKeepsItsAttributes(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory(["a": .directory(["f": .file()], Attributes(extended: ["user.mine": [1]]))])
            let mirror = try Mirror(
                in: folder, tree, nil,
                options: Options().with {
                    ($0.recursive, $0.copiesDirectories) = (false, true)
                })
            expectSuccess(try mirror.run(jobs: jobs))
            try Tree.directory(["a": .directory([:], Attributes(extended: ["user.mine": [1]]))])
                .build(at: folder + "/expected")
            try expectEqual(folder + "/expected/a", mirror.destination + "/a", in: [.attributes])
            #expect(try mirror.plan(jobs: jobs).planned == [])
        }
    }

    /// The file system that a root stays on is its own.
    @Test(.enabled(if: isRoot, "mounting needs root"), arguments: widths)
    func eachRootStaysOnItsOwnFileSystem(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["one": .directory(["d": .directory(["f": .file()])]), "mount": .directory()])
                .build(at: folder + "/source")
            try withMemoryFileSystem(at: folder + "/source/mount", megabytes: 1) {
                try Tree.directory(["d": .directory(["f": .file()])]).build(at: folder + "/source/mount/two")
                var options = Options()
                (options.oneFileSystem, options.jobs) = (true, jobs)
                let sources = ["one", "mount/two"].map {
                    Source(FilePath(folder + "/source/" + $0), placement: .entry)
                }
                _ = try Synchronizer(sources: sources, to: FilePath(folder + "/new"), options: options).runBlocking()
                let made = try Snapshot(of: folder + "/new")
                #expect(made.contains("one/d/f") && made.contains("two/d/f"))
                // A chosen entry beyond a mount point is meant.
                let choice = Choice(source: folder + "/source", destination: folder + "/chosen", ["mount/two/d"])
                _ = try choice.choosing(choice.elements) { $0.oneFileSystem = true }.run(jobs)
                #expect(try Snapshot(of: folder + "/chosen").contains("mount/two/d/f"))
            }
        }
    }
}

/// The paths of all entries below a root.
private func names(in root: String) throws -> [Name] {
    try Snapshot(of: root).paths(ofNamesLike: "").filter { !$0.bytes.isEmpty }.sorted()
}

/// A source, what is chosen of it, and a destination.
private struct Choice {
    var source: String
    var destination: String
    var elements: [SourceSelection.Element]
    var options = Options()
    var followsLinksOutside = false

    init(
        in folder: String, _ source: Tree, _ destination: Tree?, _ paths: [String],
        _ change: (inout Options) -> Void = { _ in }
    ) throws {
        self.init(source: folder + "/source", destination: folder + "/destination", paths)
        try source.build(at: self.source)
        try destination?.build(at: self.destination)
        change(&options)
    }

    init(source: String, destination: String, _ paths: [String]) {
        self.source = source
        self.destination = destination
        elements = paths.map { SourceSelection.Element(RelativePath(bytes: Array($0.utf8))) }
    }

    func choosing(
        _ elements: [SourceSelection.Element], _ change: (inout Options) -> Void = { _ in }
    ) -> Choice {
        var choice = self
        choice.elements = elements
        change(&choice.options)
        return choice
    }

    private func synchronizer(_ jobs: Int) -> Synchronizer {
        var options = options
        options.jobs = jobs
        var selection = SourceSelection(elements)
        selection.followsLinksOutside = followsLinksOutside
        return Synchronizer(
            sources: [Source(FilePath(source), placement: .selection(selection))], to: FilePath(destination),
            options: options)
    }

    func run(_ jobs: Int) throws -> Report { try synchronizer(jobs).runBlocking() }

    /// What would be done.
    func plan(_ jobs: Int) throws -> [RelativePath] {
        let actions = Guarded<[RelativePath]>([])
        _ = try synchronizer(jobs).planBlocking(events: .planned) { event in
            if case .planned(let action) = event { actions.withLock { $0.append(action.path) } }
        }
        return actions.withLock { $0 }
    }
}
