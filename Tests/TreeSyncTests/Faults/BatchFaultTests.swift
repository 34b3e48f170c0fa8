import Foundation
import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// Every system call of a run that writes a batch, and of one that applies it, fails once.
@Suite(.enabled(if: FaultInjection.isPossible, "a released build has no door for faults")) struct BatchFaultTests {
    /// What is done while a call fails.
    enum Work: String, Codable, Sendable, CaseIterable { case writing, recording, applying }

    @Test(arguments: Work.allCases, widths) func nothingHalfIsLeft(_ work: Work, jobs: Int) async throws {
        try await withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                [
                    folder = folder as String, work = work as Work, jobs = jobs as Int,
                    every = LongTests.areWanted as Bool
                ] in
                endWhenHanging(every ? 3000 : 900)
                var trial = try BatchTrial(folder, work, jobs, step: every ? 1 : 4)
                try trial.run()
                for failure in trial.failures.prefix(20) { Issue.record("\(failure)") }
                print("FAULTS \(trial.count)")
            }
            expectCount("FAULTS", of: "batches, \(work), jobs \(jobs)", in: result?.standardOutputContent)
        }
    }
}

private struct BatchTrial {
    let folder: String
    let work: BatchFaultTests.Work
    let jobs: Int
    var failures: [String] = []
    var count = 0
    private let step: Int
    private let tree: Tree
    private let old: Snapshot
    private let new: Snapshot

    private var batch: String { folder + "/batches/batch" }
    private var destination: String { folder + "/destination" }

    init(_ folder: String, _ work: BatchFaultTests.Work, _ jobs: Int, step: Int) throws {
        (self.folder, self.work, self.jobs, self.step) = (folder, work, jobs, step)
        tree = FaultTrees.destination(asRoot: isRoot)
        try FaultTrees.source(asRoot: isRoot).build(at: folder + "/source")
        try tree.build(at: folder + "/destination")
        try FileManager.default.createDirectory(atPath: folder + "/batches", withIntermediateDirectories: false)
        old = try Snapshot(of: folder + "/destination")
        new = try Snapshot(of: folder + "/source")
        if work == .applying { _ = try synchronizer.recordBlocking() }
    }

    private var synchronizer: Synchronizer {
        var options = Options.deleting()
        options.jobs = jobs
        options.batch = FilePath(batch)
        return Synchronizer(from: FilePath(folder + "/source"), to: FilePath(destination), options: options)
    }

    private func apply() throws -> Report {
        var options = Options()
        options.jobs = jobs
        return try Synchronizer(
            applying: try Batch(contentsOf: FilePath(batch)), to: FilePath(destination), options: options
        ).runBlocking()
    }

    private func attempt() throws -> Report {
        switch work {
        case .writing: try synchronizer.runBlocking()
        case .recording: try synchronizer.recordBlocking()
        case .applying: try apply()
        }
    }

    mutating func run() throws {
        for number in stride(from: 1, to: .max, by: step) {
            try removeTree(destination)
            try tree.build(at: destination)
            if work != .applying, entryExists(at: batch) { try FileManager.default.removeItem(atPath: batch) }
            var result: Result<Report, any Error>?
            let injected = FaultInjection.refusing(number, choice: number) { result = Result { try attempt() } }
            guard let injected, let result else { break }
            count += 1
            try check(result, injected)
            if failures.count > 20 { break }
        }
    }

    private mutating func check(_ result: Result<Report, any Error>, _ injected: InjectedFault) throws {
        let succeeded = if case .success(let report) = result { report.succeeded } else { false }
        if injected.fault.mustBeCopedWith, !succeeded { failures.append("\(injected): not coped with: \(result)") }
        let now = try Snapshot(of: destination)
        if work == .recording, !differences(old, now).isEmpty {
            failures.append("\(injected): the destination changed")
        }
        for entry in mixedEntries(old: old, new: new, now: now) where !entry.isOnlyAttributes {
            failures.append("\(injected): \(entry)")
        }
        if work != .recording, succeeded, let left = differences(new, now).first {
            failures.append("\(injected): success, but \(left)")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/batches")
        if !files.allSatisfy({ $0 == "batch" }) { failures.append("\(injected): left \(files)") }
        try work == .applying ? checkNextTime(injected) : checkBatch(succeeded, injected)
    }

    /// There is a batch that is whole, or none, which is said.
    private mutating func checkBatch(_ succeeded: Bool, _ injected: InjectedFault) throws {
        guard entryExists(at: batch) else {
            if succeeded { failures.append("\(injected): success without a batch") }
            return
        }
        do { _ = try Batch(contentsOf: FilePath(batch)) } catch { failures.append("\(injected): \(error)") }
        guard succeeded else { return }
        try removeTree(destination)
        try tree.build(at: destination)
        try checkNextTime(injected)
    }

    /// Applied to what is there, the batch makes it what it shall be.
    private mutating func checkNextTime(_ injected: InjectedFault) throws {
        let report = try apply()
        if !report.succeeded { failures.append("\(injected): the next time: \(report.problems.map(\.first.line))") }
        for difference in differences(new, try Snapshot(of: destination)).prefix(3) {
            failures.append("\(injected): the next time: \(difference)")
        }
    }
}
