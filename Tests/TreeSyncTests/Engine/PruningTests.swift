import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Directories of the source that hold nothing but directories are left out (`prunesEmptyDirectories`).
@Suite struct PruningTests {
    private static let options = Options.deleting().with { $0.prunesEmptyDirectories = true }

    /// Of a random tree every directory with something at some depth is made, and no other.
    @Test(arguments: Seeds.some(10), widths) func whatHoldsSomethingIsMade(seed: UInt64, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
            var tree = generator.tree()
            tree["hollow"] = .directory(["a": .directory(["b": .directory()]), "c": .directory()])
            let mirror = try Mirror(in: folder, tree, options: Self.options)
            expectSuccess(try mirror.run(jobs: jobs))
            try (tree.withoutHollow ?? .directory([:], tree.attributes)).build(at: folder + "/expected")
            try expectEqual(folder + "/expected", mirror.destination, in: [.contents])
            #expect(try mirror.plan(jobs: jobs).planned == [])
        }
    }

    /// A chain that holds something at its end, as deep as the process may have open files, and one that does not.
    @Test(arguments: widths) func deepChains(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            var (full, hollow) = (Tree.directory(["f": .file("text")]), Tree.directory())
            for _ in 0..<300 {
                full = .directory(["d": full])
                hollow = .directory(["d": hollow])
            }
            let mirror = try Mirror(in: folder, .directory(["full": full, "hollow": hollow]), options: Self.options)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.created.directories == 302 && run.report.statistics.created.regular == 1)
        }
    }

    /// A directory that cannot be read is not taken for an empty one.
    @Test(.enabled(if: !isRoot, "root reads everything"), arguments: widths)
    func whatCannotBeReadStays(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let closed = Tree.directory(["f": .file()], Attributes(permissions: 0o000))
            let mirror = try Mirror(
                in: folder, .directory(["closed": closed]), .directory(["closed": .directory(["f": .file()])]),
                options: Self.options)
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "closed").map(\.operation) == [.readDirectory])
            // Closed as the source's is; a snapshot opens it to look inside.
            #expect(try Snapshot(of: mirror.destination).contains("closed/f"))
        }
    }

    @Test func isExplained() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["d": .directory(["e": .directory()])]), .directory())
            let synchronizer = Synchronizer(
                from: FilePath(mirror.source), to: FilePath(mirror.destination), options: Self.options)
            let found = try synchronizer.explainBlocking([FilePath("d"), FilePath("d/e")]).explanations
            let place = RelativePath(bytes: Array("d".utf8))
            #expect(found.map(\.outcome) == [.leftOut, .leftOut])
            #expect(found.map(\.reasons) == [[.holdsNothing(at: place)], [.holdsNothing(at: place)]])
        }
    }
}

extension Tree {
    /// The tree without directories that hold nothing but directories; `nil` where nothing remains.
    fileprivate var withoutHollow: Tree? {
        guard case .directory(let entries) = shape else { return self }
        let kept = entries.compactMapValues(\.withoutHollow)
        return kept.isEmpty ? nil : Tree(.directory(kept), attributes)
    }
}
