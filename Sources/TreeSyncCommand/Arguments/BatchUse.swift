/// What is done with a batch, and the file it is in.
enum BatchUse: Sendable, Equatable {
    /// Recorded beside the run.
    case write([UInt8])
    /// Recorded in its place.
    case onlyWrite([UInt8])
    /// Applied; `-` is standard input.
    case read([UInt8])

    /// The option's long name.
    var option: String {
        switch self {
        case .write: "--write-batch"
        case .onlyWrite: "--only-write-batch"
        case .read: "--read-batch"
        }
    }
}

/// The options about batches as they were given.
struct BatchSelection: Sendable, Equatable {
    private var written: BatchUse?
    private var read: [UInt8]?

    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let file = use.value ?? []
        guard !file.isEmpty else { throw .badValue(use.spelling, value: file, expected: "the path of a file") }
        switch use.key {
        case .writeBatch: written = .write(file)
        case .onlyWriteBatch: written = .onlyWrite(file)
        case .readBatch: read = file
        default: preconditionFailure("none of these options")
        }
    }

    var isReading: Bool { read != nil }

    func resolved() throws(UsageError) -> BatchUse? {
        guard let read else { return written }
        if written != nil { throw .conflict("--read-batch", "--write-batch") }
        return .read(read)
    }
}
