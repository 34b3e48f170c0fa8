/// How many threads may work: as many as there are processors, and more while they wait for a disk.
///
/// A warm cache is walked no faster by more threads than processors, a cold one three times as fast by eight on two
/// processors (210,000 entries: 2.4 s with one thread, 1.2 s with two, 0.8 s with eight). Which of the two it is shows
/// in what the process uses, so that nobody has to be asked.
struct PoolWidth {
    /// Often enough for a walk of a second, rarely enough to cost nothing.
    static let interval: Int64 = 5_000_000
    /// Beyond this the disk is no faster.
    static let most = 16

    /// How many threads may work now.
    private(set) var allowed: Int
    private let base: Int
    private let most: Int
    private var last: ProcessUsage?

    /// - Parameter isFixed: whether somebody has said how many threads to use.
    init(base: Int, isFixed: Bool) {
        self.base = max(1, base)
        most = isFixed ? self.base : max(self.base, Self.most)
        allowed = self.base
    }

    func isDue(_ time: Int64) -> Bool { most > base && time - (last?.time ?? 0) >= Self.interval }

    /// Looks at what was used since the last time.
    ///
    /// - Parameter working: how many threads worked meanwhile.
    mutating func adjust(_ usage: ProcessUsage, working: Int) {
        defer { last = usage }
        guard let last, working > 0 else { return }
        let busy = Double(usage.processor - last.processor) / (Double(usage.time - last.time) * Double(working))
        let readsDisk = usage.blocksRead > last.blocksRead
        // A file system on a network or in user space reads no blocks: its threads just sleep.
        let sleeps = usage.waits - last.waits > Int64(working) * 4
        if readsDisk && busy < 0.7 || sleeps && busy < 0.3 {
            allowed = min(most, allowed + 2)
        } else if busy > 0.85 {
            allowed = max(base, allowed - 1)
        }
    }
}
