import Foundation
import Testing
import TreeTesting

/// The builder, the comparer and the removal reach where no path reaches.
@Suite struct DeepTreeTests {
    @Test func tenThousandLevelsDown() throws {
        try withTemporaryDirectory(in: try FileSystem.quick.folder()) { folder in
            for (name, text) in [("a", "same"), ("b", "same"), ("c", "else")] {
                try buildChain(at: "\(folder)/\(name)", levels: 10_000, name: "d", last: .file(text))
            }
            try expectEqual(folder + "/a", folder + "/b")
            let found = try differences(folder + "/a", folder + "/c")
            #expect(found.map(\.property) == ["contents"])
            #expect(found.first?.path.bytes.count == 2 * 10_000 - 1)
        }
    }

    @Test func pathsLongerThanTheSystemTakes() throws {
        let long = Name(Array(repeating: UInt8(ascii: "x"), count: 255))
        try withTemporaryDirectory { folder in
            try buildChain(at: folder + "/a", levels: 40, name: long, last: .directory([long: .socket()]))
            try buildChain(at: folder + "/b", levels: 40, name: long, last: .directory([long: .fifo()]))
            #expect(try differences(folder + "/a", folder + "/b").map(\.property) == ["kind"])
            try removeTree(folder + "/a")
            #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
        }
    }

    @Test func namesOfAllBytes() throws {
        let names = (1...255).filter { $0 != UInt8(ascii: "/") }.map { Name([UInt8($0), 0x2E, UInt8($0)]) }
        let tree = Tree.directory(Dictionary(uniqueKeysWithValues: names.map { ($0, Tree.file("\($0)")) }))
        try withTemporaryDirectory { folder in
            try tree.build(at: folder + "/a")
            #expect(try Snapshot(of: folder + "/a").count == 255)
            try tree.build(at: folder + "/b")
            try expectEqual(folder + "/a", folder + "/b")
        }
    }

    /// An owner reads and removes what has no permissions at all, and leaves them as they were.
    @Test func withoutPermissions() async throws {
        await #expect(processExitsWith: .success) {
            asUnprivileged {
                let closed = Attributes(permissions: 0)
                let tree = Tree.directory([
                    "f": .file("secret", closed), "d": .directory(["g": .file("inner")], closed),
                ])
                try withTemporaryDirectory { folder in
                    try tree.build(at: folder + "/a")
                    try tree.build(at: folder + "/b")
                    for _ in 1...2 { try expectEqual(folder + "/a", folder + "/b") }
                    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/a/d")
                    #expect(attributes[.posixPermissions] as? Int == 0)
                }
            }
        }
    }
}
