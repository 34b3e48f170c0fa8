internal import CTreeTesting

/// A Unix socket with a listening process behind it; closed when the value goes away.
public final class SocketServer: Sendable {
    private let folder: String
    private let name: Name
    private let listener: Int32

    /// Binds `name` in `folder`, at any length of the folder's path.
    public init(in folder: String, name: Name) throws {
        self.folder = folder
        self.name = name
        listener = try inDirectory(folder) { Int32(try check("listen at", name, tt_listen)) }
    }

    deinit { _ = tt_close(listener) }

    /// Whether a client that connects by the name gets the server's answer.
    public func answers() throws -> Bool {
        try inDirectory(folder) {
            // The kernel queues the connection, so that one thread can be both ends.
            let asked = name.withCString(tt_connect)
            guard asked >= 0 else { return false }
            defer { _ = tt_close(Int32(asked)) }
            return tt_answer(listener) == 0 && tt_is_answered(Int32(asked)) == 1
        }
    }
}
