/// What two commands said of the same work, in a form that can be compared: without what is about rsync's protocol,
/// and without rates and times.
struct DifferentialOutput: Equatable {
    /// Lines about entries, in the order of the tree.
    let lines: [String]
    /// In byte order: the two commands delete at different times, and go through what they delete in different orders.
    let deletions: [String]
    /// Lines of `-vv` and of `--info`, which rsync's processes write in no fixed order; sorted.
    let remarks: [String]
    /// The figures of `--stats` that do not depend on a protocol.
    let figures: [String]

    private static let protocolTalk = [
        "sending incremental file list", "building file list", "delta-transmission", "total: matches=", "sent ",
        // Left out kinds are remarks on standard error here.
        "skipping non-regular file", "cannot delete non-empty directory", "IO error encountered",
        // rsync says where backups go before it knows whether there will be any.
        "(new) backup_dir is ", "backup_dir is ",
    ]
    private static let remarkEnds = [" is uptodate", " is newer", " exists", "(uptodate)", "change)"]
    private static let figureLabels = [
        "Number of ", "Total file size", "Total transferred file size", "Literal data", "Matched data",
    ]

    /// - Parameter isOrdered: whether rsync's lines come in the order of the tree: not with `-vv`, where two of its
    ///   processes speak.
    init(_ output: String, isOrdered: Bool) {
        var (lines, deletions, remarks, figures) = ([String](), [String](), [String](), [String]())
        for line in output.split(separator: "\n").map(String.init) {
            if Self.protocolTalk.contains(where: line.hasPrefix) || line.hasPrefix("total size is") { continue }
            if line.hasSuffix(" problems") || line.hasSuffix(" problem") { continue }
            if Self.figureLabels.contains(where: line.hasPrefix) {
                figures.append(line)
            } else if line.hasPrefix("File list ") || line.hasPrefix("Total bytes ") {
                continue
            } else if line.hasPrefix("*deleting") || line.hasPrefix("deleting ") || line.hasPrefix("del.") {
                deletions.append(line)
            } else if !isOrdered || Self.remarkEnds.contains(where: line.hasSuffix) || line.hasPrefix("not creating")
                || line.hasPrefix("ignoring unsafe")
                || line.hasPrefix("sender removed ") || line.hasPrefix("backed up ")
            {
                remarks.append(line)
            } else {
                lines.append(line)
            }
        }
        self.lines = lines
        self.deletions = deletions.sorted()
        self.remarks = remarks.sorted()
        self.figures = figures
    }
}
