/// What backups are called and where they go. Pure.
struct BackupNames: Sendable {
    /// As it was given; `nil` where each stays in the directory that it was in.
    let directory: [UInt8]?
    let suffix: [UInt8]

    init(_ backups: Backups) {
        // The destination itself, as it may be spelled.
        let isHere = backups.directory.map { [[], [UInt8(ascii: ".")]].contains($0.bytes) } ?? true
        directory = isHere ? nil : backups.directory?.bytes
        suffix = backups.suffix
    }

    /// Whether a backup stays in the directory that it was in.
    var areBeside: Bool { directory == nil }

    /// Whether names and suffix leave room for the entry and its backup.
    var areUsable: Bool { !suffix.contains(UInt8(ascii: "/")) && !(areBeside && suffix.isEmpty) && !suffix.contains(0) }

    /// Whether an entry is itself an older backup, which is deleted without another one.
    func isBackup(_ name: [UInt8]) -> Bool {
        areBeside && name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
    }

    /// What the backup of an entry is called: the suffix is repeated until the name belongs neither to an entry of the
    /// source nor to the backup of one.
    ///
    /// - Parameter taken: names of the source's entries in that directory that end in the suffix.
    func name(of name: [UInt8], taken: Set<[UInt8]>) -> [UInt8] {
        var (previous, result) = (name, name + suffix)
        if !areBeside || taken.isEmpty { return result }
        while taken.contains(result) || (previous != name && taken.contains(previous)) {
            previous = result
            result += suffix
        }
        return result
    }

    /// Where the backup of an entry goes, as it is told: below the destination, or below the backup directory as that
    /// was given.
    func place(of name: [UInt8], in path: [UInt8], taken: Set<[UInt8]>) -> [UInt8] {
        let entry = joined(path, self.name(of: name, taken: taken))
        guard var directory else { return entry }
        while directory.count > 1, directory.last == UInt8(ascii: "/") { directory.removeLast() }
        return joined(directory, entry)
    }
}

extension Rules {
    /// `nil` where nothing is kept.
    var backups: BackupNames? { options.backups.map(BackupNames.init) }
}

extension Options {
    /// The rules, and the one that keeps earlier backups from being deleted: like rsync the last of all.
    var filtersWithBackups: FilterRules? {
        guard let backups = backups.map(BackupNames.init), backups.areBeside, deletion != nil, !deletesExcluded
        else { return filters }
        let special = Array("*?[\\".utf8)
        let literal = backups.suffix.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        var result = filters ?? FilterRules()
        result.append(FilterRule(.exclude, [UInt8(ascii: "*")] + literal, sides: .destination))
        return result
    }
}
