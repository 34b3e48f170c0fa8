/// What the options make of the source's permissions, owners and groups before anything is compared: an entry is treated
/// as if the source had them so (rsync's `--chmod`, `--usermap`, `--groupmap` and `--chown`).
struct SourceChanges: Sendable {
    private let permissions: PermissionChange
    private let owners: IdentityMap?
    private let groups: IdentityMap?
    private let umask: UInt16
    private let userNames = Accounts(.users)
    private let groupNames = Accounts(.groups)

    /// `nil` where nothing is changed.
    init?(_ options: Options, umask: UInt16) {
        let isNothing = options.permissionChange.isEmpty && options.ownerMap == nil && options.groupMap == nil
        if isNothing { return nil }
        permissions = options.permissionChange
        owners = options.ownerMap
        groups = options.groupMap
        self.umask = umask
    }

    func applied(to status: Status) -> Status {
        var status = status
        if status.kind != .symbolicLink {
            status.permissions = permissions.applied(
                to: status.permissions, isDirectory: status.kind == .directory, umask: umask)
        }
        if let owners { status.owner = owners.mapped(status.owner, userNames) }
        if let groups { status.group = groups.mapped(status.group, groupNames) }
        return status
    }
}
