import Foundation
import Testing
import TreeTesting

/// Every file system of the fixtures is there and can be written.
@Suite struct FileSystemTests {
    @Test(arguments: FileSystem.allCases) func holdsATree(_ fileSystem: FileSystem) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let tree = Tree.directory(["file": .file("text"), "dir": .directory(["inner": .file("inner")])])
        try withTemporaryDirectory(in: try fileSystem.folder()) { folder in
            try tree.build(at: folder + "/a")
            #expect(try Snapshot(of: folder + "/a").count == 4)
            if fileSystem != .temporary {
                let (_, type) = try runProgram(["stat", "-f", "-c", "%T", folder])
                #expect(
                    type
                        == (fileSystem == .exfat
                            ? "fuseblk\n"
                            : [.ext4, .withoutKinds].contains(fileSystem) ? "ext2/ext3\n" : "\(fileSystem)\n"))
            }
        }
    }

    /// Each faithful file system keeps what the random trees use.
    @Test(arguments: FileSystem.faithful) func keepsEveryAttribute(_ fileSystem: FileSystem) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        if !isRoot { try Test.cancel("foreign owners and trusted attributes need root") }
        let attributes = Attributes(
            permissions: 0o6755, owner: 1234, group: 4321, modified: Time(1 - (1 << 31), nanoseconds: 999_999_999),
            extended: ["user.a": Array(repeating: 7, count: 200), "trusted.b": [], "security.c": [1]],
            capabilities: 1 << 13)
        let late = Time(15_032_385_534, nanoseconds: 1)
        let tree = Tree.directory([
            "file": .file("text", attributes), "late": .file("", Attributes(modified: late)),
            "link": .link("x", Attributes(modified: late)), "device": Tree(.blockDevice(major: 120, minor: 262_143)),
        ])
        try withTemporaryDirectory { reference in
            try tree.build(at: reference + "/a")
            try withTemporaryDirectory(in: try fileSystem.folder()) { folder in
                try tree.build(at: folder + "/b")
                try expectEqual(reference + "/a", folder + "/b")
            }
        }
    }
}
