import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Somebody without privileges owns a directory among the backups, or in a basis directory, while root synchronises.
@Suite(.serialized, .enabled(if: isRoot, "only root has something that others may not touch")) struct BesideRaceTests {
    /// Which tree somebody attacks.
    enum Ground: String, Codable, Sendable, CaseIterable { case backups, linkBasis, copyBasis }

    private static let seconds: TimeInterval = LongTests.areWanted ? 20 : 2

    @Test(arguments: Ground.allCases, widths) func nothingOutsideIsTouchedOrRead(_ ground: Ground, jobs: Int)
        async throws
    {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [folder = folder as String, ground = ground as Ground, jobs = jobs as Int] in
                endWhenHanging(UInt32(Self.seconds) + 300)
                try BesideTrial(folder: folder, ground: ground, jobs: jobs).run(for: Self.seconds)
            }
            expectCount("ATTACK", of: "\(ground), jobs \(jobs)", in: result?.standardOutputContent)
        }
    }
}

private struct BesideTrial {
    let folder: String
    let ground: BesideRaceTests.Ground
    let jobs: Int

    private static let tree = Tree.directory([
        "d": .directory(["inner": .file("inner"), "secret": .file("mine")]), "f": .file("the file"),
        "g": .file(.random(100_000, seed: 1)), "link": .link("f"), "secret": .file("mine"),
    ])
    private static let older: Tree = {
        let time = Attributes(modified: Time(1))
        return .directory([
            "d": .directory(["inner": .file("old", time), "secret": .file("old", time)]), "f": .file("old", time),
            "g": .file("old", time), "link": .link("old"), "secret": .file("old", time),
        ])
    }()

    private var beside: String { folder + "/beside" }
    private var outside: String { folder + "/outside" }

    private var options: Options {
        var options = Options.deleting()
        switch ground {
        case .backups: options.backups = Backups(directory: "../beside")
        case .linkBasis: options.basis = BasisDirectories(["../beside"], use: .link)
        case .copyBasis: options.basis = BasisDirectories(["../beside"], use: .copy)
        }
        return options
    }

    func run(for seconds: TimeInterval) throws {
        let secret = Attributes(permissions: 0o600, extended: ["user.secret": [7]])
        try Tree.directory(
            ["secret": .file("TOP SECRET", secret), "inner": .file("TOP SECRET", secret)],
            Attributes(permissions: 0o711)
        ).build(at: outside)
        let sentinel = try Snapshot(of: outside)
        let source = Tree.directory(["playground": Self.tree])
        try source.build(at: folder + "/source")
        try source.build(at: beside)
        try giveAway(beside + "/playground")
        for path in [folder, beside] { try runProgram(["chmod", "755", path]) }
        let attacker = try Attacker(
            in: beside + "/playground", swapping: ["d", "f", "g", "link"],
            with: [.linksToFiles, .linksToDirectories, .fifos, .files, .directories, .temporaries], outside: outside)
        let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: options)
        let end = Date(timeIntervalSinceNow: seconds)
        var (runs, failed) = (0, 0)
        while Date() < end || runs < 4 {
            if ground == .backups { try Tree.directory(["playground": Self.older]).build(at: mirror.destination) }
            let run = try mirror.run(jobs: jobs)
            runs += 1
            failed += run.report.succeeded ? 0 : 1
            let found = try runProgram(["grep", "-rlsF", "--devices=skip", "TOP SECRET", mirror.destination])
            #expect(found.status == 1, "\(found.output)")
            try removeTree(mirror.destination)
        }
        let swaps = attacker.swaps
        try attacker.end()
        try expectUntouched(sentinel, outside)
        #expect(swaps > 1000 && runs > 3)
        print("ATTACK \(swaps) swaps in \(Int(seconds)) s, \(runs) runs, \(failed) of them with problems")
    }
}
