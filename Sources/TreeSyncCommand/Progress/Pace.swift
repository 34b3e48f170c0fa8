import TreeSync

/// How fast bytes come, over the last seconds, and what that makes of the rest.
struct Pace: Sendable {
    /// Long enough for a rate that does not flicker, short enough to show that a disk became slow.
    private static let window = 5.0

    private struct Sample: Sendable {
        var seconds: Double
        var bytes: Int64
    }

    private var samples = [Sample(seconds: 0, bytes: 0)]
    private(set) var progress = Progress()
    /// Since the run began.
    private(set) var seconds = 0.0

    /// Takes a state of the run into account; totals that run backwards are not believed.
    mutating func note(_ next: Progress, at seconds: Double) {
        let before = progress
        progress = next
        progress.copiedBytes = max(before.copiedBytes, next.copiedBytes)
        progress.copiedFiles = max(before.copiedFiles, next.copiedFiles)
        progress.plannedBytes = max(before.plannedBytes, next.plannedBytes, progress.copiedBytes)
        progress.plannedFiles = max(before.plannedFiles, next.plannedFiles, progress.copiedFiles)
        progress.scannedEntries = max(before.scannedEntries, next.scannedEntries)
        progress.isScanComplete = before.isScanComplete || next.isScanComplete
        if let current = currentPercent { percent = max(percent ?? 0, current) }
        self.seconds = seconds
        samples.append(Sample(seconds: seconds, bytes: progress.copiedBytes))
        while samples.count > 2, samples[1].seconds < seconds - Self.window { samples.removeFirst() }
    }

    /// Bytes a second, over the last seconds.
    var rate: Double {
        guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else { return 0 }
        return Double(last.bytes - first.bytes) / (last.seconds - first.seconds)
    }

    /// Bytes a second, over the whole run.
    var averageRate: Double { seconds > 0 ? Double(progress.copiedBytes) / seconds : 0 }

    /// Of the bytes that are to be copied; `nil` while the tree is still being compared: nobody knows how many.
    private(set) var percent: Int?

    private var currentPercent: Int? {
        guard progress.isScanComplete else { return nil }
        if progress.plannedBytes == 0 { return 100 }
        return Int(Double(progress.copiedBytes) * 100 / Double(progress.plannedBytes))
    }

    /// Seconds until everything is copied; `nil` where that is not known.
    var remainingSeconds: Int? {
        guard progress.isScanComplete else { return nil }
        let rest = progress.plannedBytes - progress.copiedBytes
        if rest <= 0 { return 0 }
        // Nothing came for a while: no guess is better than a wild one.
        guard rate >= 1 else { return nil }
        return Int((Double(rest) / rate).rounded(.up))
    }
}
