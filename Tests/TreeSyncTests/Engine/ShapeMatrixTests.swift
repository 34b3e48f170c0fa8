import Testing
import TreeSync
import TreeTesting

/// What can stand under a name, as it was and as it is to be.
struct EntryShape: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var needsRoot = false
    /// The entries of both sides' roots; the versions of one shape differ.
    var entries: @Sendable (_ version: Int64) -> [Name: Tree]

    private static func one(
        _ name: String, needsRoot: Bool = false, _ tree: @escaping @Sendable (_ version: Int64) -> Tree
    ) -> EntryShape {
        EntryShape(testDescription: name, needsRoot: needsRoot) { version in
            ["x": tree(version).with { $0.modified.seconds += version }]
        }
    }

    static let all: [EntryShape] = [
        EntryShape(testDescription: "absent") { _ in [:] },
        one("empty file") { _ in .file() },
        one("file") { .file(.random(10_000, seed: UInt64($0))) },
        one("sparse file") {
            .file(Contents(size: 3 << 20, pieces: [.random(seed: UInt64($0), count: 5000, at: 1 << 20)]))
        },
        one("empty directory") { _ in .directory() },
        one("full directory") { version in
            // Of one size; another time tells the quick check that they differ.
            let file = Tree.file("version \(version)", Attributes(modified: Time(version)))
            let inner = Tree.directory(["deep": file, "fifo": .fifo()])
            return .directory(["file": file, "inner": inner, "only \(version)": .socket()])
        },
        one("link") { version in .link(version == 1 ? "keep" : "keep/../keep") },
        one("dangling link") { .link("nowhere \($0)") },
        one("FIFO") { _ in .fifo() },
        one("socket") { _ in .socket() },
        one("character device", needsRoot: true) { Tree(.characterDevice(major: 120, minor: UInt32($0))) },
        one("block device", needsRoot: true) { Tree(.blockDevice(major: 120, minor: UInt32($0))) },
        EntryShape(testDescription: "hard-linked pair") { version in
            let file = Tree.file("linked \(version)", Attributes(modified: Time(version))).sharing("pair")
            return ["x": file, "y": .directory(["z": file])]
        },
    ]

    static var possible: [EntryShape] { all.filter { isRoot || !$0.needsRoot } }

    /// A root that holds the shape beside a file that stays.
    func tree(version: Int64) -> Tree {
        .directory(entries(version).merging(["keep": .file("stays")]) { first, _ in first })
    }
}

/// Every shape can replace every other one, and a second plan finds nothing to do.
@Suite struct ShapeMatrixTests {
    @Test(arguments: FileSystem.faithful, EntryShape.all)
    func everyShapeReplaces(on fileSystem: FileSystem, _ old: EntryShape) throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        if old.needsRoot && !isRoot { try Test.cancel("making devices needs root") }
        for new in EntryShape.possible { try expectReplacement(of: old, by: new, on: fileSystem) }
    }

    @Test(.enabled(if: isRoot, "the whole suite is unprivileged"), arguments: FileSystem.faithful)
    func everyShapeReplacesUnprivileged(on fileSystem: FileSystem) async throws {
        if let reason = fileSystem.unavailability { try Test.cancel("\(reason)") }
        let folder = try fileSystem.folder()
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            asUnprivileged {
                for old in EntryShape.possible {
                    for new in EntryShape.possible { try expectReplacement(of: old, by: new, in: folder) }
                }
            }
        }
    }
}

private func expectReplacement(of old: EntryShape, by new: EntryShape, on fileSystem: FileSystem) throws {
    try expectReplacement(of: old, by: new, in: try fileSystem.folder())
}

private func expectReplacement(of old: EntryShape, by new: EntryShape, in folder: String) throws {
    for jobs in widths {
        try withTemporaryDirectory(in: folder) { folder in
            let mirror = try Mirror(in: folder, new.tree(version: 1), old.tree(version: 0))
            try expectConvergence(mirror, jobs: jobs, "\(old.testDescription) becomes \(new.testDescription)")
        }
    }
}
