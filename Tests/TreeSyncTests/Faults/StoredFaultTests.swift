import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Each system call of a run that stores, or brings back, fails in turn (`--fake-super`).
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct StoredFaultTests {
    /// Success means that everything is there; after a failure the next run makes it so.
    @Test(arguments: [(1, 3), (8, 11)]) func everyCallFailsOnce(_ jobs: Int, _ step: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int, step = step as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                let mirror = try Mirror(in: folder, FakeSuperTests.everyKind)
                try expectNothingLost(mirror, .destination, jobs, step, folder)
                try expectNothingLost(mirror, .source, jobs, step, folder)
            }
        }
    }

    /// An attribute that cannot be set is a problem that names the entry; what would need it to be what it is fails.
    @Test(arguments: widths) func attributesAreRefused(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            endWhenHanging()
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var mirror = try Mirror(in: folder, .directory(["link": .link("to"), "plain": .file("p")]))
                mirror.options.fakeSuper = .destination
                mirror.options.preserved = .archive
                var result: Result<Run, any Error>?
                let isMade = FaultInjection.refusing("fsetxattr", EACCES) {
                    result = Result { try mirror.run(jobs: jobs) }
                }
                let run = try #require(try result?.get())
                #expect(isMade && run.errors.map(\.path.description) == ["link"])
                #expect(run.errors.map(\.operation) == [.setExtendedAttribute])
                #expect(
                    !entryExists(at: mirror.destination + "/link") && entryExists(at: mirror.destination + "/plain"))
                expectSuccess(try mirror.run(jobs: jobs))
                try expectNothingToDo(mirror)
            }
        }
    }
}

private func expectNothingLost(
    _ plain: Mirror, _ side: Options.FakeSuper, _ jobs: Int, _ step: Int, _ folder: String
) throws {
    var mirror = plain
    let store = folder + "/store"
    mirror.options.fakeSuper = .destination
    mirror.destination = store
    if side == .source {
        expectSuccess(try mirror.run(jobs: jobs))
        mirror = Mirror(source: store, destination: folder + "/target", options: mirror.options)
        mirror.options.fakeSuper = .source
    }
    var (coped, reported) = (0, 0)
    for number in sequence(first: 1, next: { $0 + step }) {
        if entryExists(at: mirror.destination) { try removeTree(mirror.destination) }
        var result: Result<Run, any Error>?
        let injected = FaultInjection.refusing(number, choice: number) {
            result = Result { try mirror.run(jobs: jobs) }
        }
        guard let injected else { break }
        if case .success(let run)? = result, run.report.succeeded {
            coped += 1
        } else {
            reported += 1
            expectSuccess(try mirror.run(jobs: jobs), "\(injected)")
        }
        if side == .destination {
            var back = Mirror(source: store, destination: folder + "/back", options: mirror.options)
            back.options.fakeSuper = .source
            if entryExists(at: back.destination) { try removeTree(back.destination) }
            expectSuccess(try back.run(jobs: jobs), "\(injected)")
            #expect(try differences(plain.source, back.destination) == [], "\(injected)")
        } else {
            #expect(try differences(plain.source, mirror.destination) == [], "\(injected)")
        }
    }
    #expect(coped > 3 && reported > 10)
    print("faults (--fake-super, \(side), jobs \(jobs)): \(reported) reported, \(coped) coped with")
}
