import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Somebody removes an entry of the source, or puts one of another kind in its place, between two system calls of
/// the run: before each of them in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct MeanwhileKindTests {
    /// What stands there first.
    enum Shape: String, CaseIterable, Codable, Sendable {
        case directory, file, link, fifo

        var source: Tree {
            switch self {
            case .directory: .directory(["f": .file("new"), "d": .directory(["g": .file("g")]), "l": .link("f")])
            case .file: .file("new")
            case .link: .link("new")
            case .fifo: .fifo()
            }
        }

        var destination: Tree {
            switch self {
            case .directory: .directory(["f": .file("old", Attributes(modified: Time(1))), "extra": .file("x")])
            case .file: .file("old", Attributes(modified: Time(1)))
            case .link: .link("old")
            case .fifo: .fifo(Attributes(permissions: 0o600))
            }
        }
    }

    /// What is put there instead.
    enum Change: String, CaseIterable, Codable, Sendable {
        case nothing, file, fifo, socket, directory
        case outside = "a link out of the tree"

        /// `nil` where the entry only goes.
        func other(_ outside: String) -> Tree? {
            switch self {
            case .nothing: nil
            case .file: .file("another")
            case .fifo: .fifo()
            case .socket: .socket()
            case .directory: .directory(["another": .file("another")])
            case .outside: .link(Name(outside.utf8))
            }
        }
    }

    /// Nothing is read through a link, or waits for a FIFO; what was not there any more is reported for what it is; the
    /// next run makes both equal.
    @Test(arguments: Shape.allCases, Change.allCases)
    func beforeAnyCall(_ shape: Shape, _ change: Change) async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [shape = shape as Shape, change = change as Change] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let (outside, aside, other) = (folder + "/outside", folder + "/aside", folder + "/other")
                try Tree.directory(["secret": .file("secret"), "f": .file("secret")]).build(at: outside)
                let sentinel = try Snapshot(of: outside)
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["e": shape.source, "stays": .file()]),
                        .directory(["e": shape.destination]))
                    defer { for path in [mirror.source, mirror.destination, aside, other] { try? removeTree(path) } }
                    let path = mirror.source + "/e"
                    try change.other(outside)?.build(at: other)
                    var run: Run?
                    let call = FaultInjection.interposing(
                        {
                            rename(path, aside)
                            rename(other, path)
                        }, before: number
                    ) { run = try? mirror.run(jobs: 1) }
                    guard let call else {
                        #expect(number > 30)
                        print("CHANGES \(number - 1)")
                        break
                    }
                    let place = "call \(number), \(call)"
                    for problem in run?.errors ?? [] {
                        #expect([.vanished, .unstable].contains(problem.cause), "\(place): \(problem.line)")
                    }
                    let names = FileManager.default.subpaths(atPath: mirror.destination) ?? []
                    #expect(!names.contains { $0.hasSuffix("secret") }, "\(place): \(names)")
                    for name in names where name.hasSuffix("/f") {
                        let text = try String(contentsOfFile: mirror.destination + "/" + name, encoding: .utf8)
                        #expect(["old", "new"].contains(text), "\(place): \(text)")
                    }
                    try expectUntouched(sentinel, outside, place)
                    try expectRecovery(mirror, place)
                }
            }
        }
        expectCount(
            "CHANGES", of: "a \(shape.rawValue) of the source, then \(change.rawValue)",
            in: result?.standardOutputContent)
    }
}
