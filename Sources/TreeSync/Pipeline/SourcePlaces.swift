internal import SystemPackage

/// The directories that a run reads from because they were named or a followed link leads there.
///
/// By way of links, of mounts, or of directories that nobody may look into, they may lie in the destination, where they
/// would go as extra entries, with what is copied from them.
final class SourcePlaces: Sendable {
    private let wholes: Lock<Set<FileIdentity>>
    /// Directories of which only entries were named.
    private let holders: Set<FileIdentity>

    init(_ wholes: Set<FileIdentity> = [], holders: Set<FileIdentity> = []) {
        self.wholes = Lock(wholes)
        self.holders = holders
    }

    /// A followed link leads to one.
    func note(_ identity: FileIdentity) { _ = wholes.withLock { $0.insert(identity) } }

    /// Whether the directory is one of them, or holds what was named.
    func holds(_ identity: FileIdentity) -> Bool { holders.contains(identity) || takes(identity) }

    /// Whether all that the directory holds is copied.
    func takes(_ identity: FileIdentity) -> Bool { wholes.withLock { $0.contains(identity) } }
}

extension Opening {
    /// What was named, and what holds it.
    var sourcePlaces: SourcePlaces {
        var (wholes, holders): (Set<FileIdentity>, Set<FileIdentity>) = ([], [])
        for (layer, status) in zip(layers, statuses) {
            if status.kind == .directory, layer.selection?.listsAll != false {
                wholes.insert(status.identity)
            } else if let holder = try? layer.handle.use({ (at) throws(Errno) in try Status.of(at.raw).identity }) {
                holders.insert(holder)
            }
            wholes.formUnion(layer.selection?.entries.compactMap(\.identity) ?? [])
        }
        return SourcePlaces(wholes, holders: holders)
    }
}
