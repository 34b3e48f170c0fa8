import Glibc
internal import SystemPackage

/// A thread of the engine's own: system calls block, so they never run on Swift's cooperative pool.
final class Thread {
    private var handle = pthread_t()

    /// Starts at once. The C function is `pthread_create`.
    init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        try door("pthread_create")
        let box = Unmanaged.passRetained(Body(body))
        let result = pthread_create(&handle, nil, threadMain, box.toOpaque())
        if result != 0 {
            box.release()
            throw Errno(rawValue: result)
        }
    }

    func join() { pthread_join(handle, nil) }

    /// Runs `body` on a thread that nobody waits for.
    static func detach(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        let thread = try Thread(body)
        pthread_detach(thread.handle)
    }
}

private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A global function: a closure made inside `@main` would belong to the main actor and trap on another thread.
private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// A mutex with a condition, for queues on which threads wait.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
    /// Gives up the lock until somebody wakes the monitor.
    func wait() { pthread_cond_wait(condition, mutex) }
    func wakeOne() { pthread_cond_signal(condition) }
    func wakeAll() { pthread_cond_broadcast(condition) }
}

/// Compares names as bytes: negative, zero or positive as `memcmp`.
@inline(__always)
func compareBytes(_ left: UnsafeRawPointer, _ leftCount: Int, _ right: UnsafeRawPointer, _ rightCount: Int) -> Int {
    let result = memcmp(left, right, min(leftCount, rightCount))
    return result != 0 ? Int(result) : leftCount - rightCount
}

@inline(__always)
func equalBytes(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    memcmp(left, right, count) == 0
}
