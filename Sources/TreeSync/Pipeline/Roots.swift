internal import SystemPackage

/// The open roots of both trees. The paths that the user typed may go through links; nothing below them does.
final class Roots: Sendable {
    let budget: DescriptorBudget
    let layers: [Layer]
    /// What each layer stands for: the contents of a directory, one entry in it, or a selection.
    let operands: [Operand]
    /// The status of the first directory that the destination's root is made equal to; `nil` where there is none.
    let source: Status?
    /// The destination as it was found.
    let existing: Status?
    /// How many names an inode of the destination may have; 1 where there are no hard links.
    let linkLimit: Int64
    /// Names whose entries go away from the destination's root, because no such root of the source exists.
    let missing: Set<[UInt8]>
    /// Whether there are such names, at the root or below.
    let deletesMissing: Bool
    /// Roots of the source that do not exist, or could not be opened.
    let missingRoots: MissingRoots
    /// What is chosen by name and hidden by a rule.
    let hidden: [HiddenChoice]
    /// Where below the destination's root backups or basis directories lie, where nothing is deleted.
    let keptPlaces: [RelativePath]
    /// The file system that the destination's root is on, or will be; 0 where nobody has to know.
    let device: UInt64
    /// The basis directories; `nil` for those that do not exist, or cannot be opened.
    let bases: [DirectoryHandle?]
    /// Whether one of them cannot be opened.
    let areBasesUnknown: Bool
    let sourcePlaces: SourcePlaces
    /// As it was typed.
    let destinationPath: [UInt8]
    private let state: Lock<State>

    struct Operand: Sendable {
        /// `nil` for the contents of a directory, or for what is chosen of it.
        var entry: Entry?
        /// The directory that `entry` is an entry of, or whose contents are meant; as it was typed.
        var directory: [UInt8]

        struct Entry: Sendable {
            /// The name in the destination, with a NUL.
            var name: [CChar]
            var kind: EntryKind
        }
    }

    private struct State {
        var destination: DirectoryHandle?
        var traits: FileSystemTraits?
        var isNew = false
        /// What the root got to be worked in, though the umask or a default ACL had taken it away.
        var addedPermissions: UInt16 = 0
        /// Its set-group-id bit, where it is new.
        var groupBit: UInt16 = 0
        var facts: FileSystemFacts?
    }

    /// Of the destination, which by way of a mount may turn up in the source; `nil` before it is made.
    var destinationIdentity: FileIdentity? { identity.withLock { $0 } }
    private let identity: Lock<FileIdentity?>

    init(
        budget: DescriptorBudget, layers: [Layer], operands: [Operand], source: Status?,
        destination: DirectoryHandle?, existing: Status?, destinationPath: [UInt8], linkLimit: Int64,
        missing: Set<[UInt8]> = [], deletesMissing: Bool = false, missingRoots: MissingRoots,
        hidden: [HiddenChoice] = [], keptPlaces: [RelativePath] = [], bases: [DirectoryHandle?] = [],
        areBasesUnknown: Bool = false, device: UInt64 = 0, sourcePlaces: SourcePlaces = SourcePlaces()
    ) {
        self.areBasesUnknown = areBasesUnknown
        self.sourcePlaces = sourcePlaces
        self.device = device
        self.missingRoots = missingRoots
        self.hidden = hidden
        self.keptPlaces = keptPlaces
        self.bases = bases
        self.budget = budget
        self.layers = layers
        self.operands = operands
        self.source = source
        self.existing = existing
        self.destinationPath = destinationPath
        self.linkLimit = linkLimit
        self.missing = missing
        self.deletesMissing = deletesMissing || !missing.isEmpty
        state = Lock(State(destination: destination))
        identity = Lock(existing?.identity)
    }

    var destination: DirectoryHandle? { state.withLock { $0.destination } }
    var isDestinationNew: Bool { state.withLock { $0.isNew } || existing == nil }

    /// The first root of the source that the destination's root is made equal to.
    var contentsLayer: Layer? { layers.indices.first(where: takesRoot).map { layers[$0] } }

    /// Whether the layer stands for one entry and not for what a directory holds.
    func isEntry(_ layer: Int) -> Bool { operands[layer].entry != nil }

    /// Whether the layer stands for less than all that its directory holds.
    func isPartial(_ layer: Int) -> Bool { isEntry(layer) || !layers[layer].listsAll }

    /// Whether the layer's directory itself takes part.
    private func takesRoot(_ layer: Int) -> Bool { !isEntry(layer) && layers[layer].isNamed }

    /// Makes the root of the destination where it does not exist; only its last name, as `mkdir` does.
    ///
    /// - Returns: whether it is there as these roots know it; `false` where somebody else has made it meanwhile.
    func makeDestination(_ rules: Rules, _ paths: TypedPaths) throws(SynchronizationError) -> Bool {
        guard destination == nil, !layers.isEmpty else { return true }
        do throws(Errno) {
            do throws(Errno) {
                try paths.makeDirectory(
                    destinationPath, permissions: rules.workingPermissions(of: source.map(rules.taken)))
            } catch .fileExists {
                return false
            }
            let opened = Descriptor(owning: try paths.openDirectory(destinationPath))
            let made = try Status.of(opened.raw)
            let added = 0o700 & ~made.permissions
            if added != 0 { try OpenFile(raw: opened.raw).setPermissions(made.permissions | added) }
            var groupBit = made.permissions & Status.groupBit
            if let source {
                groupBit = try OpenFile(raw: opened.raw).setGroupBit(
                    of: rules.taken(source), rules, permissions: (made.permissions | added) & ~Status.groupBit,
                    inherited: groupBit)
            }
            let raw = opened.release()
            identity.withLock { $0 = made.identity }
            state.withLock { state in
                state.destination = DirectoryHandle(root: raw, budget: budget)
                state.isNew = true
                state.addedPermissions = added
                state.groupBit = groupBit
            }
            return true
        } catch {
            throw .destination(FilePath(bytes: destinationPath), error)
        }
    }

    /// Where the walk begins: both roots, or a directory that takes single entries.
    func makeVisit(_ walk: Walk) -> Visit {
        let isNew = isDestinationNew
        let source = source.map { walk.countedRoot($0, contentsLayer?.handle, .source) }
        let existing = existing.map { walk.countedRoot($0, destination, .destination) }
        let status = source.map(walk.rules.taken) ?? Self.nothing
        var differences: Differences = isNew ? .absent : []
        var isCompared = true
        if !isNew, source != nil, let existing {
            do throws(ReadFailure) { differences = try compare(status, existing, walk) } catch {
                isCompared = false
                report(error, walk)
            }
        }
        // A destination that only takes single entries is not itself part of what is made equal.
        var verb = source == nil ? nil : isNew ? .create : walk.rules.verb(for: status, existing, differences)
        if isNew, source != nil, let found = compareWithBasis(status, walk) {
            (verb, differences) = (.copyBasis, found)
        }
        let child = Child(
            source: 0, destination: 0, differences: differences, verb: verb, isEntered: true, isCompared: isCompared)
        let visit = Visit(
            walk: walk, parent: nil, position: 0, name: [], source: status, existing: isNew ? nil : existing,
            child: child, sourceLayers: [])
        visit.addedPermissions = state.withLock { $0.addedPermissions }
        if isNew { visit.groupBit = state.withLock { $0.groupBit } }
        walk.inquiry?.note(.root) {
            ($0.source, $0.destination) = (source.map(walk.rules.taken), isNew ? nil : existing)
        }
        visit.layers = layers
        visit.destination = destination
        let holdsAll = layers.indices.contains { !isPartial($0) }
        visit.coverage = holdsAll ? .everything : source == nil ? .entriesAlone : .selection
        visit.missing = missing
        visit.isWidened = walk.opener?.isRoot == false && existing.map { $0.nodePermissions & 0o700 != 0o700 } ?? false
        visit.isCreated = isNew && source != nil && walk.executor != nil
        return visit
    }

    private func compare(_ source: Status, _ existing: Status, _ walk: Walk) throws(ReadFailure) -> Differences {
        guard let destination else { return [] }
        return try compare(source, existing, in: destination, walk)
    }

    private func report(_ failure: ReadFailure, _ walk: Walk) {
        switch failure {
        case .source(let errno): walk.fail(.readExtendedAttributes, .root, .directory, errno, side: .source)
        case .destination(let errno): walk.fail(.readExtendedAttributes, .root, .directory, errno, side: .destination)
        }
    }

    /// What differs from the first basis directory; `nil` where there is none.
    private func compareWithBasis(_ source: Status, _ walk: Walk) -> Differences? {
        guard walk.plansChanges, let basis = bases.lazy.compactMap({ $0 }).first else { return nil }
        guard let status = try? basis.use({ (at) throws(Errno) in try Status.of(at.raw) }) else { return nil }
        // What differs is only told: all is set on a new root.
        return (try? compare(source, status, in: basis, walk)) ?? []
    }

    private func compare(
        _ source: Status, _ existing: Status, in directory: DirectoryHandle, _ walk: Walk
    ) throws(ReadFailure) -> Differences {
        guard walk.plansChanges, let layer = contentsLayer,
            let from = try? layer.handle.borrow(), let to = try? directory.borrow()
        else { return [] }
        defer {
            layer.handle.giveBack()
            directory.giveBack()
        }
        var found = StatusComparison(rules: walk.rules).differences(source, existing) {
            walk.precision.areEqual($0, $1, in: to, device: existing.device)
        }
        if walk.rules.comparesAttributes {
            let comparison = AttributeComparison(preserved: walk.options.preserved, policy: walk.policy)
            let carrier: AttributeCarrier
            do throws(Errno) { carrier = try layer.carrier(open: from) } catch { throw .source(error) }
            found.formUnion(try walk.differences(comparison, carrier, .open(to), .root, AttributeBuffer()))
        }
        return found
    }

    private static let nothing = Status(
        size: 0, modified: Timestamp(seconds: 0), inode: 0, device: 0, specialDevice: 0, blocks: 0, owner: 0, group: 0,
        links: 1, permissions: 0o777, kind: .directory)

    // MARK: What the destination's file system can hold

    /// Asked once, when the first entry is written.
    var traits: FileSystemTraits {
        if let known = state.withLock({ $0.traits }) { return known }
        let raw = (try? destination?.borrow()) ?? -1
        defer { if raw >= 0 { destination?.giveBack() } }
        let traits = FileSystemTraits(raw)
        state.withLock { $0.traits = traits }
        return traits
    }

    /// The destination's file system; asked when something went wrong, not before.
    var facts: FileSystemFacts {
        if let known = state.withLock({ $0.facts }) { return known }
        var facts = FileSystemFacts(name: "unknown")
        if let destination, let raw = try? destination.borrow() {
            defer { destination.giveBack() }
            if let device = try? Status.of(raw).device { facts = FileSystemFacts(device: device) }
        }
        state.withLock { $0.facts = facts }
        return facts
    }

    /// Somebody else made the name, or two names of the source are one here.
    func causeOfExistingName() -> Problem.Cause {
        facts.ignoresCase ? .nameCollision(fileSystem: facts.name) : .changedInDestination
    }

    /// What an error of the destination means.
    func cause(
        of errno: Errno, _ operation: Problem.Operation, _ kind: EntryKind?, _ process: ProcessFacts
    ) -> Problem.Cause {
        let isRefused = errno == .notPermitted || errno == .invalidArgument
        let isUnsupported = errno == .notSupported || errno == .noFunction
        switch operation {
        case .create:
            // FUSE servers of FAT have been seen to answer EIO.
            let isIncapable = isUnsupported || (errno == .ioError && facts.isFAT)
            switch kind {
            case .fifo, .socket, .symbolicLink: return isRefused || isIncapable ? unsupported : .system
            case .characterDevice, .blockDevice:
                return isIncapable || (isRefused && process.has(.makeNode)) ? unsupported : .system
            case .regular, .directory, nil: return .system
            }
        // Elsewhere the file may not be linked to: it is immutable, or somebody else's.
        case .link: return isUnsupported || (isRefused && facts.isFAT) ? unsupported : .system
        case .setAccessControlList, .setExtendedAttribute: return isUnsupported ? unsupported : .system
        case .setOwner, .setGroup, .setPermissions, .setTimes:
            return isUnsupported || (isRefused && facts.isFAT) ? unsupported : .system
        case .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .write, .replace, .delete,
            .removeSource, .backUp,
            .readExtendedAttributes, .writeBatch:
            return .system
        }
    }

    private var unsupported: Problem.Cause { .unsupported(fileSystem: facts.name) }
}
