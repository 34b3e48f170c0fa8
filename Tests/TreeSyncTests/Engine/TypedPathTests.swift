import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Paths of the destination and of files that options name.
@Suite struct TypedPathTests {
    /// A link that belongs to somebody else turns nobody's run aside, wherever on the way it stands.
    @Test(
        .enabled(if: isRoot, "only root gives links away"), arguments: ["link", "link/sub", "link/new", "way/back"],
        widths)
    func linksOfOthersAreRefused(_ path: String, jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory(["target": .directory(["sub": .directory()]), "link": .link("target")]).build(
                at: folder + "/paths")
            try Tree.directory(["back": .link("../link/sub")]).build(at: folder + "/paths/way")
            try Tree.directory(["file": .file()]).build(at: folder + "/source")
            try runProgram(["chown", "-h", "65534", folder + "/paths/link"])
            var mirror = Mirror(source: folder + "/source", destination: folder + "/paths/" + path, options: Options())
            let before = try Snapshot(of: folder + "/paths")
            #expect(throws: SynchronizationError.destination(FilePath(mirror.destination), .tooManySymbolicLinkLevels))
            {
                try mirror.run(jobs: jobs)
            }
            try expectUntouched(before, folder + "/paths")
            mirror.options.links.trustsEverybody = true
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try Snapshot(of: mirror.destination + "/.").contains("file"))
        }
    }

    /// Our own links lead the way, and so do chains of them.
    @Test(arguments: widths) func ownLinksAreFollowed(jobs: Int) throws {
        try withTemporaryDirectory { folder in
            try Tree.directory([
                "target": .directory(), "a": .link("b"), "b": .link("./c//"),
                "c": .link(Name("\(folder)/paths/target".utf8)),
                "round": .link("round"),
            ]).build(at: folder + "/paths")
            try Tree.directory(["file": .file()]).build(at: folder + "/source")
            let mirror = Mirror(
                source: folder + "/source", destination: folder + "/paths/./a/../target//new", options: Options())
            expectSuccess(try mirror.run(jobs: jobs))
            #expect(try Snapshot(of: folder + "/paths/target/new").contains("file"))
            let round = Mirror(source: folder + "/source", destination: folder + "/paths/round", options: Options())
            #expect(throws: SynchronizationError.self) { try round.run(jobs: jobs) }
        }
    }

    /// A path must come out in the directory that the run is confined to.
    @Test func confinement() throws {
        try withTemporaryDirectory { folder in
            try Tree.directory([
                "in": .directory(["dir": .directory(), "out": .link("../beside"), "back": .link("../in/dir")]),
                "beside": .directory(["in": .link("../in")]), "file": .file(),
            ]).build(at: folder + "/paths")
            var links = Options.Links()
            links.confinement = FilePath(folder + "/paths/in")
            let paths = TypedPaths(links, user: isRoot ? 0 : 65534, in: try TypedPaths.confinement(links))
            var all = Options.Links()
            all.confinement = "/"
            let free = TypedPaths(all, user: isRoot ? 0 : 65534, in: try TypedPaths.confinement(all))
            for (path, isInside) in [
                ("in", true), ("in/dir", true), ("in/new", true), ("in/back", true), ("in/back/new", true),
                ("beside/in/dir", true), ("in/out", false), ("in/out/new", false), ("beside", false), ("file", false),
                ("in/..", false), ("in/dir/../../beside", false), ("in/dir/..", true), ("new", false),
            ] {
                let bytes = Array("\(folder)/paths/\(path)".utf8)
                let found = Result { () throws(Errno) in _ = try paths.resolve(bytes).name }
                #expect(((try? found.get()) != nil) == isInside, "\(path)")
                if !isInside { #expect(throws: Errno.improperLink) { try found.get() } }
                #expect((try? free.resolve(bytes).name) != nil)
            }
            links.confinement = FilePath(folder + "/missing")
            #expect(throws: SynchronizationError.confinement(FilePath(folder + "/missing"), .noSuchFileOrDirectory)) {
                try TypedPaths.confinement(links)
            }
        }
    }
}
