import CLinux
import Foundation
import Synchronization
import Testing
import TreeSync
import TreeTesting

/// What is done to one system call of the engine.
enum Fault: Hashable, Sendable {
    /// It is not made; this is its error.
    case error(Int32)
    /// A read or a write moves one byte only.
    case short

    /// The faults that a call can have, by the kernel's manual pages; in a fixed order.
    static func possible(of call: String, canBeShort: Bool) -> [Fault] {
        let always = [EIO, EINTR, ENOMEM, ESTALE]
        let names = [EACCES, EPERM, ELOOP]
        let space = [ENOSPC, EDQUOT, EROFS]
        let errors: [Int32] =
            switch call {
            case "open", "openat", "openat2": always + names + [EMFILE, ENFILE] + space
            case "statx", "readlinkat": always + names
            case "mkdirat", "mknodat", "symlinkat", "linkat", "unlinkat", "renameat", "renameat2":
                always + names + space
            case "fchmod", "fchownat", "utimensat", "fsetxattr", "fremovexattr", "acl_set_file",
                "acl_delete_def_file":
                always + [EACCES, EPERM] + space
            case "flistxattr", "fgetxattr", "listxattrat", "getxattrat", "acl_get_file": always + [EACCES, EPERM]
            case "pwrite", "copy_file_range", "ioctl", "ftruncate": always + [EPERM] + space
            case "fsync", "syncfs": [EIO, ENOSPC, EDQUOT, EINTR, EROFS]
            case "flock": always + [EWOULDBLOCK]
            case "close": [EIO, EINTR, ENOSPC, EDQUOT]
            case "pthread_create": [EAGAIN]
            default: always
            }
        return errors.map { .error($0) } + (canBeShort ? [.short] : [])
    }

    /// Whether whoever makes the call must cope without saying anything.
    var mustBeCopedWith: Bool { self == .error(EINTR) || self == .short }
}

/// A call that was refused.
struct InjectedFault: Sendable, CustomStringConvertible {
    var number: Int
    var call: String
    var fault: Fault
    /// How many faults the call can have.
    var choices: Int

    var description: String {
        switch fault {
        case .error(let code): "call \(number), \(call): \(String(cString: strerror(code)))"
        case .short: "call \(number), \(call): one byte only"
        }
    }
}

/// Refuses one call of the whole process: for processes that do nothing else.
enum FaultInjection {
    private static let target = Atomic<Int>(0)
    private static let count = Atomic<Int>(0)
    private static let choice = Atomic<Int>(0)
    private static let injected = Mutex<InjectedFault?>(nil)

    /// Whether this build has the door.
    static let isPossible = ts_set_fault_hook(nil) == 0

    /// Runs `body` with its `number`-th system call refused.
    ///
    /// - Parameter choice: which of the call's possible faults; counted round, so that any number will do.
    /// - Returns: what was refused; `nil` where `body` makes fewer calls.
    static func refusing(_ number: Int, choice wanted: Int, _ body: () -> Void) -> InjectedFault? {
        injected.withLock { $0 = nil }
        count.store(0, ordering: .relaxed)
        choice.store(wanted, ordering: .relaxed)
        target.store(number, ordering: .relaxed)
        _ = ts_set_fault_hook(answer)
        body()
        _ = ts_set_fault_hook(nil)
        return injected.withLock { $0 }
    }

    private static let wanted = Mutex<(call: String, code: Int32)?>(nil)

    /// Runs `body` with the `number`-th call of one name refused.
    ///
    /// - Returns: whether there was such a call.
    static func refusing(_ call: String, _ code: Int32, number: Int = 1, _ body: () -> Void) -> Bool {
        wanted.withLock { $0 = (call, code) }
        defer { wanted.withLock { $0 = nil } }
        return refusing(number, choice: 0, body) != nil
    }

    private nonisolated(unsafe) static var action: (@Sendable () -> Void)?

    /// Runs `body` and, just before its `number`-th system call, `meanwhile`: what somebody else does at that moment.
    ///
    /// - Returns: the call; `nil` where `body` makes fewer.
    static func interposing(_ meanwhile: @escaping @Sendable () -> Void, before number: Int, _ body: () -> Void)
        -> String?
    {
        action = meanwhile
        defer { action = nil }
        return refusing(number, choice: 0, body)?.call
    }

    private static let meeting = Mutex<Meeting?>(nil)

    /// Runs `body`; its first call of one name waits until another thread makes one, at most so many seconds.
    ///
    /// - Returns: whether another thread did.
    static func meeting(in call: String, patience: Double, _ body: () -> Void) -> Bool {
        let both = Meeting(call, patience)
        meeting.withLock { $0 = both }
        _ = ts_set_fault_hook(answer)
        body()
        _ = ts_set_fault_hook(nil)
        meeting.withLock { $0 = nil }
        return both.hasHappened
    }

    /// Where the threads of one run wait for each other.
    private final class Meeting: @unchecked Sendable {
        let call: String
        private let patience: Double
        private let condition = NSCondition()
        private var first: pthread_t?
        private(set) var hasHappened = false

        init(_ call: String, _ patience: Double) { (self.call, self.patience) = (call, patience) }

        func arrive() {
            condition.withLock {
                if let first {
                    if pthread_equal(first, pthread_self()) == 0 { hasHappened = true }
                    return condition.broadcast()
                }
                first = pthread_self()
                let end = Date(timeIntervalSinceNow: patience)
                while !hasHappened, condition.wait(until: end) {}
            }
        }
    }

    fileprivate static func answerNext(_ call: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?) -> Int64 {
        guard let call else { return 0 }
        if let meeting = meeting.withLock({ $0 }) {
            if strcmp(meeting.call, call) == 0 { meeting.arrive() }
            return 0
        }
        let only = wanted.withLock { $0 }
        if let only, strcmp(only.call, call) != 0 { return 0 }
        let number = count.add(1, ordering: .relaxed).newValue
        guard number == target.load(ordering: .relaxed) else { return 0 }
        let name = String(cString: call)
        if let only {
            injected.withLock {
                $0 = InjectedFault(number: number, call: name, fault: .error(only.code), choices: 1)
            }
            return -Int64(only.code)
        }
        if let action {
            injected.withLock {
                $0 = InjectedFault(number: number, call: name, fault: .short, choices: 1)
            }
            action()
            return 0
        }
        let faults = Fault.possible(of: name, canBeShort: size.map { $0.pointee > 1 } ?? false)
        let fault = faults[choice.load(ordering: .relaxed) % faults.count]
        injected.withLock {
            $0 = InjectedFault(number: number, call: name, fault: fault, choices: faults.count)
        }
        switch fault {
        case .error(let code): return -Int64(code)
        case .short:
            size?.pointee = 1
            return 0
        }
    }
}

/// A global function: C calls it, on any thread.
private func answer(_ call: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?) -> Int64 {
    FaultInjection.answerNext(call, size)
}

/// Ends a process of its own that hangs. The time is that of a busy machine, where many of them run beside each other.
func endWhenHanging(_ seconds: UInt32 = 900) { alarm(seconds) }

/// Runs once for each system call, with `meanwhile` just before it, in trees of their own. For processes that do nothing else.
///
/// - Parameters:
///   - meanwhile: gets the paths of source and destination.
///   - check: gets the call as well, and what came of the run.
func beforeEachCall(
    _ source: Tree, _ destination: Tree, _ options: Options = .deleting(),
    _ meanwhile: @escaping @Sendable (String, String) -> Void,
    _ check: (Mirror, String, Run?) throws -> Void
) throws {
    try beforeEachCall(source, destination, options, { from, to, _ in meanwhile(from, to) }) {
        try check($0, $1, try? $2.get())
    }
}

/// The same, where `meanwhile` may cancel the run.
///
/// - Returns: how many calls there are.
@discardableResult
func beforeEachCall(
    _ source: Tree, _ destination: Tree, _ options: Options = .deleting(),
    _ meanwhile: @escaping @Sendable (String, String, Cancellation) -> Void,
    _ check: (Mirror, String, Result<Run, any Error>) throws -> Void
) throws -> Int {
    endWhenHanging()
    return try withTemporaryDirectory(in: FileSystem.quick.folder()) { folder in
        for number in 1... {
            let mirror = try Mirror(in: folder, source, destination, options: options)
            defer { for path in [mirror.source, mirror.destination] { try? removeTree(path) } }
            var run: Result<Run, any Error>?
            let (from, to, cancellation) = (mirror.source, mirror.destination, Cancellation())
            let call = FaultInjection.interposing({ meanwhile(from, to, cancellation) }, before: number) {
                run = Result { try mirror.run(jobs: 1, cancellation: cancellation) }
            }
            guard let call else {
                #expect(number > 20)
                return number - 1
            }
            try check(mirror, call, #require(run))
        }
        return 0
    }
}

/// Prints what a process of its own says that it has tried, in a line that begins with `word`. None is a failure.
func expectCount(
    _ word: String, of what: String, in output: [UInt8]?, sourceLocation: SourceLocation = #_sourceLocation
) {
    let text = String(decoding: output ?? [], as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix(word + " ") }
    print("\(word.lowercased()) (\(what)): \(line?.dropFirst(word.count + 1) ?? "none")")
    #expect(line != nil, sourceLocation: sourceLocation)
}
