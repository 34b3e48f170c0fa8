import Testing

@testable import TreeSync

/// Every rule of policy, on values.
@Suite struct RulesTests {
    private static func status(_ kind: EntryKind = .regular, modified: Int64 = 100, permissions: UInt16 = 0o644)
        -> Status
    {
        Status(
            size: 1, modified: Timestamp(seconds: modified, nanoseconds: 5), inode: 1, device: 1, specialDevice: 0,
            blocks: 8, owner: 1, group: 1, links: 1, permissions: permissions, kind: kind)
    }

    private static func rules(isPrivileged: Bool = true, _ change: (inout Options) -> Void = { _ in }) -> Rules {
        var options = Options()
        change(&options)
        return Rules(options: options, changesOwner: isPrivileged, groups: [7])
    }

    @Test func whatIsAbsentIsCreatedButForExistingOnly() {
        #expect(Self.rules().verb(for: Self.status(), nil, .absent) == .create)
        #expect(Self.rules { $0.existingOnly = true }.verb(for: Self.status(), nil, .absent) == nil)
    }

    /// rsync's `--max-size` and `--min-size`: files of other sizes are left alone, whatever the destination has.
    @Test(arguments: [(0, 0, false), (0, 1, true), (1, 1, true), (2, 9, false)] as [(Int64, Int64, Bool)])
    func sizes(smallest: Int64, largest: Int64, isTaken: Bool) {
        let rules = Self.rules {
            $0.smallestSize = smallest
            $0.largestSize = largest
        }
        #expect(rules.verb(for: Self.status(), nil, .absent) == (isTaken ? .create : nil))
        #expect(rules.verb(for: Self.status(), Self.status(), .size) == (isTaken ? .update : nil))
        #expect(rules.verb(for: Self.status(.fifo), nil, .absent) == .create)
    }

    @Test func timesOfSomeKinds() {
        let rules = Self.rules { $0.kindsWithoutTimes = [.directory] }
        #expect(!rules.preservesTime(.directory) && rules.preservesTime(.regular) && rules.preservesTime(.symbolicLink))
        let accessed = Self.rules { $0.preserved.insert(.accessTimes) }
        #expect(accessed.preservesAccessTime(.regular) && accessed.preservesAccessTime(.fifo))
        #expect(!accessed.preservesAccessTime(.directory) && !accessed.preservesAccessTime(.symbolicLink))
        #expect(!Self.rules().preservesAccessTime(.regular))
    }

    @Test func whatIsEqualStays() {
        #expect(Self.rules().verb(for: Self.status(), Self.status(), []) == nil)
        #expect(Self.rules { $0.contentComparison = .always }.verb(for: Self.status(), Self.status(), []) == .update)
    }

    @Test(arguments: [
        (Differences.size, ItemVerb.update), (.time, .update), (.content, .update), (.permissions, .setAttributes),
        (.owner, .setAttributes), (.acl, .setAttributes), (.extendedAttributes, .setAttributes),
    ])
    func aDifferenceOfContentsCopies(_ difference: Differences, _ verb: ItemVerb) {
        #expect(Self.rules().verb(for: Self.status(), Self.status(), difference) == verb)
    }

    @Test func bySizeAloneATimeIsOnlySet() {
        let rules = Self.rules { $0.contentComparison = .sizeOnly }
        #expect(rules.verb(for: Self.status(), Self.status(), .time) == .setAttributes)
        #expect(rules.verb(for: Self.status(), Self.status(), .size) == .update)
    }

    @Test func newerFilesStayWhereTheyAreToBeSkipped() {
        let rules = Self.rules { $0.skipsNewer = true }
        #expect(rules.verb(for: Self.status(), Self.status(modified: 101), [.time, .size]) == nil)
        #expect(rules.verb(for: Self.status(), Self.status(modified: 99), [.time, .size]) == .update)
        // rsync: only files are left alone.
        #expect(rules.verb(for: Self.status(.fifo), Self.status(.fifo, modified: 101), .time) == .setAttributes)
    }

    @Test func ignoringWhatExistsSparesDirectories() {
        let rules = Self.rules { $0.ignoresExisting = true }
        #expect(rules.verb(for: Self.status(), Self.status(), .size) == nil)
        #expect(rules.verb(for: Self.status(), Self.status(.fifo), .kind) == nil)
        #expect(rules.verb(for: Self.status(.directory), Self.status(.directory), .time) == .setAttributes)
    }

    /// rsync's manual on `--executability`.
    @Test(arguments: [
        (UInt16(0o644), UInt16(0o755), UInt16(0o755)), (0o600, 0o755, 0o700), (0o640, 0o711, 0o750),
        (0o755, 0o644, 0o644), (0o711, 0o755, 0o711),
    ])
    func whoMayReadMayExecute(_ present: UInt16, _ source: UInt16, _ result: UInt16) {
        #expect(Rules.executable(present, like: source) == result)
    }

    @Test func permissionsThatAreNotPreservedStay() {
        let rules = Self.rules { $0.preserved = [] }
        #expect(rules.permissions(for: Self.status(permissions: 0o600), over: Self.status()) == 0o644)
        #expect(rules.permissions(for: Self.status(), over: nil) == nil)
        #expect(Self.rules().permissions(for: Self.status(permissions: 0o4711), over: Self.status()) == 0o4711)
        #expect(Self.rules().permissions(for: Self.status(.symbolicLink), over: nil) == nil)
    }

    @Test func onlyWhoMayChangesOwners() {
        #expect(Self.rules().comparesOwner() && Self.rules().comparesGroup(3))
        let unprivileged = Self.rules(isPrivileged: false)
        #expect(!unprivileged.comparesOwner() && !unprivileged.comparesGroup(3) && unprivileged.comparesGroup(7))
    }

    @Test func timesCountForTheQuickCheckEvenWhereTheyAreNotPreserved() {
        let comparison = StatusComparison(rules: Self.rules { $0.preserved = [] })
        let found = comparison.differences(Self.status(), Self.status(modified: 99)) { $0 == $1 }
        #expect(found == .timeOfCopy)
        let bySize = StatusComparison(
            rules: Self.rules {
                $0.preserved = []
                $0.contentComparison = .sizeOnly
            })
        #expect(bySize.differences(Self.status(), Self.status(modified: 99)) { $0 == $1 } == [])
    }
}

@Suite struct GuardsTests {
    private static func refusal(
        planned: Int = 5, held: Int = 10, failures: Bool = false, empties: Bool = false,
        lacksMarker: Bool = false, unmounted: RelativePath? = nil, _ change: (inout Options) -> Void = { _ in }
    ) -> GuardRefusal? {
        var options = Options()
        change(&options)
        return Guards(options: options).refusal(
            planned: planned, held: held, hasSourceFailures: failures, emptiesDestination: empties,
            lacksMarker: lacksMarker, unmounted: unmounted)
    }

    @Test func nothingToDeleteIsNeverRefused() {
        #expect(Self.refusal(planned: 0, failures: true, empties: true) { $0.deletionLimit = .count(0) } == nil)
    }

    @Test func eachGuardHasItsOverride() {
        #expect(Self.refusal(empties: true) == .emptySource)
        #expect(Self.refusal(empties: true) { $0.allowsEmptySource = true } == nil)
        #expect(Self.refusal(failures: true) == .sourceErrors)
        #expect(Self.refusal(failures: true) { $0.deletesDespiteErrors = true } == nil)
        let path = RelativePath(bytes: [1])
        #expect(Self.refusal(unmounted: path) == .unmounted(path))
        #expect(Self.refusal(unmounted: path) { $0.allowsUnmounted = true } == nil)
        #expect(Self.refusal(lacksMarker: true) { $0.sourceMarker = path } == .noSourceMarker(path))
        #expect(Self.refusal(lacksMarker: true) == nil)
    }

    @Test(arguments: [
        (Options.DeletionLimit.count(5), nil), (.count(4), GuardRefusal.deletionLimit(planned: 5, allowed: 4)),
        (.percent(50), nil), (.percent(49), .deletionLimit(planned: 5, allowed: 4)), (.percent(100), nil),
        (.count(0), .deletionLimit(planned: 5, allowed: 0)),
    ])
    func moreThanTheLimitIsRefused(_ limit: Options.DeletionLimit, _ refusal: GuardRefusal?) {
        #expect(Self.refusal { $0.deletionLimit = limit } == refusal)
    }
}
