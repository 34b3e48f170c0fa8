internal import SystemPackage

extension RecordedDirectory {
    /// What the batch says of a name that does not go away.
    func entry(_ name: CName, _ length: Int) throws(Errno) -> (record: BatchRecord, entry: RecordedEntry) {
        guard let own = choice(name, length)?.own else { throw .noSuchFileOrDirectory }
        return try entry(own)
    }

    private func entry(_ index: Int) throws(Errno) -> (record: BatchRecord, entry: RecordedEntry) {
        do throws(BatchFault) {
            let record = try batch.record(batch.index.places[index])
            guard case .entry(let entry) = record.change else { throw .damaged }
            return (record, entry)
        } catch {
            if case .unreadable(let errno) = error { throw errno }
            // Somebody has written to the file since it was checked.
            throw .ioError
        }
    }

    /// The status that a name shall have, as an entry of a source has it.
    func status(_ name: CName, _ length: Int, _ walk: Walk) throws(Errno) -> Status {
        guard let own = choice(name, length)?.own else { throw .noSuchFileOrDirectory }
        return walk.rules.taken(status(try entry(own).entry, own, walk.options))
    }

    /// The same of the root; `nil` where it is not recorded.
    func rootStatus(_ options: Options) throws(Errno) -> Status? {
        guard let own else { return nil }
        return status(try entry(own).entry, own, options)
    }

    private func status(_ entry: RecordedEntry, _ index: Int, _ options: Options) -> Status {
        var status = entry.status
        // No file system has these: numbers of inodes, of which the upper half stands for entries with one name.
        status.inode = entry.group == 0 ? UInt64(index) | 1 << 63 : entry.group & ~(1 << 63)
        if !options.takesNumericIdentities {
            status.owner = batch.identities.owner(status.owner, called: entry.ownerName)
            status.group = batch.identities.group(status.group, called: entry.groupName)
        }
        return status
    }

    /// The contents of a file, which another name of its inode may hold; `nil` where the batch has none.
    func contents(_ entry: RecordedEntry) throws(Errno) -> RecordedContents? {
        if let contents = entry.contents { return contents }
        guard let place = batch.index.contents[entry.group] else { return nil }
        return try self.entry(place).entry.contents
    }

    /// The attributes of an entry here.
    func attributes(_ name: CName, _ length: Int) throws(Errno) -> ExtendedAttributes {
        try entry(name, length).entry.attributes
    }

    func ownAttributes() throws(Errno) -> ExtendedAttributes {
        guard let own else { return ExtendedAttributes() }
        return try entry(own).entry.attributes
    }
}

/// Owners and groups of a batch by their names, as this system knows them. The number 0 is root everywhere.
final class RecordedIdentities: Sendable {
    private let owners = Lock<[[UInt8]: UInt32?]>([:])
    private let groups = Lock<[[UInt8]: UInt32?]>([:])

    func owner(_ number: UInt32, called name: [UInt8]) -> UInt32 { Self.find(number, name, .users, owners) }

    func group(_ number: UInt32, called name: [UInt8]) -> UInt32 { Self.find(number, name, .groups, groups) }

    private static func find(
        _ number: UInt32, _ name: [UInt8], _ database: IdentityMap.Database, _ known: Lock<[[UInt8]: UInt32?]>
    ) -> UInt32 {
        if number == 0 || name.isEmpty { return number }
        if let found = known.withLock({ $0[name] }) { return found ?? number }
        let found = Accounts.number(of: name, in: database)
        known.withLock { $0[name] = .some(found) }
        return found ?? number
    }
}

extension Layer {
    /// Where a link of the source says that it leads.
    func linkText(_ name: CName, _ status: Status, in at: At) throws(Errno) -> [UInt8] {
        guard let recorded else { return try at.linkText(name, status) }
        return try recorded.entry(name, length(of: name)).entry.target
    }

    private func length(of name: CName) -> Int { terminated(name).count - 1 }
}

extension Executor {
    /// The file as a batch holds it.
    func openRecorded(_ task: EntryTask, _ recorded: RecordedDirectory) throws(EntryFailure) -> OpenSource {
        let (entry, found) = try doing(.readFile, .source) { () throws(Errno) in
            let entry = try recorded.entry(task.name, task.length).entry
            return (entry, try recorded.contents(entry))
        }
        // A name of an inode whose first name is not what the batch was made for.
        guard let contents = found else { throw EntryFailure(.create, nil, cause: .notAsRecorded) }
        task.visit.touch()
        return OpenSource(contents, in: recorded.batch, entry.attributes, status: task.source)
    }
}
