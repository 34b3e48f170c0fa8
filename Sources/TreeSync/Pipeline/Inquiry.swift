/// What a planning walk meets at the paths that somebody asked about, and above them.
///
/// The stages note what they decide; where nobody asked there is no inquiry, and nothing is noted.
final class Inquiry: Sendable {
    /// What was met at one path.
    struct Finding {
        var source: Status?
        var destination: Status?
        /// The rule that hides the source's entry, and the one that takes it.
        var hiding: FilterRule?
        var showing: FilterRule?
        /// The rule that protects the destination's entry or one that it holds, and where that lies.
        var protecting: (rule: FilterRule, path: [UInt8])?
        /// The destination's entry goes away unless a guard objects.
        var isToGo = false
        /// What takes the place of a full directory waits for the guards.
        var waitsForGuards = false
        var isNotEntered = false
        /// The source's directory holds nothing, and such directories are left out.
        var isPruned = false
        /// The source's directory has it, and only other entries of it take part.
        var isNotChosen = false
        /// What differs of extended attributes and ACLs.
        var attributes: [Explanation.AttributeDifference] = []
        var action: Action?
        var kept: KeptEntry?
        var problems: [Problem] = []
    }

    private let findings = Lock<[[UInt8]: Finding]>([:])

    /// Notes what is met at these paths and at those above them from now on.
    func ask(_ paths: [RelativePath]) {
        findings.withLock { findings in
            for path in paths {
                for place in path.andAbove where findings[place] == nil { findings[place] = Finding() }
            }
        }
    }

    /// Calls `change` where somebody asked about the path.
    func note(_ path: RelativePath, _ change: (inout Finding) -> Void) {
        findings.withLock { findings in
            guard var finding = findings[path.bytes] else { return }
            change(&finding)
            findings[path.bytes] = finding
        }
    }

    /// Notes a protected entry for itself and for the directories above it, which have to stay, too.
    func noteProtection(_ path: RelativePath, _ rule: FilterRule) {
        for place in path.andAbove {
            note(RelativePath(bytes: place)) { if $0.protecting == nil { $0.protecting = (rule, path.bytes) } }
        }
    }

    func asks(about path: RelativePath) -> Bool { findings.withLock { $0[path.bytes] != nil } }

    func note(_ event: Event) {
        switch event {
        case .planned(let action): note(action.path) { $0.action = action }
        case .kept(let entry): note(entry.path) { $0.kept = entry }
        case .problem(let problem): note(problem.path) { $0.problems.append(problem) }
        case .finished, .removedSource, .progress: break
        }
    }

    func finding(_ path: [UInt8]) -> Finding { findings.withLock { $0[path] ?? Finding() } }
}

extension RelativePath {
    /// The path and those of the directories above it, the deepest first; the root is the last.
    var andAbove: [[UInt8]] {
        var places = [bytes]
        for index in bytes.indices.reversed() where bytes[index] == UInt8(ascii: "/") {
            places.append(Array(bytes[..<index]))
        }
        if !bytes.isEmpty { places.append([]) }
        return places
    }
}

extension Walk {
    /// Whether ACLs and extended attributes differ. Where somebody asked about the path they are read once more: which
    /// of them, and how.
    @inline(__always)
    func differences(
        _ comparison: AttributeComparison, _ source: AttributeCarrier, _ destination: AttributeCarrier,
        _ path: @autoclosure () -> RelativePath, _ buffer: AttributeBuffer
    ) throws(ReadFailure) -> Differences {
        let found = try comparison.differences(source, destination, buffer)
        guard let inquiry, !found.isEmpty else { return found }
        let path = path()
        if inquiry.asks(about: path) {
            let details = try comparison.details(source, destination, buffer)
            inquiry.note(path) { $0.attributes = details }
        }
        return found
    }
}
