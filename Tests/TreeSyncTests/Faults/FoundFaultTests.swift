import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Defects that refusing every call has found, each with its own test.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct FoundFaultTests {
    /// Runs with the `number`-th call of that name refused; for processes that do nothing else.
    private static func run(
        _ mirror: Mirror, refusing call: String, _ code: Int32, number: Int = 1
    ) throws -> Run {
        var result: Result<Run, any Error>?
        let injected = FaultInjection.refusing(call, code, number: number) {
            result = Result { try mirror.run(jobs: 1) }
        }
        #expect(injected, "\(call) was never called")
        return try #require(result).get()
    }

    /// Whatever refused a link with EPERM, it was said that the file system had no hard links.
    @Test func aLinkThatIsNotPermittedIsNoLackOfTheFileSystem() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let source = Tree.directory(["a": .file("text").sharing("h"), "b": .file("text").sharing("h")])
                let mirror = try Mirror(in: folder, source, .directory(["a": .file("text")]))
                let run = try Self.run(mirror, refusing: "linkat", EPERM)
                #expect(run.errors.map(\.cause) == [.system])
                #expect(run.errors.map(\.operation) == [.link])
            }
        }
    }

    /// It was taken for equal.
    @Test func aLinkThatCannotBeReadIsAProblem() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["link": .link("new")]), .directory(["link": .link("old")]))
                let run = try Self.run(mirror, refusing: "readlinkat", EIO)
                #expect(run.errors.map(\.operation) == [.readLink])
                #expect(!run.report.succeeded)
            }
        }
    }

    /// It stayed behind under a temporary name, where the next run would have removed it unasked.
    @Test func aReplacedDirectoryThatCannotBeRemovedKeepsItsName() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let old = Tree.directory(["name": .directory(["kept": .file("kept")])])
                let mirror = try Mirror(in: folder, .directory(["name": .fifo()]), old)
                let run = try Self.run(mirror, refusing: "unlinkat", EIO)
                #expect(!run.report.succeeded)
                #expect(try FileManager.default.contentsOfDirectory(atPath: mirror.destination) == ["name"])
                #expect(try FileManager.default.contentsOfDirectory(atPath: mirror.destination + "/name") == ["kept"])
            }
        }
    }

    @Test func aReplacedFileThatCannotBeRemovedKeepsItsName() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["name": .directory()]), .directory(["name": .file("kept")]))
                let run = try Self.run(mirror, refusing: "unlinkat", EIO)
                #expect(!run.report.succeeded)
                #expect(try FileManager.default.contentsOfDirectory(atPath: mirror.destination) == ["name"])
                #expect(FileManager.default.contents(atPath: mirror.destination + "/name") == Data("kept".utf8))
            }
        }
    }

    /// It was tried again after the deletions, which then had missed what it holds, and that was called a success.
    @Test func aDirectoryThatCannotBeOpenedIsNotEqual() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["d": .directory(["f": .file("same")])]),
                    .directory(["d": .directory(["extra": .file("extra"), "f": .file("same")])]))
                var number = 1
                while FaultInjection.refusing(
                    "openat", ENOSPC, number: number,
                    {
                        let run = Result { try mirror.run(jobs: 1) }
                        guard let report = try? run.get().report, report.succeeded else { return }
                        #expect(try! differences(mirror.source, mirror.destination).isEmpty, "openat \(number)")
                    })
                {
                    try "extra".write(toFile: mirror.destination + "/d/extra", atomically: false, encoding: .utf8)
                    number += 1
                }
                #expect(number > 3)
            }
        }
    }

    /// It was said that somebody else had made it.
    @Test func aNewDirectoryThatFindsNoSpaceToBeOpenedIsTriedAgain() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(in: folder, .directory(["d": .directory(["f": .file("f")])]), .directory())
                var number = 1
                while FaultInjection.refusing(
                    "openat", ENOSPC, number: number,
                    {
                        let run = try? mirror.run(jobs: 1)
                        #expect(run?.errors.contains { $0.cause == .changedInDestination } != true, "openat \(number)")
                    })
                {
                    // Where the destination itself could not be opened there is none.
                    try? removeTree(mirror.destination + "/d")
                    number += 1
                }
                #expect(number > 3)
            }
        }
    }

    /// Nothing was deleted, and nobody said why.
    @Test(arguments: ["before", "during"]) func whatOnlyTheFirstWalkMeetsIsReported(_ time: String) async {
        await #expect(processExitsWith: .success) { [time = time as String] in
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, .directory(["d": .directory(["f": .file("f")])]),
                    .directory(["d": .directory(), "extra": .file("extra")]),
                    options: .deleting(time == "before" ? .before : .during))
                var seen = 0
                for number in 1...20 {
                    _ = FaultInjection.refusing("getdents64", EIO, number: number) {
                        guard let run = try? mirror.run(jobs: 1), run.report.refusal == .sourceErrors else { return }
                        seen += 1
                        #expect(run.errors.contains { $0.errno == .ioError }, "getdents64 \(number)")
                    }
                    try removeTree(mirror.destination)
                    try Tree.directory(["d": .directory(), "extra": .file("extra")]).build(at: mirror.destination)
                }
                #expect(seen > 0)
            }
        }
    }

    /// Permissions that were opened for a deletion and could not be given back were kept silent about.
    @Test func permissionsThatStayOpenAreAProblem() async {
        await #expect(processExitsWith: .success) {
            try becomeUnprivileged()
            try withTemporaryDirectory { folder in
                let closed = Attributes(permissions: 0o500)
                let new = Tree.directory(["d": .directory([:], closed)])
                let old = Tree.directory(["d": .directory(["extra": .file("x")], closed)])
                var number = 1
                while true {
                    let mirror = try Mirror(in: folder, new, old)
                    defer {
                        try? removeTree(mirror.source)
                        try? removeTree(mirror.destination)
                    }
                    let injected = FaultInjection.refusing("fchmod", EIO, number: number) {
                        guard let run = try? mirror.run(jobs: 1), run.report.succeeded else { return }
                        #expect(try! differences(mirror.source, mirror.destination).isEmpty, "fchmod \(number)")
                    }
                    if !injected { break }
                    number += 1
                }
                #expect(number > 2)
            }
        }
    }

    /// It was taken for equal.
    @Test(arguments: widths) func attributesOfARootThatCannotBeReadAreAProblem(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            try withTemporaryDirectory { folder in
                let source = Tree.directory([:], Attributes(extended: ["user.note": [1]]))
                var sides: Set<Bool> = []
                for number in 1... {
                    let mirror = try Mirror(in: folder, source, .directory())
                    defer { for root in [mirror.source, mirror.destination] { try? removeTree(root) } }
                    var result: Result<Run, any Error>?
                    let injected = FaultInjection.refusing("flistxattr", EIO, number: number) {
                        result = Result { try mirror.run(jobs: jobs) }
                    }
                    if !injected { break }
                    let run = try #require(result).get()
                    #expect(!run.report.succeeded, "call \(number)")
                    for problem in run.errors where problem.operation == .readExtendedAttributes {
                        sides.insert(problem.isSourceFailure)
                    }
                }
                #expect(sides == [true, false])
            }
        }
    }

    /// The contents had gone before, as `--delete-before` has it: no guard had a part in it, and the trees are not equal.
    @Test(arguments: widths) func aDirectoryThatIsFilledAgainIsAProblem(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                var met = 0
                for number in 1... {
                    let mirror = try Mirror(
                        in: folder, .directory(["x": .file("new")]), .directory(["x": .directory(["old": .file()])]),
                        options: .deleting(.before))
                    defer { for root in [mirror.source, mirror.destination] { try? removeTree(root) } }
                    let full = mirror.destination + "/x"
                    var result: Result<Run, any Error>?
                    let call = FaultInjection.interposing(
                        {
                            guard !entryExists(at: full + "/old") else { return }
                            _ = FileManager.default.createFile(atPath: full + "/new", contents: nil)
                        }, before: number
                    ) { result = Result { try mirror.run(jobs: jobs) } }
                    if call == nil { break }
                    guard entryExists(at: full + "/new") else { continue }
                    met += 1
                    let run = try #require(result).get()
                    #expect(!run.report.succeeded && run.report.refusal == nil)
                    let causes = run.report.problems.map(\.first.cause)
                    #expect(!causes.isEmpty && !causes.contains(.guarded), "before call \(number)")
                }
                #expect(met > 0)
            }
        }
    }
}
