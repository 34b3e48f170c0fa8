import SystemPackage
import Testing
import TreeSync
import TreeTesting

/// Attributes of directories that a symbolic link on the way to what is chosen stands for.
@Suite struct LinkedWayTests {
    private static func directory(_ value: UInt8) -> Tree {
        .directory(
            ["f": .file("f")],
            Attributes(
                extended: ["user.u": [value]],
                defaultList: AccessControlList(
                    owner: 7, group: 5, other: UInt16(value), mask: 7, users: [1: UInt16(value)])))
    }

    /// They are those of the directory, not those of the link, when they are compared, too.
    @Test(arguments: [SourceSelection.Element.Part.contents, .entry], widths)
    func attributesAreThoseOfTheDirectory(_ part: SourceSelection.Element.Part, jobs: Int) throws {
        for version: UInt8 in [1, 2] {
            try withTemporaryDirectory { folder in
                let (source, destination) = (folder + "/source", folder + "/destination")
                let ofLink = Attributes(extended: isRoot ? ["trusted.link": [9]] : [:])
                try Tree.directory(["b": Self.directory(1), "l": .link("b", ofLink)]).build(at: source)
                let path = RelativePath(bytes: Array((part == .contents ? "l" : "l/f").utf8))
                let synchronizer = Synchronizer(
                    sources: [
                        Source(FilePath(source), placement: .selection(SourceSelection([.init(path, part: part)])))
                    ], to: FilePath(destination), options: Options().with { $0.jobs = jobs })
                #expect(try synchronizer.runBlocking().succeeded)
                #expect(try differences(source + "/b", destination + "/l") == [])
                try removeTree(source + "/b")
                try Self.directory(version).build(at: source + "/b")
                let report = try synchronizer.runBlocking()
                #expect(report.succeeded)
                #expect(report.statistics.updated == (version == 1 ? 0 : 1))
                #expect(try differences(source + "/b", destination + "/l") == [])
            }
        }
    }
}
