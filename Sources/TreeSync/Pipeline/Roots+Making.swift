internal import SystemPackage

extension Roots {
    /// Opens both roots, and makes the destination's where it is missing and something is executed.
    static func openAndMake(
        _ synchronizer: Synchronizer, for purpose: Session.Purpose, _ rules: Rules, _ paths: TypedPaths,
        _ sourceLinks: SourceLinks?, _ filters: FilterFoundation?, report: (Problem) -> Void
    ) throws(SynchronizationError) -> Roots {
        var problems: [Problem] = []
        defer { problems.forEach(report) }
        // Race: another run makes the destination after it was looked for. It is opened and judged again, like any that
        // exists. Somebody who makes and removes it all the time does not keep us.
        for _ in 1...3 {
            problems = []
            let roots = try open(synchronizer, for: purpose, paths, sourceLinks, filters) { problems.append($0) }
            guard purpose == .running else { return roots }
            if try roots.makeDestination(rules, paths) { return roots }
        }
        throw .destination(synchronizer.destination, .fileExists)
    }
}
