internal import SystemPackage

/// Copies an entry of the destination with everything that hangs on it, whatever the options preserve: for a backup on
/// another file system.
struct CompleteCopy: Sendable {
    let policy: AttributePolicy
    private let rules: Rules
    private let isRoot: Bool

    init(_ session: Session) {
        var options = Options()
        // A directory's time is that of what is put into it.
        options.kindsWithoutTimes = [.directory]
        // What entries stand for is kept as the attributes that say it.
        options.copiesStoredAttributes = true
        let changesOwner = session.options.mayDo(session.process.has(.changeOwner))
        rules = Rules(options: options, changesOwner: changesOwner, groups: session.rules.groups)
        policy = AttributePolicy(session.process, options)
        isRoot = session.process.effectiveUser == 0
    }

    /// - Parameter target: says on which file system it is written.
    func writer(
        _ target: OpenFile, _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) -> MetadataWriter {
        MetadataWriter(
            rules: rules, policy: policy, isRoot: isRoot, traits: FileSystemTraits(target.raw), report: report)
    }

    /// Makes a copy that has its name when it is complete; EEXIST where something has that name.
    ///
    /// - Parameters:
    ///   - existing: what the entry must be; `nil` for whatever stands there.
    ///   - report: told of what could not be set.
    func copy(
        _ name: CName, in from: At, to new: CName, in at: At, _ existing: Status?, _ executor: Executor,
        _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) throws(EntryFailure) {
        let status = try doing(.backUp) { () throws(Errno) in try from.status(name) }
        guard existing == nil || existing?.identity == status.identity else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
        if status.kind == .regular, try copyUnnamed(name, from, to: new, at, status, executor, report) { return }
        let temporary = executor.temporaries.next()
        do throws(EntryFailure) {
            if status.kind == .regular {
                let file = try doing(.backUp) { () throws(Errno) in try at.createFile(temporary, permissions: 0o600) }
                try fill(OpenFile(raw: file.raw), name, from, status, executor, report)
                do { try file.closeReporting() } catch { throw EntryFailure(.backUp, error) }
            } else {
                try doing(.backUp) { () throws(Errno) in try makeNode(name, from, temporary, at, status, report) }
            }
            try doing(.backUp) { () throws(Errno) in try at.renameNew(temporary, to: new) }
        } catch {
            try? at.remove(temporary)
            throw error
        }
    }

    /// - Returns: `false` where the file system makes no files without a name.
    private func copyUnnamed(
        _ name: CName, _ from: At, to new: CName, _ at: At, _ status: Status, _ executor: Executor,
        _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) throws(EntryFailure) -> Bool {
        let raw: Int32
        do { raw = try at.createUnnamedFile(permissions: 0o600).release() } catch {
            switch error {
            case .notSupported, .isDirectory, .invalidArgument, .noFunction: return false
            default: throw EntryFailure(.backUp, error)
            }
        }
        let file = Descriptor(owning: raw)
        try fill(OpenFile(raw: file.raw), name, from, status, executor, report)
        do { try file.reportClosing() } catch { throw EntryFailure(.backUp, error) }
        try doing(.backUp) { () throws(Errno) in try at.nameFile(file.raw, new) }
        return true
    }

    private func fill(
        _ target: OpenFile, _ name: CName, _ from: At, _ status: Status, _ executor: Executor,
        _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) throws(EntryFailure) {
        let source = try doing(.backUp) { () throws(Errno) in try from.openForReading(name) }
        let opened = try doing(.backUp) { () throws(Errno) in try Status.of(source.raw) }
        guard opened.identity == status.identity, opened.kind == .regular else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
        var current = try doing(.backUp) { () throws(Errno) in try target.status() }
        current.modified = .impossible
        let copy = ContentCopy(
            allocation: Allocation(Options()), capabilities: executor.capabilities, cancellation: executor.cancellation,
            throttle: executor.throttle
        ) { _ in }
        do throws(CopyFailure) {
            _ = try copy.copy(
                SourceFile(OpenFile(raw: source.raw)), opened, to: target, device: current.device, Worker())
        } catch {
            switch error {
            case .read(let errno), .write(let errno): throw EntryFailure(.backUp, errno)
            case .cancelled: throw .cancelled
            }
        }
        dress(target, current, opened, .open(source.raw), report)
        guard executor.rules.options.durability != .none else { return }
        try doing(.backUp) { () throws(Errno) in try target.synchronize() }
    }

    private func makeNode(
        _ name: CName, _ from: At, _ temporary: [CChar], _ at: At, _ status: Status,
        _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) throws(Errno) {
        if status.kind == .symbolicLink {
            try at.makeSymbolicLink(temporary, to: terminated(try from.readLink(name)))
        } else {
            try at.makeNode(temporary, status.kind, permissions: 0o600, device: status.specialDevice)
        }
        let node = try at.openPath(temporary)
        let current = try Status.of(node.raw)
        // As in the destination: whoever owns the directory may have put something else there.
        guard current.kind == status.kind, current.links <= 1 else { throw Errno.staleNFSFileHandle }
        dress(OpenFile(raw: node.raw), current, status, .named(from, name), report)
    }

    private func dress(
        _ target: OpenFile, _ current: Status, _ status: Status, _ carrier: AttributeCarrier,
        _ report: @escaping (Problem.Operation, Errno, [UInt8]?) -> Void
    ) {
        var attributes: AttributeChange?
        do {
            let wanted = try ExtendedAttributes.read(carrier, .source, policy, AttributeBuffer())
            let change = AttributeChange(source: carrier, wanted: wanted, present: ExtendedAttributes())
            if !wanted.isEmpty { attributes = change }
        } catch {
            report(.readExtendedAttributes, error, nil)
        }
        writer(target, report)
            .apply(to: target, current: current, source: status, replaced: nil, attributes: attributes)
    }
}
