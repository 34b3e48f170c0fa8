internal import SystemPackage

/// Refuses what would destroy one of the trees, or never end.
extension Opening {
    func refuseOverlap() throws(SynchronizationError) {
        if synchronizer.batch != nil { return }
        guard let start = destination ?? nearestDirectory(destinationPath)?.handle else { return }
        let above = holders(of: start)
        for index in layers.indices where operands[index].entry?.kind ?? .directory == .directory {
            let selection = layers[index].selection
            if selection?.isPart == true { try refuseOverlapOfSelection(index, above) }
            if selection?.isPart != true || layers[index].listsAll { try refuseOverlap(index, above) }
        }
    }

    private func refuseOverlap(_ index: Int, _ above: [FileIdentity]) throws(SynchronizationError) {
        let source = statuses[index]
        let options = synchronizer.options
        let isContents = operands[index].entry == nil
        if isContents, let existing, existing.identity == source.identity {
            throw .sameDirectory(paths[index], synchronizer.destination)
        }
        let isElsewhere = options.oneFileSystem && existing != nil && existing?.device != source.device
        if above.contains(source.identity), !isElsewhere {
            throw .destinationInsideSource(source: paths[index], destination: synchronizer.destination)
        }
        guard options.deletion != nil || options.force else { return }
        guard let target = target(of: index) else { return }
        let holders = holders(of: layers[index].handle)
        let lies = isContents ? holders.dropFirst().contains(target) : holders.contains(target)
        if lies { throw .sourceInsideDestination(source: paths[index], destination: synchronizer.destination) }
    }

    /// The directory of the destination that is made equal to this root of the source.
    private func target(of index: Int) -> FileIdentity? {
        guard let entry = operands[index].entry else { return existing?.identity }
        return try? destination?.use { (at) throws(Errno) in try at.status(entry.name).identity }
    }

    func holders(of handle: DirectoryHandle) -> [FileIdentity] {
        (try? handle.use { (at) throws(Errno) in ancestors(of: at) }) ?? []
    }

    /// The directory of a path, or the nearest one above it that exists: what is made there lies in it. It is only named
    /// (`O_PATH`).
    func nearestDirectory(_ path: [UInt8], from start: At = .workingDirectory) -> NearestDirectory? {
        var nearest = path
        while true {
            do throws(Errno) {
                let place = try typedPaths.resolve(nearest, from: start)
                // Of what is missing, perhaps behind a link that leads nowhere yet, the directory that it will be made in.
                let isThere = place.status != nil
                let opened = isThere ? try place.directory() : try PathWalk.directory(".", place.at)
                return NearestDirectory(
                    handle: DirectoryHandle(root: opened.release(), budget: budget),
                    isItself: isThere && nearest == path)
            } catch {
                let parent = split(nearest).parent
                guard error == .noSuchFileOrDirectory, parent != nearest else { return nil }
                nearest = parent
            }
        }
    }
}

struct NearestDirectory {
    let handle: DirectoryHandle
    /// Whether it is the directory that was asked for, not one above it.
    let isItself: Bool
}
