import TreeSync

/// What is said of how far a run is.
struct ProgressText: Sendable {
    let style: Presentation.NumberStyle

    // MARK: In rsync's columns

    /// Bytes, percentage, rate, time and counts, in the columns of rsync's progress.
    ///
    /// While the tree is still being compared nobody knows the whole: the percentage and the time are question marks.
    func columns(_ pace: Pace, isLast: Bool = false) -> String {
        let progress = pace.progress
        let percent = pace.percent.map { padded("\($0)", 3) } ?? " ??"
        let time = isLast ? clock(Int(pace.seconds)) : pace.remainingSeconds.map(clock) ?? "  ??:??:??"
        let rate = isLast ? pace.averageRate : pace.rate
        let left = progress.plannedFiles - progress.copiedFiles
        return "\(padded(style.bytes(progress.copiedBytes), 15)) \(percent)% \(padded(speed(rate), 11)) \(time) "
            + "(xfr#\(progress.copiedFiles), \(progress.isScanComplete ? "to" : "ir")-chk=\(left)/"
            + "\(progress.scannedEntries))"
    }

    /// A large file that is complete.
    func columns(_ file: FileProgress, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(file.size) / seconds : 0
        return "\(padded(style.bytes(file.size), 15)) 100% \(padded(speed(rate), 11)) \(clock(Int(seconds)))"
    }

    /// A large file on its way.
    func part(_ file: FileProgress, columns: Int) -> String {
        let percent = file.size > 0 ? Int(Double(file.copiedBytes) * 100 / Double(file.size)) : 100
        let tail = " \(percent)%"
        let name = TextWidth.end(of: file.path.description, columns: columns - tail.count)
        return name.isEmpty ? "" : name + tail
    }

    /// rsync's units: of 1024, at least kilobytes.
    func speed(_ rate: Double) -> String {
        var value = rate / 1024
        for unit in ["kB/s", "MB/s"] {
            if value < 1024 { return Presentation.NumberStyle.digits.ratio(value) + unit }
            value /= 1024
        }
        return Presentation.NumberStyle.digits.ratio(value) + "GB/s"
    }

    private func clock(_ seconds: Int) -> String {
        let (minutes, rest) = ((seconds / 60) % 60, seconds % 60)
        return padded("\(seconds / 3600)", 4) + ":" + twoDigits(minutes) + ":" + twoDigits(rest)
    }

    // MARK: In words

    /// The quiet line of a run that takes long, at most so many columns wide.
    func words(_ pace: Pace, isDryRun: Bool, columns: Int) -> String {
        let progress = pace.progress
        let size = { (bytes: Int64) in Presentation.NumberStyle.thousands.bytes(bytes) + "B" }
        var parts = ["\(style.count(progress.scannedEntries)) entries compared"]
        if !isDryRun, progress.plannedBytes > 0 {
            parts.append(
                progress.isScanComplete
                    ? "\(size(progress.copiedBytes)) of \(size(progress.plannedBytes)) copied"
                    : "\(size(progress.copiedBytes)) copied")
            if let percent = pace.percent { parts.append("\(percent)%") }
            if pace.rate >= 1 { parts.append("\(size(Int64(pace.rate)))/s") }
            if let seconds = pace.remainingSeconds, seconds > 0 { parts.append("\(duration(seconds)) left") }
        }
        var line = parts.joined(separator: ", ")
        // The end says more than the beginning.
        while TextWidth.of(line) > columns, parts.count > 1 {
            parts.removeFirst()
            line = parts.joined(separator: ", ")
        }
        if !isDryRun, let file = progress.largeFiles.first {
            let name = part(file, columns: columns - TextWidth.of(line) - 2)
            if !name.isEmpty { line += ": " + name }
        }
        return TextWidth.start(of: line, columns: columns)
    }

    private func duration(_ seconds: Int) -> String {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0
            ? "\(hours):\(twoDigits(minutes)):\(twoDigits(seconds % 60))" : "\(minutes):\(twoDigits(seconds % 60))"
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
