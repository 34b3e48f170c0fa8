import TreeSync

/// An explanation in words: a line that says what would happen, and an indented one for each reason.
struct ExplanationText: Sendable {
    private let explanation: Explanation
    private let options: Options
    private let style: Presentation.NumberStyle

    init(_ explanation: Explanation, _ request: Request) {
        self.init(explanation, request.options, request.presentation.numberStyle)
    }

    init(_ explanation: Explanation, _ options: Options, _ style: Presentation.NumberStyle) {
        self.explanation = explanation
        self.options = options
        self.style = style
    }

    var text: String {
        let reasons = outcomeReasons + explanation.reasons.map(sentence) + explanation.problems.map(sentence)
        return "\(explanation.path): \(outcome)\n" + reasons.map { "    \($0)\n" }.joined()
    }

    // MARK: What would happen

    private var outcome: String {
        switch explanation.outcome {
        case .action(let action): verb(action)
        case .kept, .stays: "stays as it is"
        case .leftOut: "takes no part"
        case .nowhere: "is in neither tree"
        }
    }

    private func verb(_ action: Action) -> String {
        switch action.verb {
        case .create: action.differences.contains(.kind) ? "would be replaced" : "would be created"
        case .update: action.kind == .regular ? "would be copied again" : "would be made anew"
        case .setAttributes: "would get other attributes"
        case .link(let leader): "would become a hard link to \"\(leader)\""
        case .linkBasis: "would become a hard link to the entry of a basis directory"
        case .copyBasis: "would be made like the entry of a basis directory"
        case .leaveToBasis: "would go away: a basis directory holds the same"
        case .delete: "would be deleted"
        case .deleteTemporary: "would be deleted: an interrupted run has left it behind"
        }
    }

    private var outcomeReasons: [String] {
        let text = DifferenceText(explanation, style)
        switch explanation.outcome {
        case .action(let action):
            let isCopiedAnyway = action.verb == .update && options.contentComparison == .always
            return (isCopiedAnyway ? ["Every file is copied again (--ignore-times)."] : [])
                + text.lines(action.differences)
        case .kept(let entry): return [sentence(entry.reason)] + text.lines(entry.differences.subtracting(.absent))
        case .stays, .leftOut, .nowhere: return []
        }
    }

    // MARK: Why

    private func sentence(_ reason: KeptEntry.Reason) -> String {
        switch reason {
        case .equal: "Both trees hold the same."
        case .linked: "The destination has the same hard link."
        case .newer: "The destination's file is newer (--update)."
        case .notShorter: "The destination's file is not shorter (--append)."
        case .exists: "The destination has an entry of this name (--ignore-existing)."
        case .notCreated: "The destination has no such entry, and none is created (--existing)."
        case .tooLarge: "It is larger than \(style.bytes(options.largestSize)) bytes (--max-size)."
        case .tooSmall: "It is smaller than \(style.bytes(options.smallestSize)) bytes (--min-size)."
        case .unsafeLink: "It leads out of the tree (--safe-links)."
        case .mountPoint: "Another file system is mounted there (-xx)."
        }
    }

    private func sentence(_ reason: Explanation.Reason) -> String {
        switch reason {
        case .included(let rule): "The rule \(rule.quoted) takes it."
        case .excluded(let rule, at: let path): exclusion(rule, path)
        case .protected(let rule, at: explanation.path): "The rule \(rule.quoted) protects it from deletion."
        case .protected(let rule, at: let path): "The rule \(rule.quoted) protects \"\(path)\" from deletion."
        case .onlyInDestination: "The source has no such entry."
        case .notDeleting: "Nothing is deleted without --delete."
        case .notCompared:
            "Its directory only takes single entries, or the source's could not be read: nothing is deleted there."
        case .guarded(let refusal): "A guard holds deletions back: \(refusal.reason(style: style))."
        case .holdsNothing(at: let path):
            "The directory \"\(path)\" holds nothing but directories (--prune-empty-dirs)."
        case .notEntered(at: let path):
            options.recursive
                ? "Another file system is mounted at \"\(path)\" (--one-file-system)."
                : "The directory \"\(path)\" is not entered without --recursive."
        case .directoryOnlyInDestination(at: let path):
            "Only the destination has \"\(path)\", and nothing is deleted there."
        case .directoryKept(let reason, at: let path): "This is about \"\(path)\": \(sentence(reason))"
        case .notChosen: "It is there, and not among what is named: as a source, or in the list of --files-from."
        case .leavesSource: "It would then go away from the source (--remove-source-files)."
        case .outside: "The path lies below neither the source nor the destination."
        }
    }

    private func exclusion(_ rule: FilterRule, _ path: RelativePath) -> String {
        let (beginning, isItself) = ("The rule \(rule.quoted) leaves", path == explanation.path)
        let object = isItself ? "it out" : "out \"\(path)\""
        guard isDeleted else {
            return "\(beginning) \(object)\(isItself ? "" : ", and nothing below it is looked at")."
        }
        let isAsked = options.deletesExcluded && rule.sides == nil
        return "\(beginning) \(object), and \(isAsked ? "that is deleted (--delete-excluded)" : "nothing protects it")."
    }

    private var isDeleted: Bool {
        if case .action(let action) = explanation.outcome { action.verb == .delete } else { false }
    }

    private func sentence(_ problem: Problem) -> String {
        let group = ProblemGroup(first: problem, count: 1, paths: [problem.path])
        return "Problem: \(ProblemText(group).sentence(style))."
    }
}

extension FilterRule {
    /// The rule between quotes, and where it was written.
    fileprivate var quoted: String {
        let text = "\"\(name)\(modifiers) \(printable(pattern))\""
        switch origin {
        case nil, .argument: return text
        case .file(let file, line: 0): return "\(text) in \"\(printable(file))\""
        case .file(let file, let line): return "\(text) in \"\(printable(file))\", line \(line),"
        }
    }

    private var name: String {
        switch (effect, sides) {
        case (.exclude, FilterRule.Sides.source): "H"
        case (.exclude, FilterRule.Sides.destination): "P"
        case (.exclude, _): "-"
        case (.include, FilterRule.Sides.source): "S"
        case (.include, FilterRule.Sides.destination): "R"
        case (.include, _): "+"
        }
    }

    private var modifiers: String {
        let letters = [(isAbsolute, "/"), (isNegated, "!"), (isPerishable, "p")]
        return letters.filter(\.0).map(\.1).joined()
    }
}
