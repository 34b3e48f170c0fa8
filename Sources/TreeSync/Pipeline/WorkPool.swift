import Synchronization
internal import SystemPackage

/// What one thread needs for itself: buffers that are used again and again.
final class Worker {
    let reader = DirectoryReader()
    let attributes = AttributeBuffer()
    /// Whether all that hangs on the entry that the thread works on could be set.
    var isFaithful = true
    /// Two buffers of `ContentCopy.bufferSize`, made when the first file is copied or compared.
    private(set) lazy var firstBuffer = UnsafeMutableRawPointer.allocate(
        byteCount: ContentCopy.bufferSize, alignment: 4096)
    private(set) lazy var secondBuffer = UnsafeMutableRawPointer.allocate(
        byteCount: ContentCopy.bufferSize, alignment: 4096)
    private var isFirstMade = false
    private var isSecondMade = false

    /// Memory for reading and writing.
    func copyBuffer() -> UnsafeMutableRawPointer {
        isFirstMade = true
        return firstBuffer
    }

    /// Memory for the other of two files.
    func comparisonBuffer() -> UnsafeMutableRawPointer {
        isSecondMade = true
        return secondBuffer
    }

    deinit {
        if isFirstMade { firstBuffer.deallocate() }
        if isSecondMade { secondBuffer.deallocate() }
    }
}

/// A number of like steps that several threads share; whoever finishes the last one goes on with what follows.
final class SharedLoop: Sendable {
    /// Whether the steps are parts of one entry: helped with where there is no whole one to take.
    let isWithinEntry: Bool
    private let count: Int
    private let step: Int
    private let next = Atomic<Int>(0)
    private let unfinished: Atomic<Int>
    private let body: @Sendable (Worker, Range<Int>) -> Void
    private let completion: @Sendable (Worker) -> Void

    init(
        count: Int, step: Int, isWithinEntry: Bool = false, body: @escaping @Sendable (Worker, Range<Int>) -> Void,
        completion: @escaping @Sendable (Worker) -> Void
    ) {
        self.isWithinEntry = isWithinEntry
        self.count = count
        self.step = step
        unfinished = Atomic(count)
        self.body = body
        self.completion = completion
    }

    var isExhausted: Bool { next.load(ordering: .relaxed) >= count }

    /// Takes steps until none is left to take.
    func help(_ worker: Worker) {
        while true {
            let start = next.add(step, ordering: .relaxed).oldValue
            if start >= count { return }
            let range = start..<min(start + step, count)
            body(worker, range)
            if unfinished.subtract(range.count, ordering: .acquiringAndReleasing).newValue == 0 { completion(worker) }
        }
    }
}

/// The engine's threads. The calling thread is one of them; the others are started when there is work for them.
///
/// Jobs are taken last in, first out: depth first keeps the memory for directories in flight low.
final class WorkPool: @unchecked Sendable {
    typealias Job = @Sendable (Worker) -> Void

    /// Work that comes in many pieces, of which only the next is made when a thread is free for it.
    protocol Feed: AnyObject, Sendable {
        /// The next piece; `nil` when there is none left. Called under the pool's lock.
        func nextJob() -> WorkPool.Job?
    }

    private let monitor = Monitor()
    private var width: PoolWidth
    /// Whether more than one thread works.
    let isParallel: Bool
    private var threads: [Thread] = []
    private var feeds: [any Feed] = []
    private var urgent: [Job] = []
    /// Those within an entry first; the last ones are helped with first.
    private var loops: [SharedLoop] = []
    private var active = 0
    private var idle = 0
    private var isClosed = false

    /// - Parameters:
    ///   - width: how many threads work, the calling one included.
    ///   - isFixed: whether it stays so while they wait for a disk.
    init(width: Int, isFixed: Bool) {
        self.width = PoolWidth(base: width, isFixed: isFixed)
        isParallel = width > 1
    }

    /// A job that others wait for: taken before anything else.
    func add(_ job: @escaping Job) {
        monitor.lock()
        urgent.append(job)
        wakeOrStart()
        monitor.unlock()
    }

    /// A feed's jobs are taken before those of feeds that were added earlier.
    func add(_ feed: any Feed) {
        monitor.lock()
        feeds.append(feed)
        wakeOrStart()
        monitor.unlock()
    }

    /// Works on the loop; idle threads help.
    func run(_ loop: SharedLoop, _ worker: Worker) {
        guard isParallel else { return loop.help(worker) }
        monitor.lock()
        loops.insert(loop, at: loop.isWithinEntry ? 0 : loops.endIndex)
        wakeOrStart()
        monitor.unlock()
        loop.help(worker)
        // At once: while directories are left nobody looks at the loops, and each keeps all that it works on.
        monitor.lock()
        if let index = loops.lastIndex(where: { $0 === loop }) { loops.remove(at: index) }
        monitor.unlock()
    }

    /// Works until there is nothing left to do and every thread is idle.
    func drain(_ worker: Worker) {
        monitor.lock()
        work(worker, untilClosed: false)
        monitor.unlock()
    }

    /// Ends the threads. Nothing may be left to do.
    func close() {
        monitor.lock()
        isClosed = true
        monitor.wakeAll()
        let threads = threads
        monitor.unlock()
        for thread in threads { thread.join() }
    }

    /// Called and left with the lock held.
    private func work(_ worker: Worker, untilClosed: Bool) {
        while true {
            if active < width.allowed, let job = next() {
                adjustWidth()
                active += 1
                if !(urgent.isEmpty && feeds.isEmpty && loops.isEmpty) { wakeOrStart() }
                monitor.unlock()
                job(worker)
                monitor.lock()
                active -= 1
            } else if isClosed || (!untilClosed && active == 0) {
                if active == 0 { monitor.wakeAll() }
                return
            } else {
                if active == 0 { monitor.wakeAll() }
                idle += 1
                monitor.wait()
                idle -= 1
            }
        }
    }

    private func next() -> Job? {
        if let job = urgent.popLast() { return job }
        while let feed = feeds.last {
            if let job = feed.nextJob() { return job }
            feeds.removeAll { $0 === feed }
        }
        guard let loop = loops.last(where: { !$0.isExhausted }) else { return nil }
        return { loop.help($0) }
    }

    private func adjustWidth() {
        let now = monotonicNanoseconds()
        if width.isDue(now) { width.adjust(ProcessUsage(at: now), working: max(1, active)) }
    }

    /// A sleeping thread is woken, or a new one started while there are fewer than allowed.
    private func wakeOrStart() {
        guard active < width.allowed else { return }
        if idle > 0 {
            monitor.wakeOne()
        } else if threads.count < width.allowed - 1 {
            // Fewer threads than wanted only make it slower.
            let thread = try? Thread { [self] in
                let worker = Worker()
                monitor.lock()
                work(worker, untilClosed: true)
                monitor.unlock()
            }
            if let thread { threads.append(thread) }
        }
    }
}
