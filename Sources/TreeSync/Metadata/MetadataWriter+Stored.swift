internal import SystemPackage

/// What stands for an entry on a file system where only root could make it what it is.
struct StandIn: Equatable {
    /// The permissions of the file or directory itself: those of the entry, without what would give rights away (set-id,
    /// sticky) and with what its owner needs to work with it.
    var permissions: UInt16
    /// What is stored; `nil` where the file or directory says it all.
    var status: StoredStatus?

    /// - Parameters:
    ///   - wanted: what the entry shall be.
    ///   - owner: whom the file or directory belongs to, and `group` likewise.
    init(_ wanted: StoredStatus, owner: UInt32, group: UInt32) {
        switch wanted.kind {
        case .directory: permissions = wanted.permissions & 0o777 | 0o700
        // Everybody may do everything with a link, but whoever may write to the file decides where the link leads.
        case .symbolicLink: permissions = 0o644
        case .regular, .fifo, .socket, .characterDevice, .blockDevice:
            permissions = wanted.permissions & 0o777 | 0o600
        }
        let isPlain =
            (wanted.kind == .regular || wanted.kind == .directory) && wanted.permissions == permissions
            && wanted.owner == owner && wanted.group == group
        status = isPlain ? nil : wanted
    }
}

extension MetadataWriter {
    /// Stores what `apply` would set: in attributes, and in permissions as far as they give no rights away. The order
    /// loses nothing: only who may write to a file may set its attributes.
    func store(
        on target: OpenFile, _ current: Status, _ source: Status, _ replaced: Status?, _ attributes: AttributeChange?
    ) {
        let standIn = standIn(for: source, on: current, replaced)
        if standIn.permissions != current.permissions {
            attempt(.setPermissions) { () throws(Errno) in try target.setPermissions(standIn.permissions) }
        }
        if let attributes {
            storeLists(target, attributes)
            storeAttributes(target, attributes)
        }
        attempt(.setExtendedAttribute, StoredStatus.printableName) { () throws(Errno) in
            try Self.store(standIn.status, on: target)
        }
        setTimes(target, current, source)
    }

    /// - Parameters:
    ///   - current: of the file or directory itself.
    ///   - replaced: what stood for the entry so far, which may be on the same inode.
    func standIn(for source: Status, on current: Status, _ replaced: Status?) -> StandIn {
        // A new inode is that of the process, whatever it takes the place of.
        let before = replaced?.identity == current.identity ? replaced : nil
        let owner = rules.comparesOwner() ? source.owner : before?.owner ?? current.owner
        let group = rules.comparesGroup(source.group) ? source.group : before?.group ?? current.group
        let permissions =
            source.kind == .symbolicLink
            ? 0o777 : rules.permissions(for: source, over: replaced) ?? before?.permissions ?? current.permissions
        let wanted = StoredStatus(
            source.kind, permissions, device: source.specialDevice, owner: owner == .max ? current.owner : owner,
            group: group == .max ? current.group : group)
        return StandIn(wanted, owner: current.owner, group: current.group)
    }

    /// Writes nothing where the same is stored.
    static func store(_ status: StoredStatus?, on target: OpenFile) throws(Errno) {
        let present = try AttributeCarrier.open(target.raw).storedStatus()
        guard let status else {
            if present != .nothing { try target.removeAttribute(StoredStatus.attributeName) }
            return
        }
        if present != .status(status) { try target.setAttribute(StoredStatus.attributeName, status.text) }
    }

    private func storeLists(_ target: OpenFile, _ change: AttributeChange) {
        guard rules.options.preserved.contains(.accessControlLists) else { return }
        for role in AccessControlList.Role.allCases where change.wanted.list(role) != change.present.list(role) {
            attempt(.setAccessControlList) { () throws(Errno) in
                let name = StoredAccessList.attribute(role)
                let list = change.wanted.list(role)
                if list.isEmpty { return try target.removeAttribute(name) }
                try target.setAttribute(name, StoredAccessList.stored(list, role))
            }
        }
    }

    private func storeAttributes(_ target: OpenFile, _ change: AttributeChange) {
        guard rules.options.preserved.contains(.extendedAttributes) else { return }
        let (wanted, present) = (change.wanted.attributes, change.present.attributes)
        for old in present where !wanted.contains(where: { $0.name == old.name }) {
            attempt(.setExtendedAttribute, old.printableName) { () throws(Errno) in
                try target.removeAttribute(StoredNames.stored(old.name))
            }
        }
        for new in wanted where !present.contains(new) {
            attempt(.setExtendedAttribute, new.printableName) { () throws(Errno) in
                try target.setAttribute(StoredNames.stored(new.name), new.value ?? [])
            }
        }
    }
}

extension StoredStatus {
    static let printableName = Array("\(attribute)".utf8)
}

extension Executor {
    /// Makes a file that stands for a link or a node; what it stands for is stored by `storeKind`.
    func makeStandIn(
        _ task: EntryTask, _ at: At, _ temporary: [CChar], holding text: [UInt8]
    ) throws(EntryFailure) {
        let isLink = task.source.kind == .symbolicLink
        let permissions = isLink ? 0o600 : rules.initialPermissions(for: task.source)
        let file = try doing(.create) { () throws(Errno) in
            try at.createFile(temporary, permissions: permissions)
        }
        try doing(.create) { () throws(Errno) in
            try text.withUnsafeBufferPointer { (bytes) throws(Errno) in
                if let start = bytes.baseAddress { try OpenFile(raw: file.raw).writeAll(start, bytes.count, at: 0) }
            }
            if rules.options.durability == .file { try OpenFile(raw: file.raw).synchronize() }
        }
        do { try file.closeReporting() } catch { throw EntryFailure(.create, error) }
    }

    /// Stores what a new file stands for. Without that it would be a file, and no entry of its kind: the entry fails.
    func storeKind(
        _ task: EntryTask, _ file: OpenFile, _ current: Status, _ worker: Worker
    ) throws(EntryFailure) {
        let standIn = writer(task, worker).standIn(for: task.source, on: current, replacedStatus(task))
        do throws(Errno) {
            // Only who may write to a file may set its attributes.
            if current.permissions & 0o200 == 0 { try file.setPermissions(standIn.permissions) }
            try MetadataWriter.store(standIn.status, on: file)
        } catch {
            throw EntryFailure(.setExtendedAttribute, error)
        }
    }
}
