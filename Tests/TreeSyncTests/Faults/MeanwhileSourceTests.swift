import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Somebody changes a file of the source between two system calls of the run: before each of them in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct MeanwhileSourceTests {
    /// What happens to the file.
    enum Change: String, CaseIterable, Codable, Sendable {
        case shrinks, empties, grows, vanishes
        case isReplaced = "is replaced"

        func make(_ path: String, _ other: String) {
            switch self {
            case .shrinks: truncate(path, 100_000)
            case .empties: truncate(path, 0)
            case .grows: truncate(path, 2_000_000)
            case .vanishes: unlink(path)
            case .isReplaced: rename(other, path)
            }
        }
    }

    /// How the file arrives.
    enum Arrival: String, CaseIterable, Codable, Sendable {
        case copied, reserved, compared
        case withoutZeros = "without zeros"
        case inPlace = "in place"
        case inChangedBlocks = "in changed blocks"

        var options: Options {
            var options = Options.deleting()
            switch self {
            case .copied: break
            case .reserved: options.arrival.preallocates = true
            case .compared: options.contentComparison = .contents
            case .withoutZeros: options.makesSparse = true
            case .inPlace: options.arrival.writesInPlace = true
            case .inChangedBlocks: options.arrival.copiesWholeFiles = false
            }
            return options
        }
    }

    /// Data between holes.
    private static func contents(seed: UInt64) -> Contents {
        Contents(
            size: 1_600_000,
            pieces: [
                .random(seed: seed, count: 5000, at: 40_960), .random(seed: seed + 1, count: 200_000, at: 1_200_000),
            ])
    }

    /// The copy is one of the file's states, or there is none; what could not be had is reported for what it is; the next
    /// run makes both equal.
    @Test(arguments: Change.allCases, Arrival.allCases)
    func beforeAnyCall(_ change: Change, _ arrival: Arrival) async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [change = change as Change, arrival = arrival as Arrival] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file(Self.contents(seed: 1)), "stays": .file()]),
                        .directory(["f": .file(Self.contents(seed: 7), Attributes(modified: Time(1)))]),
                        options: arrival.options)
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (path, other, copy) = (mirror.source + "/f", folder + "/other", mirror.destination + "/f")
                    try Tree.file(Self.contents(seed: 3), Attributes(modified: Time(2))).build(at: other)
                    defer { unlink(other) }
                    let before = [
                        FileManager.default.contents(atPath: path), FileManager.default.contents(atPath: copy),
                    ]
                    var run: Run?
                    let call = FaultInjection.interposing({ change.make(path, other) }, before: number) {
                        run = try? mirror.run(jobs: 1)
                    }
                    guard let call else {
                        #expect(number > 50)
                        print("CHANGES \(number - 1)")
                        break
                    }
                    let place = "call \(number), \(call)"
                    for problem in run?.errors ?? [] {
                        #expect([.vanished, .unstable].contains(problem.cause), "\(place): \(problem.line)")
                    }
                    let states = before + [FileManager.default.contents(atPath: path)]
                    #expect(states.contains(FileManager.default.contents(atPath: copy)), "\(place): torn")
                    // Reserved blocks are there to be had.
                    let isReserved = arrival == .reserved
                    try expectRecovery(mirror, in: isReserved ? .all.subtracting(.allocation) : .all, place)
                }
            }
        }
        expectCount(
            "CHANGES", of: "a file of the source \(change.rawValue), \(arrival.rawValue)",
            in: result?.standardOutputContent)
    }
}
