import CLinux

/// What the process had used at a moment, all its threads together.
struct ProcessUsage {
    /// On the monotonic clock, in nanoseconds.
    var time: Int64
    /// Processor time in nanoseconds.
    var processor: Int64
    /// Blocks that had to be read from a disk.
    var blocksRead: Int64
    /// How often a thread slept.
    var waits: Int64
}

extension ProcessUsage {
    /// The C function is `getrusage`.
    init(at time: Int64) {
        var usage = ts_usage()
        ts_process_usage(&usage)
        self.init(time: time, processor: usage.processor, blocksRead: usage.blocks_read, waits: usage.waits)
    }
}
