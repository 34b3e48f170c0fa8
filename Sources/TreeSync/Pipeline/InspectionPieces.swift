/// A directory's inventories in parts that end at the same names, so that several threads can compare them.
final class InspectionPieces: @unchecked Sendable {
    /// Names of a piece: some milliseconds of work.
    private static let width = 2048
    /// Where contents are compared, so many pieces at most: one may take as long as all others together.
    private static let most = 512

    private let parts: [(source: Range<Int>, destination: Range<Int>)]
    /// Each is written by the thread that takes the piece, and read when all are done.
    private let findings: UnsafeMutableBufferPointer<Findings>

    var count: Int { parts.count }

    /// `nil` where the directory is not worth it.
    init?(_ visit: Visit, _ pair: InventoryPair, _ options: Options) {
        let (source, destination) = (pair.source, pair.destination)
        let readsContents = options.contentComparison == .contents && destination.count > 0
        let width = readsContents ? max(1, source.count / Self.most) : Self.width
        guard max(source.count, destination.count) > width else { return nil }
        var parts: [(source: Range<Int>, destination: Range<Int>)] = []
        var (left, right) = (0, 0)
        while left < source.count {
            var end = min(left + width, source.count)
            while end < source.count, source.hasSameName(end - 1, end) { end += 1 }
            let last =
                end == source.count ? destination.count : destination.firstIndex(from: right, notBelow: source, end)
            parts.append((left..<end, right..<last))
            (left, right) = (end, last)
        }
        guard parts.count > 1 else { return nil }
        self.parts = parts
        findings = .allocate(capacity: parts.count)
        findings.initialize(repeating: Findings())
    }

    deinit {
        findings.deinitialize()
        findings.deallocate()
    }

    func inspect(_ index: Int, _ inspection: Inspection) {
        inspection.run(parts[index].source, parts[index].destination, &findings[index])
    }

    /// What was found, in the order of the names. Once, when all pieces are inspected.
    func joined() -> Findings {
        var all = Findings()
        for found in findings { all.append(found) }
        return all
    }
}

extension Inventory {
    /// Several roots of the source may hold the same name.
    fileprivate func hasSameName(_ left: Int, _ right: Int) -> Bool {
        compareBytes(name(left), length(left), name(right), length(right)) == 0
    }

    /// The first name from `start` on that does not sort before a name of another inventory.
    fileprivate func firstIndex(from start: Int, notBelow other: Inventory, _ index: Int) -> Int {
        var (low, high) = (start, count)
        while low < high {
            let middle = (low + high) / 2
            if compareBytes(name(middle), length(middle), other.name(index), other.length(index)) < 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
