/// A small pair of trees with everything that a run may have to do.
public enum FaultTrees {
    private static let old = Time(1_300_000_000, nanoseconds: 5)
    private static let note: [Name: [UInt8]] = ["user.note": Array("new".utf8), "user.second": [1, 2, 3]]
    private static let list = AccessControlList(owner: 7, group: 5, other: 0, mask: 7, users: [12345: 6])

    /// What the destination shall become. Nothing in it needs root unless `asRoot`.
    public static func source(asRoot: Bool) -> Tree {
        var tree = Tree.directory([
            "attributes": .file("same", Attributes(permissions: 0o640, extended: note, accessList: list)),
            "big": .file(.random((1 << 20) + 7, seed: 3)),
            "becomes directory": .directory(["inner": .file("in")]),
            "becomes file": .file("was a directory"),
            "becomes link": .link("attributes"),
            "closed": .directory(["in closed": .file("new in closed")], Attributes(permissions: 0o500)),
            "empty directory": .directory([:], Attributes(permissions: 0o711)),
            "fifo": .fifo(),
            "full becomes fifo": .fifo(Attributes(permissions: 0o600)),
            "h1": .file("linked").sharing("h"),
            "h2": .file("linked").sharing("h"),
            "h3": .file("linked").sharing("h"),
            "link": .link("new target"),
            "listed": .directory(
                ["child": .file("child"), "new link": .link("nowhere"), "socket": .socket()],
                Attributes(permissions: 0o770, extended: note, accessList: list, defaultList: list)),
            "new file": .file(
                "a new file with its attributes", Attributes(permissions: 0o750, extended: note, accessList: list)),
            "filled unseen": .directory(
                [
                    "a": .file("a", Attributes(permissions: 0o400, extended: note)), "b": .file("b"),
                    "below": .directory(["c": .file("c")]), "fifo": .fifo(Attributes(permissions: 0o600)),
                    "link": .link("a"), "socket": .socket(),
                ], Attributes(permissions: 0o555)),
            "sparse": .file(Contents(size: 1 << 20, pieces: [.bytes([1, 2, 3], at: 700_000)])),
            "updated": .file("the new contents", Attributes(extended: note)),
        ])
        guard asRoot else { return tree }
        tree["device"] = Tree(.characterDevice(major: 1, minor: 3))
        tree["owned"] = .file("owned", Attributes(permissions: 0o4755, owner: 4321, group: 4322, capabilities: 1 << 10))
        return tree
    }

    /// What stands there before.
    public static func destination(asRoot: Bool) -> Tree {
        var tree = Tree.directory(
            [
                "attributes": .file("same", Attributes(extended: ["user.note": [9], "user.gone": [8]])),
                "becomes directory": .file("was a file"),
                "becomes file": .directory([:], Attributes(modified: old)),
                "becomes link": .file("was a file"),
                "closed": .directory(
                    ["extra in closed": .file("extra"), "in closed": .file("old", Attributes(modified: old))],
                    Attributes(permissions: 0o500, modified: old)),
                "extra": .directory(["deep": .directory(["file": .file("extra")]), "fifo": .fifo()]),
                "extra file": .file("extra"),
                "full becomes fifo": .directory(["kept until then": .directory(["file": .file("x")])]),
                "h1": .file("other").sharing("h"),
                "h2": .file("other").sharing("h"),
                "link": .link("old target"),
                "listed": .directory(["child": .file("child")], Attributes(modified: old, extended: ["user.old": [1]])),
                "updated": .file("old contents", Attributes(modified: old)),
            ], Attributes(modified: old))
        if asRoot { tree["owned"] = .file("owned", Attributes(permissions: 0o644)) }
        return tree
    }

    /// A tree that holds some of what the destination shall become, and some of it otherwise.
    public static func basis(asRoot: Bool) -> Tree {
        var tree = source(asRoot: asRoot)
        tree["updated"] = .file("of the size as now", Attributes(modified: old))
        tree["new file"] = .file("a new file with its attributes", Attributes(permissions: 0o600))
        tree["becomes file"] = .directory(["inner": .file("elsewhere")])
        tree["link"] = .link("elsewhere")
        tree["listed"] = .directory(["child": .file("CHILD", Attributes(modified: old)), "new link": .link("nowhere")])
        return tree
    }
}
