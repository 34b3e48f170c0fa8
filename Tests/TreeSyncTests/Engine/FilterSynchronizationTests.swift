import Testing
import TreeSync
import TreeTesting

/// What rules choose, copy, protect and delete, on disk.
@Suite struct FilterSynchronizationTests {
    /// Random rules on random trees leave the destination as rsync leaves it. A failure prints its seed.
    @Test(.enabled(if: hasRsync, "rsync is not installed"), arguments: Seeds.some(60))
    func destinationsBecomeWhatTheyBecomeWithRsync(seed: UInt64) throws {
        var random = RandomFilters(seed: seed &+ 1_000_000)
        let rules = random.rules(count: Int.random(in: 1...5, using: &random.generator), mayMerge: true)
        let time = random.pick([Options.DeletionTime?.none, .after, .before, .during])
        let deletesExcluded = time != nil && random.chance(3)
        let (source, destination) = (random.tree(), random.tree())
        try withTemporaryDirectory { folder in
            try source.build(at: folder + "/source")
            for copy in ["ours", "theirs"] { try destination.build(at: "\(folder)/\(copy)") }
            var words = ["-rc"] + rules.flatMap { ["-f", $0] }
            if let time { words.append(time.rsyncOption) }
            if deletesExcluded { words.append("--delete-excluded") }
            let theirs = try runProgram(["rsync"] + words + [folder + "/source/", folder + "/theirs/"])
            var options = Options()
            options.preserved = []
            options.contentComparison = .contents
            options.deletion = time
            options.deletesExcluded = deletesExcluded
            guard theirs.status == 0 else { return }
            options.filters = try parsed(rules)
            let mirror = Mirror(source: folder + "/source", destination: folder + "/ours", options: options)
            let run = try mirror.run(jobs: Int(1 + seed % 8))
            #expect(run.errors.isEmpty)
            let difference = try runProgram(["diff", "-r", folder + "/ours", folder + "/theirs"])
            #expect(
                difference.status == 0,
                "seed \(seed), \(words)\n\(difference.output)\nSource:\n\(source)\nDestination:\n\(destination)")
            // A directory's own rules may go away with it.
            if !rules.contains(where: { $0.hasPrefix(":") }) {
                #expect(try mirror.plan().planned.isEmpty, "seed \(seed), \(words)")
            }
        }
    }

    private func parsed(_ rules: [String]) throws -> FilterRules {
        var parser = FilterParser { file, origin throws(FilterError) in
            throw FilterError(.unknownRule, file, origin)
        }
        for rule in rules { try parser.addRule(rule) }
        return parser.rules
    }
}

extension Options.DeletionTime {
    fileprivate var rsyncOption: String {
        switch self {
        case .after: "--delete-after"
        case .before: "--delete-before"
        case .during: "--delete-during"
        }
    }
}
