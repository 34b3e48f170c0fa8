import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What a run has done to one destination, a batch does to another that was the same.
@Suite struct BatchTwinTests {
    @Test(arguments: Seeds.some(60)) func twinsStayTwins(seed: UInt64) throws {
        for jobs in widths {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                try expectTwins(seed: seed, jobs: jobs, in: folder)
            }
        }
    }

    @Test(.enabled(if: isRoot, "the whole suite is unprivileged"))
    func twinsStayTwinsUnprivileged() async throws {
        let folder = try FileSystem.quick.folder()
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            asUnprivileged {
                for seed in Seeds.few {
                    for jobs in widths {
                        try withTemporaryDirectory(in: folder) { try expectTwins(seed: seed, jobs: jobs, in: $0) }
                    }
                }
            }
        }
    }
}

/// Records a run twice, once without making it, and applies both to twins of the destination.
private func expectTwins(seed: UInt64, jobs: Int, in folder: String) throws {
    let source = TreeAbilities(isSource: true)
    let destination = TreeAbilities(isSource: false)
    var generator = TreeGenerator(seed: seed, abilities: source)
    var other = TreeGenerator(seed: seed &+ 1_000_000, abilities: destination)
    let isRelated = seed % 2 == 0
    let deletion: Options.DeletionTime = [.after, .before, .during][Int(seed / 3 % 3)]
    let options = Options.deleting(deletion).with { $0.allowsEmptySource = true }
    let tree = generator.tree()
    let old = isRelated ? tree : other.tree()
    let mirror = try BatchMirror(in: folder, tree, old, options: options)
    var mutator = Mutator(seed: seed &* 4, abilities: source)
    try mutator.mutate(mirror.mirror.source, count: 20)
    let comment = "seed \(seed), deletion \(deletion), jobs \(jobs)"
    // Built and not copied: who is not root cannot read all that it may hold.
    let twins = [folder + "/first", folder + "/second"]
    for twin in twins { try old.build(at: twin) }
    // What its permissions close to its user cannot be looked into without opening it, which a plan does not.
    let plan = try mirror.mirror.plan(jobs: jobs)
    let isBlind = !isRoot && plan.errors.contains { !$0.isSourceFailure && $0.errno == .permissionDenied }
    if !isBlind {
        let before = try Snapshot(of: mirror.mirror.destination)
        let recorded = try mirror.record(jobs: jobs)
        try expectUntouched(before, mirror.mirror.destination, comment)
        // What a directory that cannot be searched holds can be listed, and not looked at.
        let isBlindToo = !isRoot && recorded.errors.contains { !$0.isSourceFailure && $0.errno == .permissionDenied }
        #expect(recorded.report.succeeded || isBlindToo, "\(comment) \(recorded.errors.map(\.line))")
        if !isBlindToo { try expectTwin(mirror, twins[0], jobs, "recorded alone, " + comment) }
    }
    expectSuccess(try mirror.mirror.run(jobs: jobs), comment)
    try expectEqual(mirror.mirror.source, mirror.mirror.destination, comment)
    try expectTwin(mirror, twins[1], jobs, comment)
}

private func expectTwin(_ mirror: BatchMirror, _ twin: String, _ jobs: Int, _ comment: String) throws {
    expectSuccess(try mirror.apply(to: twin, jobs: jobs), comment)
    try expectEqual(mirror.mirror.source, twin, comment)
    let again = try mirror.apply(to: twin, jobs: jobs)
    expectSuccess(again, comment + " again")
    #expect(again.planned.isEmpty, "\(comment): something is left to do: \(again.planned.prefix(5))")
    try expectEqual(mirror.mirror.source, twin, comment + " again")
}
