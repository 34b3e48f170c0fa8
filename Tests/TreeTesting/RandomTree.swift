/// What the trees of a test may hold.
public struct TreeAbilities: Sendable {
    /// Devices, foreign owners, trusted and security attributes, capabilities.
    public var isPrivileged: Bool
    /// Whether every file and directory gives its owner the permissions to read it, as a source must that is read
    /// without privileges.
    public var isReadable: Bool

    /// What the process can make. A tree that root reads may have any permissions.
    public init(isSource: Bool) {
        isPrivileged = isRoot
        isReadable = isSource && !isRoot
    }
}

/// Makes random hostile trees; the same seed and abilities give the same tree.
public struct TreeGenerator: Sendable {
    var random: SplitMix64
    let abilities: TreeAbilities
    /// How many entries are still to be made.
    private var budget = 0
    /// Names of one inode so far, with what they all look like.
    private var groups: [Tree] = []

    /// A generator of trees that `abilities` allow.
    public init(seed: UInt64, abilities: TreeAbilities) {
        random = SplitMix64(seed: seed)
        self.abilities = abilities
    }

    /// A directory with up to about a hundred entries: wide in one seed, deep in another.
    public mutating func tree() -> Tree {
        budget = random.pick([3, 20, 40, 60, 100])
        groups = []
        var root = directory(depth: 0)
        // An empty source is a case of its own.
        while root.entryCount < 2 {
            budget = 5
            root = directory(depth: 0)
        }
        return abilities.isPrivileged ? root : root.opened
    }

    /// One entry of any kind; a directory with few entries.
    mutating func entry() -> Tree {
        budget = random.below(6)
        groups = []
        return entry(depth: 1)
    }

    private mutating func entry(depth: Int) -> Tree {
        budget -= 1
        if !groups.isEmpty, random.once(in: 6) { return random.pick(groups) }
        if random.below(10) < 3 { return directory(depth: depth) }
        var tree = Tree(nonDirectoryShape())
        tree.attributes = attributes(of: tree.shape)
        guard random.once(in: 5) else { return tree }
        tree.inode = "group \(groups.count)"
        groups.append(tree)
        return tree
    }

    private mutating func directory(depth: Int) -> Tree {
        var entries: [Name: Tree] = [:]
        let isChain = depth < 30 && random.once(in: 8)
        let count = isChain ? 1 : random.below(depth == 0 ? 30 : 8)
        for _ in 0..<count where budget > 0 {
            let name = NameGenerator.name(&random)
            // Decided again for every name, so that labels are made in no particular order.
            entries[name] = isChain && random.below(4) > 0 ? directory(depth: depth + 1) : entry(depth: depth + 1)
        }
        let shape = Tree.Shape.directory(entries)
        return Tree(shape, attributes(of: shape))
    }

    mutating func nonDirectoryShape() -> Tree.Shape {
        switch random.below(abilities.isPrivileged ? 12 : 10) {
        case 0...5: .file(contents())
        case 6, 7: .symbolicLink(NameGenerator.target(&random))
        case 8: .fifo
        case 9: .socket
        case 10: .characterDevice(major: deviceMajor(), minor: UInt32(random.below(1 << 18)))
        default: .blockDevice(major: deviceMajor(), minor: UInt32(random.below(1 << 18)))
        }
    }

    /// 60 … 63 and 120 … 127 are for local and experimental use: no driver answers, whatever a defect opens. Minors
    /// beyond 18 bits do not fit into xfs.
    private mutating func deviceMajor() -> UInt32 { random.pick([60, 63, 120, 127]) }

    private mutating func contents() -> Contents {
        let seed = random.next()
        switch random.below(20) {
        case 0...2: return Contents(size: 0)
        case 3: return Contents(size: Int64(random.pick([1, 4095, 4096, 4097, 1 << 20])))
        case 4: return sparse()
        case 5: return .random(Int64(random.below(3 << 20)), seed: seed)
        default: return .random(Int64(1 + random.below(20_000)), seed: seed)
        }
    }

    /// Data in a few places of a hole, also at its very end or nowhere near it.
    private mutating func sparse() -> Contents {
        let size = Int64((1 + random.below(32)) << 18) + Int64(random.pick([0, 1, 4095, 100_000]))
        let pieces = (0..<random.below(4)).map { _ in
            let offset = Int64(random.next() % UInt64(size))
            let count = min(Int64(1 + random.below(200_000)), size - offset)
            return Contents.Piece.random(seed: random.next(), count: count, at: offset)
        }
        return Contents(size: size, pieces: pieces)
    }
}

extension Tree {
    /// The same with all permissions for its owner: a root that not even its owner can look into cannot be planned for.
    fileprivate var opened: Tree {
        with {
            $0.permissions = ($0.permissions ?? 0) | 0o700
            $0.accessList?.owner = 7
        }
    }

    /// How many entries the tree has, itself included.
    var entryCount: Int {
        guard case .directory(let entries) = shape else { return 1 }
        return entries.values.reduce(1) { $0 + $1.entryCount }
    }
}
