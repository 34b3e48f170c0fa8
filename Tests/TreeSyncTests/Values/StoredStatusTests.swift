import Testing

@testable import TreeSync

/// What rsync's `--fake-super` stores in attributes: read strictly, written as rsync does.
@Suite struct StoredStatusTests {
    private func parsed(_ text: String) -> StoredStatus? { Array(text.utf8).withUnsafeBytes { StoredStatus($0) } }

    /// What rsync 3.5.0 has written, and what it means.
    @Test(arguments: [
        ("100644 0,0 1000:1000", StoredStatus(kind: .regular, permissions: 0o644, owner: 1000, group: 1000)),
        ("104755 0,0 0:0", StoredStatus(kind: .regular, permissions: 0o4755, owner: 0, group: 0)),
        ("41777 0,0 0:0", StoredStatus(kind: .directory, permissions: 0o1777, owner: 0, group: 0)),
        ("120777 0,0 3:4", StoredStatus(kind: .symbolicLink, permissions: 0o777, owner: 3, group: 4)),
        (
            "60644 7,200 0:0",
            StoredStatus(kind: .blockDevice, permissions: 0o644, major: 7, minor: 200, owner: 0, group: 0)
        ),
        (
            "20644 1,3 0:0",
            StoredStatus(kind: .characterDevice, permissions: 0o644, major: 1, minor: 3, owner: 0, group: 0)
        ),
        ("10600 0,0 0:0", StoredStatus(kind: .fifo, permissions: 0o600, owner: 0, group: 0)),
        ("140755 0,0 0:0", StoredStatus(kind: .socket, permissions: 0o755, owner: 0, group: 0)),
    ])
    func asRsyncWritesIt(text: String, status: StoredStatus) {
        #expect(parsed(text) == status)
        #expect(String(decoding: status.text, as: UTF8.self) == text)
    }

    /// Nothing but such a text is one.
    static let damaged = [
        "", " ", "x", "644", "100644", "100644 0,0", "100644 0,0 ", "100644 0,0 5", "100644 0,0 5:", "100644 0,0 :6",
        "100644 0,0 5:6 ", " 100644 0,0 5:6", "100644  0,0 5:6", "100644\t0,0 5:6", "100644 0,0 5:6\n",
        "100644 0,0 5:6x",
        "100648 0,0 5:6", "0x81a4 0,0 5:6", "+100644 0,0 5:6", "-100644 0,0 5:6", "100644 -1,0 5:6", "100644 0,0 -1:6",
        "100644 0,0 5:-6", "100644 0.0 5:6", "100644 0,0 5,6", "200000 0,0 5:6", "177777777 0,0 5:6",
        "99999999999999999999999 0,0 5:6", "100644 0,0 4294967295:6", "100644 0,0 5:4294967295",
        "100644 0,0 4294967296:6", "100644 0,0 18446744073709551616:6", "20666 4096,0 5:6", "20666 0,1048576 5:6",
        "170644 0,0 5:6", "30644 0,0 5:6", "644 0,0 5:6", "100644 0,0 5:6\0", "100644 0,0 ५:6", "100644 0,0 5:6:7",
        "100644 0,0,0 5:6",
    ]

    @Test(arguments: damaged) func nothingElseIsOne(text: String) { #expect(parsed(text) == nil) }

    /// Every text cut short, and every one with one byte changed, is one that says something else, or none.
    @Test func changedTexts() {
        let text = Array("104755 8,17 1000:4000".utf8)
        let status = text.withUnsafeBytes { StoredStatus($0) }
        for count in 0..<text.count {
            #expect(text[..<count].withUnsafeBytes { StoredStatus($0) } != status)
        }
        for place in text.indices {
            for byte in UInt8.min...UInt8.max where byte != text[place] {
                var changed = text
                changed[place] = byte
                #expect(changed.withUnsafeBytes { StoredStatus($0) } != status, "\(place) \(byte)")
            }
        }
    }

    /// What stands for an entry gives no rights away, and its owner can always work with it.
    @Test(arguments: EntryKind.allCases, [0, 0o444, 0o500, 0o644, 0o1777, 0o2755, 0o4711, 0o7777] as [UInt16])
    func standIns(kind: EntryKind, permissions: UInt16) {
        let wanted = StoredStatus(kind: kind, permissions: permissions, owner: 0, group: 0)
        let own = StandIn(wanted, owner: 0, group: 0)
        #expect(own.permissions & 0o7000 == 0 && own.permissions & 0o600 == 0o600)
        #expect(kind != .directory || own.permissions & 0o100 != 0)
        let isPlain = (kind == .regular || kind == .directory) && own.permissions == permissions
        #expect((own.status == nil) == isPlain)
        #expect(StandIn(wanted, owner: 1, group: 0).status == wanted)
        #expect(StandIn(wanted, owner: 0, group: 1).status == wanted)
    }
}

/// ACLs in rsync's encoding, beside the kernel's.
@Suite struct StoredAccessListTests {
    /// Bytes as `getfattr -e hex` shows them, of files that rsync 3.5.0 has written and of those that it read.
    struct Example: Sendable {
        let role: AccessControlList.Role
        let permissions: UInt16
        let stored: String
        let list: String
    }

    static let examples = [
        Example(
            role: .access, permissions: 0o664, stored: "800000000400000006000000800000000700000006000080",
            list: "0200000001000600ffffffff020006000700000004000400ffffffff10000600ffffffff20000400ffffffff"),
        Example(
            role: .access, permissions: 0o674,
            stored: "8000000004000000070000008000000007000000070000800800000004000080090000000100000040420f0000000000",
            list: "0200000001000600ffffffff0200070007000000020004000800000004000400ffffffff080001000900000008000000"
                + "40420f0010000700ffffffff20000400ffffffff"),
        Example(
            role: .access, permissions: 0o644, stored: "800000008000000004000000800000000700000006000080",
            list: "0200000001000600ffffffff020006000700000004000400ffffffff10000400ffffffff20000400ffffffff"),
        Example(
            role: .access, permissions: 0o660, stored: "800000000000000006000000800000000700000006000000",
            list: "0200000001000600ffffffff04000000ffffffff080006000700000010000600ffffffff20000000ffffffff"),
        Example(
            role: .access, permissions: 0o664, stored: "80000000040000000600000080000000",
            list: "0200000001000600ffffffff04000400ffffffff10000600ffffffff20000400ffffffff"),
        Example(
            role: .access, permissions: 0o644, stored: "80000000800000000400000080000000",
            list: "0200000001000600ffffffff04000400ffffffff10000400ffffffff20000400ffffffff"),
        Example(
            role: .initial, permissions: 0o755, stored: "070000000500000004000000050000000500000006000000",
            list: "0200000001000700ffffffff04000500ffffffff080006000500000010000400ffffffff20000500ffffffff"),
        Example(
            role: .initial, permissions: 0, stored: "05000000040000008000000000000000",
            list: "0200000001000500ffffffff04000400ffffffff20000000ffffffff"),
    ]

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).map { place in
            let start = hex.index(hex.startIndex, offsetBy: place)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
    }

    @Test(arguments: examples) func asRsyncWritesIt(example: Example) {
        let (stored, list) = (bytes(example.stored), bytes(example.list))
        #expect(StoredAccessList.stored(list, example.role) == stored)
        #expect(StoredAccessList.list(stored, example.role, permissions: example.permissions) == list)
    }

    /// rsync leaves such a list behind when an ACL goes away.
    @Test func nothingSaid() {
        let nothing = bytes("80000000800000008000000080000000")
        for role in AccessControlList.Role.allCases {
            #expect(StoredAccessList.list(nothing, role, permissions: 0o755) == [])
        }
    }

    @Test(arguments: [
        "", "80", "800000000400000006000000", "8000000004000000060000008000000007000000",
        "80000000080000000600000080000000", "80000000040000000600000081000000",
        // Rights that there are not, the number of nobody, one name twice.
        "800000000400000006000000800000000700000008000080", "800000000400000006000000800000000700000006000040",
        "80000000040000000600000080000000ffffffff06000080",
        "8000000004000000060000008000000007000000060000800700000004000080",
    ])
    func damaged(hex: String) {
        #expect(StoredAccessList.list(bytes(hex), .access, permissions: 0o644) == nil)
    }

    /// A default ACL says all of it itself.
    @Test(arguments: ["80000000050000000500000005000000", "070000000500000080000000050000000800000005000080"])
    func incompleteDefaultLists(hex: String) {
        #expect(StoredAccessList.list(bytes(hex), .initial, permissions: 0o755) == nil)
    }

    /// Any bytes are a list or none; what is one comes back as it was.
    @Test func anyBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let count = Int.random(in: 0...6, using: &random) * 8
            let value = (0..<count).map { _ in UInt8([0, 0, 0, 4, 5, 6, 7, 0x80].randomElement(using: &random) ?? 0) }
            for role in AccessControlList.Role.allCases {
                guard let list = StoredAccessList.list(value, role, permissions: 0o750), !list.isEmpty else { continue }
                let again = StoredAccessList.stored(list, role)
                #expect(StoredAccessList.list(again, role, permissions: 0o750) == list, "\(value)")
            }
        }
    }
}

/// Names of attributes where only those of `user.` may be set.
@Suite struct StoredNamesTests {
    private func terminated(_ name: String) -> [CChar] { name.utf8.map { CChar(bitPattern: $0) } + [0] }

    @Test(arguments: [
        ("trusted.x", "user.rsync.trusted.x"), ("security.capability", "user.rsync.security.capability"),
        ("user.x", "user.x"), ("user.rsync.x", "user.rsync.user.rsync.x"), ("user.rsyncx", "user.rsyncx"),
    ])
    func thereAndBack(name: String, kept: String) {
        #expect(StoredNames.stored(terminated(name)) == terminated(kept))
        let back = StoredNames.attribute(terminated(kept)) ?? terminated(kept)
        #expect(back == terminated(name))
    }

    /// An ACL never comes from a name, nor what no namespace has.
    @Test(arguments: ["user.rsync.system.posix_acl_access", "user.rsync.foo", "user.rsync.", "user.rsync.user.x"])
    func standsForItself(name: String) { #expect(StoredNames.attribute(terminated(name)) == nil) }

    @Test func own() {
        #expect(StoredNames.isOwn(terminated("user.rsync.%stat")) && StoredNames.isOwn(terminated("user.rsync.%other")))
        #expect(!StoredNames.isOwn(terminated("user.rsync.stat")) && !StoredNames.isOwn(terminated("user.%stat")))
    }
}
