import Testing
import TreeSync

@testable import TreeSyncCommand

/// What is said of how far a run is.
@Suite struct ProgressTextTests {
    private let text = ProgressText(style: .grouped)

    private func progress(
        copied: Int64, planned: Int64, files: Int = 0, of plannedFiles: Int = 0, entries: Int = 0,
        isComplete: Bool = true
    ) -> Progress {
        var progress = Progress()
        (progress.copiedBytes, progress.plannedBytes) = (copied, planned)
        (progress.copiedFiles, progress.plannedFiles) = (files, plannedFiles)
        (progress.scannedEntries, progress.isScanComplete) = (entries, isComplete)
        return progress
    }

    /// The columns of `rsync --info=progress2`, found out by running it.
    @Test func columns() {
        var pace = Pace()
        pace.note(progress(copied: 1_048_576, planned: 4_194_304, files: 2, of: 5, entries: 10), at: 1)
        #expect(text.columns(pace) == "      1,048,576  25%    1.00MB/s    0:00:03 (xfr#2, to-chk=3/10)")
        #expect(text.columns(pace, isLast: true).contains("    0:00:01 (xfr#2"))
    }

    /// While the tree is being compared nobody knows the whole.
    @Test func unknownWhole() {
        var pace = Pace()
        pace.note(progress(copied: 1000, planned: 2000, files: 1, of: 2, entries: 7, isComplete: false), at: 2)
        #expect(pace.percent == nil && pace.remainingSeconds == nil)
        #expect(text.columns(pace) == "          1,000  ??%    0.49kB/s   ??:??:?? (xfr#1, ir-chk=1/7)")
        let words = text.words(pace, isDryRun: false, columns: 100)
        #expect(words == "7 entries compared, 1.00KB copied, 500B/s")
    }

    @Test func words() {
        var pace = Pace()
        var state = progress(copied: 50_000_000, planned: 200_000_000, files: 1, of: 2, entries: 1234)
        var file = FileProgress(RelativePath(bytes: Array("video/日本.mkv".utf8)), size: 100_000_000)
        file.copiedBytes = 40_000_000
        state.largeFiles = [file]
        pace.note(state, at: 1)
        let whole = "1,234 entries compared, 50.00MB of 200.00MB copied, 25%, 50.00MB/s, 0:03 left"
        #expect(text.words(pace, isDryRun: false, columns: 200) == whole + ": video/日本.mkv 40%")
        #expect(text.words(pace, isDryRun: false, columns: 79) == whole)
        for columns in 1...120 {
            #expect(TextWidth.of(text.words(pace, isDryRun: false, columns: columns)) <= columns)
        }
        #expect(text.words(pace, isDryRun: true, columns: 80) == "1,234 entries compared")
    }

    /// Totals never run backwards, whatever the events say.
    @Test func neverBackwards() {
        var pace = Pace()
        var last = pace.progress
        for (second, copied) in [Int64(10), 30, 20, 25, 40].enumerated() {
            pace.note(progress(copied: copied, planned: 100 - copied, files: Int(copied % 7)), at: Double(second + 1))
            #expect(pace.progress.copiedBytes >= last.copiedBytes && pace.progress.plannedBytes >= last.plannedBytes)
            #expect(pace.progress.copiedFiles >= last.copiedFiles && (0...100).contains(pace.percent ?? -1))
            last = pace.progress
        }
    }

    /// The rate is that of the last seconds: a run that stands still says so.
    @Test func stalled() {
        var pace = Pace()
        pace.note(progress(copied: 1000, planned: 10_000), at: 1)
        #expect(pace.rate == 1000)
        for second in 2...10 { pace.note(progress(copied: 1000, planned: 10_000), at: Double(second)) }
        #expect(pace.rate == 0 && pace.averageRate == 100 && pace.remainingSeconds == nil)
    }

    @Test func nothingToCopy() {
        var pace = Pace()
        pace.note(progress(copied: 0, planned: 0, entries: 3), at: 1)
        #expect(pace.percent == 100 && pace.remainingSeconds == 0)
    }
}
