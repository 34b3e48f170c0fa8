import Foundation
import Synchronization
import Testing

@testable import TreeSync

@Suite struct WorkPoolTests {
    /// What a directory's work needs, which must not outlive it.
    private final class Burden: Sendable {
        let alive: Counter
        init(_ alive: Counter) {
            self.alive = alive
            alive.rise()
        }
        deinit { alive.fall() }
    }

    private final class Counter: Sendable {
        private let now = Atomic<Int>(0)
        private let most = Atomic<Int>(0)
        var highest: Int { most.load(ordering: .relaxed) }
        func rise() { most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }
        func fall() { now.subtract(1, ordering: .relaxed) }
    }

    private final class Directories: WorkPool.Feed, @unchecked Sendable {
        let job: WorkPool.Job
        var left: Int
        init(_ left: Int, _ job: @escaping WorkPool.Job) { (self.left, self.job) = (left, job) }
        func nextJob() -> WorkPool.Job? {
            left -= 1
            return left >= 0 ? job : nil
        }
    }

    /// Memory is bounded by what is in flight, however many directories follow.
    @Test(arguments: [1, 2, 8]) func aLoopIsForgottenOnceItIsDone(width: Int) {
        let pool = WorkPool(width: width, isFixed: true)
        let alive = Counter()
        let steps = Atomic<Int>(0)
        pool.add(
            Directories(500) { worker in
                let burden = Burden(alive)
                let loop = SharedLoop(count: 100, step: 10) { _, range in
                    withExtendedLifetime(burden) { _ = steps.add(range.count, ordering: .relaxed) }
                } completion: { _ in
                }
                pool.run(loop, worker)
            })
        pool.drain(Worker())
        pool.close()
        #expect(steps.load(ordering: .relaxed) == 50_000)
        #expect(alive.highest <= 2 * width)
    }

    /// A thread that is free takes the next file of a directory before it helps with pieces of another's.
    @Test func piecesOfAnEntryComeAfterEntries() {
        let pool = WorkPool(width: 2, isFixed: true)
        let piecesHaveBegun = DispatchSemaphore(value: 0)
        let secondHasBegun = DispatchSemaphore(value: 0)
        let pieces = Atomic<Int>(0)
        let isSecondFirst = Atomic<Bool>(false)
        // Keeps the other thread until both loops are there.
        pool.add { _ in piecesHaveBegun.wait() }
        let files = SharedLoop(count: 2, step: 1) { worker, range in
            if range.lowerBound == 1 { return _ = secondHasBegun.signal() }
            let loop = SharedLoop(count: 2, step: 1, isWithinEntry: true) { _, _ in
                guard pieces.add(1, ordering: .relaxed).newValue == 1 else { return }
                piecesHaveBegun.signal()
                isSecondFirst.store(secondHasBegun.wait(timeout: .now() + 20) == .success, ordering: .relaxed)
            } completion: { _ in
            }
            pool.run(loop, worker)
        } completion: { _ in
        }
        let worker = Worker()
        pool.run(files, worker)
        pool.drain(worker)
        pool.close()
        let (wasFirst, count) = (isSecondFirst.load(ordering: .relaxed), pieces.load(ordering: .relaxed))
        #expect(wasFirst && count == 2)
    }
}
