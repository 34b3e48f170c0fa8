import Foundation
import Testing
import TreeSync
import TreeTesting

/// What takes minutes and gigabytes runs only where the environment asks for it (`scripts/test --long`).
enum LongTests {
    static let areWanted = ProcessInfo.processInfo.environment["TREESYNC_LONG"] != nil
    static let reason: Comment = "long; scripts/test --long runs it"
}

/// Trees as people have them, mirrored and then compared in every attribute.
@Suite(.enabled(if: LongTests.areWanted, LongTests.reason), .serialized) struct RealTreeTests {
    /// The programs of this machine: some hundred thousand entries with links, hard links and set-id bits.
    @Test(.enabled(if: isRoot, "reads every file of /usr")) func programsOfTheMachine() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: "/usr", destination: folder + "/usr", options: .deleting())
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// 200,000 small files in 2,000 directories, of which some change between two runs.
    @Test func twoHundredThousandSmallFiles() throws {
        try withTemporaryDirectory { folder in
            let mirror = Mirror(source: folder + "/source", destination: folder + "/destination", options: .deleting())
            try Self.tree(of: 2000, version: 1).build(at: mirror.source)
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
            try removeTree(mirror.source)
            try Self.tree(of: 1990, version: 2).build(at: mirror.source)
            expectSuccess(try mirror.run())
            try expectEqual(mirror.source, mirror.destination)
            try expectNothingToDo(mirror)
        }
    }

    /// A hundred files in each directory; every hundredth file depends on the version.
    private static func tree(of directories: Int, version: Int) -> Tree {
        var top: [Name: Tree] = [:]
        for number in 0..<directories {
            var entries: [Name: Tree] = [:]
            for file in 0..<100 {
                let version = file == number % 100 ? version : 0
                let time = Time(1_700_000_000 + Int64(version), nanoseconds: UInt32(number * 1000 + file))
                let contents = Contents.random(
                    Int64(1024 + (number * 131 + file * 17) % 7168), seed: UInt64(number * 1000 + file * 10 + version))
                entries[Name("file \(file)".utf8)] = .file(contents, Attributes(modified: time))
            }
            top[Name("directory \(number)".utf8)] = .directory(entries)
        }
        return .directory(top)
    }
}
