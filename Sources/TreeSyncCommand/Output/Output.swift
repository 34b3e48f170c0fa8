import CLinux
import Glibc
import SystemPackage
import Synchronization

/// Standard output or another file: collects bytes and writes them in large pieces, or at once to a terminal.
final class Output: Sendable {
    /// Why nothing more can be written.
    enum Failure: Sendable, Equatable {
        /// The reader of the pipe is gone.
        case closed
        case failed(Errno)
    }

    private struct State {
        var buffer: [UInt8] = []
        var failure: Failure?
    }

    /// Enough lines for a system call to cost little beside them.
    private static let pieceSize = 1 << 16

    private let descriptor: Int32
    private let writesAtOnce: Bool
    private let state = Mutex(State())

    init(descriptor: Int32 = STDOUT_FILENO, buffering: Presentation.Stream.Buffering = .automatic) {
        self.descriptor = descriptor
        writesAtOnce =
            switch buffering {
            case .automatic: isTerminal(descriptor)
            case .none, .line: true
            case .block: false
            }
    }

    /// Where the lines of a run go.
    convenience init(_ stream: Presentation.Stream) {
        self.init(
            descriptor: stream.descriptor, buffering: stream.buffering)
    }

    /// Writes text now or later. Does nothing after a failure.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes bytes now or later. Does nothing after a failure.
    func write(_ bytes: [UInt8]) {
        state.withLock { state in
            state.buffer += bytes
            if writesAtOnce || state.buffer.count >= Self.pieceSize { drain(&state) }
        }
    }

    /// Writes what was kept back, and tells what went wrong so far.
    @discardableResult
    func flush() -> Failure? {
        state.withLock { state in
            drain(&state)
            return state.failure
        }
    }

    var failure: Failure? { state.withLock { $0.failure } }

    private func drain(_ state: inout State) {
        var written = 0
        while written < state.buffer.count, state.failure == nil {
            let result = state.buffer.withUnsafeBytes { bytes in
                ts_write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if result >= 0 {
                written += Int(result)
            } else if result != Int64(-EINTR) {
                state.failure = result == Int64(-EPIPE) ? .closed : .failed(Errno(rawValue: Int32(-result)))
            }
        }
        state.buffer.removeAll(keepingCapacity: true)
    }
}

/// Writes lines to standard error, each behind the command's name.
func complain(_ lines: [String]) {
    let output = Output(descriptor: STDERR_FILENO)
    for line in lines { output.write("treesync: \(line)\n") }
    output.flush()
}
