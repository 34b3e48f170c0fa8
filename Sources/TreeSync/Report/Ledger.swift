internal import SystemPackage

/// Collects counts and problems of all threads. Problems are kept by cause: a million like ones need no more memory
/// than ten.
final class Ledger: Sendable {
    private struct Cause: Hashable {
        var operation: Problem.Operation
        var kind: EntryKind?
        var cause: Problem.Cause
        var errno: Errno?
        var attribute: [UInt8]?
        var isSourceFailure: Bool

        init(_ problem: Problem) {
            operation = problem.operation
            kind = problem.kind
            cause = problem.cause
            errno = problem.errno
            attribute = problem.attribute
            isSourceFailure = problem.isSourceFailure
        }

        var isUnfinishedDirectory: Bool {
            kind == .directory && !isSourceFailure && cause != .vanished
                && (operation == .write || operation == .openDirectory)
        }

        /// Whether something could not be looked at that may be, or hold, a directory.
        var isReadingFailure: Bool {
            guard operation == .readStatus || operation == .readDirectory || operation == .openDirectory else {
                return false
            }
            switch cause {
            case .system: return true
            // Such a link takes no part.
            case .danglingLink, .outsideConfinement: return false
            default: return isSourceFailure
            }
        }
    }

    private struct State {
        var statistics = Statistics()
        var groups: [Cause: ProblemGroup] = [:]
        var hasSourceFailures = false
        var destinationEntries = 0
    }

    private let state = Lock(State())

    func add(_ statistics: Statistics) { state.withLock { $0.statistics.add(statistics) } }

    func addDestinationEntries(_ count: Int) { state.withLock { $0.destinationEntries += count } }

    func add(_ problem: Problem) {
        let cause = Cause(problem)
        state.withLock { state in
            if problem.isSourceFailure { state.hasSourceFailures = true }
            state.groups[cause, default: ProblemGroup(first: problem, count: 0, paths: [])].add(problem)
        }
    }

    /// Takes over what another ledger says of entries that cannot be deleted.
    ///
    /// - Returns: those of which the paths are kept.
    func addDeletionProblems(of other: Ledger) -> [Problem] {
        var added: [Problem] = []
        for group in other.problems where group.first.concernsDeletion {
            let cause = Cause(group.first)
            state.withLock { state in
                var merged = state.groups[cause, default: ProblemGroup(first: group.first, count: 0, paths: [])]
                merged.count += group.count - group.paths.count
                for path in group.paths {
                    var problem = group.first
                    problem.path = path
                    merged.add(problem)
                    added.append(problem)
                }
                state.groups[cause] = merged
            }
        }
        return added
    }

    /// Takes over what another ledger says and this one does not: what was met once.
    ///
    /// - Returns: those of which the paths are kept.
    func addMissingProblems(of other: Ledger) -> [Problem] {
        var added: [Problem] = []
        for group in other.problems {
            let isMissing = state.withLock { state in
                guard state.groups[Cause(group.first)] == nil else { return false }
                state.groups[Cause(group.first)] = group
                return true
            }
            guard isMissing else { continue }
            for path in group.paths {
                var problem = group.first
                problem.path = path
                added.append(problem)
            }
        }
        return added
    }

    /// Whether any of either tree could not be looked at, so that links there were not seen.
    var hasReadingFailures: Bool { state.withLock { $0.groups.keys.contains(where: \.isReadingFailure) } }

    /// Whether a directory of the destination could not be finished, so that names in it may not be on the disk.
    var hasUnfinishedDirectories: Bool { state.withLock { $0.groups.keys.contains(where: \.isUnfinishedDirectory) } }

    var hasSourceFailures: Bool { state.withLock { $0.hasSourceFailures } }
    var statistics: Statistics { state.withLock { $0.statistics } }
    var destinationEntries: Int { state.withLock { $0.destinationEntries } }

    /// In the order of their first paths; for one path, of the operations' names and of the attributes'.
    var problems: [ProblemGroup] {
        state.withLock { state in
            state.groups.values.sorted { left, right in
                let (first, second) = (left.first, right.first)
                if first.path != second.path { return first.path < second.path }
                if first.operation != second.operation { return first.operation.rawValue < second.operation.rawValue }
                let (name, other) = (first.attribute ?? [], second.attribute ?? [])
                if name != other { return name.lexicographicallyPrecedes(other) }
                return (first.errno?.rawValue ?? 0, left.count) < (second.errno?.rawValue ?? 0, right.count)
            }
        }
    }
}

extension Problem {
    /// Whether it was met with an entry that only the destination has.
    fileprivate var concernsDeletion: Bool {
        !isSourceFailure && (operation == .delete || operation == .readDirectory)
    }
}

extension ProblemGroup {
    /// Keeps the first paths in byte order, whatever the order in which the threads meet them.
    fileprivate mutating func add(_ problem: Problem) {
        count += 1
        let position = paths.firstIndex { problem.path < $0 } ?? paths.count
        guard position < Self.keptPaths else { return }
        paths.insert(problem.path, at: position)
        if paths.count > Self.keptPaths { paths.removeLast() }
        if position == 0 { first = problem }
    }
}
