import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Rules in a whole run: what is counted, what stays, what cannot be used.
@Suite struct FilterEngineTests {
    @Test(arguments: widths) func whatIsHiddenIsNeitherCountedNorTouched(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["a": .file("new"), "x.o": .file("new"), "d": .directory(["y.o": .file()])])
            let destination = Tree.directory(["x.o": .file("old"), "z.o": .file("old"), "gone": .file()])
            let mirror = try Mirror(in: folder, source, destination, options: .filtering([.exclude("*.o")]))
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.entries.total == 3)
            #expect(run.planned.map(\.path.description).sorted() == ["a", "d", "gone"])
            let expected = Tree.directory([
                "a": .file("new"), "d": .directory(), "x.o": .file("old"), "z.o": .file("old"),
            ])
            try expected.build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination, in: [.contents])
        }
    }

    /// Many threads inspect a wide directory in pieces.
    @Test(arguments: widths) func wideDirectoriesAreFiltered(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let names = (0..<9000).map { Name("f\($0)".utf8) }
            let source = Tree.directory(Dictionary(uniqueKeysWithValues: names.map { ($0, .file()) }))
            var rules = (0..<3000).map { FilterRule.exclude("f\($0 * 3)") }
            rules.append(.protect("kept*"))
            let destination = Tree.directory(["kept": .file(), "gone": .file(), "f0": .file(), "f1": .file("old")])
            let mirror = try Mirror(in: folder, source, destination, options: .filtering(rules))
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.entries.regular == 6000)
            #expect(run.report.statistics.created.regular == 5999)
            #expect(run.report.statistics.deleted.total == 1)
            #expect(entryExists(at: mirror.destination + "/kept") && entryExists(at: mirror.destination + "/f0"))
        }
    }

    /// rsync empties the directory as far as it may and then fails; here it stays whole.
    @Test(arguments: [Options.DeletionTime.before, .during, .after], widths)
    func whatIsProtectedKeepsItsDirectoryFromBeingReplaced(_ time: Options.DeletionTime, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["d": .file("file"), "e": .file()])
            let destination = Tree.directory(["d": .directory(["kept": .file(), "other": .file()])])
            var options = Options.filtering([.protect("kept")])
            options.deletion = time
            let mirror = try Mirror(in: folder, source, destination, options: options)
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "d").map(\.cause) == [.protected])
            #expect(entryExists(at: mirror.destination + "/d/kept") && entryExists(at: mirror.destination + "/e"))
        }
    }

    @Test(arguments: widths) func aDirectoryThatHoldsSomethingProtectedStays(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let gone = Tree.directory(["kept": .file(), "weak": .file(), "other": .directory(["f": .file()])])
            var weak = FilterRule.exclude("weak")
            weak.isPerishable = true
            let mirror = try Mirror(
                in: folder, .directory(["a": .file()]), .directory(["gone": gone, "weak": .file()]),
                options: .filtering([.protect("kept"), weak]))
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.deleted.total == 3)
            #expect(entryExists(at: mirror.destination + "/gone/kept") && entryExists(at: mirror.destination + "/weak"))
            #expect(!entryExists(at: mirror.destination + "/gone/weak"))
            #expect(try mirror.plan().planned.isEmpty)
        }
    }

    /// What a directory hides is not known where its rules cannot be read: it stays as it is, and nothing is deleted.
    @Test(arguments: [Tree.file("nonsense"), .link("elsewhere"), .fifo()], widths)
    func rulesThatCannotBeUsedLeaveTheirDirectoryAsItIs(_ file: Tree, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["d": .directory([".r": file, "new": .file()]), "e": .file()])
            let destination = Tree.directory(["d": .directory(["old": .file()]), "gone": .file()])
            var options = Options.filtering([])
            options.filters?.append(DirectoryMerge(Array(".r".utf8)))
            let mirror = try Mirror(in: folder, source, destination, options: options)
            let run = try mirror.run(jobs: jobs)
            guard case .filter = try #require(run.problems(at: "d").first).cause else {
                Issue.record("\(run.problems)")
                return
            }
            #expect(run.report.refusal == .sourceErrors)
            #expect(entryExists(at: mirror.destination + "/d/old") && entryExists(at: mirror.destination + "/gone"))
            #expect(entryExists(at: mirror.destination + "/e") && !entryExists(at: mirror.destination + "/d/new"))
        }
    }

    /// A directory's rules may name a file of the tree, and none outside of it.
    @Test func rulesNameFilesOfTheTreeOnly() throws {
        try withTemporaryDirectory { folder in
            try Tree.file("- secret").build(at: folder + "/outside")
            let source = Tree.directory([
                "common": .file("- a"), "d": .directory([".r": .file(". common"), "a": .file(), "b": .file()]),
                "e": .directory([".r": .file(". ../outside"), "a": .file()]),
                "f": .directory([".r": .file(". \(folder)/outside"), "a": .file()]),
            ])
            var options = Options.filtering([])
            options.filters?.append(DirectoryMerge(Array(".r".utf8)))
            let mirror = try Mirror(in: folder, source, options: options)
            let run = try mirror.run()
            #expect(run.problems.map(\.path.description).sorted() == ["e", "f"])
            #expect(entryExists(at: mirror.destination + "/d/b") && !entryExists(at: mirror.destination + "/d/a"))
            #expect(!entryExists(at: mirror.destination + "/e/a"))
        }
    }

    /// Each root has rules of its own; an entry is anchored with its name.
    @Test(arguments: widths) func everyRootHasItsOwnRules(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            for (root, rule) in [("one", "- a"), ("two", "- b")] {
                let tree = Tree.directory([".r": .file(rule), "a": .file(root), "b": .file(root), "c": .file(root)])
                try tree.build(at: folder + "/" + root)
            }
            var options = Options.filtering([.exclude("/one/c"), .exclude("/two")])
            options.filters?.append(DirectoryMerge(Array(".r".utf8)))
            options.jobs = jobs
            let contents = ["/one", "/two"].map { Source(FilePath(folder + $0), placement: .contents) }
            let merged = Synchronizer(sources: contents, to: FilePath(folder + "/merged"), options: options)
            #expect(try merged.runBlocking().succeeded)
            try Tree.directory([".r": .file("- a"), "a": .file("two"), "b": .file("one"), "c": .file("one")])
                .build(at: folder + "/expected")
            try expectEqual(folder + "/expected", folder + "/merged", in: [.contents])
            let entries = ["/one", "/two"].map { Source(FilePath(folder + $0), placement: .entry) }
            let beside = Synchronizer(sources: entries, to: FilePath(folder + "/beside"), options: options)
            #expect(try beside.runBlocking().succeeded)
            try Tree.directory(["one": .directory([".r": .file("- a"), "b": .file("one")])]).build(
                at: folder + "/other")
            try expectEqual(folder + "/other", folder + "/beside", in: [.contents])
        }
    }

    @Test func rulesAboveTheSourceAreLookedForWhereTheirRuleSays() throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory(["a": .file(), "b": .file(), "c": .file()])
            try Tree.directory([".r": .file("- a"), "up": .directory([".r": .file("- /tree/b"), "tree": tree])])
                .build(at: folder + "/top")
            for (start, kept) in [(nil, ["a", "b", "c"]), ("..", ["a", "c"]), ("../..", ["c"]), (folder, ["c"])] {
                var merge = DirectoryMerge(Array(".r".utf8))
                merge.start = start.map { Array($0.utf8) }
                var options = Options.filtering([])
                options.filters?.append(merge)
                let mirror = Mirror(source: folder + "/top/up/tree", destination: folder + "/none", options: options)
                #expect(try mirror.plan().planned.map(\.path.description) == ["."] + kept)
            }
        }
    }

    /// A directory's own rules choose among the attributes of what it holds, at any depth, and not among its own.
    @Test(arguments: widths) func aDirectoryChoosesAttributes(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let both = { (tree: Tree) in tree.with { $0.extended = ["user.a": [1], "user.b": [2]] } }
            let one = { (tree: Tree) in tree.with { $0.extended = ["user.b": [2]] } }
            let rules = Tree.file("-x user.a")
            let source = Tree.directory([
                "f": both(.file("f")),
                "d": both(
                    .directory(["f": both(.file("f")), "e": both(.directory(["f": both(.file("f"))])), ".r": rules])),
            ])
            let expected = Tree.directory([
                "f": both(.file("f")),
                "d": both(
                    .directory(["f": one(.file("f")), "e": one(.directory(["f": one(.file("f"))])), ".r": rules])),
            ])
            var options = Options.filtering([])
            options.filters?.append(DirectoryMerge(Array(".r".utf8)))
            let mirror = try Mirror(in: folder, source, nil, options: options)
            expectSuccess(try mirror.run(jobs: jobs))
            try expected.build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination, in: [.attributes, .contents])
            #expect(try mirror.plan(jobs: jobs).planned == [])
            // What is protected in the destination stays, and what is new arrives.
            let changed = Tree.file("f").with { $0.extended = ["user.a": [9], "user.c": [3]] }
            try removeTree(mirror.destination + "/d/f")
            try changed.build(at: mirror.destination + "/d/f")
            expectSuccess(try mirror.run(jobs: jobs))
            let kept = Tree.file("f").with { $0.extended = ["user.a": [9], "user.b": [2]] }
            try Tree.directory(["f": kept]).build(at: folder + "/kept")
            #expect(try differences(folder + "/kept/f", mirror.destination + "/d/f", in: [.attributes]) == [])
        }
    }

    @Test func rulesForAttributesCopyAndKeepThem() throws {
        try withTemporaryDirectory { folder in
            let source = Tree.file("f").with { $0.extended = ["user.a": [1], "user.secret": [2], "user.hidden": [3]] }
            let present = Tree.file("f").with { $0.extended = ["user.old": [4], "user.kept": [5], "user.hidden": [3]] }
            var rules: [FilterRule] = [.exclude("user.secret"), .hide("user.hidden"), .protect("user.kept")]
            for index in rules.indices { rules[index].subject = .extendedAttributes }
            let mirror = try Mirror(
                in: folder, .directory(["f": source]), .directory(["f": present]), options: .filtering(rules))
            expectSuccess(try mirror.run())
            let expected = Tree.file("f").with { $0.extended = ["user.a": [1], "user.kept": [5]] }
            try Tree.directory(["f": expected]).build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination)
            #expect(try mirror.plan().planned.isEmpty)
        }
    }
}

extension Options {
    /// Everything is preserved, what is not in the source is deleted, and rules choose.
    static func filtering(_ rules: [FilterRule]) -> Options {
        Options.deleting().with { $0.filters = FilterRules(rules) }
    }
}
