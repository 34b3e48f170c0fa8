import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Every system call of a run that keeps backups fails once: nothing of what was there is lost.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct BackupFaultTests {
    /// Where the backups go.
    enum Place: String, Codable, Sendable, CaseIterable { case beside, directory, otherFileSystem }

    @Test(arguments: Place.allCases, widths) func nothingIsLost(_ place: Place, jobs: Int) async throws {
        // Another file system needs to be mounted, which only root may.
        if place == .otherFileSystem, FileSystem.tmpfs.unavailability != nil { return }
        let other = place == .otherFileSystem ? try FileSystem.tmpfs.folder() : ""
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [
                    folder = folder as String, other = other as String, place = place as Place, jobs = jobs as Int,
                    every = LongTests.areWanted as Bool
                ] in
                endWhenHanging(every ? 3000 : 900)
                let elsewhere = other.isEmpty ? folder : other + "/faults-\(getpid())"
                var trial = BackupTrial(
                    folder: folder, place: place, elsewhere: elsewhere, jobs: jobs, step: every ? 1 : 7)
                try trial.run()
                if !other.isEmpty { try removeTree(elsewhere) }
                for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
                print("FAULTS \(trial.count)")
            }
            expectCount("FAULTS", of: "backups \(place), jobs \(jobs)", in: result?.standardOutputContent)
        }
    }

    /// Two threads need one directory for backups where an older backup stands: before each call of one, the other makes
    /// room and the directory.
    @Test(arguments: [true, false]) func somebodyElseMakesRoom(isLink: Bool) async {
        await #expect(processExitsWith: .success) { [isLink = isLink as Bool] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var calls = Set<String>()
                for number in 1... {
                    let backups = folder + "/backups"
                    let mirror = try Mirror(
                        in: folder, .directory(["d": .directory(["f": .file("new text")])]),
                        .directory(["d": .directory(["f": .file("old", Attributes(modified: Time(1)))])]),
                        options: Options().with { $0.backups = Backups(directory: FilePath(backups)) })
                    defer { for path in [mirror.source, mirror.destination, backups] { try? removeTree(path) } }
                    try Tree.directory(["d": isLink ? .link("/") : .file("older")]).build(at: backups)
                    let place = backups + "/d"
                    var run: Run?
                    let call = FaultInjection.interposing(
                        {
                            unlink(place)
                            mkdir(place, 0o755)
                        }, before: number
                    ) { run = try? mirror.run(jobs: 1) }
                    guard let call else { break }
                    calls.insert(call)
                    #expect(run?.report.succeeded == true, "\(number) \(call): \(run?.errors.map(\.line) ?? [])")
                    #expect(FileManager.default.contents(atPath: place + "/f") == Data("old".utf8), "\(number) \(call)")
                }
                #expect(calls.contains("unlinkat") && calls.contains("mkdirat"))
            }
        }
    }
}

private struct BackupTrial {
    let folder: String
    let place: BackupFaultTests.Place
    let elsewhere: String
    let jobs: Int
    let step: Int
    var failures: [String] = []
    var count = 0

    private static let old = Attributes(permissions: 0o640, modified: Time(1_300_000_000), extended: ["user.note": [1]])
    private static let source = Tree.directory([
        "d": .directory(["x": .file("new text of x")]), "f": .file("new text of f"),
        "g": .directory(["in": .file("in")]),
        "h1": .file("new text of h").sharing("h"), "h2": .file("new text of h").sharing("h"), "link": .link("new"),
    ])
    private static let destination = Tree.directory([
        "d": .directory(["x": .file("TEXT x", old)]), "extra": .directory(["deep": .file("TEXT extra", old)]),
        "f": .file("TEXT f", old), "g": .file("TEXT g", old), "h1": .file("TEXT h", old).sharing("h"),
        "h2": .file("TEXT h", old).sharing("h"), "link": .link("TEXT"),
    ])
    /// What must be somewhere, whatever fails.
    private static let texts = ["TEXT x", "TEXT extra", "TEXT f", "TEXT g", "TEXT h"]

    private var backups: String { elsewhere + "/backups" }

    private var options: Options {
        var options = Options.deleting()
        switch place {
        case .beside:
            options.backups = Backups()
            options.kindsWithoutTimes = [.directory]
        case .directory, .otherFileSystem: options.backups = Backups(directory: FilePath(backups))
        }
        return options
    }

    mutating func run() throws {
        for number in sequence(first: 1, next: { [step] in $0 + step }) {
            let mirror = try Mirror(in: folder, Self.source, Self.destination, options: options)
            if place != .beside {
                try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
                try Tree.directory(["f": .file("OLDER f")]).build(at: backups)
            }
            var result: Result<Run, any Error>?
            let injected = FaultInjection.refusing(number, choice: number) {
                result = Result { try mirror.run(jobs: jobs) }
            }
            guard let injected, let result else { break }
            count += 1
            try check(result, mirror, injected)
            for path in [mirror.source, mirror.destination] + (place == .beside ? [] : [backups]) {
                try removeTree(path)
            }
        }
    }

    private mutating func check(_ result: Result<Run, any Error>, _ mirror: Mirror, _ injected: InjectedFault) throws {
        let places = [mirror.destination] + (place == .beside ? [] : [backups])
        for text in Self.texts where try find(text, in: places).isEmpty { failures.append("\(injected): lost \(text)") }
        if case .success(let run) = result, run.report.succeeded {
            // The old file is among the backups, and nowhere else.
            for text in Self.texts where !(try find(text, in: places)).allSatisfy(isBackup) {
                failures.append("\(injected): success, but \(text) is no backup")
            }
        }
        for path in places where try !Snapshot(of: path).paths(ofNamesLike: ".treesync-").isEmpty {
            failures.append("\(injected): a temporary entry stays in \(path)")
        }
        let again = try mirror.run(jobs: jobs)
        if !again.report.succeeded { failures.append("\(injected): the next run: \(again.errors.map(\.line))") }
        let left = try differences(mirror.source, mirror.destination, in: .all.subtracting(.modified))
        for difference in left where place != .beside || difference.left != "missing" {
            failures.append("\(injected): after the next run: \(difference)")
        }
    }

    private func isBackup(_ path: String) -> Bool {
        place == .beside ? path.hasSuffix("~") : path.hasPrefix(backups)
    }

    private func find(_ text: String, in places: [String]) throws -> [String] {
        try runProgram(["grep", "-rlF", "--devices=skip", text] + places).output.split(separator: "\n").map(String.init)
    }
}
