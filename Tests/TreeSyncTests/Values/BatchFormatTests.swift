import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// The bytes of a batch: what is written is read again, and nothing else is taken.
@Suite struct BatchFormatTests {
    private static var file: RecordedEntry {
        var entry = RecordedEntry(status: .recorded(.regular))
        entry.status.permissions = 0o4751
        (entry.status.owner, entry.status.group) = (12345, 54321)
        entry.status.size = 1 << 40
        entry.status.modified = Timestamp(seconds: -5, nanoseconds: 999_999_999)
        entry.status.links = 3
        entry.group = 7
        entry.ownerName = Array("owner".utf8)
        entry.attributes.attributes = [.init(name: terminated(Array("user.a".utf8)), value: [0, 1, 255])]
        entry.attributes.accessList = Array(repeating: 2, count: 28)
        entry.contents = RecordedContents(
            extents: [.init(offset: 0, length: 5, place: 0), .init(offset: 4096, length: 9, place: 5)], size: 1 << 40,
            start: 100)
        entry.status.blocks = 1
        return entry
    }

    private static var link: RecordedEntry {
        var entry = RecordedEntry(status: .recorded(.symbolicLink))
        entry.target = Array("/some/where".utf8)
        return entry
    }

    private static let state = RecordedState(
        kind: .blockDevice, size: 0, modified: Timestamp(seconds: 1, nanoseconds: 2), device: 77)

    private static var records: [BatchRecord] {
        [
            BatchRecord(path: Array("a/b\nc".utf8), old: nil, change: .entry(file)),
            BatchRecord(path: [0xFF], old: state, change: .entry(link)),
            BatchRecord(path: [], old: .directory, change: .entry(RecordedEntry(status: .recorded(.directory)))),
            BatchRecord(path: Array("gone".utf8), old: state, change: .deletion),
        ]
    }

    @Test func recordsComeBack() throws {
        for record in Self.records {
            #expect(try BatchRecord(decoding: record.encoded[...], contentsAt: 100) == record)
        }
    }

    /// No part of a record is one.
    @Test func cutRecords() {
        for record in Self.records {
            let bytes = record.encoded
            for length in 0..<bytes.count {
                #expect(throws: BatchFault.damaged) {
                    _ = try BatchRecord(decoding: bytes.prefix(length), contentsAt: 0)
                }
            }
            #expect(throws: BatchFault.damaged) { _ = try BatchRecord(decoding: (bytes + [0])[...], contentsAt: 0) }
        }
    }

    /// Whatever the bytes are, they are refused or mean one thing only: what is written of it is the same again.
    @Test func anyBytes() {
        var random = SplitMix64(seed: 5)
        for record in Self.records {
            let bytes = record.encoded
            for _ in 0..<4000 {
                var changed = bytes
                for _ in 0...random.below(3) { changed[random.below(changed.count)] = UInt8(random.below(256)) }
                guard let read = try? BatchRecord(decoding: changed[...], contentsAt: 0) else { continue }
                if read.encoded != changed { Issue.record("\(changed) is read as \(read.encoded)") }
            }
        }
    }

    @Test(arguments: [
        "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\0b", String(repeating: "n", count: 256),
    ])
    func hostilePaths(_ path: String) {
        let record = BatchRecord(path: Array(path.utf8), old: Self.state, change: .deletion)
        #expect(throws: BatchFault.damaged) { _ = try BatchRecord(decoding: record.encoded[...], contentsAt: 0) }
    }

    @Test func hostileEntries() {
        let changes: [(inout RecordedEntry) -> Void] = [
            { $0.contents?.extents = [.init(offset: 5, length: 5, place: 0), .init(offset: 10, length: 1, place: 5)] },
            { $0.contents?.extents = [.init(offset: 1 << 40, length: 1, place: 0)] },
            { $0.contents?.extents = [.init(offset: 1, length: .max, place: 0)] },
            { $0.contents?.extents = [.init(offset: -1, length: 1, place: 0)] },
            { $0.contents?.extents = [.init(offset: 0, length: 0, place: 0)] },
            { $0.contents = nil },
            { $0.role = .link },
            { ($0.role, $0.group, $0.contents) = (.link, 0, nil) },
            { $0.status.permissions = 0o10000 },
            { $0.status.size = -1 },
            { $0.status.modified.nanoseconds = 1_000_000_000 },
            { $0.status.links = 1 },
            { $0.attributes.accessList = [1, 2, 3] },
            { $0.attributes.attributes[0].name = [0] },
            { $0.ownerName = [65, 0] },
        ]
        for (number, change) in changes.enumerated() {
            var entry = Self.file
            change(&entry)
            let record = BatchRecord(path: [65], old: nil, change: .entry(entry))
            #expect(throws: BatchFault.damaged, "\(number)") {
                _ = try BatchRecord(decoding: record.encoded[...], contentsAt: 0)
            }
        }
        for target in [[], [65, 0], Array(repeating: 65, count: 4096)] as [[UInt8]] {
            var entry = Self.link
            entry.target = target
            let record = BatchRecord(path: [65], old: nil, change: .entry(entry))
            #expect(throws: BatchFault.damaged) { _ = try BatchRecord(decoding: record.encoded[...], contentsAt: 0) }
        }
        let root = BatchRecord(path: [], old: .directory, change: .deletion)
        #expect(throws: BatchFault.damaged) { _ = try BatchRecord(decoding: root.encoded[...], contentsAt: 0) }
    }

    /// Nothing can be made below what is no directory.
    @Test func entriesBelowAFile() {
        let link = { BatchRecord(path: Array(($0 as String).utf8), old: nil, change: .entry(Self.link)) }
        let gone = { BatchRecord(path: Array(($0 as String).utf8), old: .directory, change: .deletion) }
        for records in [[link("a"), link("a/b")], [gone("a"), link("a/b/c")], [link("a"), gone("a/b"), link("a/c")]] {
            var builder = BatchIndex.Builder()
            for (number, record) in records.enumerated() { builder.add(record, at: Int64(number)) }
            #expect(throws: BatchFault.damaged) { _ = try builder.finish() }
        }
        var builder = BatchIndex.Builder()
        for record in [link("a"), gone("a/b"), link("a-"), link("a0/c")] { builder.add(record, at: 0) }
        #expect(throws: Never.self) { _ = try builder.finish() }
    }

    // MARK: Whole files

    private func withBatch(_ body: (String, [UInt8]) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let source = Tree.directory(["f": .file("text"), "d": .directory(["l": .link("f")])])
            try source.build(at: folder + "/source")
            var options = Options()
            options.batch = FilePath(folder + "/batch")
            _ = try Synchronizer(
                from: FilePath(folder + "/source"), to: FilePath(folder + "/destination"), options: options
            ).recordBlocking()
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/batch")))
            try body(folder + "/changed", bytes)
        }
    }

    private func open(_ bytes: [UInt8], at path: String) throws -> Batch {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try Batch(contentsOf: FilePath(path))
    }

    @Test func everyBitCounts() throws {
        try withBatch { path, bytes in
            let count = try open(bytes, at: path).count
            #expect(count == 4)
            var taken: [String] = []
            for index in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[index] ^= 1 << bit
                    if (try? open(changed, at: path)) != nil { taken.append("byte \(index), bit \(bit)") }
                }
            }
            #expect(taken == [])
        }
    }

    @Test func everyByteIsNeeded() throws {
        try withBatch { path, bytes in
            for length in 0..<bytes.count {
                #expect(throws: BatchError.self, "\(length)") { _ = try open(Array(bytes.prefix(length)), at: path) }
            }
            #expect(throws: BatchError.truncated(FilePath(path))) {
                _ = try open(Array(bytes.dropLast(40)), at: path)
            }
            #expect(throws: BatchError.damaged(FilePath(path))) { _ = try open(bytes + [0], at: path) }
        }
    }

    @Test func whatElseIsRefused() throws {
        try withBatch { path, bytes in
            #expect(throws: BatchError.foreign(FilePath(path))) { _ = try open(Array("rsync".utf8), at: path) }
            #expect(throws: BatchError.foreign(FilePath(path))) { _ = try open([], at: path) }
            var newer = bytes
            newer[8] = 2
            #expect(throws: BatchError.newer(FilePath(path), version: 2)) { _ = try open(newer, at: path) }
            #expect(throws: BatchError.unreadable("/nowhere", .noSuchFileOrDirectory)) {
                _ = try Batch(contentsOf: "/nowhere")
            }
            #expect(throws: BatchError.unreadable("/", .isDirectory)) { _ = try Batch(contentsOf: "/") }
        }
    }
}
