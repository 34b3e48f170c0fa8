import Dispatch
import Testing
import TreeTesting

/// Several processes synchronise into one destination at the same time.
@Suite struct SeveralProcessesTests {
    private static let rounds = 5

    /// Directories of files whose contents tell which source they are from.
    private static func source(_ seed: UInt64) -> Tree {
        var entries: [Name: Tree] = ["only \(seed)": .directory(["file": .file("only here")])]
        for number in 0..<40 {
            entries[Name("d\(number)".utf8)] = .directory([
                "file": .file(.random(Int64(number) * 3001, seed: seed), Attributes(permissions: 0o600)),
                "fifo": .fifo(), "first": .file(.random(77, seed: seed)).sharing("\(number)"),
                "second": .file(.random(77, seed: seed)).sharing("\(number)"), "link": .link("target \(seed)"),
            ])
        }
        return .directory(entries)
    }

    /// - Returns: the endings of two processes that were started together.
    private func race(_ commands: [[String]]) throws -> [Ending] {
        let endings = Guarded<[Ending]>([])
        DispatchQueue.concurrentPerform(iterations: commands.count) { index in
            guard let ending = try? run(treesync, commands[index]) else { return }
            endings.withLock { $0.append(ending) }
        }
        let all = endings.withLock { $0 }
        try #require(all.count == commands.count)
        return all
    }

    private func check(_ endings: [Ending]) {
        for ending in endings {
            // Somebody else was faster: a problem of that entry. Never a clash of temporary names.
            #expect([0, 23, 24].contains(ending.status), "\(ending.status) \(ending.errors)")
            #expect(!ending.errors.contains(".treesync-"), "\(ending.errors)")
        }
    }

    @Test(arguments: ["1", "4"]) func ofOneSourceConverge(jobs: String) throws {
        try withTemporaryDirectory { folder in
            let (source, destination) = (folder + "/source", folder + "/destination")
            try Self.source(1).build(at: source)
            for round in 1...Self.rounds {
                try Tree.directory(["extra": .directory(["file": .file()]), "d3": .fifo()]).build(at: destination)
                let words = ["-aEH", "--delete", "--jobs", jobs, source + "/", destination]
                check(try race([words, words, words]))
                #expect(try run(treesync, words).status == 0)
                for difference in try differences(source, destination) { Issue.record("round \(round): \(difference)") }
                try removeTree(destination)
            }
        }
    }

    /// What two sources have in common is one's or the other's, whole; what only one has is there.
    @Test(arguments: ["1", "4"]) func ofTwoSourcesMixEntriesOnly(jobs: String) throws {
        try withTemporaryDirectory { folder in
            let (sources, destination) = (["\(folder)/one", "\(folder)/two"], folder + "/destination")
            for (index, source) in sources.enumerated() { try Self.source(UInt64(index + 1)).build(at: source) }
            let (one, two) = (try Snapshot(of: sources[0]), try Snapshot(of: sources[1]))
            for round in 1...Self.rounds {
                check(try race(sources.map { ["-aE", "--jobs", jobs, $0 + "/", destination] }))
                let now = try Snapshot(of: destination)
                #expect(now.contains("only 1/file") && now.contains("only 2/file"))
                for entry in mixedEntries(old: one, new: two, now: now)
                where !entry.isOnlyAttributes {
                    Issue.record("round \(round): \(entry)")
                }
                try removeTree(destination)
            }
        }
    }
}
