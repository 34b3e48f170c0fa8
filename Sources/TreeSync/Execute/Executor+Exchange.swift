import Synchronization
internal import SystemPackage

/// Runs into one destination, in this process or others, exchange names in a directory one after the other.
///
/// What an exchange brings out can only be looked at afterwards. Without turns the second of two runs that replace the
/// same entry would bring out what the first has just put there, and a third one might see that while it is not in its
/// place.
final class Turns: Sendable {
    /// How often, and how long in nanoseconds, a run waits for its turn; one takes microseconds.
    private static let (tries, pause): (Int, Int64) = (100, 1_000_000)
    /// Whoever may open the directory may keep a lock on it: that costs each run one wait.
    private let isPatient = Atomic<Bool>(true)

    /// Calls `body` while no other run does: at once where the directory cannot be locked.
    func take(_ directory: At, _ body: () throws(EntryFailure) -> Void) throws(EntryFailure) {
        let turn = wait(directory)
        defer { withExtendedLifetime(turn) {} }
        try body()
    }

    private func wait(_ directory: At) -> Descriptor? {
        for _ in 1...Self.tries {
            do throws(Errno) { return try directory.openLocked() } catch {
                guard error == .wouldBlock, isPatient.load(ordering: .relaxed) else { return nil }
            }
            sleep(nanoseconds: Self.pause)
        }
        isPatient.store(false, ordering: .relaxed)
        return nil
    }
}

extension Executor {
    /// Swaps a temporary name with that of what the scan saw, so that the name is never missing.
    ///
    /// - Throws: `changedInDestination` where it is not what the scan saw; then both have their names.
    func exchange(
        _ temporary: [CChar], with name: CName, of existing: Status, in at: At
    ) throws(EntryFailure) {
        try turns.take(at) { () throws(EntryFailure) in
            try expect(existing, name, at)
            try doing(.replace) { () throws(Errno) in try at.exchange(temporary, with: name) }
            // Race: whoever takes no turns may have put another entry there just before.
            do throws(EntryFailure) { try expect(existing, temporary, at) } catch {
                try? at.exchange(temporary, with: name)
                throw error
            }
        }
    }

    private func expect(_ existing: Status, _ name: CName, _ at: At) throws(EntryFailure) {
        let current = try doing(.replace) { () throws(Errno) in try at.status(name) }
        guard isWhatWasSeen(current, existing) else {
            throw EntryFailure(.replace, nil, cause: .changedInDestination)
        }
    }

    /// Whether an entry of the destination is the one that the scan saw, as far as that can be told.
    func isWhatWasSeen(_ current: Status, _ existing: Status) -> Bool {
        current.identity == existing.identity && current.kind == existing.nodeKind && isUnchanged(current, existing)
    }
}
