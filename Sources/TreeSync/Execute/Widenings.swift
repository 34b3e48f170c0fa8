internal import SystemPackage

/// Directories of our own whose permissions keep us out and that are open for a while: several threads may need the
/// same one, and the last of them gives it its permissions back.
final class Widenings: Sendable {
    private struct Widening {
        var users: Int
        var permissions: UInt16
    }

    private let widenings = Lock<[FileIdentity: Widening]>([:])

    /// Lets the owner read, write and search the directory until `restore`.
    func widen(_ directory: At) throws(Errno) {
        let status = try Status.of(directory.raw)
        widenings.withLock { widenings in
            if widenings[status.identity] != nil {
                widenings[status.identity]?.users += 1
            } else if status.permissions & 0o700 != 0o700,
                (try? OpenFile(raw: directory.raw).setPermissions(status.permissions | 0o700)) != nil
            {
                widenings[status.identity] = Widening(users: 1, permissions: status.permissions)
            }
        }
    }

    /// Gives the directory its permissions back, where nobody else needs it open.
    func restore(_ directory: At) throws(Errno) {
        let identity = try Status.of(directory.raw).identity
        let failure = widenings.withLock { widenings -> Errno? in
            guard var widening = widenings[identity] else { return nil }
            widening.users -= 1
            widenings[identity] = widening.users > 0 ? widening : nil
            guard widening.users == 0 else { return nil }
            do throws(Errno) { try OpenFile(raw: directory.raw).setPermissions(widening.permissions) } catch {
                return error
            }
            return nil
        }
        if let failure { throw failure }
    }
}
