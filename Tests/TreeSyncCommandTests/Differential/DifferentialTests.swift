import Foundation
import Testing
import TreeTesting

@testable import TreeSyncCommand

/// Runs rsync and treesync with the same words on two copies of one tree, and expects the same trees in every
/// attribute, the same lines and the same exit status.
@Suite(.enabled(if: Tool.rsync.isInstalled)) struct DifferentialTests {
    @Test(arguments: DifferentialCase.showing) func showing(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.listing) func listing(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.listingOtherwise) func listingOtherwise(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.formatting) func formatting(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.choosing) func choosing(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.ownership) func ownership(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.pruning) func pruning(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.relative) func relative(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.namesFromFile) func namesFromFile(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.links) func links(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.modes) func modes(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.keptLinks) func keptLinks(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.missing) func missing(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.backups) func backups(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.backupDirectories) func backupDirectories(example: DifferentialCase) throws {
        try compare(example)
    }

    @Test(arguments: DifferentialCase.basis) func basis(example: DifferentialCase) throws { try compare(example) }
    @Test(arguments: DifferentialCase.writing) func writing(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.stored) func stored(example: DifferentialCase) throws { try compare(example) }

    @Test(arguments: DifferentialCase.placing) func placing(example: DifferentialCase) throws { try compare(example) }

    /// Random words on one of the trees. `TREESYNC_RANDOM_CASES` says how many, `TREESYNC_SEED` which.
    @Test func random() throws { try compareRandom { $0.example() } }

    /// The same for where things go, and as whom.
    @Test func randomPlaces() throws { try compareRandom { $0.placing() } }

    /// The same for what is shown.
    @Test func randomViews() throws { try compareRandom { $0.view() } }

    private func compareRandom(_ make: (inout RandomCases) -> DifferentialCase) throws {
        let (count, seed) = RandomCases.asked
        for number in 0..<UInt64(count) {
            var generator = RandomCases(seed: seed &+ number)
            let example = make(&generator)
            do { try compare(example) } catch { Issue.record("TREESYNC_SEED=\(seed &+ number): \(error)") }
        }
    }
}

extension RandomCases {
    /// How many were asked for, and from which seed on.
    static var asked: (count: Int, seed: UInt64) {
        let environment = ProcessInfo.processInfo.environment
        return (
            environment["TREESYNC_RANDOM_CASES"].flatMap(Int.init) ?? 6,
            environment["TREESYNC_SEED"].flatMap(UInt64.init) ?? 1
        )
    }
}

/// Both commands on copies: rsync's result is what is expected.
func compare(_ example: DifferentialCase) throws {
    try inTemporaryDirectory { folder in
        try TreeTemplates.copy(example.trees, to: folder)
        if let script = example.settingAccessTimes { try shell(script, in: folder) }
        let expected = try run(Tool.rsync.path, example.words, in: folder + "/rsync")
        let ending = try run(treesync, example.words, in: folder + "/ours")
        #expect(ending.status == expected.status, "\(example.line)\n\(ending.errors)\(expected.errors)")
        // rsync tells of further names of an inode once the first is complete.
        let toldLater = ["v", "name2", "skip2"] + (example.trees == .several ? ["AXH"] : [])
        let isOrdered = !toldLater.contains { example.line.contains($0) }
        #expect(
            DifferentialOutput(ending.output, isOrdered: isOrdered)
                == DifferentialOutput(expected.output, isOrdered: isOrdered), "\(example.line)\n\(ending.errors)")
        let found = try differences(folder + "/rsync", folder + "/ours", in: example.properties)
        let isMeant: (TreeDifference) -> Bool = {
            isTimeInPassing($0, example, folder + "/ours") || isTimeOfRun($0, folder) || isStoredOtherwise($0, example)
        }
        #expect(found.filter { !isMeant($0) } == [], "\(example.line)")
    }
}

extension DifferentialCase {
    /// Without `-t` what is copied has the time of its copy, which no two runs share. rsync fills holes.
    fileprivate var properties: ComparedProperties {
        var properties = ComparedProperties.all
        properties.remove(.allocation)
        if !keepsTimes { properties.remove(.modified) }
        return properties
    }

    /// Making the trees has read them: where access times are kept, both start from the same ones.
    fileprivate var settingAccessTimes: String? {
        guard words[0].contains("U") else { return nil }
        return """
            find rsync ours -exec touch -h -a -d '2015-01-01' {} +
            touch -h -a -d '2016-01-01' {rsync,ours}/dst/{same,changed,fifo,dangling,sub,sub/file}
            """
    }

    fileprivate var keepsTimes: Bool {
        let letters = words.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }.joined()
        return (letters.contains("a") || letters.contains("t")) && !line.contains("--no-t")
            && !line.contains(where: { $0 == "O" || $0 == "J" }) && !line.contains("--omit")
    }
}

/// What rsync's `--fake-super` makes otherwise: links become files that everybody may write to, and store what the umask
/// leaves; an ACL that goes away leaves one that says nothing; directories of backups get attributes of the source's.
private func isStoredOtherwise(_ difference: TreeDifference, _ example: DifferentialCase) -> Bool {
    guard example.trees == .stored else { return false }
    let path = "\(difference.path)"
    let isLink = path.split(separator: "/").last?.hasPrefix("l") ?? false
    let nothing = #"\x80\x00\x00\x00\x80\x00\x00\x00\x80\x00\x00\x00\x80\x00\x00\x00"#
    switch difference.property {
    case "permissions": return isLink || path.hasPrefix("backups")
    case "attribute user.rsync.%stat":
        return (isLink && difference.left.hasPrefix("120755")) || path.hasPrefix("backups")
    case "attribute user.rsync.%aacl": return difference.left == nothing && difference.right == "none"
    case "modified": return path.hasPrefix("backups") || (example.line.contains("--backup") && path == "b/d")
    default: return false
    }
}

/// Whether both commands left a directory with the time at which they changed it: no time of the trees is as late.
private func isTimeOfRun(_ difference: TreeDifference, _ folder: String) -> Bool {
    guard difference.property == "modified" else { return false }
    return ["/rsync/", "/ours/"].allSatisfy { tree in
        var status = stat()
        let path = folder + tree + String(decoding: difference.path.bytes, as: UTF8.self)
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_mtim.tv_sec > 1_750_000_000
    }
}

/// Directories that neither command was told to set: what is done in them sets their times to now.
private func isTimeInPassing(
    _ difference: TreeDifference, _ example: DifferentialCase, _ folder: String
) -> Bool {
    guard difference.property == "modified" else { return false }
    // Backups are put into directories, of the destination or of their own.
    var isDirectory: ObjCBool = false
    let path = folder + "/" + String(decoding: difference.path.bytes, as: UTF8.self)
    if example.trees == .kept || example.trees == .several,
        FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
        isDirectory.boolValue
    {
        return true
    }
    // What is taken out of the source's directories changes them.
    if example.line.contains("--remove-source-files"), !"\(difference.path)".hasPrefix("b"),
        !"\(difference.path)".hasPrefix("dst")
    {
        return true
    }
    // Directories that are no part of what is copied, and take what is.
    if example.line.contains("--no-implied-dirs"),
        ["dst/", "new/"].contains(where: "\(difference.path)".hasPrefix)
    {
        return true
    }
    // rsync does not get to the directories that kept links lead to, to set their times.
    if example.trees == .keptLinks, ["dst/real", "dst/other"].contains("\(difference.path)") { return true }
    // Directories for parts of files are nobody's copy.
    if "\(difference.path)".hasSuffix("/.part") || "\(difference.path)".hasSuffix("/.~tmp~") { return true }
    // The folder that holds all trees, and the parent of a destination that was made.
    return difference.path.description.isEmpty || example.parentsOfDestination.contains("\(difference.path)")
}

extension DifferentialCase {
    /// The destination itself where only single entries went into it, whose time is not the source's; and what is
    /// above it.
    fileprivate var parentsOfDestination: [String] {
        let operands = words.filter { !$0.hasPrefix("-") }
        let names = (operands.last ?? "").split(separator: "/").filter { $0 != "." }
        return names.indices.map { names[...$0].joined(separator: "/") }
    }
}
