/// Counts the bytes of one copy for whoever wants to know how far the run is.
///
/// Totals never run backwards: a file that is copied again counts from where the first attempt ended.
final class CopyProgress: Sendable {
    private struct Counts {
        var copied: Int64 = 0
        var told: Int64 = 0
    }

    private let listener: Listener
    /// Of a large file; smaller ones are only counted.
    private let path: RelativePath?
    private let size: Int64
    private let counts = Lock(Counts())

    /// `nil` where nobody wants to know.
    init?(_ listener: Listener, size: Int64, path: @autoclosure () -> RelativePath) {
        guard listener.wants(.progress) else { return nil }
        self.listener = listener
        self.size = size
        self.path = size >= FileProgress.leastSize ? path() : nil
        if let path = self.path { listener.progressed { $0.largeFiles.append(FileProgress(path, size: size)) } }
    }

    func add(_ count: Int) {
        counts.withLock { counts in
            counts.copied += Int64(count)
            let total = min(counts.copied, size)
            guard total > counts.told else { return }
            let step = total - counts.told
            counts.told = total
            listener.progressed { progress in
                progress.copiedBytes.addSaturating(step)
                guard let index = progress.largeFiles.firstIndex(where: { $0.path == path }) else { return }
                progress.largeFiles[index].copiedBytes = total
            }
        }
    }

    /// The file changed while it was copied.
    func startAgain() { counts.withLock { $0.copied = 0 } }

    func end() {
        guard let path else { return }
        listener.progressed { progress in progress.largeFiles.removeAll { $0.path == path } }
    }
}
