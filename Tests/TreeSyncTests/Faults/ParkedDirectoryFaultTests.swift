import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Trees that are deeper than files may be open: directories are closed and opened again, which may fail.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults"))
struct ParkedDirectoryFaultTests {
    enum Work: String, CaseIterable, Codable, Sendable {
        /// What the directories held stayed, and nobody was told.
        case deletes
        /// The attributes of a directory were lost, and nobody was told.
        case copiesAttributes = "copies attributes"
        /// What could not get its name stayed under a temporary one.
        case delays

        var source: Tree {
            switch self {
            case .deletes: .directory(["f": .file("f")])
            case .copiesAttributes, .delays: .directory(["f": .file("f"), "d": chain(bottom: .directory())])
            }
        }

        var destination: Tree {
            self == .deletes ? .directory(["f": .file("f"), "extra": chain(bottom: .directory())]) : .directory()
        }

        var options: Options {
            Options.deleting().with { $0.arrival.delaysUpdates = self == .delays }
        }

        private func chain(bottom: Tree) -> Tree {
            (0..<40).reduce(bottom) { inner, level in
                .directory(
                    ["d": inner, "f": .file("\(level)")], Attributes(extended: ["user.level": [UInt8(level)]]))
            }
        }
    }

    @Test(arguments: Work.allCases, widths) func eachReopeningFailsOnce(_ work: Work, jobs: Int) async {
        await #expect(processExitsWith: .success) {
            [work = work as Work, jobs = jobs as Int, every = LongTests.areWanted as Bool] in
            endWhenHanging()
            var limit = rlimit(rlim_cur: 48, rlim_max: 48)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let mirror = try Mirror(in: folder, work.source, options: work.options)
                var count = 0
                for number in sequence(first: 1, next: { $0 + (every || jobs > 1 ? 1 : 5) }) {
                    try? removeTree(mirror.destination)
                    try work.destination.build(at: mirror.destination)
                    var run: Run?
                    let injected = FaultInjection.refusing("openat2", EIO, number: number) {
                        run = try? mirror.run(jobs: jobs)
                    }
                    guard injected else { break }
                    count += 1
                    guard let run else { continue }
                    if run.report.succeeded {
                        try expectEqual(mirror.source, mirror.destination, "openat2 \(number)")
                    }
                    let names = try FileManager.default.subpathsOfDirectory(atPath: mirror.destination)
                    #expect(names.filter { $0.contains(".treesync-") } == [], "openat2 \(number)")
                }
                #expect(count > 10 || jobs > 1, "\(count)")
            }
        }
    }
}
