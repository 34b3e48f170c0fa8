import Foundation
import Testing
import TreeTesting

/// The comparer reports each single property in which two trees differ, and nothing else.
@Suite struct TreeComparisonTests {
    private static let base = Tree.directory([
        "file": .file("contents"), "empty": .directory(), "dir": .directory(["inner": .file("inner")]),
        "link": .link("target"),
        "fifo": .fifo(), "socket": .socket(),
    ])

    /// A change of the base tree and the line that must be reported about it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: [String]
        var needsRoot = false
        var left: Tree = TreeComparisonTests.base
        var change: @Sendable (inout Tree) -> Void
    }

    private static func set(
        _ name: Name, _ expected: String, needsRoot: Bool = false,
        _ change: @escaping @Sendable (inout Attributes) -> Void
    ) -> Case {
        Case(testDescription: "\(name) \(expected)", expected: ["\(name) \(expected)"], needsRoot: needsRoot) {
            $0[name] = $0[name]?.with(change)
        }
    }

    private static func replace(_ name: Name, _ tree: Tree?, _ expected: String..., needsRoot: Bool = false) -> Case {
        Case(
            testDescription: "\(name) replaced: \(expected)", expected: expected.map { "\(name) \($0)" },
            needsRoot: needsRoot
        ) { $0[name] = tree }
    }

    private static let list = AccessControlList(owner: 6, group: 4, other: 4, mask: 4, users: [7: 4])
    private static let directoryList = AccessControlList(owner: 7, group: 5, other: 5, mask: 5, users: [7: 5])

    static let attributeCases: [Case] = ["file", "dir", "fifo", "socket"].flatMap { (name: Name) in
        [
            set(name, "permissions") { $0.permissions = 0o751 },
            set(name, "permissions") { $0.permissions = name == "dir" ? 0o4755 : 0o1644 },
        ]
    }
    static let timeCases: [Case] = ["file", "dir", "link", "fifo", "socket"].flatMap { (name: Name) in
        [
            set(name, "modified") { $0.modified.nanoseconds += 1 },
            set(name, "modified") { $0.modified.seconds += 1 },
            set(name, "modified") { $0.modified.seconds = -$0.modified.seconds },
            set(name, "owner", needsRoot: true) { $0.owner = 12345 },
            set(name, "group", needsRoot: true) { $0.group = 12345 },
            set(name, "attribute trusted.t", needsRoot: true) { $0.extended = ["trusted.t": [1]] },
        ]
    }
    static let extendedCases: [Case] = [
        set("file", "attribute user.empty") { $0.extended = ["user.empty": []] },
        set("dir", "attribute user.x") { $0.extended = ["user.x": [0, 255]] },
        set("file", "attribute system.posix_acl_access") { $0.accessList = list },
        set("dir", "attribute system.posix_acl_default") { $0.defaultList = directoryList },
        set("file", "attribute security.capability", needsRoot: true) { $0.capabilities = 1 << 10 },
    ]
    static let replacementCases: [Case] = [
        replace("file", nil, "name"),
        replace("new", .socket(), "name"),
        replace("file", .file("contentx"), "contents"),
        replace("file", .file(Contents(bytes: Array("contents\0".utf8))), "size"),
        replace("link", .link("targex"), "target"),
        replace("fifo", .socket(), "kind"),
        replace("file", .directory(), "kind"),
        replace("file", .link("contents"), "kind"),
        replace("empty", .file(), "kind"),
    ]

    @Test(arguments: attributeCases + timeCases + extendedCases + replacementCases)
    func reportsOnePropertyOnly(_ testCase: Case) throws {
        if testCase.needsRoot, !isRoot { try Test.cancel("needs root") }
        var right = testCase.left
        testCase.change(&right)
        #expect(try found(testCase.left, right) == testCase.expected)
        #expect(try found(right, testCase.left) == testCase.expected)
    }

    @Test func findsNothingBetweenEqualTrees() throws {
        #expect(try found(Self.base, Self.base).isEmpty)
    }

    @Test func reportsTheRootItself() throws {
        #expect(try found(Self.base, Self.base.with { $0.modified.nanoseconds = 1 }) == [" modified"])
    }

    @Test func reportsWhatAnAttributeHolds() throws {
        let trees = [[UInt8(1)], [2]].map { value in
            Tree.directory(["f": .file("", Attributes(extended: ["user.a": value]))])
        }
        #expect(try found(trees[0], trees[1]) == ["f attribute user.a"])
    }

    @Test func reportsTheNumbersOfDevices() throws {
        if !isRoot { try Test.cancel("devices need root") }
        for make in [Tree.Shape.characterDevice, Tree.Shape.blockDevice] {
            let trees = [make(120, 7), make(120, 8), make(121, 7)].map { Tree.directory(["device": Tree($0)]) }
            #expect(try found(trees[0], trees[1]) == ["device device"])
            #expect(try found(trees[0], trees[2]) == ["device device"])
        }
        let kinds = [Tree.Shape.characterDevice(major: 120, minor: 7), .blockDevice(major: 120, minor: 7)]
        #expect(try found(.directory(["d": Tree(kinds[0])]), .directory(["d": Tree(kinds[1])])) == ["d kind"])
    }

    /// Two pairs that are linked crosswise hold the same kinds, contents and link counts.
    @Test(arguments: [Tree.file("x"), .fifo(), .socket(), .link("somewhere")])
    func reportsHowNamesShareInodes(_ entry: Tree) throws {
        func tree(_ labels: [String?]) -> Tree {
            .directory([
                "a": Tree(entry.shape, inode: labels[0]), "b": Tree(entry.shape, inode: labels[1]),
                "c": .directory(["a": Tree(entry.shape, inode: labels[2]), "b": Tree(entry.shape, inode: labels[3])]),
            ])
        }
        let (separate, paired, crossed) = (
            tree([nil, nil, nil, nil]), tree(["1", "1", "2", "2"]), tree(["1", "2", "1", "2"])
        )
        #expect(try found(paired, paired).isEmpty)
        #expect(try found(separate, paired) == ["b same inode as", "c/b same inode as"])
        #expect(try found(paired, separate) == ["b same inode as", "c/b same inode as"])
        #expect(try found(paired, crossed) == ["b same inode as", "c/a same inode as", "c/b same inode as"])
    }

    @Test func reportsFilledHoles() throws {
        let hole = Contents(size: 4 << 20, pieces: [.bytes([1], at: 1 << 20)])
        let filled = Contents(
            size: 4 << 20, pieces: [.bytes(Array(repeating: 0, count: 4 << 20), at: 0), .bytes([1], at: 1 << 20)])
        #expect(try found(.directory(["f": .file(hole)]), .directory(["f": .file(filled)])) == ["f allocation"])
        #expect(try found(.directory(["f": .file(filled)]), .directory(["f": .file(hole)])).isEmpty)
    }

    /// A byte counts wherever it lies in a file with holes.
    @Test(arguments: [0, 4095, 4096, 262_143, 262_144, (3 << 20) + 5, (8 << 20) - 1] as [Int64])
    func reportsOneByte(at offset: Int64) throws {
        let pieces: [Contents.Piece] = [
            .random(seed: 1, count: 5000, at: 0), .random(seed: 2, count: 100, at: 3 << 20),
        ]
        let plain = Contents(size: 8 << 20, pieces: pieces)
        let changed = Contents(size: 8 << 20, pieces: pieces + [.bytes([0xA5], at: offset)])
        #expect(try found(.directory(["f": .file(plain)]), .directory(["f": .file(changed)])) == ["f contents"])
    }

    @Test func reportsWhatWasWrittenAndTakenBack() throws {
        try withTemporaryDirectory { folder in
            try Self.base.build(at: folder + "/a")
            let before = try Snapshot(of: folder + "/a")
            #expect(differences(before, try Snapshot(of: folder + "/a"), in: [.all, .identity]).isEmpty)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/a/file")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder + "/a/file")
            let after = try Snapshot(of: folder + "/a")
            #expect(differences(before, after, in: [.all, .identity]).map(\.property) == ["changed"])
        }
    }

    /// Builds both trees and lists what differs, as `path property`.
    private func found(_ left: Tree, _ right: Tree) throws -> [String] {
        try withTemporaryDirectory { folder in
            try left.build(at: folder + "/left")
            try right.build(at: folder + "/right")
            return try differences(folder + "/left", folder + "/right").map { "\($0.path) \($0.property)" }.sorted()
        }
    }
}
