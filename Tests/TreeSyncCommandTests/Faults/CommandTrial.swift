import Foundation
import TreeTesting

/// Runs the built command under `strace`, which refuses calls or kills, and checks what is left.
struct CommandTrial {
    let source: String
    let destination: String
    let options: [String]
    private let tree: Tree
    private let old: Snapshot
    private let new: Snapshot
    private(set) var failures: [String] = []

    /// - Parameter extra: options beside the usual ones.
    init(in folder: String, jobs: Int, _ extra: [String] = []) throws {
        source = folder + "/source"
        destination = folder + "/destination"
        options = ["-aEH", "--delete", "--jobs", "\(jobs)"] + extra + [source + "/", destination]
        tree = FaultTrees.destination(asRoot: isRoot)
        try FaultTrees.source(asRoot: isRoot).build(at: source)
        try tree.build(at: destination)
        old = try Snapshot(of: destination)
        new = try Snapshot(of: source)
    }

    /// Makes the destination what it was and runs the command with what `strace` is told to do.
    func traced(_ inject: String, when number: Int, _ effect: String) throws -> Ending {
        try removeTree(destination)
        try tree.build(at: destination)
        return try run(
            Tool.strace.path,
            [
                "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(inject)", "-e",
                "inject=\(inject):\(effect):when=\(number)",
                "timeout", "60", treesync,
            ] + options)
    }

    /// The numbers of the calls of that name that the command itself makes: what comes before is the loader's.
    func callNumbers(_ call: String) throws -> Range<Int> {
        try removeTree(destination)
        try tree.build(at: destination)
        let start = try count(call, ["--version"])
        return try start + 1..<max(start, count(call, options)) + 1
    }

    /// Kills the command at every call of a name, or at about `some` of them where long tests are not asked for.
    ///
    /// - Parameters:
    ///   - jobs: how many threads it has. With several, each counts its calls for itself.
    ///   - check: is given what was done.
    /// - Returns: how often it was killed.
    mutating func kill(
        at call: String, jobs: Int, some: Int, check: (inout CommandTrial, String) throws -> Void
    ) throws -> Int {
        let numbers = try callNumbers(call)
        let step = LongTests.areWanted ? 1 : max(1, numbers.count / some)
        var kills = 0
        for number in stride(from: numbers.lowerBound, to: numbers.upperBound, by: step) {
            let ending = try traced(call, when: number, "signal=KILL")
            if jobs > 1, ending.status == 0 { break }
            if ending.status != 137 { failures.append("\(call) \(number): status \(ending.status)") }
            kills += 1
            try check(&self, "killed at \(call) \(number)")
        }
        return kills
    }

    private func count(_ call: String, _ words: [String]) throws -> Int {
        let trace = source + ".trace"
        _ = try run(Tool.strace.path, ["-f", "-qq", "-o", trace, "-e", "trace=\(call)", treesync] + words)
        // An older strace prints calls that it does not know as well.
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        return lines.count { $0.contains(" \(call)(") }
    }

    /// The names that the command leaves behind only when it is killed.
    private func isTemporary(_ path: Name) -> Bool { "\(path)".contains(".treesync-") }

    /// What has changed in place one attribute after the other, or is a directory that is not finished.
    private static let changedInPlace: Set<String> = [
        "", "attributes", "becomes directory", "closed", "empty directory", "extra", "filled unseen",
        "filled unseen/below", "full becomes fifo", "listed",
        "listed/child", "owned",
    ]

    /// After a kill: every name old or new and complete; then the next run finishes.
    mutating func checkAfterKill(_ what: String) throws {
        let now = try Snapshot(of: destination)
        for entry in mixedEntries(old: old, new: new, now: now) where !(entry.isAlien && isTemporary(entry.path)) {
            if entry.isOnlyAttributes, Self.changedInPlace.contains("\(entry.path)") { continue }
            failures.append("\(what): \(entry)")
        }
        try checkNextRun(what)
    }

    /// After a call that was refused: it is said, unless the trees are equal; nothing temporary is left.
    mutating func checkAfterFault(_ what: String, _ ending: Ending) throws {
        let now = try Snapshot(of: destination)
        if ending.status == 0 {
            for difference in differences(new, now).prefix(2) { failures.append("\(what): success, but \(difference)") }
            return
        }
        if ![3, 11, 20, 23, 24, 25].contains(ending.status) {
            failures.append("\(what): status \(ending.status) \(ending.errors.prefix(300))")
        }
        if !ending.errors.hasPrefix("treesync: ") { failures.append("\(what): says \(ending.errors.prefix(300))") }
        for entry in mixedEntries(old: old, new: new, now: now) where !entry.isOnlyAttributes {
            failures.append("\(what): \(entry) \(ending.errors)")
        }
        try checkNextRun(what)
    }

    /// After a kill the next run makes the trees equal, whatever was left.
    mutating func checkNextRun(_ what: String) throws {
        let again = try run(treesync, options)
        if again.status != 0 { failures.append("\(what): the next run says \(again.status) \(again.errors)") }
        for difference in try differences(source, destination).prefix(3) {
            failures.append("\(what): after the next run \(difference)")
        }
    }
}
