internal import SystemPackage

/// How finely the destination's file systems keep times, found out from the times that they hold.
///
/// The kernel itself sets change times as finely as the file system can: where those of a directory and its entries
/// are all whole seconds, the file system keeps no more. Nothing is written to find that out, so that a dry run
/// judges like a run.
final class TimePrecision: Sendable {
    private let known = Lock<[UInt64: Keeping]>([:])
    private let window: Int?

    /// - Parameter window: `Options.modifyWindow`.
    init(window: Int?) { self.window = window }

    /// Whether the destination's time is the source's, as well as the destination can keep it.
    ///
    /// - Parameters:
    ///   - directory: the destination's directory, and `device` its file system.
    @inline(__always)
    func areEqual(_ source: Timestamp, _ destination: Timestamp, in directory: Int32, device: UInt64) -> Bool {
        if source == destination { return true }
        if let window {
            return window >= 0 && source.secondsApart(from: destination) <= UInt64(window)
        }
        return isRounded(source, destination, in: directory, device)
    }

    private func isRounded(
        _ source: Timestamp, _ destination: Timestamp, in directory: Int32, _ device: UInt64
    ) -> Bool {
        let isNear = source.secondsApart(from: destination) <= 2
        guard isNear || Self.bounds.contains(destination.seconds) else { return false }
        let keeping = keeping(directory, device)
        if keeping.clamps(source, to: destination) { return true }
        guard isNear, keeping.step > 1 else { return false }
        let difference =
            (source.seconds - destination.seconds) * 1_000_000_000
            + Int64(source.nanoseconds) - Int64(destination.nanoseconds)
        return abs(difference) < Int64(keeping.step)
    }

    /// What a file system keeps of times.
    private struct Keeping {
        /// In nanoseconds.
        var step: UInt32
        /// The first and the last seconds that it holds, as far as is known; the kernel keeps the nearest of them.
        var first: Set<Int64> = []
        var last: Set<Int64> = []

        func clamps(_ source: Timestamp, to destination: Timestamp) -> Bool {
            guard destination.nanoseconds == 0 else { return false }
            return source.seconds > destination.seconds && last.contains(destination.seconds)
                || source.seconds < destination.seconds && first.contains(destination.seconds)
        }
    }

    /// 1901 and 2038 (32 bits), 2446 (ext4 with inodes of 256 bytes), 2486 (xfs with big times), 1980 and 2107 (FAT).
    private static let (first32, last32, last34, lastBig) = (
        Int64(Int32.min), Int64(Int32.max), Int64(0x3_7FFF_FFFF), Int64(16_299_260_424)
    )
    private static let (firstFAT, lastFAT) = (Int64(315_532_800), Set<Int64>([4_354_819_198, 4_354_819_199]))
    private static let bounds = lastFAT.union([first32, last32, last34, lastBig, firstFAT])

    private func keeping(_ directory: Int32, _ device: UInt64) -> Keeping {
        if let known = known.withLock({ $0[device] }) { return known }
        let found = Self.keeping(of: FileSystemFacts(device: device), directory)
        known.withLock { $0[device] = found }
        return found
    }

    private static func keeping(of facts: FileSystemFacts, _ directory: Int32) -> Keeping {
        if facts.isFAT { return Keeping(step: 2_000_000_000, first: [firstFAT], last: lastFAT) }
        let step = observed(directory)
        switch facts.name {
        // Small inodes have room for seconds in 32 bits only.
        case "ext2", "ext3", "ext4":
            return Keeping(step: step, first: [first32], last: [step == 1_000_000_000 ? last32 : last34])
        case "xfs": return Keeping(step: step, first: [first32], last: [last32, lastBig])
        default: return Keeping(step: step)
        }
    }

    /// The coarsest step of which all times of the directory and its first entries are multiples.
    private static func observed(_ directory: Int32) -> UInt32 {
        var times = (try? Status.kernelTimes(directory, "")) ?? []
        let reader = DirectoryReader()
        var names: [[CChar]] = []
        if let copy = try? At(raw: directory).openDirectory(".") {
            let descriptor = Descriptor(owning: copy)
            try? reader.read(descriptor.raw) { name, length, _ in
                if names.count < 32 { names.append(Array(UnsafeBufferPointer(start: name, count: length + 1))) }
            }
        }
        for name in names { times += (try? Status.kernelTimes(directory, name)) ?? [] }
        let steps: [UInt32] = [1_000_000_000, 10_000_000, 1_000_000, 1_000, 100]
        return steps.first { step in times.allSatisfy { $0.nanoseconds % step == 0 } } ?? 1
    }
}
