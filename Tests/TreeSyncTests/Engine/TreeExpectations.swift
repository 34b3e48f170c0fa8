import Testing
import TreeTesting

/// Records an issue that lists how two trees differ.
func expectEqual(
    _ left: String, _ right: String, in properties: ComparedProperties = .all,
    _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let found = try differences(left, right, in: properties)
    expectNone(found, "\(left) and \(right) differ. \(comment())", sourceLocation: sourceLocation)
}

/// Records an issue where a tree is no longer what it was, inode numbers and change times included.
func expectUntouched(
    _ before: Snapshot, _ path: String, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let found = differences(before, try Snapshot(of: path), in: [.all, .identity])
    expectNone(found, "\(path) was written to. \(comment())", sourceLocation: sourceLocation)
}

private func expectNone(_ found: [TreeDifference], _ comment: String, sourceLocation: SourceLocation) {
    guard !found.isEmpty else { return }
    let lines = found.prefix(20).map { "\n  \($0)" }.joined()
    Issue.record("\(comment) \(found.count) differences:\(lines)", sourceLocation: sourceLocation)
}
