extension Inquiry {
    /// What was found out about a path that was typed.
    ///
    /// - Parameter places: what it may mean; the first that either tree knows anything of is meant.
    func answer(
        _ typed: [UInt8], at places: [RelativePath], _ report: Report, _ options: Options
    ) -> Explanation {
        let answers = places.map { answer($0, report, options) }
        if let found = answers.first(where: { $0.outcome != .nowhere }) ?? answers.first { return found }
        var outside = Explanation(RelativePath(bytes: typed), .nowhere)
        outside.reasons = [.outside]
        return outside
    }

    private func answer(_ path: RelativePath, _ report: Report, _ options: Options) -> Explanation {
        let found = finding(path.bytes)
        var answer = Explanation(path, .nowhere)
        answer.source = found.source.map { Explanation.Entry($0, options) }
        answer.destination = found.destination.map { Explanation.Entry($0, options) }
        answer.attributes = found.attributes
        answer.problems = found.problems
        answer.reasons = found.ownReasons(at: path)
        if let action = found.action {
            answer.outcome = .action(action)
            if found.waitsForGuards, let refusal = report.refusal { answer.reasons.append(.guarded(refusal)) }
        } else if let kept = found.kept {
            answer.outcome = .kept(kept)
        } else if found.source == nil, found.destination != nil || found.isToGo || found.protecting != nil {
            answer.outcome = .stays
        } else if found.source != nil || found.isLeftOut || !found.problems.isEmpty {
            answer.outcome = .leftOut
        } else {
            explainFromAbove(&answer)
        }
        if found.isOfDestinationAlone(answer.outcome) { answer.reasons.append(reasonToLack(path)) }
        if answer.outcome == .stays { answer.reasons += reasonsToStay(found, report, options) }
        if leavesSource(answer, found, options) { answer.reasons.append(.leavesSource) }
        return answer
    }

    /// Why the source has nothing for an entry of the destination: a rule may hide it with a directory above it.
    private func reasonToLack(_ path: RelativePath) -> Explanation.Reason {
        for place in path.andAbove.dropFirst() {
            let (found, above) = (finding(place), RelativePath(bytes: place))
            if found.source != nil { break }
            if let rule = found.hiding { return .excluded(rule, at: above) }
            if found.isPruned { return .holdsNothing(at: above) }
        }
        return .onlyInDestination
    }

    private func reasonsToStay(
        _ found: Finding, _ report: Report, _ options: Options
    ) -> [Explanation.Reason] {
        if let protecting = found.protecting {
            return [.protected(protecting.rule, at: RelativePath(bytes: protecting.path))]
        }
        if found.isNotChosen { return [] }
        if options.deletion == nil { return [.notDeleting] }
        if found.isToGo, let refusal = report.refusal { return [.guarded(refusal)] }
        return [.notCompared]
    }

    /// Whether a run would take the entry away from the source; not what lies behind a link.
    private func leavesSource(_ answer: Explanation, _ found: Finding, _ options: Options) -> Bool {
        guard options.removesSources, let source = found.source, source.kind != .directory, !source.isDevice,
            source.links > 1 || source.isReferent || found.destination?.identity != source.identity,
            !answer.path.andAbove.dropFirst().contains(where: { finding($0).source?.isReferent == true })
        else { return false }
        switch answer.outcome {
        case .action(let action):
            switch action.verb {
            case .create, .update, .setAttributes, .link, .linkBasis, .copyBasis:
                return !answer.reasons.contains { if case .guarded = $0 { true } else { false } }
            case .leaveToBasis, .delete, .deleteTemporary: return false
            }
        case .kept(let entry): return found.destination != nil && (entry.reason == .equal || entry.reason == .linked)
        case .stays, .leftOut, .nowhere: return false
        }
    }

    /// Nothing was met at the path itself: a directory above it was not entered.
    private func explainFromAbove(_ answer: inout Explanation) {
        for place in answer.path.andAbove.dropFirst() {
            let (found, path) = (finding(place), RelativePath(bytes: place))
            var reasons: [Explanation.Reason] = []
            if let rule = found.hiding, found.source == nil { reasons.append(.excluded(rule, at: path)) }
            if let protecting = found.protecting, protecting.path == place, found.hiding != protecting.rule {
                reasons.append(.protected(protecting.rule, at: path))
            }
            if found.isPruned { reasons.append(.holdsNothing(at: path)) }
            if found.isNotEntered { reasons.append(.notEntered(at: path)) }
            if let reason = found.kept?.reason, reason.keepsContents {
                reasons.append(.directoryKept(reason, at: path))
            }
            if found.isUnknownDirectory, path != .root { reasons.append(.directoryOnlyInDestination(at: path)) }
            if reasons.isEmpty, found.problems.isEmpty { continue }
            answer.outcome = .leftOut
            answer.reasons += reasons
            answer.problems += found.problems
            return
        }
    }
}

extension Inquiry.Finding {
    /// Whether the source has it, and it takes no part.
    fileprivate var isLeftOut: Bool { hiding != nil || isPruned || isNotChosen }

    /// Whether it is a directory of the destination that nothing is done with.
    fileprivate var isUnknownDirectory: Bool {
        source == nil && destination?.kind == .directory && protecting == nil && !isToGo
    }

    fileprivate func ownReasons(at path: RelativePath) -> [Explanation.Reason] {
        var reasons: [Explanation.Reason] = []
        if source == nil {
            if let hiding { reasons.append(.excluded(hiding, at: path)) }
            if isNotChosen, hiding == nil, !isPruned { reasons.append(.notChosen) }
        }
        if isPruned { reasons.append(.holdsNothing(at: path)) }
        if let showing { reasons.append(.included(showing)) }
        return reasons
    }

    fileprivate func isOfDestinationAlone(_ outcome: Explanation.Outcome) -> Bool {
        if source != nil || isLeftOut { return false }
        switch outcome {
        case .stays: return true
        case .action(let action): return action.verb == .delete || action.verb == .deleteTemporary
        case .kept, .leftOut, .nowhere: return false
        }
    }
}

extension KeptEntry.Reason {
    /// Whether what a directory holds is left alone with it.
    fileprivate var keepsContents: Bool {
        switch self {
        case .exists, .notCreated, .mountPoint: true
        case .equal, .linked, .newer, .tooLarge, .tooSmall, .notShorter, .unsafeLink: false
        }
    }
}
