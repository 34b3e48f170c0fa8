import TreeSync

/// What the options given so far add up to. Later ones override earlier ones, as in rsync.
struct Settings: Sendable, Equatable {
    /// Whether ACLs are kept: `-E` asks for them only where permissions are kept too, wherever `-p` stands.
    private enum ACLs { case no, withPermissions, yes }

    private var options = Options()
    private var preserved: Options.Preserved = []
    private var accessControlLists = ACLs.no
    private var isChecksum = false
    private var isSizeOnly = false
    private var ignoresTimes = false
    private var deletes = false
    private var deletionTimes: Set<OptionKey> = []
    private var ownership = Ownership()
    /// Devices, sockets and FIFOs are not created, whatever else is said (`--drop-D`).
    private var dropsDevices = false
    private var treesBeside = TreesBeside()
    private var arrival = ArrivalSelection()
    private var filters = FilterSelection()
    private var selection = SelectionSettings()
    private var remote = RemoteSettings()
    private var batches = BatchSelection()
    private var privileges = PrivilegeSelection()
    private(set) var isDryRun = false
    /// The source is to be listed (`--list-only`).
    var isListing = false
    /// The paths that `--explain` names.
    private(set) var explained: [[UInt8]] = []
    private(set) var presentation = Presentation()
    /// In seconds since 1970: when the run stops.
    private(set) var deadline: Int64?

    init() { options.recursive = false }

    /// What the library is asked for, or what contradicts itself.
    func resolved() throws(UsageError) -> Options {
        if deletionTimes.count > 1, deletionTimes != [.deleteDuring, .deleteDelay] { throw .severalDeletionTimes }
        var result = options
        selection.resolve(into: &result)
        if filters.excludesDeeper { result.recursive = true }
        if deletes, !result.recursive, !result.copiesDirectories, !batches.isReading, !isListing {
            throw .deletionWithoutRecursion
        }
        result.preserved = resolvedPreserved
        result.contentComparison =
            isChecksum ? .contents : isSizeOnly ? .sizeOnly : ignoresTimes ? .always : .quickCheck
        ownership.resolve(into: &result)
        if result.links.confinement != nil, result.links.trustsEverybody { throw .confinedAndInsecure }
        result.arrival = try arrival.resolved()
        try privileges.resolve(into: &result)
        result.deletion = deletes ? deletionTime : nil
        result.deletesExcluded = deletes && options.deletesExcluded
        result.filters = try filters.rules(result.links)
        try treesBeside.resolve(into: &result)
        switch try batch() {
        case .write(let file), .onlyWrite(let file): result.batch = filePath(file)
        case .read, nil: break
        }
        return result
    }

    /// Whether names are chosen by a file (`--files-from`).
    var readsNames: Bool { selection.file != nil }

    /// What is done with a batch.
    func batch() throws(UsageError) -> BatchUse? {
        guard let use = try batches.resolved() else { return nil }
        // What a device holds belongs to no entry, and changes without one.
        if options.copiesDevices { throw .conflict(use.option, "--copy-devices") }
        if options.writesDevices { throw .conflict(use.option, "--write-devices") }
        return use
    }

    /// Whether one is applied, in the place of sources.
    var readsBatch: Bool { batches.isReading }

    /// The roots of the source that these operands are.
    func sources(_ operands: [Operand]) throws(UsageError) -> [Source] {
        try selection.sources(operands, keepsRoot: options.copiesImpliedDirectories, options.links)
    }

    private var resolvedPreserved: Options.Preserved {
        var result = preserved
        let keepsPermissions = preserved.contains(.permissions)
        if accessControlLists == .yes || accessControlLists == .withPermissions && keepsPermissions {
            result.insert(.accessControlLists)
        }
        if keepsPermissions { result.remove(.executability) }
        if dropsDevices { result.subtract([.devices, .specials]) }
        return result
    }

    private var deletionTime: Options.DeletionTime {
        if deletionTimes.contains(.deleteBefore) { return .before }
        return deletionTimes == [.deleteDuring] ? .during : .after
    }
}

extension Settings {
    /// Takes one more option into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let isOn = !use.isNegated
        switch use.key {
        case .archive: archive()
        case .recursive:
            options.recursive = isOn
            selection.isRecursive = isOn
        case .relative: selection.isRelative = isOn
        case .impliedDirectories, .noImpliedDirectories:
            options.copiesImpliedDirectories = use.key == .impliedDirectories
        case .filesFrom: selection.file = use.value
        case .links: keep(.symbolicLinks, isOn)
        case .permissions: keep(.permissions, isOn)
        case .times: keep(.times, isOn)
        case .group: keep(.group, isOn)
        case .owner: keep(.owner, isOn)
        case .devicesAndSpecials: keep([.devices, .specials], isOn)
        case .devices: keep(.devices, isOn)
        case .specials: keep(.specials, isOn)
        case .hardLinks: keep(.hardLinks, isOn)
        case .executability: keep(.executability, isOn)
        case .extendedAttributes:
            keep(.extendedAttributes, isOn)
            privileges.deepen(isOn)
        case .extendedAttributesLetter: extend(isOn)
        case .accessControlLists: keepACLs(isOn)
        case .exclude: filters.add(.pattern(use.value ?? [], .exclude))
        case .include: filters.add(.pattern(use.value ?? [], .include))
        case .excludeFrom: filters.add(.patterns(from: use.value ?? [], .exclude))
        case .includeFrom: filters.add(.patterns(from: use.value ?? [], .include))
        case .filter: filters.add(.rule(use.value ?? []))
        case .directoryFilters: filters.addDirectoryFilters()
        case .cvsExclude: filters.ignoresLikeCVS = true
        case .from0:
            filters.add(isOn ? .nulls : .lines)
            selection.areNullSeparated = isOn
        case .deleteExcluded:
            deletes = true
            options.deletesExcluded = true
        case .oneFileSystem: stayOnFileSystem(isOn)
        case .checksum: (isChecksum, presentation.comparesContents) = (isOn, isOn)
        case .ignoreTimes: ignoresTimes = isOn
        case .sizeOnly: isSizeOnly = isOn
        case .modifyWindow: options.modifyWindow = isOn ? max(-1, try use.integer("a number of seconds")) : nil
        case .update: options.skipsNewer = isOn
        case .existing: options.existingOnly = isOn
        case .ignoreExisting: options.ignoresExisting = isOn
        case .sparse: options.makesSparse = isOn
        case .wholeFile, .inPlace, .append, .appendVerify, .blockSize, .preallocate, .partial, .partialDirectory,
            .temporaryDirectory, .delayUpdates:
            try arrival.apply(use)
        case .numericIDs, .changeMode, .changeOwner, .userMap, .groupMap: preserved.formUnion(try ownership.apply(use))
        case .delete: delete(isOn)
        case .deleteBefore, .deleteDuring, .deleteAfter, .deleteDelay: delete(at: use.key)
        case .maxDelete: options.deletionLimit = isOn ? try use.deletionLimit() : nil
        case .force: options.force = isOn
        case .ignoreErrors: options.deletesDespiteErrors = isOn
        case .allowEmptySource: options.allowsEmptySource = isOn
        case .bandwidthLimit: options.bytesPerSecond = isOn ? try use.rate() : nil
        case .fsync: options.durability = isOn ? .file : .none
        case .durability: options.durability = try use.durability()
        case .allowUnmounted: options.allowsUnmounted = isOn
        case .sourceMarker: options.sourceMarker = isOn ? try use.name() : nil
        case .dryRun: isDryRun = isOn
        case .verbose, .quiet, .itemize, .humanReadable, .stats, .info, .debug, .outFormat, .logFile, .logFileFormat,
            .eightBitOutput, .outputBuffering, .standardErrorMode, .messagesToStandardError, .color, .progress:
            try presentation.apply(use)
        case .partialProgress:
            try presentation.apply(use)
            try arrival.apply(use)
        case .omitDirectoryTimes: omitTimes(of: .directory, isOn)
        case .omitLinkTimes: omitTimes(of: .symbolicLink, isOn)
        case .accessTimes: keepAccessTimes(isOn)
        case .openNoAccessTime: options.leavesAccessTimes = isOn
        case .creationTimes: if isOn { throw .creationTimes(use.spelling) }
        case .maxSize: options.largestSize = try use.size()
        case .minSize: options.smallestSize = try use.size()
        case .removeSourceFiles: options.removesSources = isOn
        case .makePath: options.makesPath = isOn
        case .ignoreMissing: options.ignoresMissingSources = true
        case .deleteMissing: options.deletesMissingSources = true
        case .stopAfter, .stopAt: deadline = try use.deadline(after: LocalTime.now)
        case .timeout: if isOn { try use.checkTimeout() }
        case .checksumChoice: try use.checkDigests(isChecksum: isChecksum)
        case .listOnly: isListing = true
        case .explain: explained.append(use.value ?? [])
        case .copyLinks, .copyUnsafeLinks, .safeLinks, .mungeLinks, .copyDirectoryLinks, .keepDirectoryLinks,
            .insecureLinks, .confineRoot:
            try options.links.apply(use)
        case .dropDevices: dropsDevices = isOn
        case .superUser: privileges.assume(isOn)
        case .fakeSuper: privileges.fake()
        case .copyDevices: options.copiesDevices = true
        case .writeDevices: writesDevices(isOn)
        case .copyAs: options.credentials = try use.credentials()
        case .remoteOption: try applyRemote(use)
        case .pruneEmptyDirectories: options.prunesEmptyDirectories = isOn
        case .backup, .backupDirectory, .suffix, .compareDestination, .copyDestination, .linkDestination:
            try treesBeside.apply(use)
        case .writeBatch, .onlyWriteBatch, .readBatch: try batches.apply(use)
        case .fuzzy: break
        case .compress, .compressChoice, .compressLevel, .compressThreads, .skipCompress, .remoteShell, .remoteProgram,
            .blockingIO, .connectionTimeout, .socketOptions, .address, .port, .ipv4, .ipv6, .protocolVersion, .iconv,
            .secludedArguments, .oldArguments, .trustSender, .checksumSeed, .maxAllocation, .incrementalRecursion:
            try remote.apply(use)
        case .directories:
            (options.copiesDirectories, selection.takesDirectories) = (isOn, isOn)
            filters.excludesDeeper = false
        case .oldDirectories: filters.excludesDeeper = true
        case .jobs: options.jobs = try use.integer("a number of threads, 1 to 1024", in: 1...1024)
        case .help, .version, .printManual, .printCompletion, .printOptions: break
        }
    }

    /// Links of the destination (`-M--munge-links`).
    mutating func makesLinksUnusable(_ isOn: Bool) { options.links.munges = isOn }

    mutating func dropDevices() { dropsDevices = true }

    mutating func assumePrivileges(_ isOn: Bool) { privileges.assumeInDestination(isOn) }

    /// `-M--fake-super`.
    mutating func fakesDestination() { privileges.fakeDestination() }

    mutating func writesDevices(_ isOn: Bool) {
        options.writesDevices = isOn
        arrival.writesDevices = isOn
    }

    private mutating func archive() {
        options.recursive = true
        preserved.formUnion(.archive)
    }

    private mutating func keep(_ property: Options.Preserved, _ isOn: Bool) {
        if isOn { preserved.insert(property) } else { preserved.remove(property) }
    }

    private mutating func extend(_ isOn: Bool) {
        keep([.extendedAttributes, .executability], isOn)
        switch (accessControlLists, isOn) {
        case (.no, true): accessControlLists = .withPermissions
        case (.withPermissions, false): accessControlLists = .no
        case (.no, false), (.withPermissions, true), (.yes, _): break
        }
    }

    private mutating func keepACLs(_ isOn: Bool) {
        accessControlLists = isOn ? .yes : .no
        if isOn { preserved.insert(.permissions) }
    }

    /// Given twice, the directories of mount points are left out too.
    private mutating func stayOnFileSystem(_ isOn: Bool) {
        options.leavesOutMountPoints = isOn && options.oneFileSystem
        options.oneFileSystem = isOn
    }

    private mutating func omitTimes(of kind: EntryKind, _ isOn: Bool) {
        if isOn { options.kindsWithoutTimes.insert(kind) } else { options.kindsWithoutTimes.remove(kind) }
    }

    /// Given twice, it also keeps reading from changing them.
    private mutating func keepAccessTimes(_ isOn: Bool) {
        if isOn, preserved.contains(.accessTimes) { options.leavesAccessTimes = true }
        keep(.accessTimes, isOn)
    }

    private mutating func delete(_ isOn: Bool) {
        deletes = isOn
        if !isOn { deletionTimes = [] }
    }

    private mutating func delete(at time: OptionKey) {
        deletes = true
        deletionTimes.insert(time)
    }
}

extension Arguments.OptionUse {
    /// The value as a whole number in decimal digits.
    fileprivate func integer(
        _ expected: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(UsageError) -> Int {
        guard let number = Int(String(decoding: value ?? [], as: UTF8.self)), range.contains(number) else {
            throw .badValue(spelling, value: value ?? [], expected: expected)
        }
        return number
    }

    /// Bytes in a second; `nil` for no limit. The unit is KiB, and whole ones count, as in rsync.
    fileprivate func rate() throws(UsageError) -> Int64? {
        let expected = "a rate of at least 512 bytes a second, such as 800k or 1.5m, or 0 for no limit"
        guard let size = ByteSize(value ?? [], unit: 1024), size.bytes == 0 || size.bytes >= 512 else {
            throw .badValue(spelling, value: value ?? [], expected: expected)
        }
        return size.bytes == 0 ? nil : max(1, (size.bytes + 512) / 1024) * 1024
    }

    fileprivate func durability() throws(UsageError) -> Options.Durability {
        let name = String(decoding: value ?? [], as: UTF8.self)
        guard let durability = Options.Durability(name: name) else {
            throw .badValue(
                spelling, value: value ?? [], expected: Options.Durability.allNames.joined(separator: ", "))
        }
        return durability
    }

    /// The value as the name of one entry.
    fileprivate func name() throws(UsageError) -> RelativePath {
        let name = value ?? []
        let isName = !name.isEmpty && !name.contains(UInt8(ascii: "/")) && name != [0x2E] && name != [0x2E, 0x2E]
        guard isName else { throw .badValue(spelling, value: name, expected: "a name without a slash") }
        return RelativePath(bytes: name)
    }

    /// `N` or `N%`; less than 0 is 0, as in rsync.
    fileprivate func deletionLimit() throws(UsageError) -> Options.DeletionLimit {
        let expected = "a number of entries, or a percentage from 0% to 100%"
        guard let value, value.last == UInt8(ascii: "%") else { return .count(max(0, try integer(expected))) }
        let digits = String(decoding: value.dropLast(), as: UTF8.self)
        let isDecimal = digits.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        guard isDecimal, let percent = Double(digits), percent <= 100 else {
            throw .badValue(spelling, value: value, expected: expected)
        }
        return .percent(percent)
    }
}

extension Options.Durability {
    /// The words of `--durability`.
    private static let names: [(String, Self)] = [("none", .none), ("batch", .batch), ("file", .file)]
    static var allNames: [String] { names.map(\.0) }

    fileprivate init?(name: String) {
        guard let found = Self.names.first(where: { $0.0 == name }) else { return nil }
        self = found.1
    }
}
