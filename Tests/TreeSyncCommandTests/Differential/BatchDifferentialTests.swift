import Foundation
import Testing
import TreeTesting

/// rsync's batches and ours: recorded at one destination, applied to its twin by the script beside the batch, they leave
/// the same trees.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct BatchDifferentialTests {
    static let written: [DifferentialCase] = [
        .init(.older, "-a src/ dst"), .init(.older, "-a --delete src/ dst"), .init(.older, "-aH --delete src/ dst"),
        .init(.older, "-aAX --delete src/ dst"), .init(.older, "-a src dst"), .init(.older, "-r src/ dst"),
        .init(.older, "-rl src/ dst"), .init(.older, "-rlt --delete src/ dst"), .init(.older, "-rlpt src/ dst"),
        .init(.older, "-a --no-p src/ dst"), .init(.older, "-au src/ dst"), .init(.older, "-a --existing src/ dst"),
        .init(.older, "-a --ignore-existing src/ dst"), .init(.older, "-ac --delete src/ dst"),
        .init(.older, "-a --size-only src/ dst"), .init(.older, "-aAXI src/ dst"),
        .init(.older, "-a --delete-before src/ dst"), .init(.older, "-a --delete-during src/ dst"),
        .init(.older, "-a --delete-after src/ dst"), .init(.older, "-a --delete-delay src/ dst"),
        .init(.older, "-a --delete --exclude=extra src/ dst"), .init(.older, "-a --exclude=sub src/ dst"),
        .init(.older, "-a --delete --delete-excluded --exclude=sub src/ dst"),
        .init(.older, "-a --filter=P␣zlink --delete src/ dst"), .init(.older, "-am src/ dst"),
        .init(.older, "-aO --delete src/ dst"), .init(.older, "-aJ src/ dst"),
        .init(.older, "-a --chmod=g+w,D711 src/ dst"), .init(.older, "-a --inplace src/ dst"),
        .init(.older, "-aW src/ dst"), .init(.older, "-a --no-D src/ dst"), .init(.older, "-a --no-l src/ dst"),
        .init(.older, "-aL --exclude=dangling src/ dst"), .init(.older, "-a --safe-links src/ dst"),
        .init(.older, "-a src/sub src/mode src/full dst"), .init(.older, "-aR src/sub/deep dst"),
        .init(.older, "-a --delete src/ clash/ dst"), .init(.older, "-a --force src/ dst"),
        .init(.older, "-a --max-size=4 src/ dst"), .init(.older, "-a --delay-updates src/ dst"),
        .init(.names, "-a a/ dst"), .init(.names, "-aS a/ dst"), .init(.contents, "-a --delete a/ dst"),
        .init(.contents, "-aX --inplace a/ dst"), .init(.modes, "-a --delete src/ dst"), .init(.small, "-a a/ dst"),
    ]

    @Test(arguments: written) func scripts(example: DifferentialCase) throws {
        try compareBatches(example, "--write-batch=batch")
    }

    /// The destination is not changed.
    @Test(arguments: written.enumerated().filter { $0.offset % 4 == 0 }.map(\.element))
    func recordedAlone(example: DifferentialCase) throws {
        try compareBatches(example, "--only-write-batch=batch")
    }

    private func compareBatches(_ example: DifferentialCase, _ option: String) throws {
        try inTemporaryDirectory { folder in
            // The destination is called the same in all trees.
            let rename = "if [[ -e b && ! -e dst ]]; then mv b dst; fi; mkdir -p dst; cp -a dst twin"
            try TreeTemplates.copy(example.trees, to: folder, change: rename)
            let path = "PATH=" + URL(fileURLWithPath: treesync).deletingLastPathComponent().path + ":/usr/bin:/bin"
            for (program, place) in [(Tool.rsync.path, "/rsync"), (treesync, "/ours")] {
                let before = try Snapshot(of: folder + place + "/dst")
                let wrote = try run(program, [option] + example.words, in: folder + place)
                #expect(wrote.status == 0, "\(program) \(example.line): \(wrote.errors)")
                if option.contains("only") {
                    #expect(differences(before, try Snapshot(of: folder + place + "/dst")).isEmpty, "\(example.line)")
                }
                let read = try run("/usr/bin/env", [path, "sh", "./batch.sh", "twin"], in: folder + place)
                #expect(read.status == 0, "\(program) \(example.line): \(read.errors)")
            }
            if !option.contains("only") {
                let twins = try differences(folder + "/ours/dst", folder + "/ours/twin", in: example.batchProperties)
                #expect(twins == [], "our twins, \(example.line)")
            }
            let found = try differences(folder + "/rsync/twin", folder + "/ours/twin", in: example.batchProperties)
            #expect(found == [], "\(example.line)")
        }
    }
}

extension DifferentialCase {
    /// Without `-t` what is copied has the time of its copy, which no two runs share. rsync fills holes.
    fileprivate var batchProperties: ComparedProperties {
        var properties = ComparedProperties.all.subtracting(.allocation)
        let letters = words.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }.joined()
        let keepsTimes = letters.contains("a") || letters.contains("t")
        // Directories that take single entries are no part of what is made equal.
        let takesEntries =
            !line.contains("/ dst") || line.contains("-O") || letters.contains("O") || letters.contains("J")
        if !keepsTimes || takesEntries { properties.remove(.modified) }
        return properties
    }
}
