internal import SystemPackage

/// Devices that count as files of what they hold (`--copy-devices`, `--write-devices`).
///
/// A device is opened only where an option asks for it, and a character device never: opening one may act, and nobody
/// knows how much comes out of it.
struct Devices: Sendable {
    private let copies: Bool
    private let writes: Bool
    /// The modification time of files that are made of devices. A node's own says nothing of what the device holds, and
    /// a copy with that time would be taken for unchanged by whoever copies it on.
    private let time = Timestamp.now

    /// `nil` where devices are devices.
    init?(_ options: Options) {
        (copies, writes) = (options.copiesDevices, options.writesDevices)
        if !copies, !writes { return nil }
    }

    /// How an entry of the source counts.
    ///
    /// - Parameter links: for an entry that was found by following a link.
    func taken(
        _ status: Status, _ name: CName, in at: At, _ links: SourceLinks?
    ) throws(Errno) -> Status {
        guard copies, status.held == nil else { return status }
        switch status.kind {
        case .blockDevice:
            let device = try open(status, name, in: at, links)
            return status.asFile(size: try OpenFile(raw: device.raw).deviceSize(), modified: time)
        case .characterDevice: return status.asFile(size: 0, modified: time)
        case .regular, .directory, .symbolicLink, .fifo, .socket: return status
        }
    }

    private func open(
        _ status: Status, _ name: CName, in at: At, _ links: SourceLinks?
    ) throws(Errno) -> Descriptor {
        guard status.isReferent, let links else { return try at.openBlockDevice(name, status, .reading) }
        return try at.openBlockDevice(name, status, .reading, pinned: links.pin(name, at, status.identity))
    }

    /// How an entry of the destination counts that a file of the source goes to.
    ///
    /// - Throws: `resourceBusy` for a block device that is mounted, or otherwise in use.
    func target(_ status: Status, _ name: CName, in at: At) throws(Errno) -> Status {
        guard writes else { return status }
        switch status.kind {
        case .blockDevice:
            let device = try at.openBlockDevice(name, status, .readingAlone)
            return status.asFile(size: try OpenFile(raw: device.raw).deviceSize())
        case .characterDevice: return status.asFile(size: 0)
        case .regular, .directory, .symbolicLink, .fifo, .socket: return status
        }
    }
}

extension Walk {
    /// Opens a device of the source that counts as a file. A character device is only held, because nothing is read of it.
    func openDevice(_ name: CName, in at: At, _ scanned: Status) throws(Errno) -> Descriptor {
        if scanned.nodeKind == .blockDevice {
            guard scanned.isReferent, let sourceLinks else { return try at.openBlockDevice(name, scanned, .reading) }
            let pinned = try sourceLinks.pin(name, at, scanned.identity)
            return try at.openBlockDevice(name, scanned, .reading, pinned: pinned)
        }
        let held: Descriptor
        if scanned.isReferent, let sourceLinks {
            held = try sourceLinks.pin(name, at, scanned.identity)
        } else {
            held = try at.openPath(name)
        }
        let current = try Status.of(held.raw)
        guard current.kind == scanned.nodeKind, current.identity == scanned.identity else { throw .staleNFSFileHandle }
        return held
    }
}

extension Inspection {
    /// What differs where a device is one of both: neither its size nor a time says whether what it holds has changed,
    /// so that contents are compared, as far as the file goes that a device begins with.
    func comparingDevice(
        _ found: Differences, _ left: Int, _ name: CName, _ status: Status, _ existing: Status, _ from: At, _ at: At
    ) throws(ComparisonFailure) -> Differences {
        var found = found
        let isTarget = existing.isDevice
        if walk.options.contentComparison == .always { return found }
        if isTarget { found.remove(.size) }
        switch walk.options.contentComparison {
        case .always, .sizeOnly: return found
        case .quickCheck, .contents: break
        }
        let isLonger = found.contains(.size) || (isTarget && status.size > existing.size)
        let differs = try isLonger ? true : contentsDiffer(left, name, status, existing, from, at)
        if differs {
            if isTarget, status.size != existing.size { found.insert(.size) }
            if found.isDisjoint(with: [.size, .time, .timeOfCopy]) || walk.options.contentComparison == .contents {
                found.insert(.content)
            }
        } else if status.isDevice {
            // It has the time at which it was copied, and keeps it.
            found.subtract([.time, .timeOfCopy])
            source.statuses[left].modified = existing.modified
        }
        return found
    }
}

extension Executor {
    /// Writes what differs of a file into the block device that has its name.
    func updateDevice(
        _ task: EntryTask, _ existing: Status, _ place: Place, _ worker: Worker
    ) throws(EntryFailure) -> FileIdentity {
        let source = try openSource(task, place)
        if let cause = rules.refusal(toWrite: source.status, into: existing) {
            throw EntryFailure(.write, nil, cause: cause)
        }
        let device: Descriptor
        do throws(Errno) {
            device = try place.at.openBlockDevice(task.name, existing, .writing)
        } catch {
            switch error {
            case .staleNFSFileHandle, .noSuchFileOrDirectory:
                throw EntryFailure(.write, nil, cause: .changedInDestination)
            default: throw EntryFailure(.write, error)
            }
        }
        return try fillInPlace(task, source, device, worker)
    }
}
