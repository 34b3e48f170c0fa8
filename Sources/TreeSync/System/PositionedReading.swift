internal import SystemPackage

/// What is read at any offset, as by `pread`.
protocol PositionedReading {
    /// Reads at most `size` bytes; 0 at the end of the file.
    func read(_ buffer: UnsafeMutableRawPointer, _ size: Int, at offset: Int64) throws(Errno) -> Int
}

extension PositionedReading {
    /// Reads until `size` bytes are there or the file ends.
    func readFully(_ buffer: UnsafeMutableRawPointer, _ size: Int, at offset: Int64) throws(Errno) -> Int {
        var done = 0
        while done < size {
            let count = try read(buffer + done, size - done, at: offset + Int64(done))
            if count == 0 { break }
            done += count
        }
        return done
    }
}
