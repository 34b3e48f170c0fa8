/// A list of rules that is ready for matching; never changed, so that every thread may use it.
final class CompiledRules: Sendable {
    /// Rules, or the place of those that directories hold.
    enum Part: Sendable {
        case rules(RuleIndex)
        case directories(MergePlace)
    }

    private let entries: [Part]
    private let attributes: [Part]
    /// Files that directories may hold, in the order of the rules.
    let places: [MergePlace]

    /// - Parameter taken: places that are there already: a second rule for a file of the same name has no effect, as
    ///   in rsync.
    init(_ elements: [FilterRules.Element], unqualified: FilterRule.Sides, taken: [MergePlace] = []) {
        let places = Self.places(elements, taken)
        entries = Self.parts(elements, .entries, unqualified, places)
        attributes = Self.parts(elements, .extendedAttributes, unqualified, places)
        self.places = places.compactMap { $0 }
    }

    /// Whether any rule here is about names of attributes.
    var concernAttributes: Bool {
        attributes.contains { if case .rules = $0 { true } else { false } }
    }

    func parts(_ subject: FilterRule.Subject) -> [Part] {
        switch subject {
        case .entries: entries
        case .extendedAttributes: attributes
        }
    }

    private static func places(_ elements: [FilterRules.Element], _ taken: [MergePlace]) -> [MergePlace?] {
        var names = Set(taken.map(\.merge.fileName))
        return elements.map { element in
            guard case .directoryMerge(let merge) = element, names.insert(merge.fileName).inserted else { return nil }
            return MergePlace(merge)
        }
    }

    private static func parts(
        _ elements: [FilterRules.Element], _ subject: FilterRule.Subject, _ unqualified: FilterRule.Sides,
        _ places: [MergePlace?]
    ) -> [Part] {
        var parts: [Part] = []
        var rules: [RuleIndex.Rule] = []
        func finish() {
            if !rules.isEmpty { parts.append(.rules(RuleIndex(rules))) }
            rules = []
        }
        for (element, place) in zip(elements, places) {
            switch element {
            case .rule(let rule) where rule.subject == subject:
                let sides = rule.sides ?? unqualified
                rules.append(RuleIndex.Rule(rule: rule, sides: sides, pattern: Pattern(rule.pattern)))
            case .rule: break
            case .directoryMerge:
                guard let place else { continue }
                finish()
                parts.append(.directories(place))
            }
        }
        finish()
        return parts
    }
}

/// The place in a list where the rules stand that directories hold in files of one name. Its identity is its meaning.
final class MergePlace: Sendable {
    let merge: DirectoryMerge
    init(_ merge: DirectoryMerge) { self.merge = merge }
}
