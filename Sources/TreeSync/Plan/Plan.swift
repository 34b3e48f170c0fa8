/// What a run would do, as a value: the differences only, never the equal entries.
///
/// Planning writes nothing. The actions stand in the order of the tree.
public struct Plan: Sendable, Hashable {
    /// What is to be done, in the order of the tree.
    public var actions: [Action]
    /// Counts, problems met while reading, and the guards' verdict.
    public var report: Report

    /// Makes a plan from its actions and what was found in planning them.
    public init(actions: [Action], report: Report) {
        self.actions = actions
        self.report = report
    }
}

extension Plan: RandomAccessCollection {
    /// The position of the first action.
    public var startIndex: Int { actions.startIndex }
    /// The position after the last action.
    public var endIndex: Int { actions.endIndex }
    /// The action at a position.
    public subscript(position: Int) -> Action { actions[position] }

    /// The plan with only those actions for which `isIncluded` is true. The report stays that of the whole plan.
    public func filter(_ isIncluded: (Action) throws -> Bool) rethrows -> Plan {
        Plan(actions: try actions.filter(isIncluded), report: report)
    }
}

extension Plan: CustomStringConvertible {
    /// One itemized line for each action.
    public var description: String { actions.map { $0.description + "\n" }.joined() }
}
