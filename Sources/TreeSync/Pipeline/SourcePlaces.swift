internal import SystemPackage

/// The directories that a run reads from because they were named or a followed link leads there.
///
/// By way of links, of mounts, or of directories that nobody may look into, they may lie in the destination, where they
/// would go as extra entries, with what is copied from them.
final class SourcePlaces: Sendable {
    private let identities: Lock<Set<FileIdentity>>

    init(_ identities: Set<FileIdentity>) { self.identities = Lock(identities) }

    /// A followed link leads to one.
    func note(_ identity: FileIdentity) { _ = identities.withLock { $0.insert(identity) } }

    func holds(_ identity: FileIdentity) -> Bool { identities.withLock { $0.contains(identity) } }
}

extension Opening {
    /// The directories that were named, and those that hold other entries that were.
    var sourcePlaces: SourcePlaces {
        var found: Set<FileIdentity> = []
        for (layer, status) in zip(layers, statuses) {
            if status.kind == .directory {
                found.insert(status.identity)
            } else if let holder = try? layer.handle.use({ (at) throws(Errno) in try Status.of(at.raw).identity }) {
                found.insert(holder)
            }
            found.formUnion(layer.selection?.entries.compactMap(\.identity) ?? [])
        }
        return SourcePlaces(found)
    }
}
