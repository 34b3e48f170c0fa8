import Foundation
import SystemPackage
import TreeSync
import TreeTesting

/// Synchronises with one call refused, again and again, and checks what is promised after each time.
struct FaultTrial {
    let mirror: Mirror
    let jobs: Int
    private let destination: Tree
    private let old: Snapshot
    private let new: Snapshot
    /// Where the options name a basis directory.
    private let basis: (path: String, tree: Snapshot)?
    /// Refused calls after which the run said that it had failed, had coped, or had not begun.
    private(set) var (reported, coped, thrown) = (0, 0, 0)
    /// What was not as promised.
    private(set) var failures: [String] = []

    init(in folder: String, options: Options, jobs: Int) throws {
        self.jobs = jobs
        destination = FaultTrees.destination(asRoot: isRoot)
        mirror = try Mirror(in: folder, FaultTrees.source(asRoot: isRoot), destination, options: options)
        old = try Snapshot(of: mirror.destination)
        new = try Snapshot(of: mirror.source)
        if options.basis == nil {
            basis = nil
        } else {
            try FaultTrees.basis(asRoot: isRoot).build(at: folder + "/basis")
            basis = (folder + "/basis", try Snapshot(of: folder + "/basis"))
        }
    }

    /// Refuses every `step`-th call from the `first` on, each with every fault that it can have or with one of them.
    mutating func run(first: Int, step: Int, everyFault: Bool) throws {
        for number in sequence(first: first, next: { $0 + step }) {
            var choice = everyFault ? 0 : number
            while let injected = try attempt(number, choice) {
                choice += 1
                if !everyFault || choice >= injected.choices { break }
                if failures.count > 20 { return }
            }
            if choice == (everyFault ? 0 : number) || failures.count > 20 { break }
        }
        let changed = differences(new, try Snapshot(of: mirror.source), in: [.all, .identity])
        if !changed.isEmpty { failures.append("the source was written to: \(changed[0])") }
        guard let basis else { return }
        let touched = differences(basis.tree, try Snapshot(of: basis.path))
        if !touched.isEmpty { failures.append("the basis directory was written to: \(touched[0])") }
    }

    private mutating func attempt(_ number: Int, _ choice: Int) throws -> InjectedFault? {
        try removeTree(mirror.destination)
        try destination.build(at: mirror.destination)
        var result: Result<Run, any Error>?
        let injected = FaultInjection.refusing(number, choice: choice) {
            result = Result { try mirror.run(jobs: jobs) }
        }
        guard let injected, let result else { return nil }
        let after = try Snapshot(of: mirror.destination)
        let left = differences(new, after)
        switch result {
        case .success(let run): check(run, injected, after, left)
        case .failure(let error): check(error, injected, after)
        }
        if !left.isEmpty { try checkSecondRun(injected) }
        return injected
    }

    private mutating func fail(_ injected: InjectedFault, _ text: String) { failures.append("\(injected): \(text)") }

    // MARK: What is promised

    private mutating func check(_ error: any Error, _ injected: InjectedFault, _ after: Snapshot) {
        thrown += 1
        if injected.fault.mustBeCopedWith { fail(injected, "the run did not begin: \(error)") }
        for found in differences(old, after).prefix(3) { fail(injected, "nothing was to be written: \(found)") }
    }

    private mutating func check(
        _ run: Run, _ injected: InjectedFault, _ after: Snapshot, _ left: [TreeDifference]
    ) {
        if run.report.succeeded {
            coped += 1
            if let first = left.first { fail(injected, "success is reported, but \(first)") }
            return
        }
        reported += 1
        if injected.fault.mustBeCopedWith { fail(injected, "was not coped with: \(lines(run))") }
        if case .error(let code) = injected.fault, !run.errors.contains(where: { $0.errno?.rawValue == code }) {
            fail(injected, "the reason is not reported: \(lines(run))")
        }
        if run.report.problems.isEmpty { fail(injected, "failed without a problem") }
        checkNames(run, injected, after)
    }

    private func lines(_ run: Run) -> String { run.errors.map(\.line).joined(separator: "; ") }

    /// Every name holds what it held or what it shall hold, but for attributes that a problem names.
    private mutating func checkNames(_ run: Run, _ injected: InjectedFault, _ after: Snapshot) {
        for entry in mixedEntries(old: old, new: new, now: after) {
            let path = entry.path.bytes
            // Where deletions come first, a full directory is empty before something else takes its place.
            let isEmptied = path == Array("full becomes fifo".utf8) && entry.isOldButForAttributes
            if mirror.options.deletion == .before, isEmptied { continue }
            let isNamed = run.errors.contains { $0.path.bytes == path || isLinked($0.path.bytes, path) }
            if !isNamed || !entry.isOnlyAttributes { fail(injected, "neither old nor new: \(entry); \(lines(run))") }
        }
        // What waits for the guards is read after them, and so is the directory that holds it.
        let late = ["full becomes fifo", ""].map { Array($0.utf8) }
        let isEarly = run.errors.contains { $0.isSourceFailure && !late.contains($0.path.bytes) }
        guard mirror.options.deletion == .after, isEarly || run.report.refusal == .sourceErrors else { return }
        for found in differences(old, after) where found.property == "name" && found.right == "missing" {
            fail(injected, "deleted although the source could not be read: \(found)")
        }
    }

    /// The names of the one inode that has several.
    private func isLinked(_ path: [UInt8], _ other: [UInt8]) -> Bool {
        [path, other].allSatisfy { $0.count == 2 && $0.first == UInt8(ascii: "h") }
    }

    private mutating func checkSecondRun(_ injected: InjectedFault) throws {
        let again = try mirror.run(jobs: jobs)
        if !again.report.succeeded { fail(injected, "the next run fails: \(lines(again))") }
        for found in try differences(mirror.source, mirror.destination).prefix(3) {
            fail(injected, "after the next run: \(found)")
        }
    }
}
