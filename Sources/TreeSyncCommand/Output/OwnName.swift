import TreeSync

/// The name of a single source that may be copied under the destination's: lines tell of it under its own, as in rsync.
struct OwnName: Sendable {
    private let name: RelativePath?

    init(_ request: Request) {
        let isSingleEntry = request.sources.count == 1 && request.sources[0].placement == .entry
        name = isSingleEntry ? request.operands[0].name : nil
    }

    /// Whether there is one source, and not for what it holds.
    var isKnown: Bool { name != nil }

    func item(_ action: Action) -> LineItem? { LineItem(action).map(renamed) }

    /// What concerns the destination's entry alone is told under its name.
    func item(_ entry: KeptEntry) -> LineItem {
        entry.reason == .exists || entry.reason == .notCreated ? LineItem(entry) : renamed(LineItem(entry))
    }

    func path(_ path: RelativePath) -> RelativePath {
        guard let name, !path.bytes.contains(UInt8(ascii: "/")) else { return path }
        return name
    }

    private func renamed(_ item: LineItem) -> LineItem {
        guard item.kind != .directory else { return item }
        var item = item
        item.path = path(item.path)
        return item
    }
}
