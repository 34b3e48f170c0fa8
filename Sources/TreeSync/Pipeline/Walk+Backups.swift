internal import SystemPackage

// What the stages know of backups; see `BackupNames` for the rules and `BackupTree` for the directories.

extension Walk {
    /// Names of the source's entries that a backup beside another entry could take from them.
    func noteNamesLikeBackups(_ visit: Visit, _ source: Inventory) {
        guard let backups = rules.backups, backups.areBeside else { return }
        for index in 0..<source.count where endsInSuffix(source.name(index), source.length(index), backups.suffix) {
            visit.namesLikeBackups.insert(source.bytes(index))
        }
    }

    private func endsInSuffix(_ name: CName, _ length: Int, _ suffix: [UInt8]) -> Bool {
        length >= suffix.count && equalBytes(name + (length - suffix.count), suffix, suffix.count)
    }

    /// Whether the destination's entry is a directory of backups or a basis directory, or lies in one: nothing is
    /// deleted there.
    func isKeptPlace(_ path: @autoclosure () -> RelativePath) -> Bool {
        if roots.keptPlaces.isEmpty { return false }
        let path = path()
        return roots.keptPlaces.contains { $0.holds(path) }
    }
}

extension Action {
    /// The same, with where what it replaces goes.
    ///
    /// - Parameters:
    ///   - existing: what stands there.
    ///   - name: the entry's, in the visited directory.
    func replacing(_ existing: Status?, _ name: @autoclosure () -> [UInt8], in visit: Visit) -> Action {
        guard verb != .setAttributes, let existing, existing.kind != .directory,
            let backups = visit.walk.rules.backups
        else { return self }
        var action = self
        action.backup = backups.place(of: name(), in: visit.path, taken: visit.namesLikeBackups)
        return action
    }

    /// A deletion, with where what it deletes goes.
    ///
    /// - Parameter taken: as for `BackupNames.name(of:taken:)`.
    init(deleting path: RelativePath, _ kind: EntryKind, _ backups: BackupNames?, taken: Set<[UInt8]>) {
        self.init(.delete, path, kind)
        let name = Array(path.name)
        guard let backups, kind != .directory, !backups.isBackup(name) else { return }
        backup = backups.place(
            of: name, in: Array(path.bytes.dropLast(min(path.bytes.count, name.count + 1))), taken: taken)
    }
}
