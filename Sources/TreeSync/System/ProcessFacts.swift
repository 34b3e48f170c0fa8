import CLinux
internal import SystemPackage

/// What the engine needs to know of its own process. Read, never changed: the process is the caller's.
struct ProcessFacts: Sendable {
    let effectiveUser: UInt32
    let identifier: Int64
    /// When the process started, in clock ticks since boot: with the identifier it names one process for good.
    let startTime: UInt64
    let processors: Int
    /// The effective capabilities, a bit each.
    let capabilities: UInt64
    /// The groups that the process may give a file to without a capability.
    let groups: Set<UInt32>
    /// What new entries are not allowed to whom.
    let umask: UInt16

    /// Linux's numbers (`linux/capability.h`).
    enum Capability: UInt64 {
        case changeOwner = 0
        case administerSystem = 21
        case makeNode = 27
        case setFileCapabilities = 31
    }

    func has(_ capability: Capability) -> Bool { capabilities & (1 << capability.rawValue) != 0 }

    init() {
        effectiveUser = UInt32(ts_effective_user())
        identifier = ts_process()
        startTime = Self.startTime(of: ts_process()) ?? 0
        processors = Int(ts_processors())
        // Of this thread: it may have credentials of its own (`Credentials`).
        let status = readSmallFile("/proc/thread-self/status") ?? readSmallFile("/proc/self/status") ?? []
        // Without /proc: what the user's number suggests.
        let assumed = effectiveUser == 0 ? UInt64.max : 0
        capabilities = UInt64(Self.field("CapEff:", of: status).first ?? "", radix: 16) ?? assumed
        // Without /proc: what most systems set. Asking the kernel would mean changing it for a moment.
        umask = UInt16(Self.field("Umask:", of: status).first ?? "", radix: 8) ?? 0o022
        let groupFields = Self.field("Gid:", of: status).dropFirst().prefix(1) + Self.field("Groups:", of: status)
        groups = Set(groupFields.compactMap { UInt32($0) })
    }

    /// Field 22 of `/proc/PID/stat`; `nil` when there is no such process.
    static func startTime(of process: Int64) -> UInt64? {
        guard let text = readSmallFile("/proc/\(process)/stat"), let close = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
        // A zombie works no more; in containers nobody may ever reap it.
        guard fields.count > 19, fields[0].first != UInt8(ascii: "Z"), fields[0].first != UInt8(ascii: "X") else {
            return nil
        }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }

    /// The words behind a label of `/proc/self/status`.
    private static func field(_ label: String, of status: [UInt8]) -> [String] {
        for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: label.utf8) {
            let words = line.dropFirst(label.utf8.count).split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
            return words.map { String(decoding: $0, as: UTF8.self) }
        }
        return []
    }
}

/// Nanoseconds of a clock that only runs forward.
func monotonicNanoseconds() -> Int64 { ts_monotonic_nanoseconds() }

/// Sleeps, or less where a signal comes. The C function is `nanosleep`.
func sleep(nanoseconds: Int64) { ts_sleep(nanoseconds) }

/// The whole of a file of `/proc`, or `nil`.
func readSmallFile(_ path: String) -> [UInt8]? {
    guard let raw = try? kernel({ ts_open(path, ts_O_RDONLY, 0) }) else { return nil }
    let file = Descriptor(owning: Int32(raw))
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
        let count = chunk.withUnsafeMutableBytes { buffer in
            (try? OpenFile(raw: file.raw).read(buffer.baseAddress!, buffer.count, at: Int64(text.count))) ?? 0
        }
        if count == 0 { return text }
        text += chunk[..<count]
    }
}
