internal import Foundation

/// A value that one thread at a time may touch. With a lock that the sanitizers see through, unlike
/// `Synchronization.Mutex`.
public final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// Takes over a value that nobody else uses.
    public init(_ value: sending Value) { self.value = value }

    /// Calls `body` while no other thread is in it.
    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
