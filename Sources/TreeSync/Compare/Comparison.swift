/// What differs between two entries of one name, as far as their status tells. Pure.
struct StatusComparison: Sendable {
    let rules: Rules

    /// - Parameter sameTime: whether two times count as equal; the destination may keep them more coarsely.
    @inline(__always)
    func differences(
        _ source: Status, _ destination: Status, sameTime: (Timestamp, Timestamp) -> Bool
    ) -> Differences {
        if source.kind != destination.kind { return .kind }
        var found: Differences = []
        if source.kind == .regular, source.size != destination.size { found.insert(.size) }
        if comparesTime(source.kind), !sameTime(source.modified, destination.modified) { found.insert(.time) }
        if isDevice(source.kind), source.specialDevice != destination.specialDevice { found.insert(.content) }
        if source.kind != .symbolicLink, permissionsDiffer(source, destination) { found.insert(.permissions) }
        if source.owner != destination.owner, rules.comparesOwner() { found.insert(.owner) }
        if source.group != destination.group, rules.comparesGroup(source.group) { found.insert(.group) }
        if rules.preservesAccessTime(source.kind), !sameTime(source.accessed, destination.accessed) {
            found.insert(.accessTime)
        }
        return rules.preservesTime(source.kind) ? found : withoutTimes(found, source.kind)
    }

    /// The quick check looks at times even where they are not preserved.
    private func comparesTime(_ kind: EntryKind) -> Bool {
        if rules.preservesTime(kind) { return true }
        return kind == .regular && rules.options.contentComparison == .quickCheck
    }

    private func withoutTimes(_ found: Differences, _ kind: EntryKind) -> Differences {
        let isMadeAnew =
            kind == .regular ? !found.isDisjoint(with: [.size, .time]) : isDevice(kind) && found.contains(.content)
        return isMadeAnew ? found.subtracting(.time).union(.timeOfCopy) : found.subtracting(.time)
    }

    private func permissionsDiffer(_ source: Status, _ destination: Status) -> Bool {
        if let wanted = rules.permissions(for: source, over: destination) { return wanted != destination.permissions }
        return false
    }

    private func isDevice(_ kind: EntryKind) -> Bool { kind == .characterDevice || kind == .blockDevice }
}
