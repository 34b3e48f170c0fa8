internal import SystemPackage

extension Inspection {
    /// The status of the destination's entry; of the directory that a link leads to, where such links are kept.
    ///
    /// - Returns: `nil` where it has vanished.
    func destinationStatus(_ right: Int, _ source: Status, _ at: At) throws(EntryFailure) -> Status? {
        let name = destination.name(right)
        let status: Status
        do throws(Errno) {
            status = try at.status(name)
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw EntryFailure(.readStatus, error)
        }
        if source.kind == .directory, status.kind == .symbolicLink, let keptLinks = walk.keptLinks,
            keptLinks.keepsAll
        {
            guard let kept = try keptLinks.directory(name, at) else { return status }
            return try doing(.openDirectory) { () throws(Errno) in
                try walk.countedInDestination(kept, keptLinks, name, in: at)
            }
        }
        if source.kind == .regular, let devices = walk.devices {
            let target = try doing(.write) { () throws(Errno) in try devices.target(status, name, in: at) }
            if target.isDevice { return target }
        }
        return walk.countedInDestination(status, name, in: at)
    }

    /// Whether a directory would hold itself, by way of a link to it or to one above it.
    func isLoop(_ status: Status) -> Bool {
        (status.isReferent || visit.isBehindLink) && visit.isBelow(status.identity)
    }

    /// Whether the entry is a link that takes no part because it leads out of the tree; `nil` where that cannot be found
    /// out, which is reported.
    func isUnsafe(_ left: Int, _ status: Status, _ from: At) -> Bool? {
        guard walk.options.links.leavesOutUnsafe, status.kind == .symbolicLink else { return false }
        do throws(Errno) {
            let target = walk.linkPolicy.taken(try layer(left).linkText(sourceName(left), status, in: from))
            return walk.linkPolicy.leavesOut(walk.linkPolicy.stored(target), depth: visit.depth)
        } catch {
            walk.fail(.readLink, path(left), .symbolicLink, error, side: .source)
            return nil
        }
    }
}
