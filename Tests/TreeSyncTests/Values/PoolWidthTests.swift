import Testing

@testable import TreeSync

/// More threads than processors work only while they wait for a disk.
@Suite struct PoolWidthTests {
    /// What a process uses in one interval with `threads` threads.
    private func usage(
        after last: ProcessUsage, busy: Double, threads: Int, blocksRead: Int64 = 0, waits: Int64 = 0
    ) -> ProcessUsage {
        ProcessUsage(
            time: last.time + PoolWidth.interval,
            processor: last.processor + Int64(Double(PoolWidth.interval) * busy) * Int64(threads),
            blocksRead: last.blocksRead + blocksRead, waits: last.waits + waits)
    }

    private func width(
        _ base: Int, isFixed: Bool = false, steps: Int, busy: Double, blocksRead: Int64 = 0, waits: Int64 = 0
    ) -> PoolWidth {
        var width = PoolWidth(base: base, isFixed: isFixed)
        var last = ProcessUsage(time: 0, processor: 0, blocksRead: 0, waits: 0)
        width.adjust(last, working: base)
        for _ in 0..<steps {
            last = usage(after: last, busy: busy, threads: width.allowed, blocksRead: blocksRead, waits: waits)
            width.adjust(last, working: width.allowed)
        }
        return width
    }

    @Test func aWarmCacheKeepsTheWidth() { #expect(width(2, steps: 50, busy: 0.99).allowed == 2) }

    @Test func aColdCacheWidens() {
        #expect(width(2, steps: 2, busy: 0.4, blocksRead: 100).allowed == 6)
        #expect(width(2, steps: 50, busy: 0.4, blocksRead: 100).allowed == PoolWidth.most)
    }

    @Test func aSlowNetworkWidens() { #expect(width(2, steps: 50, busy: 0.1, waits: 1000).allowed == PoolWidth.most) }

    /// Others use the processors: threads wait for them without sleeping.
    @Test func aBusyMachineKeepsTheWidth() { #expect(width(2, steps: 50, busy: 0.1).allowed == 2) }

    @Test func whatWasAskedForStays() {
        #expect(width(1, isFixed: true, steps: 50, busy: 0.1, blocksRead: 100, waits: 1000).allowed == 1)
        #expect(width(64, isFixed: true, steps: 50, busy: 0.1, blocksRead: 100, waits: 1000).allowed == 64)
    }

    @Test func itNarrowsAgain() {
        var width = width(2, steps: 50, busy: 0.4, blocksRead: 100)
        var last = ProcessUsage(time: 1 << 40, processor: 1 << 40, blocksRead: 1 << 20, waits: 0)
        width.adjust(last, working: 16)
        for _ in 0..<50 {
            last = usage(after: last, busy: 0.95, threads: width.allowed)
            width.adjust(last, working: width.allowed)
        }
        #expect(width.allowed == 2)
    }
}
