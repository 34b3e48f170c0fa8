import Foundation
import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// What an interrupted run keeps of a file, and what the next one makes of it.
@Suite struct PartialFileTests {
    private static let size: Int64 = 6 << 20
    private static let source = Tree.directory([
        "dir": .directory(["big": .file(.random(size, seed: 1)), "equal": .file("equal")])
    ])

    private func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private func interrupt(_ mirror: Mirror, jobs: Int) throws {
        #expect(try stopInTheMiddle(mirror, jobs: jobs).isCancelled)
    }

    private func noTemporaries(_ mirror: Mirror) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: mirror.destination)
        #expect(names.filter { $0.contains(".treesync-") } == [])
    }

    @Test(arguments: widths) func aNewFileKeepsItsNameAndIsGoneOnWith(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, .directory(), options: .deleting().with { $0.arrival.partialFiles = .inPlace })
            try interrupt(mirror, jobs: jobs)
            let part = try #require(status(mirror.destination + "/dir/big"))
            #expect(part.st_size > 0 && part.st_size < Self.size)
            #expect(part.st_mtim.tv_sec == 0 && part.st_mode & 0o777 == 0o600)
            try noTemporaries(mirror)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.writtenBytes - (Self.size - Int64(part.st_size)) <= 5)
            #expect(status(mirror.destination + "/dir/big")?.st_ino == part.st_ino)
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// It is complete: a part of the new one is no better.
    @Test(arguments: widths) func anOldFileIsNotGivenUp(jobs: Int) throws {
        let old = Tree.directory(["dir": .directory(["big": .file("old version", Attributes(modified: Time(0)))])])
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, old, options: .deleting().with { $0.arrival.partialFiles = .inPlace })
            try interrupt(mirror, jobs: jobs)
            #expect(
                FileManager.default.contents(atPath: mirror.destination + "/dir/big") == Data("old version".utf8))
            // It has the time of a file that is not finished, and is none: it is replaced.
            let inode = status(mirror.destination + "/dir/big")?.st_ino
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(status(mirror.destination + "/dir/big")?.st_ino != inode)
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    @Test(arguments: widths, [".kept", "absolute"]) func aDirectoryKeepsIt(jobs: Int, place: String) throws {
        for old in [nil, Tree.file("old version")] {
            try withTemporaryDirectory { folder in
                let directory = place == "absolute" ? folder + "/kept" : place
                let destination = Tree.directory(["dir": .directory(old.map { ["big": $0] } ?? [:])])
                let mirror = try Mirror(
                    in: folder, Self.source, destination,
                    options: .deleting().with { $0.arrival.partialFiles = .directory(FilePath(directory)) })
                try interrupt(mirror, jobs: jobs)
                let kept = (place == "absolute" ? directory : mirror.destination + "/dir/" + place) + "/big"
                let part = try #require(status(kept))
                #expect(part.st_size > 0 && part.st_size < Self.size)
                #expect((status(mirror.destination + "/dir/big") != nil) == (old != nil))
                try noTemporaries(mirror)
                try expectPlan(mirror)
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                #expect(run.report.statistics.writtenBytes <= Self.size - Int64(part.st_size) + 5)
                #expect(status(mirror.destination + "/dir/big")?.st_ino == part.st_ino)
                #expect(entryExists(at: (kept as NSString).deletingLastPathComponent) == (place == "absolute"))
                try expectEqual(mirror.source, mirror.destination)
            }
        }
    }

    /// The part is compared, not believed.
    @Test(arguments: widths) func aWrongPartIsPutRight(jobs: Int) throws {
        let mode = Attributes(permissions: 0o600, modified: Time(0))
        let part = Tree.file(.random(Self.size + 5000, seed: 99), mode)
        let kept = Tree.directory(["big": part, "other": .file("other", mode)], Attributes(permissions: 0o700))
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, .directory(["dir": .directory([".kept": kept])]),
                options: .deleting().with { $0.arrival.partialFiles = .directory(".kept") })
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(entryExists(at: mirror.destination + "/dir/.kept/other"))
            try removeTree(mirror.destination + "/dir/.kept")
            try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(.modified))
        }
    }

    /// What stands there instead of a directory, or in it instead of a part, is not followed, not written to and not
    /// removed.
    @Test(arguments: widths) func whatIsPlantedIsNotFollowed(jobs: Int) throws {
        let outside = Tree.directory(["big": .file(.random(1000, seed: 5), Attributes(permissions: 0o600))])
        let planted: [Tree] = [
            .link("../../outside"), .file("in the way"), .fifo(),
            .directory(["big": .link("../../../outside/big")]), .directory(["big": .fifo()]),
            .directory(["big": .directory(["x": .file()])]),
        ]
        for trap in planted {
            try withTemporaryDirectory { folder in
                try outside.build(at: folder + "/outside")
                let sentinel = try Snapshot(of: folder + "/outside")
                let mirror = try Mirror(
                    in: folder, Self.source, .directory(["dir": .directory([".kept": trap])]),
                    options: Options().with { $0.arrival.partialFiles = .directory(".kept") })
                try interrupt(mirror, jobs: jobs)
                expectSuccess(try mirror.run(jobs: jobs), "\(trap.shape)")
                try expectUntouched(sentinel, folder + "/outside")
                #expect(
                    FileManager.default.contentsEqual(
                        atPath: mirror.source + "/dir/big", andPath: mirror.destination + "/dir/big"))
                #expect(status(mirror.destination + "/dir/big").map { $0.st_mode & S_IFMT } == S_IFREG)
            }
        }
    }

    /// What somebody else may have written to or still holds open, and what does not have the time of a part, is
    /// somebody's own file: it is not used, not replaced and not removed.
    @Test(arguments: widths, [".kept", "absolute"]) func whatIsNoPartStays(jobs: Int, place: String) throws {
        let others: [Attributes] = [
            Attributes(permissions: 0o666, modified: Time(0)), Attributes(permissions: 0o600),
            Attributes(permissions: 0o600, owner: isRoot ? 7 : nil, modified: Time(0)),
        ]
        for attributes in isRoot ? others : Array(others.prefix(2)) {
            try withTemporaryDirectory { folder in
                let own = Tree.directory(["big": .file(.random(Self.size, seed: 1), attributes), "equal": .file("own")])
                let isAbsolute = place == "absolute"
                let mirror = try Mirror(
                    in: folder, Self.source, .directory(["dir": .directory(isAbsolute ? [:] : [".kept": own])]),
                    options: .deleting().with {
                        $0.arrival.partialFiles = .directory(FilePath(isAbsolute ? folder + "/absolute" : place))
                    })
                let directory = isAbsolute ? folder + "/absolute" : mirror.destination + "/dir/" + place
                if isAbsolute { try own.build(at: directory) }
                let before = try Snapshot(of: directory)
                try interrupt(mirror, jobs: jobs)
                try expectUntouched(before, directory)
                try noTemporaries(mirror)
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                #expect(run.report.statistics.writtenBytes >= Self.size)
                try expectUntouched(before, directory)
                if !isAbsolute { try removeTree(directory) }
                try expectEqual(mirror.source, mirror.destination, in: .all.subtracting(isAbsolute ? [] : .modified))
            }
        }
    }

    /// Where times are not kept, a file that an earlier run had complete does not keep the time of a part.
    @Test(arguments: widths) func aPartGivesNoTime(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let part = Tree.file(.random(Self.size, seed: 1), Attributes(permissions: 0o600, modified: Time(0)))
            let mirror = try Mirror(
                in: folder, Self.source, .directory(["dir": .directory([".kept": .directory(["big": part])])]),
                options: Options().with {
                    $0.arrival.partialFiles = .directory(".kept")
                    $0.preserved.remove(.times)
                })
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.writtenBytes < Self.size)
            #expect(try #require(status(mirror.destination + "/dir/big")).st_mtim.tv_sec > 1_700_000_000)
        }
    }

    @Test func aPathThatLeadsUpwardsIsRefused() throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, .directory(),
                options: Options().with { $0.arrival.partialFiles = .directory("../x") })
            #expect(throws: SynchronizationError.temporaryDirectory("../x", .invalidArgument)) {
                try mirror.run(jobs: 1)
            }
        }
    }
}

private func stopInTheMiddle(_ mirror: Mirror, jobs: Int) throws -> Report {
    let cancellation = Cancellation()
    return try mirror.runSlowly(jobs: jobs, cancellation) { cancellation.cancel() }
}

/// Names that are given at the end.
@Suite struct DelayedUpdateTests {
    private static let source = Tree.directory([
        "a": .directory(["changed": .file("new contents"), "link": .link("new"), "fifo": .fifo()]),
        "big": .file(.random(6 << 20, seed: 1)), "h1": Tree.file("linked").sharing("h"),
        "z": .directory(["h2": Tree.file("linked").sharing("h"), "new": .file("new")]),
    ])
    private static let old = Tree.directory([
        "a": .directory([
            "changed": .file("old"), "link": .link("old"), "fifo": .file("old"), "gone": .file("gone"),
        ]),
        "big": .file("old"), "extra": .directory(["x": .file("x")]),
    ])

    /// A run that is stopped before the end has changed no name; the next one writes nothing of what was complete.
    @Test(arguments: widths) func nothingChangesBeforeTheEnd(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, Self.old, options: .deleting().with { $0.arrival.delaysUpdates = true })
            let stopped = try stopInTheMiddle(mirror, jobs: jobs)
            #expect(stopped.isCancelled)
            #expect(stopped.statistics.deleted.total == 0)
            for name in ["a/changed", "a/fifo", "big", "a/gone", "extra/x"] {
                let text = try String(contentsOfFile: mirror.destination + "/" + name, encoding: .utf8)
                #expect(["old", "gone", "x"].contains(text), "\(name) was changed")
            }
            for name in ["h1", "z/h2", "z/new"] { #expect(!entryExists(at: mirror.destination + "/" + name)) }
            #expect(entryExists(at: mirror.destination + "/.~tmp~/big"))
            let names = try FileManager.default.subpathsOfDirectory(atPath: mirror.destination)
            #expect(names.filter { $0.contains(".treesync-") } == [])
            try expectPlan(mirror)
            let run = try mirror.run(jobs: jobs)
            expectSuccess(run)
            #expect(run.report.statistics.writtenBytes < 6 << 20)
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    /// One that is no directory stops nothing.
    @Test(arguments: widths) func aStaleDirectoryStopsNothing(jobs: Int) throws {
        for stale in [Tree.directory(["big": .file("part")]), .link("/nowhere"), .file("x"), .fifo()] {
            try withTemporaryDirectory { folder in
                var old = Self.old
                old[".~tmp~"] = stale
                let mirror = try Mirror(
                    in: folder, Self.source, old, options: .deleting().with { $0.arrival.delaysUpdates = true })
                try expectConvergence(mirror, jobs: jobs, "\(stale.shape)")
            }
        }
    }

    /// A directory for temporary files that is one of the destination's keeps the time that it shall have.
    @Test(arguments: widths, [true, false]) func filesAreMadeElsewhere(jobs: Int, delays: Bool) throws {
        try withTemporaryDirectory { folder in
            let mirror = try Mirror(
                in: folder, Self.source, Self.old,
                options: .deleting().with { ($0.arrival.temporaryDirectory, $0.arrival.delaysUpdates) = ("a", delays) })
            // What a killed run has left there; no process has this number and was started then.
            try "x".write(
                toFile: mirror.destination + "/a/.treesync-1-1-1.tmp", atomically: false, encoding: .utf8)
            expectSuccess(try mirror.run(jobs: jobs))
            try expectEqual(mirror.source, mirror.destination)
        }
    }

    @Test func aTemporaryDirectoryHasToBeOne() throws {
        try withTemporaryDirectory { folder in
            let options = Options().with { $0.arrival.temporaryDirectory = FilePath(folder + "/nowhere") }
            let mirror = try Mirror(in: folder, Self.source, Self.old, options: options)
            let before = try Snapshot(of: mirror.destination)
            #expect(throws: SynchronizationError.self) { try mirror.run(jobs: 1) }
            try expectUntouched(before, mirror.destination)
        }
    }

    /// Where two copies find no room, the new one is made on another file system and copied over the old one.
    @Test(.enabled(if: isRoot, "mounting needs root"), arguments: widths) func aFullDestinationIsOverwritten(jobs: Int)
        throws
    {
        let (old, new) = (Contents.random(12 << 20, seed: 1), Contents.random(12 << 20, seed: 2))
        try withTemporaryDirectory { folder in
            let options = Options.deleting().with { $0.arrival.temporaryDirectory = FilePath(folder) }
            let mirror = try Mirror(in: folder, .directory(["f": .file(new)]), .directory(), options: options)
            try withMemoryFileSystem(at: mirror.destination, megabytes: 16) {
                try Tree.file(old, Attributes(modified: Time(1))).build(at: mirror.destination + "/f")
                let run = try mirror.run(jobs: jobs)
                expectSuccess(run)
                try expectEqual(mirror.source, mirror.destination)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                #expect(names == ["destination", "source"])
            }
        }
    }
}
