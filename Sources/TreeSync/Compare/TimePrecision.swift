internal import SystemPackage
import Synchronization

/// How finely the destination's file systems keep times, found out from the times that they hold.
///
/// The kernel itself sets change times as finely as the file system can: where those of a directory and its entries
/// are all whole seconds, the file system keeps no more. Nothing is written to find that out, so that a dry run
/// judges like a run.
final class TimePrecision: Sendable {
    private let granularities = Mutex<[UInt64: UInt32]>([:])
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
            return window >= 0 && abs(source.seconds - destination.seconds) <= Int64(window)
        }
        return isRounded(source, destination, in: directory, device)
    }

    private func isRounded(
        _ source: Timestamp, _ destination: Timestamp, in directory: Int32, _ device: UInt64
    ) -> Bool {
        if isClamped(source, destination) { return true }
        guard abs(source.seconds - destination.seconds) <= 2 else { return false }
        let granularity = Int64(granularity(directory, device))
        guard granularity > 1 else { return false }
        let difference =
            Int64(source.seconds - destination.seconds) * 1_000_000_000
            + Int64(source.nanoseconds) - Int64(destination.nanoseconds)
        return abs(difference) < granularity
    }

    /// The first and last seconds that file systems keep: 32 bits (ext3, xfs), 34 bits (ext4), FAT and exFAT.
    private static let lastSeconds: Set<Int64> = [
        Int64(Int32.max), 0x3_7FFF_FFFF, 16_299_260_425, 4_354_819_198, 4_354_819_199,
    ]
    private static let firstSeconds: Set<Int64> = [Int64(Int32.min), 315_532_800]

    /// The kernel keeps the nearest time that the file system can hold.
    private func isClamped(_ source: Timestamp, _ destination: Timestamp) -> Bool {
        source.seconds > destination.seconds && Self.lastSeconds.contains(destination.seconds)
            || source.seconds < destination.seconds && Self.firstSeconds.contains(destination.seconds)
    }

    private func granularity(_ directory: Int32, _ device: UInt64) -> UInt32 {
        if let known = granularities.withLock({ $0[device] }) { return known }
        let facts = FileSystemFacts.of(directory, device: device)
        let found = facts.isFAT ? 2_000_000_000 : Self.observed(directory)
        granularities.withLock { $0[device] = found }
        return found
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
