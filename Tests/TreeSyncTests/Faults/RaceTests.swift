import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Somebody without privileges owns a directory of one of the trees while root synchronises.
@Suite(.serialized, .enabled(if: isRoot, "only root has something that others may not touch")) struct RaceTests {
    /// How somebody attacks.
    struct Attack: Codable, Sendable, CustomTestStringConvertible {
        var name: String
        var isInSource = false
        var names = ["d", "f"]
        var means: Attacker.Means
        var jobs = 8
        /// Links are followed: the source's, confined to it, and the destination's to directories below its root.
        var followsLinks = false
        /// Links of the source are followed wherever they lead, as the attacker.
        var copiesAsAttacker = false

        var testDescription: String { name }
    }

    private static let attacks = [
        Attack(
            name: "source: directories for links", isInSource: true, names: ["d", "e"],
            means: [.linksToDirectories, .directories]),
        Attack(
            name: "source: files for links and FIFOs", isInSource: true, names: ["f", "g"],
            means: [.linksToFiles, .fifos, .files]),
        Attack(
            name: "destination: directories for links", names: ["d", "e", "extra"],
            means: [.linksToDirectories, .directories]),
        Attack(
            name: "destination: files for links and FIFOs", names: ["f", "g", "fifo", "h1"],
            means: [.linksToFiles, .fifos, .files]),
        Attack(
            name: "destination: temporaries, one thread", names: ["f", "fifo", "d"],
            means: [.linksToFiles, .linksToDirectories, .fifos, .files, .temporaries], jobs: 1),
        Attack(
            name: "destination: all at once", names: ["d", "e", "f", "g", "fifo", "h1", "h2", "link", "extra"],
            means: [.linksToFiles, .linksToDirectories, .fifos, .files, .directories, .temporaries]),
        Attack(
            name: "source: what followed links lead to", isInSource: true, names: ["link", "f", "g", "d"],
            means: [.linksToFiles, .linksToDirectories, .fifos, .files, .directories], followsLinks: true),
        Attack(
            name: "source: what followed links lead to, one thread", isInSource: true, names: ["link", "f", "d"],
            means: [.linksToFiles, .linksToDirectories, .files], jobs: 1, followsLinks: true),
        Attack(
            name: "destination: what kept links lead to", names: ["d", "e", "extra"],
            means: [.linksToDirectories, .directories], followsLinks: true),
        Attack(
            name: "source: what links lead to, copied as the attacker", isInSource: true,
            names: ["link", "f", "g", "d"],
            means: [.linksToFiles, .linksToDirectories, .files, .directories], copiesAsAttacker: true),
    ]

    private static let seconds: TimeInterval = LongTests.areWanted ? 20 : 2

    @Test(arguments: attacks) func nothingOutsideIsTouchedOrRead(_ attack: Attack) async throws {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [folder = folder as String, attack = attack as Attack] in
                endWhenHanging(UInt32(Self.seconds) + 300)
                try RaceTrial(in: folder, attack).run(for: Self.seconds)
            }
            expectCount("ATTACK", of: "\(attack.name)", in: result?.standardOutputContent)
            // What a temporary name was taken from stays until its process is gone.
            try RaceTrial(continuing: folder, attack).expectEnd()
        }
    }
}

/// A source, a destination, an outside, and an attacker who owns `playground` in one of the first two.
private struct RaceTrial {
    private(set) var mirror: Mirror
    let outside: String
    let attack: RaceTests.Attack

    private static let playground = Tree.directory([
        "d": .directory(["inner": .file("inner"), "more": .directory(["deep": .fifo()])]),
        "e": .directory(["a": .file("a"), "b": .file("b", Attributes(permissions: 0o600))]),
        "f": .file("the file", Attributes(permissions: 0o4755, extended: ["user.note": [1]])),
        "fifo": .fifo(Attributes(permissions: 0o6777)), "g": .file(.random(100_000, seed: 1)),
        "h1": .file("h").sharing("h"), "h2": .file("h").sharing("h"), "link": .link("f"),
    ])

    init(in folder: String, _ attack: RaceTests.Attack) throws {
        self.attack = attack
        outside = folder + "/outside"
        let secret = Attributes(permissions: 0o600, extended: ["user.secret": [7]])
        try Tree.directory(
            ["secret": .file("TOP SECRET", secret), "kept": .directory(["secret name": .file("TOP SECRET", secret)])],
            Attributes(permissions: 0o711)
        ).build(at: outside)
        var old = Self.playground
        old["extra"] = .directory(["kept": .directory(["secret name": .file()]), "x": .file("x")])
        mirror = try Mirror(
            in: folder, .directory(["playground": Self.playground]), .directory(["playground": old]))
        if attack.followsLinks { mirror.follow() }
        if attack.copiesAsAttacker {
            mirror.options.links.followed = .all
            mirror.options.deletion = nil
            mirror.options.credentials = Credentials(user: 65534, group: 65534)
            try runProgram(["chown", "-R", "65534:65534", mirror.destination])
        }
        let root = attack.isInSource ? mirror.source : mirror.destination
        try giveAway(root + "/playground")
        // The attacker has to find its way.
        for path in [folder, root] { try runProgram(["chmod", "755", path]) }
        if !attack.isInSource { try giveAway(mirror.source + "/playground") }
    }

    /// The same after the process that was attacked has ended.
    init(continuing folder: String, _ attack: RaceTests.Attack) {
        self.attack = attack
        outside = folder + "/outside"
        mirror = Mirror(source: folder + "/source", destination: folder + "/destination")
    }

    /// Nobody disturbs the last run: the trees become equal, and nothing is left of the others.
    func expectEnd() throws {
        expectSuccess(try mirror.run(jobs: attack.jobs))
        try expectEqual(mirror.source, mirror.destination)
        try expectNothingFromOutside()
    }

    func run(for seconds: TimeInterval) throws {
        let sentinel = try Snapshot(of: outside)
        let root = attack.isInSource ? mirror.source : mirror.destination
        let attacker = try Attacker(
            in: root + "/playground", swapping: attack.names, with: attack.means, outside: outside)
        let end = Date(timeIntervalSinceNow: seconds)
        var (runs, failed) = (0, 0)
        while Date() < end || runs < 4 {
            let run = try mirror.run(jobs: attack.jobs)
            runs += 1
            failed += run.report.succeeded ? 0 : 1
            if attack.isInSource { try expectNothingFromOutside() }
        }
        let swaps = attacker.swaps
        try attacker.end()
        try expectUntouched(sentinel, outside)
        #expect(swaps > 1000 && runs > 3)
        print("ATTACK \(swaps) swaps in \(Int(seconds)) s, \(runs) runs, \(failed) of them with problems")
    }

    private func expectNothingFromOutside() throws {
        let found = try runProgram(["grep", "-rlsF", "--devices=skip", "TOP SECRET", mirror.destination])
        #expect(found.status == 1, "\(found.output)")
    }
}

extension RaceTests {
    /// Files that are replaced, grow, shrink, vanish and are touched while they are copied.
    @Test(arguments: widths) func noTornFileGetsAName(jobs: Int) async throws {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [folder = folder as String, jobs = jobs as Int] in
                endWhenHanging(UInt32(Self.seconds) + 300)
                try churn(in: folder, jobs: jobs, for: Self.seconds)
            }
            expectCount("ATTACK", of: "source: files that change, jobs \(jobs)", in: result?.standardOutputContent)
        }
    }
}

extension Mirror {
    /// Links of both trees are followed, as far as they stay in them.
    fileprivate mutating func follow() {
        options.links.followed = .all
        options.links.keepsDirectoryLinks = true
        // Both trees lie in it, and what nobody may reach beside them.
        options.links.confinement = FilePath(source)
        options.deletion = nil
    }
}

private func churn(in folder: String, jobs: Int, for seconds: TimeInterval) throws {
    let names = ["replaced", "resized", "touched", "vanishing"]
    let mirror = try Mirror(
        in: folder, .directory(["d": .directory(["touched": .file(.random(300_000, seed: 9))])]), .directory())
    try giveAway(mirror.source + "/d")
    try giveAway(mirror.source + "/d/touched")
    for path in [folder, mirror.source] { try runProgram(["chmod", "755", path]) }
    let attacker = try Attacker(in: mirror.source + "/d", swapping: names, with: .churn, outside: "/")
    let end = Date(timeIntervalSinceNow: seconds)
    var (runs, unstable) = (0, 0)
    while Date() < end || runs < 4 {
        let run = try mirror.run(jobs: jobs)
        runs += 1
        for problem in run.errors {
            #expect(problem.cause == .unstable || problem.cause == .vanished, "\(problem.line)")
            if problem.cause == .unstable { unstable += 1 }
        }
        try expectWholeFiles(mirror.destination + "/d")
    }
    let changes = attacker.swaps
    try attacker.end()
    expectSuccess(try mirror.run(jobs: jobs))
    try expectEqual(mirror.source, mirror.destination)
    #expect(changes > 100 && runs > 3)
    print("ATTACK \(changes) changes in \(Int(seconds)) s, \(runs) runs, \(unstable) copies given up")
}

/// Every byte is where its file's writer put it.
private func expectWholeFiles(_ folder: String) throws {
    if let replaced = FileManager.default.contents(atPath: folder + "/replaced") {
        #expect(replaced.count == 1 << 16 && Set(replaced).count == 1, "torn: \(Set(replaced).count) kinds of byte")
    }
    for name in ["resized", "vanishing"] {
        guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
        let wrong = data.enumerated().first { $0.element != UInt8($0.offset % 251) && $0.element != 0 }
        #expect(wrong == nil, "\(name): \(String(describing: wrong))")
    }
}
