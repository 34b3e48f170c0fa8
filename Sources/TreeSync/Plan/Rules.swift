/// Every rule of policy: what takes part, what is done with a difference, which attributes an entry gets.
///
/// Pure: no system calls, so that each rule is tested on values.
struct Rules: Sendable {
    let options: Options
    /// Whether the process may give files to other users.
    let changesOwner: Bool
    /// The groups that an unprivileged process may give files to.
    let groups: Set<UInt32>
    /// `nil` where the source's entries are taken as they are.
    var sourceChanges: SourceChanges?

    /// The status of an entry of the source as it is to be taken.
    @inline(__always)
    func taken(_ status: Status) -> Status { sourceChanges?.applied(to: status) ?? status }

    /// Whether entries of this kind are copied at all. Directories are: without recursion they are not entered.
    func takes(_ kind: EntryKind) -> Bool {
        switch kind {
        case .regular: true
        case .directory: takesDirectories
        case .symbolicLink: options.preserved.contains(.symbolicLinks)
        case .fifo, .socket: options.preserved.contains(.specials)
        case .characterDevice, .blockDevice: options.preserved.contains(.devices) && options.privileges != .none
        }
    }

    /// Whether directories take part, with what they hold or without.
    var takesDirectories: Bool { options.recursive || options.copiesDirectories }

    /// Whether what only root may set is stored in attributes of the destination.
    var stores: Bool { options.fakeSuper.contains(.destination) }

    /// What is done with an entry of the source.
    ///
    /// - Parameters:
    ///   - source: the source's entry.
    ///   - destination: the destination's entry of the same name.
    ///   - differences: what comparing both has found.
    /// - Returns: `nil` where nothing is to be done.
    func verb(for source: Status, _ destination: Status?, _ differences: Differences) -> ItemVerb? {
        guard let destination else { return options.existingOnly || isLeftOutBySize(source) ? nil : .create }
        if source.kind == .directory, destination.kind == .directory {
            return differences.isEmpty ? nil : .setAttributes
        }
        if options.ignoresExisting { return nil }
        if isLeftOutBySize(source) { return nil }
        if source.kind != destination.kind { return .create }
        if source.kind == .regular, skipsNewer(source, destination) { return nil }
        if differencesNeedCopy(differences, source.kind) { return isNotShorter(source, destination) ? nil : .update }
        if differences.isEmpty { return nil }
        // Nothing can be stored with what is neither a file nor a directory: a file takes its place.
        if stores, destination.held == nil, destination.kind != .regular { return .update }
        return mustPart(destination) || mustNotTrust(source, destination) ? .update : .setAttributes
    }

    /// Whether a file that size and time say is equal is made anew, because it becomes one that runs with the rights of an
    /// owner or group that it has not had: whoever owned it may have written what it holds, and may have it open.
    private func mustNotTrust(_ source: Status, _ destination: Status) -> Bool {
        guard source.kind == .regular, comparesOwner(), !stores, options.preserved.contains(.permissions),
            options.arrival.growth == nil, source.permissions & 0o6000 != 0
        else { return false }
        return source.owner != destination.owner || source.group != destination.group
    }

    /// Whether a file that size and time say is equal is compared all the same, because it would be given to somebody who
    /// may not read it now: whoever may rename in the directory could have put it there.
    func mustBeRead(_ source: Status, _ destination: Status) -> Bool {
        source.kind == .regular && destination.kind == .regular && comparesOwner() && !stores
            && options.arrival.growth == nil && source.owner != destination.owner
            && destination.permissions & 0o004 == 0
    }

    /// Whether the destination's entry is made anew though its attributes alone differ: its inode has other names, and they
    /// would get the attributes, too, whatever they stand for. With hard links preserved the names of the inode decide
    /// together (`joinsLinks`).
    private func mustPart(_ destination: Status) -> Bool {
        if options.preserved.contains(.hardLinks) || writesInPlace || destination.isDevice { return false }
        return destination.links > 1
    }

    /// Whether files only grow, and the destination's is not shorter.
    func isNotShorter(_ source: Status, _ destination: Status) -> Bool {
        options.arrival.growth != nil && source.kind == .regular && destination.size >= source.size
            && !destination.isDevice
    }

    /// Why the device that has a file's name in the destination is not written to; `nil` where it is.
    func refusal(toWrite source: Status, into destination: Status) -> Problem.Cause? {
        guard destination.isDevice else { return nil }
        if destination.nodeKind == .characterDevice { return .characterDevice }
        if options.backups != nil { return .deviceWithoutBackup }
        return source.size > destination.size ? .deviceTooSmall : nil
    }

    /// Whether contents are written into the destination's files.
    var writesInPlace: Bool {
        (options.arrival.writesInPlace || options.arrival.growth != nil) && !options.arrival.delaysUpdates
    }

    /// Whether a file that needs new contents keeps its inode. A name that is to be parted from others does not; nor does
    /// one of several of which backups are kept, because the backup of another one would hold what is just written.
    func writesInPlace(_ source: Status, _ destination: Status, _ differences: Differences) -> Bool {
        writesInPlace && differences != .hardLink && (options.backups == nil || destination.links == 1)
            && source.kind == .regular && destination.kind == .regular
    }

    private func isLeftOutBySize(_ source: Status) -> Bool {
        source.kind == .regular && (source.size > options.largestSize || source.size < options.smallestSize)
    }

    /// Whether the entry itself must be made anew, not only its attributes.
    func differencesNeedCopy(_ differences: Differences, _ kind: EntryKind) -> Bool {
        switch kind {
        case .regular:
            switch options.contentComparison {
            case .quickCheck: !differences.isDisjoint(with: [.content, .size, .time, .timeOfCopy])
            case .sizeOnly: !differences.isDisjoint(with: [.content, .size])
            case .always: true
            case .contents: !differences.isDisjoint(with: [.content, .size])
            }
        case .symbolicLink, .characterDevice, .blockDevice: differences.contains(.content)
        case .directory, .fifo, .socket: false
        }
    }

    /// Whether the destination's file is left alone because it is newer.
    func skipsNewer(_ source: Status, _ destination: Status) -> Bool {
        options.skipsNewer && isNewer(destination.modified, source.modified)
    }

    private func isNewer(_ left: Timestamp, _ right: Timestamp) -> Bool {
        guard let window = options.modifyWindow, window >= 0 else { return left > right }
        return left.seconds > right.seconds && left.secondsApart(from: right) > UInt64(window)
    }

    // MARK: Attributes

    func comparesOwner() -> Bool { options.preserved.contains(.owner) && changesOwner }

    func comparesGroup(_ group: UInt32) -> Bool {
        options.preserved.contains(.group) && (changesOwner || groups.contains(group))
    }

    /// Whether entries of this kind get the source's modification time.
    func preservesTime(_ kind: EntryKind) -> Bool {
        options.preserved.contains(.times) && !options.kindsWithoutTimes.contains(kind)
    }

    /// Looking into a directory or a link sets its access time: there is nothing to preserve.
    func preservesAccessTime(_ kind: EntryKind) -> Bool {
        options.preserved.contains(.accessTimes) && kind != .directory && kind != .symbolicLink
    }

    /// The permissions that an entry shall have; `nil` where it keeps those that it was created with.
    func permissions(for source: Status, over destination: Status?) -> UInt16? {
        if source.kind == .symbolicLink { return nil }
        if options.preserved.contains(.permissions) { return source.permissions }
        guard let destination else { return nil }
        guard options.preserved.contains(.executability), source.kind == .regular else {
            return destination.permissions
        }
        return Self.executable(destination.permissions, like: source.permissions)
    }

    /// The set-group-id bit that a directory itself gets, by which what is made in it gets its group; `nil` where the
    /// directory keeps its own.
    func groupBit(of directory: Status) -> UInt16? {
        permissions(for: directory, over: nil).map { stores ? 0 : $0 & Status.groupBit }
    }

    /// Whether entries may keep the group that they are made with.
    var leavesGroups: Bool { !options.preserved.contains(.group) || !changesOwner }

    /// Who may read may also execute, where anybody may execute the source; else nobody may.
    /// The rule is that of rsync's `--executability`.
    static func executable(_ permissions: UInt16, like source: UInt16) -> UInt16 {
        if source & 0o111 == 0 { return permissions & ~0o111 }
        if permissions & 0o111 != 0 { return permissions }
        return permissions | (permissions & 0o444) >> 2
    }

    /// The permissions to create an entry with, before the umask and default ACLs have their say.
    func initialPermissions(for source: Status) -> UInt16 {
        source.permissions & 0o777
    }

    /// The permissions that a new directory has until it is finished: where permissions are preserved only we may
    /// enter it, else the umask and default ACLs have their say at once. `nil` for one that only takes entries.
    func workingPermissions(of source: Status?) -> UInt16 {
        guard let source else { return 0o777 }
        return options.preserved.contains(.permissions) ? 0o700 : source.permissions & 0o777 | 0o700
    }

    /// Whether ACLs or extended attributes are compared, which costs a system call for each entry.
    var comparesAttributes: Bool {
        !options.preserved.isDisjoint(with: [.accessControlLists, .extendedAttributes])
    }

    /// How the source's files are opened.
    var access: FileAccess { options.leavesAccessTimes ? .leavingAccessTime : .plain }

    /// Whether it matters which names are one inode: on either side, because names that are one in the destination
    /// only have to be parted.
    func joinsLinks(_ source: Status, _ destination: Status?) -> Bool {
        guard options.preserved.contains(.hardLinks), source.kind != .directory else { return false }
        // A device that is written to must not become a name of something else.
        if destination?.isDevice == true { return false }
        return source.links > 1 || (destination?.kind == source.kind && destination?.links ?? 0 > 1)
    }
}

extension Options {
    /// Whether something privileged is tried.
    ///
    /// - Parameter isAllowed: whether the process has the capability for it.
    func mayDo(_ isAllowed: Bool) -> Bool {
        switch privileges {
        case .ofProcess: isAllowed
        case .assumed: true
        case .none: false
        }
    }
}

/// What is done with one entry, before it is printed as an `Action`.
enum ItemVerb: UInt8, Sendable {
    /// Made anew; takes the place of another kind where there is one.
    case create
    /// Contents, target or device numbers are replaced.
    case update
    case setAttributes
    /// The name is one of several of an inode: the order of the tree decides what becomes of it.
    case joinGroup
    /// Becomes a hard link to the group's first name.
    case link
    /// Becomes a hard link to the entry of a basis directory.
    case linkBasis
    /// A file's contents come from a basis directory, which also has the directory.
    case copyBasis
    /// A basis directory holds the same, which is enough.
    case leaveToBasis
}
