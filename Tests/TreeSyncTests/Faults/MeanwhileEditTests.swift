import Foundation
import Synchronization
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Somebody writes to a file of the destination, which stays as long as it was, before each call of the run in turn.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct MeanwhileEditTests {
    /// Only permissions differed: the file got the source's time, so that no later run saw what had been written to it.
    @Test(arguments: [false, true], widths) func itDoesNotGetTheSourcesTime(removesSources: Bool, jobs: Int) async {
        await #expect(processExitsWith: .success) { [removes = removesSources as Bool, jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var refused = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["f": .file("text", Attributes(permissions: 0o600))]),
                        .directory(["f": .file("text", Attributes(permissions: 0o640))]),
                        options: Options().with { $0.removesSources = removes })
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let (target, time) = (mirror.destination + "/f", try modified(mirror.source + "/f"))
                    let call = FaultInjection.interposing({ edit(target) }, before: number) {
                        let run = try? mirror.run(jobs: jobs)
                        refused += run?.errors.filter { $0.cause == .changedInDestination }.count ?? 0
                    }
                    guard let call else { break }
                    let isEdited = FileManager.default.contents(atPath: target) == Data("EDIT".utf8)
                    #expect(try !isEdited || modified(target) != time, "before call \(number), \(call)")
                }
                #expect(refused > 0)
            }
        }
    }

    /// Such a file was removed because a basis directory holds what the source does.
    @Test(arguments: widths) func itIsNotLeftToABasisDirectory(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let options = Options().with { $0.basis = BasisDirectories(["../basis"], use: .compare) }
                let new = Tree.directory(["f": .file("text")])
                try new.build(at: folder + "/basis")
                // The calls before which an edit is lost, and kept.
                var (lost, kept) = ([(number: Int, call: String)](), 0)
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, new, .directory(["f": .file("mine", Attributes(modified: Time(1)))]),
                        options: options)
                    defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                    let target = mirror.destination + "/f"
                    let call = FaultInjection.interposing({ edit(target) }, before: number) {
                        _ = try? mirror.run(jobs: jobs)
                    }
                    guard let call else { break }
                    if FileManager.default.contents(atPath: target) == Data("EDIT".utf8) {
                        kept += 1
                    } else {
                        lost.append((number, call))
                    }
                }
                // What was there before the scan's look is an old version like any other. Later it is lost in one moment
                // only: between the last look and the removal.
                #expect(kept > 3)
                // Several threads do not make the same calls in each run.
                guard jobs == 1 else { return }
                let (last, before) = (lost.last, lost.dropLast().last)
                #expect(last?.call == "unlinkat" && before?.call == "statx", "\(lost)")
                #expect((last?.number ?? 0) > (before?.number ?? 0) + 1, "\(lost)")
            }
        }
    }
}

/// Writes as many bytes as the files here hold.
private func edit(_ path: String) { try? "EDIT".write(toFile: path, atomically: false, encoding: .utf8) }

private func modified(_ path: String) throws -> Timestamp {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return Timestamp(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: UInt32(status.st_mtim.tv_nsec))
}
