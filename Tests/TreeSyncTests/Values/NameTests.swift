import Testing
import TreeTesting

@testable import TreeSync

@Suite struct NameTests {
    /// The order of names is that of their bytes, however many there are and whatever they have in common.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func namesAreInByteOrder(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let prefixes = ["", "a", "file-with-a-long-common-prefix-", "\u{10FFFF}"].map { Array($0.utf8) }
        var names: Set<[UInt8]> = []
        for _ in 0..<Int.random(in: 0...700, using: &random) {
            let length = Int.random(in: 1...20, using: &random)
            let tail = (0..<length).map { _ in UInt8.random(in: 1...255, using: &random) }
            names.insert(prefixes.randomElement(using: &random)! + tail)
        }
        let inventory = Inventory()
        for name in names.shuffled(using: &random) {
            inventory.append(terminated(name), length: name.count, kind: .regular, layer: 0)
        }
        inventory.sort()
        let sorted = (0..<inventory.count).map { inventory.bytes($0) }
        #expect(sorted == names.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
    }

    @Test func equalNamesStandInTheOrderOfTheirRoots() {
        let inventory = Inventory()
        for layer in [2, 0, 1] {
            for name in ["same", "other", "a name of more than eight bytes"] {
                inventory.append(terminated(Array(name.utf8)), length: name.utf8.count, kind: .regular, layer: layer)
            }
        }
        inventory.sort(layers: 3)
        let layers = (0..<inventory.count).map { inventory.slots[$0].layer }
        #expect(layers == [0, 1, 2, 0, 1, 2, 0, 1, 2])
    }

    @Test func aDirectoryComesBeforeWhatItHoldsAndThatBeforeTheNext() {
        let paths = ["a", "a/b", "a/b/c", "a/c", "a b", "a-b", "b"].map { Array($0.utf8) }
        for (index, path) in paths.enumerated() {
            for (otherIndex, other) in paths.enumerated() {
                #expect(isBeforeInTree(path, other) == (index < otherIndex))
            }
        }
    }

    @Test func onlyTemporariesOfDeadProcessesAreLeftovers() {
        func origin(_ name: String) -> TemporaryNames.Origin? {
            TemporaryNames.origin(terminated(Array(name.utf8)), length: name.utf8.count)
        }
        let names = TemporaryNames(ProcessFacts())
        for living in [names.next(), names.next(replacing: .directory)] {
            #expect(TemporaryNames.origin(living, length: living.count - 1) == .inUse)
        }
        // No process has had this number since a start time of 1.
        #expect(origin(".treesync-7fffffff-1-a.tmp") == .unfinished)
        #expect(origin(".treesync-7fffffff-1-a.old") == .exchanged)
        for name in [
            ".treesync-7fffffff-1-a", "treesync-7fffffff-1-a.tmp", ".treesync-7fffffff-1.tmp", ".treesync---.tmp",
            ".treesync-7fffffff-1-A.tmp", ".treesync-x-1-a.tmp", ".treesync-.tmp", ".tmp", "x", ".treesync-.old",
        ] {
            #expect(origin(name) == nil, "\(name)")
        }
    }

    @Test func whatADirectoryHoldsGoesBeforeIt() {
        func append(_ name: String, _ list: RemovalList, _ contents: RemovalList? = nil) {
            let bytes = terminated(Array(name.utf8))
            if let contents {
                list.append(bytes, length: name.utf8.count, .directory, contents)
            } else {
                list.append(bytes, length: name.utf8.count, .regular)
            }
        }
        let (top, inner, kept) = (RemovalList(), RemovalList(), RemovalList())
        append("f", inner)
        kept.isIncomplete = true
        append("g", kept)
        append("a", top)
        append("d", top, inner)
        append("mounted", top, kept)
        var paths: [String] = []
        top.forEach(below: Array("x".utf8)) { path, _, _ in paths.append("\(path)") }
        #expect(paths == ["x/a", "x/d/f", "x/d", "x/mounted/g"])
        #expect(top.total.total == 4 && top.isIncomplete)
    }
}
