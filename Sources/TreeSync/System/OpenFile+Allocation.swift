import CLinux
internal import SystemPackage

/// Which blocks of a file exist.
extension OpenFile {
    /// Reserves blocks for a range, without changing what the file holds or how long it is. EOPNOTSUPP where the file
    /// system cannot. The C function is `fallocate` with `FALLOC_FL_KEEP_SIZE`.
    func reserve(_ range: Range<Int64>) throws(Errno) {
        if range.isEmpty { return }
        try kernel { ts_fallocate(raw, ts_FALLOC_FL_KEEP_SIZE, range.lowerBound, Int64(range.count)) }
    }

    /// Makes a range zero and gives its blocks back; the length stays. EOPNOTSUPP where the file system cannot. The C
    /// function is `fallocate` with `FALLOC_FL_PUNCH_HOLE`.
    func punchHole(_ range: Range<Int64>) throws(Errno) {
        if range.isEmpty { return }
        let mode = ts_FALLOC_FL_PUNCH_HOLE | ts_FALLOC_FL_KEEP_SIZE
        try kernel { ts_fallocate(raw, mode, range.lowerBound, Int64(range.count)) }
    }
}
