extension Inquiry {
    /// What was found out about a path.
    func answer(_ path: RelativePath, _ report: Report, _ options: Options) -> Explanation {
        let found = finding(path.bytes)
        var answer = Explanation(path, .nowhere)
        answer.source = found.source.map(Explanation.Entry.init)
        answer.destination = found.destination.map(Explanation.Entry.init)
        answer.problems = found.problems
        if let rule = found.hiding, found.source == nil { answer.reasons.append(.excluded(rule, at: path)) }
        if found.isPruned { answer.reasons.append(.holdsNothing(at: path)) }
        if let rule = found.showing { answer.reasons.append(.included(rule)) }
        if let action = found.action {
            answer.outcome = .action(action)
            if found.waitsForGuards, let refusal = report.refusal { answer.reasons.append(.guarded(refusal)) }
        } else if let kept = found.kept {
            answer.outcome = .kept(kept)
        } else if found.source == nil, found.destination != nil || found.isToGo || found.protecting != nil {
            answer.outcome = .stays
        } else if found.source != nil || found.hiding != nil || found.isPruned || !found.problems.isEmpty {
            answer.outcome = .leftOut
        } else {
            explainFromAbove(&answer)
        }
        if found.source == nil, found.hiding == nil, !found.isPruned, isOfDestination(answer.outcome) {
            if !answer.reasons.contains(where: \.isAboutDirectoryAbove) { answer.reasons.append(.onlyInDestination) }
        }
        if answer.outcome == .stays { answer.reasons += reasonsToStay(found, report, options) }
        return answer
    }

    private func isOfDestination(_ outcome: Explanation.Outcome) -> Bool {
        switch outcome {
        case .stays: true
        case .action(let action): action.verb == .delete || action.verb == .deleteTemporary
        case .kept, .leftOut, .nowhere: false
        }
    }

    private func reasonsToStay(
        _ found: Finding, _ report: Report, _ options: Options
    ) -> [Explanation.Reason] {
        if let protecting = found.protecting {
            return [.protected(protecting.rule, at: RelativePath(bytes: protecting.path))]
        }
        if options.deletion == nil { return [.notDeleting] }
        if found.isToGo, let refusal = report.refusal { return [.guarded(refusal)] }
        return [.notCompared]
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
            if found.source == nil, found.destination?.kind == .directory, found.protecting == nil, !found.isToGo {
                reasons.append(.directoryOnlyInDestination(at: path))
            }
            if reasons.isEmpty, found.problems.isEmpty { continue }
            answer.outcome = .leftOut
            answer.reasons += reasons
            answer.problems += found.problems
            return
        }
    }
}

extension Explanation.Reason {
    fileprivate var isAboutDirectoryAbove: Bool {
        switch self {
        case .excluded, .holdsNothing, .notEntered, .directoryKept, .directoryOnlyInDestination: true
        case .included, .protected, .onlyInDestination, .notDeleting, .notCompared, .guarded: false
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
