import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// A run is cancelled between two system calls: before each of them in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct CancellationTests {
    enum Kind: String, CaseIterable, Codable, Sendable {
        case plain, batches, backups, elsewhere

        var options: Options {
            .deleting().with {
                switch self {
                case .plain: break
                case .batches: $0.durability = .batch
                case .backups: $0.backups = Backups()
                case .elsewhere: $0.backups = Backups(directory: ".backups")
                }
            }
        }
    }

    private static let many = Dictionary(
        uniqueKeysWithValues: (0..<8).map { (Name("f\($0)".utf8), Tree.file("\($0)")) })
    private static let source = Tree.directory([
        "full": .file("new"), "changed": .file("new"), "fresh": .directory(many), "l": .link("new"),
        "dir": .directory(["one": .file("one")]),
    ])
    private static let destination = Tree.directory([
        "full": .directory(many.merging(["sub": .directory(many)]) { $1 }),
        "changed": .file("old", Attributes(modified: Time(1))), "l": .link("old"),
        "extra": .directory(many), "dir": .directory(["two": .file("two")]),
    ])

    /// No temporary is left, each name has its old or its new entry, what went was counted, and the next run makes both
    /// equal. A full directory that a file replaces goes entry by entry: it keeps its name, with what is left in it, until
    /// the file takes it.
    @Test(arguments: Kind.allCases) func beforeAnyCall(_ kind: Kind) async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [kind = kind as Kind] in
            var partly = 0
            let calls = try beforeEachCall(Self.source, Self.destination, kind.options, { $2.cancel() }) {
                mirror, call, result in
                let place = mirror.destination
                let left = FileManager.default.subpaths(atPath: place)?.filter { $0.contains(".treesync-") }
                #expect(left == [], "before \(call): \(left ?? [])")
                Self.expectOldOrNew(place, before: call)
                let gone = Self.oldNames.filter { !entryExists(at: place + "/" + $0) }
                switch result {
                case .success(let run):
                    let problems = run.errors.filter { kind != .backups || "\($0.path)" != "full" }
                    #expect(problems.isEmpty, "before \(call): \(problems.map(\.line))")
                    #expect(run.report.statistics.deleted.total == gone.count, "before \(call): \(gone)")
                case .failure(let error):
                    #expect(error as? SynchronizationError == .cancelled && gone.isEmpty, "before \(call): \(error)")
                }
                if gone.contains(where: { $0.hasPrefix("full/") }), entryExists(at: place + "/full/.") { partly += 1 }
                var next = mirror
                next.options.backups = nil
                try expectRecovery(next, "cancelled before \(call)")
            }
            // What a directory holds stays where its backups would, as in rsync.
            #expect(kind == .backups ? partly == 0 : partly > 15)
            print("CANCELLED \(calls)")
        }
        expectCount("CANCELLED", of: "before each call, \(kind)", in: result?.standardOutputContent)
    }

    /// What the next run removes or replaces.
    private static let oldNames: [String] =
        ["full", "full/sub", "changed", "extra", "dir/two", "l"]
        + many.keys.flatMap { ["full/\($0)", "full/sub/\($0)", "extra/\($0)"] }

    private static func expectOldOrNew(_ place: String, before call: String) {
        func contents(_ name: String) -> String? { try? String(contentsOfFile: place + "/" + name, encoding: .utf8) }
        #expect(["old", "new"].contains(contents("changed")), "changed, before \(call)")
        #expect(entryExists(at: place + "/full/.") || contents("full") == "new", "before \(call)")
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: place + "/l")
        #expect(link == "old" || link == "new", "l, before \(call)")
        for index in 0..<8 where entryExists(at: place + "/fresh/f\(index)") {
            #expect(contents("fresh/f\(index)") == "\(index)", "before \(call)")
        }
    }
}
