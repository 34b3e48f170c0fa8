/// What stops all deletions before the first one. Pure.
struct Guards: Sendable {
    let options: Options

    /// - Parameters:
    ///   - planned: how many entries would be deleted.
    ///   - held: how many entries the destination holds.
    ///   - hasSourceFailures: whether any of the source could not be read.
    ///   - emptiesDestination: whether a root of the source is empty and its destination is not.
    ///   - lacksMarker: whether a root of the source does not hold the entry that it must.
    ///   - unmounted: a mount point that is not mounted and on which a root lies.
    /// - Returns: `nil` where deletions may go on.
    func refusal(
        planned: Int, held: Int, hasSourceFailures: Bool, emptiesDestination: Bool, lacksMarker: Bool = false,
        unmounted: RelativePath? = nil
    ) -> GuardRefusal? {
        if planned == 0 { return nil }
        if let unmounted, !options.allowsUnmounted { return .unmounted(unmounted) }
        if lacksMarker, let marker = options.sourceMarker { return .noSourceMarker(marker) }
        if emptiesDestination, !options.allowsEmptySource { return .emptySource }
        if hasSourceFailures, !options.deletesDespiteErrors { return .sourceErrors }
        if let allowed = allowed(of: held), planned > allowed {
            return .deletionLimit(planned: planned, allowed: allowed)
        }
        return nil
    }

    private func allowed(of held: Int) -> Int? {
        switch options.deletionLimit {
        case nil: nil
        case .count(let count): count
        case .percent(let percent): Int(Double(held) * percent / 100)
        }
    }
}
