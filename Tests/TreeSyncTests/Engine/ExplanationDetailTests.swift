import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What an explanation says beyond the action: what becomes of the source, which names are chosen, which attributes differ.
@Suite struct ExplanationDetailTests {
    // MARK: What goes away

    /// An explanation says that the source goes away exactly where a run takes it away.
    @Test(arguments: widths) func whatLeavesTheSource(jobs: Int) throws {
        let late = Attributes(modified: Time(1_800_000_000))
        let source: [Name: Tree] = [
            "new": .file("new"), "same": .file("same"), "mode": .file("m", Attributes(permissions: 0o600)),
            "older": .file("older"), "link": .link("same"), "pipe": .fifo(), "h1": Tree.file("h").sharing("h"),
            "h2": Tree.file("h").sharing("h"), "d": .directory(["in": .file()]),
        ]
        let destination: [Name: Tree] = [
            "same": .file("same"), "mode": .file("m"), "older": .file("newer", late), "h1": .file("h"), "gone": .file(),
        ]
        try withTemporaryDirectory { folder in
            let options = Options().with { ($0.removesSources, $0.skipsNewer) = (true, true) }
            let mirror = try Mirror(in: folder, .directory(source), .directory(destination), options: options)
            let paths = ["new", "same", "mode", "older", "link", "pipe", "h1", "h2", "d", "d/in", "gone"]
            let found = try mirror.explain(paths.map(at), jobs: jobs).explanations
            let leaving = zip(paths, found).filter { $0.1.reasons.contains(.leavesSource) }.map(\.0)
            #expect(leaving == ["new", "same", "mode", "link", "pipe", "h1", "h2", "d/in"])
            try mirror.run(jobs: jobs)
            let left = try Snapshot(of: mirror.source)
            #expect(paths.filter { left.contains(Name($0.utf8)) } == ["older", "d"])
        }
    }

    /// What only a basis directory holds stays in the source; so does what waits for a guard.
    @Test(arguments: widths) func whatStaysInTheSource(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file("text")]).build(at: folder + "/basis")
            let options = Options().with {
                $0.removesSources = true
                $0.basis = BasisDirectories([FilePath(folder + "/basis")], use: .compare)
            }
            let mirror = try Mirror(in: folder, .directory(["f": .file("text")]), .directory(), options: options)
            #expect(try mirror.explain([at("f")], jobs: jobs).explanations[0].reasons == [])
        }
        let options = Options.deleting().with { ($0.removesSources, $0.deletionLimit) = (true, .count(0)) }
        let held = try explain(["f": .file()], ["f": .directory(["in": .file()])], "f", options, jobs: jobs)
        #expect(held.verb == .create && held.reasons == [.guarded(.deletionLimit(planned: 1, allowed: 0))])
    }

    // MARK: Rules

    @Test(arguments: widths) func theRuleThatHidesWhatIsDeleted(jobs: Int) throws {
        let tree: [Name: Tree] = [
            "x.o": .file(), "d": .directory(["e": .directory(["f": .file()])]), "kept": .file(),
        ]
        let (objects, directory) = (FilterRule.exclude("*.o"), FilterRule.exclude("d/"))
        let options = Options.filtering([objects, directory]).with { $0.deletesExcluded = true }
        let object = try explain(tree, tree, "x.o", options, jobs: jobs)
        #expect(object.verb == .delete && object.reasons == [.excluded(objects, at: at("x.o"))])
        let below = try explain(tree, tree, "d/e/f", options, jobs: jobs)
        #expect(below.verb == .delete && below.reasons == [.excluded(directory, at: at("d"))])
        // What the source lacks, too, is hidden with its directory.
        let source: [Name: Tree] = ["d": .directory(), "kept": .file()]
        #expect(try explain(source, tree, "d/e", options, jobs: jobs).reasons == [.excluded(directory, at: at("d"))])
        #expect(try explain(["kept": .file()], tree, "d/e/f", options, jobs: jobs).reasons == [.onlyInDestination])
    }

    // MARK: Chosen names

    private static let tree = Tree.directory([
        "a": .file(), "b": .file(), "d": .directory(["c": .file(), "e": .file()]), "f": .directory(["g": .file()]),
    ])

    @Test(
        arguments: [
            ("a", true, nil), ("b", false, .notChosen), ("d", true, nil), ("d/c", true, nil),
            ("d/e", false, .notChosen),
            ("f", false, .notChosen), ("f/g", false, .notChosen), ("no", false, nil), ("d/no", false, nil),
        ] as [(String, Bool, Explanation.Reason?)], widths)
    func namesThatAreNotChosen(_ example: (path: String, isChosen: Bool, reason: Explanation.Reason?), jobs: Int) throws
    {
        for destination in [Tree.directory(), Self.tree] {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, Self.tree, destination)
                let elements = ["a", "d/c"].map { SourceSelection.Element(at($0)) }
                let synchronizer = Synchronizer(
                    sources: [Source(FilePath(mirror.source), placement: .selection(SourceSelection(elements)))],
                    to: FilePath(mirror.destination), options: .deleting().with { $0.jobs = jobs })
                let found = try synchronizer.explainBlocking([FilePath(example.path)]).explanations[0]
                #expect(found.reasons == (example.reason.map { [$0] } ?? []), "\(found)")
                switch found.outcome {
                case .action, .kept: #expect(example.isChosen)
                case .stays: #expect(destination == Self.tree && example.reason == .notChosen)
                // Directories that only the destination has, as far as names are chosen, are not entered.
                case .leftOut:
                    #expect(example.reason == .notChosen && (destination != Self.tree || example.path == "f/g"))
                case .nowhere: #expect(!example.isChosen && example.reason == nil)
                }
            }
        }
    }

    // MARK: Attributes

    @Test(arguments: widths) func whichAttributesDiffer(jobs: Int) throws {
        let new = Attributes(extended: ["user.both": [1], "user.new": [2, 0], "user.same": [3]])
        let old = Attributes(extended: ["user.both": [9], "user.old": [], "user.same": [3]])
        for (source, destination) in [
            (Tree.file("f", new), Tree.file("f", old)), (.directory([:], new), .directory([:], old)),
        ] {
            let found = try explain(["e": source], ["e": destination], "e", jobs: jobs)
            #expect(
                found.attributes == [
                    .init(.attribute(name: Array("user.both".utf8)), source: .bytes([1]), destination: .bytes([9])),
                    .init(.attribute(name: Array("user.new".utf8)), source: .bytes([2, 0]), destination: .none),
                    .init(.attribute(name: Array("user.old".utf8)), source: .none, destination: .bytes([])),
                ])
            let without = Options().with { $0.preserved.remove(.extendedAttributes) }
            #expect(try explain(["e": source], ["e": destination], "e", without, jobs: jobs).attributes == [])
        }
        #expect(try explain(["e": .file("f", new)], [:], "e", jobs: jobs).attributes == [])
        #expect(try explain(["e": .file("f", new)], ["e": .file("f", new)], "e", jobs: jobs).attributes == [])
    }

    @Test(arguments: widths) func howAccessControlListsDiffer(jobs: Int) throws {
        let list = AccessControlList(owner: 7, group: 5, other: 0, mask: 4, users: [7: 6], groups: [9: 1])
        let text = Explanation.AttributeDifference.Value.bytes(
            Array("user::rwx,user:7:rw-,group::r-x,group:9:--x,mask::r--,other::---".utf8))
        let both = Tree.directory([:], Attributes(accessList: list, defaultList: list))
        let found = try explain(["d": both], ["d": .directory()], "d", jobs: jobs)
        #expect(
            found.attributes == [
                .init(.accessControlList, source: text, destination: .none),
                .init(.defaultAccessControlList, source: text, destination: .none),
            ])
        // The root is an entry, too.
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(), both)
            let root = try mirror.explain([.root], jobs: jobs).explanations[0]
            #expect(
                root.attributes.map(\.destination) == [text, text] && root.attributes.map(\.source) == [.none, .none])
        }
    }

    // MARK: Paths

    /// Whatever way a path is typed in, the answer is about the entry that it leads to.
    @Test func pathsThatLeadElsewhereFirst() throws {
        try withTemporaryDirectory { folder in
            let tree = Tree.directory(["s": .directory(["sub": .directory(), "f": .file()])])
            let mirror = try Mirror(in: folder, tree, .directory())
            try Tree.link("source").build(at: folder + "/alias")
            let (source, destination) = (mirror.source, mirror.destination)
            let paths = [
                "s/sub/../f", "./s/./../s/f", source + "/s/sub/../f", folder + "/destination/../source/s/f",
                destination + "/../destination/s/f", folder + "/alias/s/f", source + "/../alias/s//f",
            ]
            let found = try mirror.explain(paths: paths)
            #expect(found.map(\.path) == paths.map { _ in at("s/f") })
            #expect(found.allSatisfy { $0.verb == .create }, "\(found)")
            let outside = try mirror.explain(paths: ["../s/f", folder + "/other/f", source + "/../f", folder])
            #expect(outside.allSatisfy { $0.outcome == .nowhere && $0.reasons == [.outside] }, "\(outside)")
            #expect(
                try mirror.explain(paths: ["no/../s", source + "/", "s/.."]).map(\.path) == [at("s"), .root, .root])
        }
    }

    /// A single file, under its own name and another one, by its own path and by one through a link.
    @Test(arguments: ["new", "old"]) func aSingleFile(name: String) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["old": .file("text"), "beside": .file()]).build(at: folder + "/real")
            try Tree.link("real").build(at: folder + "/way")
            try Tree.directory().build(at: folder + "/to")
            let synchronizer = Synchronizer(
                sources: [Source(FilePath(folder + "/way/old"), placement: .entry)],
                to: FilePath(folder + "/to/" + name),
                destinationIsDirectory: false)
            let paths = ["/way/old", "/real/old", "/way/../real/./old", "/to/" + name].map { FilePath(folder + $0) }
            let found = try synchronizer.explainBlocking(paths + [FilePath(name)]).explanations
            #expect(
                found.map(\.path) == Array(repeating: at(name), count: 5) && found.allSatisfy { $0.verb == .create })
            let others = ["/way/beside", "/way/no", "/other"].map { FilePath(folder + $0) }
            let beside = try synchronizer.explainBlocking(others).explanations
            #expect(beside.map(\.path.description) == ["beside", "no", folder + "/other"])
            #expect(beside.map(\.outcome) == [.leftOut, .nowhere, .nowhere])
            #expect(beside.map(\.reasons) == [[.notChosen], [], [.outside]])
        }
    }
}
