import Testing
import TreeTesting

/// The random trees can be built, differ from seed to seed and are the same for one seed.
@Suite struct RandomTreeTests {
    @Test(arguments: UInt64(1)...20) func buildsTheSameTreeTwice(seed: UInt64) throws {
        try withTemporaryDirectory { folder in
            for copy in ["a", "b"] {
                var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
                try generator.tree().build(at: "\(folder)/\(copy)")
            }
            try expectEqual(folder + "/a", folder + "/b")
            for copy in ["a", "b"] {
                var mutator = Mutator(seed: seed, abilities: TreeAbilities(isSource: true))
                try mutator.mutate("\(folder)/\(copy)", count: 30)
            }
            // Times of directories are those of the change itself.
            try expectEqual(folder + "/a", folder + "/b", in: .all.subtracting([.modified]))
        }
    }

    @Test func mutationsChangeEveryProperty() throws {
        var seen: Set<String> = []
        for seed in UInt64(1)...20 {
            try withTemporaryDirectory { folder in
                var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
                let tree = generator.tree()
                try tree.build(at: folder + "/a")
                try tree.build(at: folder + "/b")
                var mutator = Mutator(seed: seed, abilities: TreeAbilities(isSource: true))
                try mutator.mutate(folder + "/b", count: 30)
                seen.formUnion(try differences(folder + "/a", folder + "/b").map(\.property))
            }
        }
        var wanted: Set = ["name", "kind", "size", "contents", "permissions", "modified", "same inode as"]
        wanted.formUnion(["attribute user.a", "attribute system.posix_acl_access"])
        if isRoot { wanted.formUnion(["owner", "group"]) }
        #expect(wanted.subtracting(seen) == [])
    }

    /// Two hundred seeds hold every kind and every attribute that the process can make.
    @Test func coversEverything() throws {
        var seen: Set<String> = []
        for seed in UInt64(1)...200 {
            var generator = TreeGenerator(seed: seed, abilities: TreeAbilities(isSource: true))
            collect(generator.tree(), into: &seen)
        }
        var wanted: Set<String> = [
            "directory", "file", "empty file", "holes", "link", "fifo", "socket", "group", "before 1970", "after 2100",
            "access list", "default list", "extended", "255 bytes", "not UTF-8",
        ]
        if isRoot { wanted.formUnion(["character device", "block device", "owner", "capabilities", "mode 0"]) }
        #expect(wanted.subtracting(seen) == [])
    }

    private func collect(_ tree: Tree, into seen: inout Set<String>) {
        if tree.inode != nil { seen.insert("group") }
        let attributes = tree.attributes
        if attributes.modified.seconds < 0 { seen.insert("before 1970") }
        if attributes.modified.seconds > 4_102_444_800 { seen.insert("after 2100") }
        if attributes.accessList != nil { seen.insert("access list") }
        if attributes.defaultList != nil { seen.insert("default list") }
        if !attributes.extended.isEmpty { seen.insert("extended") }
        if attributes.owner != nil { seen.insert("owner") }
        if attributes.capabilities != nil { seen.insert("capabilities") }
        if attributes.permissions == 0 { seen.insert("mode 0") }
        switch tree.shape {
        case .directory(let entries):
            seen.insert("directory")
            for (name, child) in entries {
                if name.bytes.count == 255 { seen.insert("255 bytes") }
                if String(validating: name.bytes, as: UTF8.self) == nil { seen.insert("not UTF-8") }
                collect(child, into: &seen)
            }
        case .file(let contents):
            seen.insert(contents.size == 0 ? "empty file" : "file")
            if contents.size > 1 << 20, contents.pieces.count != 1 { seen.insert("holes") }
        case .symbolicLink: seen.insert("link")
        case .fifo: seen.insert("fifo")
        case .socket: seen.insert("socket")
        case .characterDevice: seen.insert("character device")
        case .blockDevice: seen.insert("block device")
        }
    }
}
