internal import SystemPackage

/// What a batch says of one directory of the destination: its source, in the place of a directory on disk.
struct RecordedDirectory: Sendable {
    /// What it says of one name.
    struct Choice: Sendable {
        /// The record of the name itself; `nil` for a directory in which something changes and that stays as it is.
        var own: Int?
        /// The records below it.
        fileprivate var below: Range<Int>
    }

    let batch: Batch
    /// The record of the directory itself.
    let own: Int?
    /// The records below it, and where in their paths the names of this directory begin.
    private let range: Range<Int>
    private let start: Int

    private init(_ batch: Batch, own: Int?, _ range: Range<Int>, start: Int) {
        self.batch = batch
        self.own = own
        self.range = range
        self.start = start
    }

    /// The root of the destination.
    init(root batch: Batch) {
        let places = batch.index.places
        let hasRoot = places.first?.path.isEmpty ?? false
        self.init(batch, own: hasRoot ? 0 : nil, (hasRoot ? 1 : 0)..<places.count, start: 0)
    }

    /// A directory in this one.
    func child(_ name: [CChar]) -> RecordedDirectory? {
        name.withUnsafeBufferPointer { name in
            choice(name.baseAddress!, name.count - 1).map {
                RecordedDirectory(batch, own: $0.own, $0.below, start: start + name.count)
            }
        }
    }

    private var places: [BatchIndex.Place] { batch.index.places }

    /// What is recorded under a name; `nil` where nothing is.
    func choice(_ name: CName, _ length: Int) -> Choice? {
        let name = UnsafeRawBufferPointer(start: name, count: length)
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if compare(middle, name) < 0 { low = middle + 1 } else { high = middle }
        }
        let first = low
        high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if compare(middle, name) <= 0 { low = middle + 1 } else { high = middle }
        }
        return first < low ? choice(first..<low, length) : nil
    }

    private func choice(_ group: Range<Int>, _ length: Int) -> Choice {
        // A path sorts before those that go on from it.
        let isNamed = places[group.lowerBound].path.count == start + length
        return Choice(
            own: isNamed ? group.lowerBound : nil, below: group.lowerBound + (isNamed ? 1 : 0)..<group.upperBound)
    }

    private func name(_ index: Int) -> ArraySlice<UInt8> {
        places[index].path[start...].prefix { $0 != UInt8(ascii: "/") }
    }

    private func compare(_ index: Int, _ name: UnsafeRawBufferPointer) -> Int {
        let other = self.name(index)
        if other.elementsEqual(name) { return 0 }
        return other.lexicographicallyPrecedes(name) ? -1 : 1
    }

    /// Appends the names of what is made or changed here, or leads there.
    ///
    /// - Parameter missing: called for those that go away.
    func append(to inventory: Inventory, layer: Int, missing: ([UInt8]) -> Void) {
        var next = range.lowerBound
        while next < range.upperBound {
            let name = Array(name(next))
            var end = next + 1
            while end < range.upperBound, self.name(end).elementsEqual(name) { end += 1 }
            let choice = choice(next..<end, name.count)
            if let own = choice.own, places[own].kind == nil {
                missing(name)
            } else {
                let kind = choice.own.map { places[$0].kind } ?? .directory
                inventory.append(terminated(name), length: name.count, kind: kind, layer: layer)
            }
            next = end
        }
    }
}
