import CLinux
internal import SystemPackage

extension Credentials {
    /// Runs `body` on a thread of its own that has these credentials for good, and so have all threads that it starts. The
    /// process and the calling thread keep theirs.
    ///
    /// The kernel keeps credentials for each thread; it is the C library that changes those of all at once. The C calls
    /// are `setgroups`, `setresgid` and `setresuid`, made past it.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(SynchronizationError) -> Result
    ) throws(SynchronizationError) -> Result {
        let outcome = Lock<Swift.Result<Result, SynchronizationError>?>(nil)
        do throws(Errno) {
            let thread = try Thread {
                let result = Swift.Result { () throws(SynchronizationError) in
                    do throws(Errno) { try take() } catch { throw SynchronizationError.credentials(self, error) }
                    return try body()
                }
                outcome.withLock { $0 = result }
            }
            thread.join()
        } catch {
            throw .credentials(self, error)
        }
        guard let result = outcome.withLock({ $0 }) else { preconditionFailure("the thread has ended") }
        return try result.get()
    }

    private func take() throws(Errno) {
        try kernel { ts_take_credentials(user, group, groups, groups.count) }
    }
}

extension Accounts {
    /// The groups of a user of this machine; `nil` where there is none of this number. The C function is `getgrouplist`.
    static func groups(of user: UInt32) -> (primary: UInt32, all: [UInt32])? {
        // `NGROUPS_MAX` of Linux.
        var groups = [UInt32](repeating: 0, count: 65_536)
        var primary: UInt32 = 0
        let count = ts_user_groups(user, &primary, &groups, groups.count)
        return count < 0 ? nil : (primary, Array(groups.prefix(Int(count))))
    }
}
