import Testing

@testable import TreeSync

/// What maps of users and groups make of ACLs, on values.
@Suite struct AccessListMapTests {
    private typealias Entry = AccessControlEntry

    private static func options(users: String? = nil, groups: String? = nil) throws -> Options {
        var options = Options()
        options.preserved.insert(.accessControlLists)
        options.ownerMap = try users.map { try IdentityMap(Array($0.utf8), of: .users) }
        options.groupMap = try groups.map { try IdentityMap(Array($0.utf8), of: .groups) }
        return options
    }

    private static func list(_ named: [Entry]) -> [UInt8] {
        Entry.list(of: [Entry(.owner, 6)] + named + [Entry(.mask, 7), Entry(.others, 4)])
    }

    private func mapped(_ named: [Entry], users: String? = nil, groups: String? = nil) throws -> [UInt8] {
        let options = try Self.options(users: users, groups: groups)
        return try #require(AccessListMap(options)).applied(to: Self.list(named))
    }

    @Test func usersAndGroupsAreMappedByTheirOwnMaps() throws {
        let entries = [Entry(.user, 6, id: 5), Entry(.groupOwner, 4), Entry(.group, 4, id: 5)]
        let both = [Entry(.user, 6, id: 70), Entry(.groupOwner, 4), Entry(.group, 4, id: 80)]
        #expect(try mapped(entries, users: "5:70", groups: "5:80") == Self.list(both))
        #expect(try mapped(entries, users: "6:70", groups: "6:80") == Self.list(entries))
        #expect(try mapped(entries, users: "5:70") == Self.list([both[0], entries[1], entries[2]]))
        #expect(try mapped(entries, groups: "5:80") == Self.list([entries[0], entries[1], both[2]]))
    }

    /// The kernel wants them by tags; by ids, too, so that there is one encoding of each list.
    @Test func entriesStandInOrder() throws {
        let entries = [Entry(.user, 1, id: 50), Entry(.user, 2, id: 60), Entry(.groupOwner, 4)]
        let wanted = [Entry(.user, 2, id: 60), Entry(.user, 1, id: 70), Entry(.groupOwner, 4)]
        #expect(try mapped(entries, users: "50:70") == Self.list(wanted))
    }

    /// Two entries for one user would be an invalid list.
    @Test func entriesThatBecomeOneAreJoined() throws {
        let entries = [Entry(.user, 1, id: 50), Entry(.user, 4, id: 60), Entry(.user, 2, id: 70)]
        #expect(try mapped(entries, users: "50-60:70") == Self.list([Entry(.user, 7, id: 70)]))
        #expect(try mapped(entries, users: "*:0") == Self.list([Entry(.user, 7, id: 0)]))
        let groups = [Entry(.groupOwner, 4), Entry(.group, 1, id: 50), Entry(.group, 4, id: 60)]
        #expect(try mapped(groups, groups: "*:9") == Self.list([groups[0], Entry(.group, 5, id: 9)]))
    }

    /// No list, a damaged one, and what only a later kernel knows are left as they are.
    @Test func otherListsStayAsTheyAre() throws {
        let map = try #require(AccessListMap(try Self.options(users: "*:7")))
        let later = Entry.list(of: [Entry(.user, 1, id: 50)]).map { $0 == 2 ? 64 : $0 }
        for list in [[], [0], [2, 0, 0, 0], later] { #expect(map.applied(to: list) == list) }
    }

    /// Without ACLs to be preserved there is nothing to be mapped; `--chown` is about owners.
    @Test func whereListsAreNotMapped() throws {
        #expect(AccessListMap(try Self.options()) == nil)
        var options = try Self.options(users: "5:70")
        options.preserved.remove(.accessControlLists)
        #expect(AccessListMap(options) == nil)
        options = try Self.options()
        options.ownerMap = try IdentityMap(everybody: Array("7".utf8), of: .users)
        options.groupMap = try IdentityMap(everybody: Array("8".utf8), of: .groups)
        #expect(AccessListMap(options) == nil)
    }
}
