import Foundation
import Testing
import TreeSync
import TreeTesting

/// The seeds that the environment asks for.
enum Seeds {
    static let first = number("TREESYNC_FIRST_SEED") ?? 1
    /// An unprivileged user can make fewer kinds of entries and attributes; root's half of the suite takes all seeds.
    static let count = number("TREESYNC_SEEDS") ?? (isRoot || LongTests.areWanted ? 200 : 60)

    static let all: Range<UInt64> = {
        print(
            "Random trees of the seeds \(first) ..< \(first + count); TREESYNC_FIRST_SEED and TREESYNC_SEEDS choose others."
        )
        return first..<first + count
    }()

    /// Enough for file systems and users that differ little.
    static var few: Range<UInt64> { first..<first + min(count, LongTests.areWanted ? 20 : 8) }

    /// As many as the environment asks for, else this many: for trees that another program has to visit, too.
    static func some(_ usual: UInt64) -> Range<UInt64> { first..<first + (number("TREESYNC_SEEDS") ?? usual) }

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }
}

/// Random hostile trees, mutated on either side and synchronised again, are identical after each run.
@Suite struct RandomSynchronizationTests {
    @Test(arguments: Seeds.all) func isFaithful(seed: UInt64) throws {
        try expectFaithfulRuns(seed: seed, in: try FileSystem.quick.folder())
    }

    @Test(arguments: Seeds.few) func isFaithfulWith64Threads(seed: UInt64) throws {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            try expectFaithfulRuns(seed: seed, jobs: 64, in: folder)
        }
    }

    @Test(arguments: FileSystem.faithful, Seeds.few) func isFaithful(on fileSystem: FileSystem, seed: UInt64) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        try expectFaithfulRuns(seed: seed, in: try fileSystem.folder())
    }

    @Test(.enabled(if: isRoot, "the whole suite is unprivileged"), arguments: FileSystem.faithful)
    func isFaithfulUnprivileged(on fileSystem: FileSystem) async throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let folder = try fileSystem.folder()
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            asUnprivileged {
                for seed in Seeds.few { try expectFaithfulRuns(seed: seed, in: folder) }
            }
        }
    }
}

private func expectFaithfulRuns(seed: UInt64, in folder: String) throws {
    for jobs in widths {
        try withTemporaryDirectory(in: folder) { folder in
            try expectFaithfulRuns(seed: seed, jobs: jobs, in: folder)
        }
    }
}

/// A first copy onto nothing or onto another tree, then three rounds of changes of the source, of the destination and
/// of both.
private func expectFaithfulRuns(seed: UInt64, jobs: Int, in folder: String) throws {
    let source = TreeAbilities(isSource: true)
    let destination = TreeAbilities(isSource: false)
    var generator = TreeGenerator(seed: seed, abilities: source)
    var other = TreeGenerator(seed: seed &+ 1_000_000, abilities: destination)
    let old = seed % 3 == 0 ? nil : other.tree()
    let deletion: Options.DeletionTime = [.after, .before, .during][Int(seed / 3 % 3)]
    // Changes may empty the source.
    let options = Options.deleting(deletion).with { $0.allowsEmptySource = true }
    let mirror = try Mirror(in: folder, generator.tree(), old, options: options)
    try expectConvergence(mirror, jobs: jobs, "seed \(seed), deletion \(deletion), first copy.")
    for (round, changed) in [(true, false), (false, true), (true, true)].enumerated() {
        let roundSeed = seed &* 4 &+ UInt64(round)
        if changed.0 {
            var mutator = Mutator(seed: roundSeed, abilities: source)
            try mutator.mutate(mirror.source, count: 12)
        }
        if changed.1 {
            var mutator = Mutator(seed: roundSeed &+ 2_000_000, abilities: destination)
            try mutator.mutate(mirror.destination, count: 12)
        }
        try expectConvergence(mirror, jobs: jobs, "seed \(seed), deletion \(deletion), round \(round).")
    }
}
