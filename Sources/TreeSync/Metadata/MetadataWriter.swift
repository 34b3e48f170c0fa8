internal import SystemPackage

/// Sets what hangs on an entry beyond its contents, in the one order that loses nothing: owner (`chown` clears set-id
/// bits and capabilities), permissions (`chmod` rewrites the ACL's mask), ACLs, extended attributes, times.
struct MetadataWriter {
    let rules: Rules
    let policy: AttributePolicy
    /// Root may write to what nobody may write to.
    let isRoot: Bool
    let traits: FileSystemTraits
    /// Told of what could not be set; the rest is set all the same.
    let report: (_ operation: Problem.Operation, _ errno: Errno, _ attribute: [UInt8]?) -> Void

    /// Makes an open entry what the source's is.
    ///
    /// - Parameters:
    ///   - target: the destination's entry; its contents are complete.
    ///   - current: its status now.
    ///   - source: the source's status.
    ///   - replaced: the status of the entry whose place it takes, where permissions are not preserved.
    ///   - attributes: what both entries carry beside; `nil` where that is equal or not asked for.
    func apply(
        to target: OpenFile, current: Status, source: Status, replaced: Status?, attributes: AttributeChange?
    ) {
        if rules.stores { return store(on: target, current, source, replaced, attributes) }
        var current = current
        if setOwner(target, current, source), current.kind != .directory {
            current.permissions = (try? target.status().permissions) ?? current.permissions
        }
        let wanted = rules.permissions(for: source, over: replaced)
        if let attributes {
            let final = wanted ?? current.permissions
            // Only who may write to a file may set its `user.*` attributes.
            let needsWrite =
                !isRoot && final & 0o200 == 0 && attributes.wanted.attributes != attributes.present.attributes
            let meanwhile = needsWrite ? final | 0o200 : final
            setPermissions(target, meanwhile, current.permissions, source.kind)
            // An ACL sets the owner's permissions as well.
            if !needsWrite { setLists(target, attributes, final) }
            setAttributes(target, attributes.wanted, attributes.present)
            if needsWrite { setLists(target, attributes, final) }
            // The source's ACL says what its permissions say, which with `--chmod`, and in a batch of such a run, is not
            // what they shall be.
            let list = attributes.wanted.accessList
            let isChanged = !list.isEmpty && StoredAccessList.permissions(of: list) != final & 0o777
            setPermissions(target, final, isChanged ? .max : meanwhile, source.kind)
        } else if let wanted {
            setPermissions(target, wanted, current.permissions, source.kind)
        }
        setTimes(target, current, source)
    }

    func setTimes(_ target: OpenFile, _ current: Status, _ source: Status) {
        var modified = source.modified
        if !rules.preservesTime(source.kind) {
            guard rules.preservesAccessTime(source.kind) else { return }
            // What was written to it may have moved it on.
            modified = (try? target.status().modified) ?? current.modified
        }
        if rules.preservesAccessTime(source.kind) {
            if modified == current.modified, source.accessed == current.accessed { return }
            attempt(.setTimes) { () throws(Errno) in
                try target.setTimes(modified: modified, accessed: source.accessed)
            }
        } else if modified != current.modified {
            attempt(.setTimes) { () throws(Errno) in try target.setModified(modified, traits) }
        }
    }

    /// Returns whether the owner or the group was changed.
    private func setOwner(_ target: OpenFile, _ current: Status, _ source: Status) -> Bool {
        let unchanged = UInt32.max
        let owner = rules.comparesOwner() && source.owner != current.owner ? source.owner : unchanged
        let group = rules.comparesGroup(source.group) && source.group != current.group ? source.group : unchanged
        if owner == unchanged, group == unchanged { return false }
        return attempt(owner == unchanged ? .setGroup : .setOwner) { () throws(Errno) in
            try target.setOwner(owner, group: group)
        }
    }

    private func setPermissions(_ target: OpenFile, _ wanted: UInt16, _ present: UInt16, _ kind: EntryKind) {
        guard wanted != present, kind != .symbolicLink else { return }
        attempt(.setPermissions) { () throws(Errno) in
            try target.setPermissions(wanted)
            if traits.isInUserSpace, try target.status().permissions != wanted { throw Errno.notSupported }
        }
    }

    private func setAttributes(_ target: OpenFile, _ wanted: ExtendedAttributes, _ present: ExtendedAttributes) {
        guard rules.options.preserved.contains(.extendedAttributes) else { return }
        for old in present.attributes where !wanted.attributes.contains(where: { $0.name == old.name }) {
            attempt(.setExtendedAttribute, old.printableName) { () throws(Errno) in
                try target.removeAttribute(old.name)
            }
        }
        // Capabilities last: writing to the entry in any other way would take them away.
        let ordered = wanted.attributes.filter { !$0.isCapability } + wanted.attributes.filter(\.isCapability)
        for new in ordered where new.isCapability || !present.attributes.contains(new) {
            attempt(.setExtendedAttribute, new.printableName) { () throws(Errno) in
                try target.setAttribute(new.name, new.value ?? [])
            }
        }
    }

    @discardableResult
    func attempt(
        _ operation: Problem.Operation, _ attribute: [UInt8]? = nil, _ body: () throws(Errno) -> Void
    ) -> Bool {
        do {
            try body()
            return true
        } catch {
            report(operation, error, attribute)
            return false
        }
    }

    private func setLists(_ target: OpenFile, _ change: AttributeChange, _ permissions: UInt16) {
        guard rules.options.preserved.contains(.accessControlLists) else { return }
        for role in AccessControlList.Role.allCases where change.wanted.list(role) != change.present.list(role) {
            attempt(.setAccessControlList) { () throws(Errno) in
                if !change.wanted.list(role).isEmpty {
                    try setList(target, change, role)
                } else if role == .access {
                    try AccessControlList.removeAccess(target.raw, permissions: permissions)
                } else {
                    try AccessControlList.removeInitial(target.raw)
                }
            }
        }
    }
}

extension MetadataWriter {
    private func setList(
        _ target: OpenFile, _ change: AttributeChange, _ role: AccessControlList.Role
    ) throws(Errno) {
        switch change.source {
        case .open where policy.takesLists, .named where policy.takesLists:
            try AccessControlList.read(change.source, role).set(target.raw, role)
        case .open, .named, .recorded: try target.setList(change.wanted.list(role), role)
        }
    }
}

/// ACLs and extended attributes of an entry of the source and of the destination's that shall have the same.
struct AttributeChange {
    /// Where libacl finds the ACLs.
    var source: AttributeCarrier
    var wanted: ExtendedAttributes
    var present: ExtendedAttributes
}

extension ExtendedAttributes {
    func list(_ role: AccessControlList.Role) -> [UInt8] {
        switch role {
        case .access: accessList
        case .initial: initialList
        }
    }
}

extension ExtendedAttributes.Attribute {
    var isCapability: Bool { printableName.elementsEqual("security.capability".utf8) }
}
