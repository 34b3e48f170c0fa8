/// Counts the bytes of one copy for whoever wants to know how far the run is.
///
/// Totals never run backwards: a file that is copied again counts from where the first attempt ended. One thread owns
/// it.
final class CopyProgress {
    private let listener: Listener
    /// Of a large file; smaller ones are only counted.
    private let path: RelativePath?
    private let size: Int64
    private var copied: Int64 = 0
    private var counted: Int64 = 0

    /// `nil` where nobody wants to know.
    init?(_ listener: Listener, size: Int64, path: @autoclosure () -> RelativePath) {
        guard listener.wants(.progress) else { return nil }
        self.listener = listener
        self.size = size
        self.path = size >= FileProgress.leastSize ? path() : nil
        if let path = self.path { listener.progressed { $0.largeFiles.append(FileProgress(path, size: size)) } }
    }

    func add(_ count: Int) {
        copied += Int64(count)
        let total = min(copied, size)
        guard total > counted else { return }
        let step = total - counted
        counted = total
        listener.progressed { progress in
            progress.copiedBytes.addSaturating(step)
            guard let index = progress.largeFiles.firstIndex(where: { $0.path == path }) else { return }
            progress.largeFiles[index].copiedBytes = total
        }
    }

    /// The file changed while it was copied.
    func startAgain() { copied = 0 }

    func end() {
        guard let path else { return }
        listener.progressed { progress in progress.largeFiles.removeAll { $0.path == path } }
    }
}
