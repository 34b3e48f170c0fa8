/// Where in a batch the record of each path is, in the order of the tree.
final class BatchIndex: Sendable {
    /// One record.
    struct Place: Sendable {
        var path: [UInt8]
        /// Where its length begins.
        var offset: Int64
        /// Of what it shall be; `nil` where it goes away.
        var kind: EntryKind?
        var hasContents: Bool
    }

    let places: [Place]
    /// For inodes with several names: the record that holds their contents.
    let contents: [UInt64: Int]
    /// Whether something goes away.
    let deletes: Bool

    var count: Int { places.count }

    private init(_ places: [Place], _ contents: [UInt64: Int]) {
        self.places = places
        self.contents = contents
        deletes = places.contains { $0.kind == nil }
    }

    /// The record of a path; `nil` where there is none.
    func place(of path: [UInt8]) -> Place? {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeforeInTree(places[middle].path, path) { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low].path == path ? places[low] : nil
    }

    /// Collects the records as they stand in the batch.
    struct Builder {
        private var places: [Place] = []
        private var groups: [(group: UInt64, offset: Int64)] = []
        var count = 0

        mutating func add(_ record: BatchRecord, at offset: Int64) {
            count += 1
            var place = Place(path: record.path, offset: offset, kind: nil, hasContents: false)
            if case .entry(let entry) = record.change {
                place.kind = entry.status.kind
                place.hasContents = entry.contents != nil
                if entry.group != 0, place.hasContents { groups.append((entry.group, offset)) }
            }
            places.append(place)
        }

        /// - Throws: where the records contradict each other, which those that a run has written do not.
        func finish() throws(BatchFault) -> BatchIndex {
            var sorted: [Place] = []
            sorted.reserveCapacity(places.count)
            for place in places.sorted(by: { isBeforeInTree($0.path, $1.path) }) {
                guard let last = sorted.last, last.path == place.path else {
                    sorted.append(place)
                    continue
                }
                sorted[sorted.count - 1] = BatchIndex.preferred(last, place)
            }
            try BatchIndex.checkKinds(sorted)
            var positions: [Int64: Int] = [:]
            for (index, place) in sorted.enumerated() where place.hasContents { positions[place.offset] = index }
            var contents: [UInt64: Int] = [:]
            for (group, offset) in groups { contents[group] = positions[offset] ?? contents[group] }
            return BatchIndex(sorted, contents)
        }
    }

    /// A name may have been recorded as the one that others become links to before it was changed itself.
    private static func preferred(_ first: Place, _ second: Place) -> Place {
        if first.kind == nil { return second }
        if second.kind == nil { return first }
        return first.hasContents && !second.hasContents ? first : second
    }

    /// Below what is no directory nothing can be made.
    private static func checkKinds(_ places: [Place]) throws(BatchFault) {
        var barrier: [UInt8]?
        for place in places {
            if let above = barrier, place.path.starts(with: above), place.path.count > above.count,
                place.path[above.count] == UInt8(ascii: "/")
            {
                if place.kind != nil { throw .damaged }
                continue
            }
            barrier = place.kind == .directory ? nil : place.path
        }
    }
}
