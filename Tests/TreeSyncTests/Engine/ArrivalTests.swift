import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// A way for contents to arrive.
struct ArrivalWay: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var makesSparse = false
    let change: @Sendable (inout Options.Arrival) -> Void

    init(_ name: String, sparse: Bool = false, _ change: @escaping @Sendable (inout Options.Arrival) -> Void) {
        testDescription = name
        makesSparse = sparse
        self.change = change
    }

    func apply(to options: inout Options) {
        change(&options.arrival)
        options.makesSparse = makesSparse
    }

    static let all: [ArrivalWay] = [
        .init("in place") { $0.writesInPlace = true },
        .init("in place, sparse", sparse: true) { $0.writesInPlace = true },
        .init("in place, whole") { ($0.writesInPlace, $0.copiesWholeFiles) = (true, true) },
        .init("in place, small blocks") { ($0.writesInPlace, $0.blockSize) = (true, 700) },
        .init("changed blocks") { $0.copiesWholeFiles = false },
        .init("changed blocks, sparse", sparse: true) { $0.copiesWholeFiles = false },
        .init("reserved, sparse", sparse: true) { $0.preallocates = true },
        .init("kept in part") { $0.partialFiles = .inPlace },
        .init("kept in a directory") { $0.partialFiles = .directory(".kept") },
        .init("delayed") { ($0.delaysUpdates, $0.partialFiles) = (true, .directory(".held")) },
        .init("delayed, kept") { ($0.delaysUpdates, $0.partialFiles) = (true, .directory("kept/here")) },
        .init("made in /tmp") { $0.temporaryDirectory = "/tmp" },
        .init("made in /tmp, delayed") {
            ($0.temporaryDirectory, $0.delaysUpdates, $0.partialFiles) = ("/tmp", true, .directory(".held"))
        },
        .init("made in memory") { $0.temporaryDirectory = "/dev/shm" },
    ]
}

/// Whatever way contents arrive, the trees are equal afterwards, and a plan says what the run does.
@Suite struct ArrivalTests {
    @Test(arguments: ArrivalWay.all, Seeds.first..<Seeds.first + 8) func converges(_ way: ArrivalWay, seed: UInt64)
        throws
    {
        if !isRoot, way.testDescription.hasPrefix("in place") {
            try Test.cancel("random files may be closed to their user, who then cannot write to them in place")
        }
        for jobs in widths {
            try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
                try expectFaithfulRuns(way, seed, jobs, in: folder)
            }
        }
    }

    private func expectFaithfulRuns(_ way: ArrivalWay, _ seed: UInt64, _ jobs: Int, in folder: String) throws {
        let abilities = (source: TreeAbilities(isSource: true), destination: TreeAbilities(isSource: false))
        var generator = TreeGenerator(seed: seed, abilities: abilities.source)
        var other = TreeGenerator(seed: seed &+ 1_000_000, abilities: abilities.destination)
        let deletion: Options.DeletionTime = [.after, .before, .during][Int(seed % 3)]
        let options = Options.deleting(deletion).with {
            $0.allowsEmptySource = true
            way.apply(to: &$0)
        }
        let mirror = try Mirror(in: folder, generator.tree(), other.tree(), options: options)
        let comment = "\(way.testDescription), seed \(seed), \(deletion)."
        try expectConvergence(mirror, jobs: jobs, comment)
        var mutator = Mutator(seed: seed &* 4, abilities: abilities.source)
        try mutator.mutate(mirror.source, count: 12)
        var others = Mutator(seed: seed &+ 2_000_000, abilities: abilities.destination)
        try others.mutate(mirror.destination, count: 12)
        try expectConvergence(mirror, jobs: jobs, comment + " Again.")
    }

    /// In the quick form each pair of shapes on one of the file systems.
    @Test(arguments: FileSystem.faithful, ArrivalWay.all) func everyShapeReplaces(
        on fileSystem: FileSystem, _ way: ArrivalWay
    ) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let places = FileSystem.faithful.filter { $0.unavailability == nil }
        let place = places.firstIndex(of: fileSystem)
        for (row, old) in EntryShape.possible.enumerated() {
            for (column, new) in EntryShape.possible.enumerated() {
                guard LongTests.areWanted || (row + column) % places.count == place else { continue }
                try withTemporaryDirectory(in: fileSystem.folder()) { folder in
                    let mirror = try Mirror(
                        in: folder, new.tree(version: 2), old.tree(version: 1),
                        options: .deleting().with { way.apply(to: &$0) })
                    let run = try mirror.run(jobs: 4)
                    expectSuccess(run, "\(old.testDescription) becomes \(new.testDescription)")
                    try expectEqual(mirror.source, mirror.destination)
                }
            }
        }
    }
}

/// Files that are written to where they are.
@Suite struct InPlaceTests {
    private static let size: Int64 = 4 << 20

    /// A file, and the same with some bytes changed.
    private static func versions(_ places: [Int64]) -> (old: Tree, new: Tree) {
        let old = Contents.random(size, seed: 1)
        var new = old
        for place in places { new.pieces.append(.bytes(Array("changed".utf8), at: place)) }
        return (.file(old), .file(new, Attributes(modified: Time(1_600_000_000))))
    }

    private func status(_ path: String) -> stat {
        var status = stat()
        lstat(path, &status)
        return status
    }

    private var inPlace: Options { .deleting().with { $0.arrival.writesInPlace = true } }

    @Test(arguments: widths) func onlyChangedBlocksAreWritten(jobs: Int) throws {
        let (old, new) = Self.versions([0, 100_000, 2 << 20])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(in: folder, .directory(["f": new]), .directory(["f": old]), options: inPlace)
            let inode = status(mirror.destination + "/f").st_ino
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.writtenBytes == 3 * 4096)
            #expect(status(mirror.destination + "/f").st_ino == inode)
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// Where hard links are not preserved the other names see the new contents, as the manual of rsync says.
    @Test(arguments: widths) func otherNamesSeeTheNewContents(jobs: Int) throws {
        let (old, new) = Self.versions([5])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, .directory(["f": new]), .directory(["f": old]),
                options: inPlace.with { ($0.deletion, $0.preserved) = (nil, .archive) })
            try FileManager.default.linkItem(atPath: mirror.destination + "/f", toPath: folder + "/other")
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(FileManager.default.contentsEqual(atPath: folder + "/other", andPath: mirror.source + "/f"))
            #expect(status(folder + "/other").st_nlink == 2)
        }
    }

    /// Two names of one file that stand for two files do not undo each other's work.
    @Test(arguments: widths) func noTugOfWar(jobs: Int) throws {
        var (sources, destinations): ([Name: Tree], [Name: Tree]) = ([:], [:])
        for number in 0..<20 {
            let name = Name("f\(number)".utf8)
            sources[name] = .file("contents \(number)", Attributes(modified: Time(1_600_000_000 + Int64(number % 3))))
            destinations[name] = Tree.file("old contents").sharing("one")
        }
        for preserved in [Options.Preserved.everything, .archive] {
            try withTemporaryDirectory { folder in
                let options = inPlace.with { $0.preserved = preserved }
                let mirror = try Mirror(in: folder, .directory(sources), .directory(destinations), options: options)
                expectSuccess(try mirror.run(jobs: jobs))
                try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(.identity))
            }
        }
    }

    /// Nor where one of them is equal already, or but for its attributes: it keeps what it has.
    @Test(arguments: widths, [0, 7, 19]) func noTugOfWarWithWhatIsEqual(jobs: Int, equal: Int) throws {
        let kept = Tree.file("kept", Attributes(permissions: 0o640))
        var (sources, destinations): ([Name: Tree], [Name: Tree]) = ([:], [:])
        for number in 0..<20 {
            let name = Name("f\(number)".utf8)
            sources[name] = number % 5 == 4 ? kept.with { $0.permissions = 0o600 } : .file("new \(number)")
            destinations[name] = kept.sharing("one")
        }
        sources[Name("f\(equal)".utf8)] = kept
        try withTemporaryDirectory { folder in
            let options = inPlace.with { $0.preserved = .archive }
            let mirror = try Mirror(in: folder, .directory(sources), .directory(destinations), options: options)
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(.identity))
            try expectNothingToDo(mirror)
        }
    }

    /// Holes of the source, and with `makesSparse` runs of zeros, become holes where data was.
    @Test(arguments: widths, [FileSystem.temporary, .ext4, .xfs, .btrfs, .tmpfs])
    func holesArePunched(jobs: Int, on fileSystem: FileSystem) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let old = Tree.file(.random(8 << 20, seed: 1), Attributes(modified: Time(1)))
        let sparse = Contents(size: 8 << 20, pieces: [.random(seed: 2, count: 10_000, at: 3 << 20)])
        let zeros = Contents(
            size: 8 << 20,
            pieces: [
                .bytes([UInt8](repeating: 0, count: 8 << 20), at: 0), .random(seed: 2, count: 10_000, at: 3 << 20),
            ])
        try withTemporaryDirectory(in: fileSystem.folder()) { folder in
            for contents in [sparse, zeros] {
                let mirror = try Mirror(
                    in: folder, .directory(["f": .file(contents)]), .directory(["f": old]),
                    options: inPlace.with { $0.makesSparse = contents == zeros })
                defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
                expectSuccess(try mirror.run(jobs: jobs))
                try expectEqual(mirror.source, mirror.destination)
                #expect(status(mirror.destination + "/f").st_blocks * 512 < 256 << 10)
            }
        }
    }

    /// What a snapshot shares with a file it goes on sharing, and so does the old file with a clone that replaces it.
    @Test(.enabled(if: isRoot, "mounting needs root"), arguments: [FileSystem.xfs, .btrfs], [true, false])
    func sharedBlocksStayShared(on fileSystem: FileSystem, isInPlace: Bool) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let old = Contents.random(32 << 20, seed: 1)
        var new = old
        for place in 0..<20 { new.pieces.append(.bytes([1, 2, 3], at: Int64(place) * 1_500_000)) }
        try withTemporaryDirectory(in: fileSystem.folder()) { folder in
            try withTemporaryDirectory { elsewhere in
                let source = elsewhere + "/source"
                try Tree.directory(["f": .file(new)]).build(at: source)
                try Tree.directory(["f": .file(old, Attributes(modified: Time(1)))]).build(at: folder + "/destination")
                try runProgram(["cp", "--reflink=always", folder + "/destination/f", folder + "/snapshot"])
                let options = Options.deleting().with {
                    $0.arrival.writesInPlace = isInPlace
                    $0.arrival.copiesWholeFiles = isInPlace ? nil : false
                }
                let mirror = Mirror(source: source, destination: folder + "/destination", options: options)
                let inode = status(mirror.destination + "/f").st_ino
                let run = try mirror.run(jobs: 2)
                expectSuccess(run)
                #expect(run.report.statistics.writtenBytes == 20 * 4096)
                #expect((status(mirror.destination + "/f").st_ino == inode) == isInPlace)
                try runProgram(["sync", "-f", folder])
                // xfs takes 128 KiB for a block that is parted from a shared one.
                #expect(try unsharedBlocks(mirror.destination + "/f") * 4096 < 10 << 20)
                try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(.allocation))
            }
        }
    }

    /// Blocks of 4 KiB that belong to the file alone, by `filefrag` of e2fsprogs.
    private func unsharedBlocks(_ path: String) throws -> Int {
        let (status, output) = try runProgram(["filefrag", "-v", "-b4096", path])
        try #require(status == 0)
        let extents = output.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .filter { $0.count >= 5 && Int($0[0].trimmingCharacters(in: .whitespaces)) != nil }
        try #require(!extents.isEmpty)
        return extents.filter { !($0.last ?? "").contains("shared") }
            .reduce(0) { $0 + (Int($1[3].trimmingCharacters(in: .whitespaces)) ?? 0) }
    }

    /// Who may not write to a file does not, and says so; the file stays.
    @Test(arguments: widths) func aFileThatMayNotBeWrittenToIsAProblem(jobs: Int) async {
        await #expect(processExitsWith: .success) { [jobs = jobs as Int] in
            try becomeUnprivileged()
            try withTemporaryDirectory { folder in
                let closed = Attributes(permissions: 0o444, modified: Time(1))
                let mirror = try Mirror(
                    in: folder, .directory(["f": .file("new contents")]), .directory(["f": .file("old", closed)]),
                    options: .deleting().with { $0.arrival.writesInPlace = true })
                let run = try mirror.run(jobs: jobs)
                #expect(run.problems(at: "f").map(\.errno) == [.permissionDenied])
                #expect(FileManager.default.contents(atPath: mirror.destination + "/f") == Data("old".utf8))
            }
        }
    }

    @Test(arguments: widths) func filesThatGrowAreAppendedTo(jobs: Int) throws {
        let old: [Name: Tree] = [
            "grown": .file("beginning, "), "wrong": .file("BEGINNING, "), "longer": .file("beginning, end, more"),
        ]
        let source = Tree.directory(
            Dictionary(
                uniqueKeysWithValues: old.keys.map {
                    ($0, .file("beginning, end", Attributes(modified: Time(1_600_000_000))))
                }))
        for growth in [Options.Arrival.Growth.trusting, .verifying] {
            try withTemporaryDirectory { folder in
                let mirror = try Mirror(
                    in: folder, source, .directory(old), options: .deleting().with { $0.arrival.growth = growth })
                let inode = status(mirror.destination + "/grown").st_ino
                let plan = try expectPlan(mirror)
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                #expect(run.planned == plan.planned)
                #expect(status(mirror.destination + "/grown").st_ino == inode)
                func text(_ name: String) throws -> String {
                    try String(contentsOfFile: mirror.destination + "/" + name, encoding: .utf8)
                }
                #expect(try text("grown") == "beginning, end")
                #expect(try text("wrong") == (growth == .trusting ? "BEGINNING, end" : "beginning, end"))
                #expect(try text("longer") == "beginning, end, more")
                if growth == .trusting { #expect(run.report.statistics.writtenBytes == 6) }
            }
        }
    }

    @Test(arguments: widths, [FileSystem.ext4, .xfs, .btrfs]) func blocksAreReserved(
        jobs: Int, on fileSystem: FileSystem
    ) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let sparse = Tree.file(Contents(size: 8 << 20, pieces: [.random(seed: 2, count: 10_000, at: 3 << 20)]))
        for isSparse in [false, true] {
            try withTemporaryDirectory(in: fileSystem.folder()) { folder in
                let options = Options.deleting().with {
                    ($0.arrival.preallocates, $0.makesSparse) = (true, isSparse)
                }
                let mirror = try Mirror(in: folder, .directory(["f": sparse]), options: options)
                expectSuccess(try mirror.run(jobs: jobs))
                try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(.allocation))
                let size = status(mirror.destination + "/f").st_blocks * 512
                #expect(isSparse ? size < 256 << 10 : size >= 8 << 20)
            }
        }
    }
}
