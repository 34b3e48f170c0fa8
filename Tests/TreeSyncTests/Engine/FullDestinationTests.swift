import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Destinations that refuse what is to be written.
@Suite(.enabled(if: isRoot, "mounting and chattr need root")) struct FullDestinationTests {
    /// Mounts `megabytes` of memory as the destination.
    private func withSmallDestination(
        _ megabytes: Int, _ source: Tree, _ destination: [Name: Tree], options: Options = .deleting(),
        _ body: (Mirror) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, source, .directory(), options: options)
            try withMemoryFileSystem(at: mirror.destination, megabytes: megabytes) {
                for (name, tree) in destination { try tree.build(at: "\(mirror.destination)/\(name)") }
                try body(mirror)
            }
        }
    }

    @Test(arguments: widths) func keepsTheOldVersionWhenSpaceRunsOut(jobs: Int) throws {
        let source = Tree.directory(["big": .file(.random(12 << 20, seed: 1)), "small": .file("new"), "z": .socket()])
        let old = Tree.file(.random(1 << 20, seed: 2))
        try withSmallDestination(8, source, ["big": old, "small": .file("old version")]) { mirror in
            let run = try mirror.run(jobs: jobs)
            #expect(run.problems(at: "big").map(\.errno) == [.noSpace])
            #expect(run.errors.count == 1)
            #expect(!run.report.succeeded)
            let names = try FileManager.default.contentsOfDirectory(atPath: mirror.destination).sorted()
            #expect(names == ["big", "small", "z"])
            try withTemporaryDirectory { folder in
                try old.build(at: folder + "/old")
                try expectEqual(folder + "/old", mirror.destination + "/big")
            }
            let found = try differences(
                mirror.source, mirror.destination, in: .all.subtracting([.modified, .allocation]))
            #expect(found.map { "\($0.path) \($0.property)" }.sorted() == ["big contents", "big size"])
        }
    }

    /// Files that fit are copied, whatever does not fit takes the room meanwhile: in a directory that is there, and in
    /// one that cannot be made before the deletions. In a process of its own: a program that another test starts holds
    /// open files, and their room, for a moment.
    @Test(arguments: widths) func whatFitsIsCopied(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            var entries: [Name: Tree] = [:]
            for number in 0..<20 {
                let seed = UInt64(number)
                entries[Name("small \(number)".utf8)] = .file(.random(64 << 10, seed: seed))
                if number % 4 == 0 { entries[Name("big \(number)".utf8)] = .file(.random(12 << 20, seed: seed)) }
            }
            let source = Tree.directory(["a": .directory(entries), "b": .directory(entries)])
            let old = Tree.file(.random(7 << 20, seed: 99))
            for _ in 1...3 {
                try FullDestinationTests().withSmallDestination(8, source, ["a": .directory(), "old": old]) { mirror in
                    let run = try mirror.run(jobs: jobs)
                    let failed = Set(run.errors.map { "\($0.path)" })
                    #expect(failed == Set(["a", "b"].flatMap { folder in (0..<5).map { "\(folder)/big \($0 * 4)" } }))
                    #expect(run.errors.allSatisfy { $0.errno == .noSpace })
                }
            }
        }
    }

    /// There is room for the new files only once the old ones are gone, and those go last.
    @Test(arguments: widths) func aNearlyFullMirrorConverges(jobs: Int) throws {
        let new = (0..<5).map { (Name("new \($0)".utf8), Tree.file(.random(2 << 20, seed: UInt64($0)))) }
        let old = (0..<5).map { (Name("old \($0)".utf8), Tree.file(.random(2 << 20, seed: UInt64(10 + $0)))) }
        let source = Tree.directory(["dir": .directory(Dictionary(uniqueKeysWithValues: new))])
        try withSmallDestination(13, source, Dictionary(uniqueKeysWithValues: old)) { mirror in
            let plan = try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            #expect(run.planned == plan.planned)
            #expect(run.errors.map(\.line) == [])
            #expect(run.report.succeeded)
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    @Test(arguments: widths) func aReadOnlyDestinationStaysAsItIs(jobs: Int) throws {
        let source = Tree.directory(["f": .file("new"), "d": .directory(["g": .fifo()])])
        try withSmallDestination(4, source, ["f": .file("old version"), "extra": .file()]) { mirror in
            try whileReadOnly(mirror.destination) {
                let before = try Snapshot(of: mirror.destination)
                do {
                    let run = try mirror.run(jobs: jobs)
                    #expect(!run.report.succeeded)
                    #expect(!run.errors.isEmpty)
                    #expect(run.errors.allSatisfy { $0.errno == .readOnlyFileSystem }, "\(run.errors.map(\.line))")
                } catch let error as SynchronizationError {
                    #expect(error == .destination(FilePath(mirror.destination), .readOnlyFileSystem))
                }
                try expectUntouched(before, mirror.destination)
            }
        }
    }

    /// Nothing is written where nothing is to be done.
    @Test(arguments: widths) func anEqualReadOnlyDestinationIsFine(jobs: Int) throws {
        let tree: [Name: Tree] = ["f": .file("same"), "d": .directory(["g": .fifo()])]
        try withSmallDestination(4, .directory(tree), tree) { mirror in
            expectSuccess(try mirror.run(jobs: jobs))
            try whileReadOnly(mirror.destination) {
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                #expect(run.planned.isEmpty)
            }
        }
    }

    /// An immutable file can be neither replaced nor deleted nor changed; everything else is done.
    @Test(arguments: widths) func immutableFilesAreProblems(jobs: Int) throws {
        if let reason = FileSystem.ext4.unavailability { try Test.cancel("\(reason)") }
        let source = Tree.directory([
            "replaced": .file("new text"), "chmod": .file("same", Attributes(permissions: 0o600)),
            "d": .directory(["f": .file("new")]), "z": .file("z"),
        ])
        let destination = Tree.directory([
            "replaced": .file("old"), "chmod": .file("same"), "extra": .file("extra"), "gone": .file("gone"),
        ])
        try withTemporaryDirectory(in: try FileSystem.ext4.folder()) { folder in
            let mirror = try Mirror(in: folder, source, destination)
            let names = ["replaced", "chmod", "extra"]
            try whileImmutable(mirror.destination + "/replaced") {
                try whileImmutable(mirror.destination + "/chmod") {
                    try whileImmutable(mirror.destination + "/extra") {
                        let run = try mirror.run(jobs: jobs)
                        #expect(Set(run.errors.map { "\($0.path)" }) == Set(names), "\(run.errors.map(\.line))")
                        #expect(run.errors.allSatisfy { $0.errno == .notPermitted }, "\(run.errors.map(\.line))")
                        let found = Set(try differences(mirror.source, mirror.destination).map { "\($0.path)" })
                        #expect(found == Set(names))
                        let left = try FileManager.default.contentsOfDirectory(atPath: mirror.destination).sorted()
                        #expect(left == ["chmod", "d", "extra", "replaced", "z"])
                    }
                }
            }
            try expectConvergence(mirror, jobs: jobs, "no longer immutable")
        }
    }

    /// A plan writes nothing and must say all the same that a run cannot make the destination.
    @Test(arguments: widths) func aPlanKnowsThatTheMountIsReadOnly(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["f": .file("f")]).build(at: folder + "/source")
            try Tree.directory().build(at: folder + "/mount")
            try withMemoryFileSystem(at: folder + "/mount", megabytes: 1) {
                try whileReadOnly(folder + "/mount") {
                    let mirror = Mirror(source: folder + "/source", destination: folder + "/mount/new")
                    let expected = SynchronizationError.destination(FilePath(mirror.destination), .readOnlyFileSystem)
                    #expect(throws: expected) { try mirror.plan(jobs: jobs) }
                    #expect(throws: expected) { try mirror.run(jobs: jobs) }
                }
            }
        }
    }

    /// Each attribute is a problem of its own; they come in the order of their names, whatever the threads did.
    @Test func problemsWithAttributesComeInOrder() throws {
        var attributes: [Name: [UInt8]] = [:]
        for letter in "abcdefgh" { attributes[Name("user.\(letter)".utf8)] = [UInt8](repeating: 1, count: 5000) }
        try withTemporaryDirectory(in: try FileSystem.tmpfs.folder()) { source in
            try withTemporaryDirectory(in: try FileSystem.ext4.folder()) { destination in
                try Tree.directory(["f": .file("f", Attributes(extended: attributes))]).build(at: source + "/source")
                for _ in 1...5 {
                    let mirror = Mirror(source: source + "/source", destination: destination + "/d")
                    let names = try mirror.run().report.problems.map {
                        String(decoding: $0.first.attribute ?? [], as: UTF8.self)
                    }
                    #expect(names.count == 8 && names == names.sorted())
                    try removeTree(mirror.destination)
                }
            }
        }
    }
}
