/// Options for two machines: nothing is done with them, but a wrong value is wrong.
struct RemoteSettings: Sendable, Equatable {
    /// What rsync can compress with.
    static let compressions = ["auto", "zstd", "lz4", "zlibx", "zlib", "none"]
    /// The versions that rsync 3.5 speaks.
    private static let protocols = 20...32
    /// The least that rsync accepts for `--max-alloc`, other than no limit.
    private static let leastAllocation: Int64 = 1 << 20

    private var isSecluded = false
    private var usesOldArguments = false

    /// - Throws: `UsageError` where rsync would not take the value.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        if use.key == .secludedArguments { isSecluded = !use.isNegated }
        if use.key == .oldArguments { usesOldArguments = !use.isNegated }
        if isSecluded, usesOldArguments { throw .contradiction("--secluded-args", "--old-args") }
        guard !use.isNegated, let value = use.value else { return }
        try Self.check(use, value)
    }

    private static func check(_ use: Arguments.OptionUse, _ value: [UInt8]) throws(UsageError) {
        let text = String(decoding: value, as: UTF8.self)
        var expected: String?
        switch use.key {
        case .compressChoice:
            if !compressions.contains(text.lowercased()) { throw .unknownCompression(use.spelling, value) }
        case .compressLevel, .compressThreads, .connectionTimeout, .port, .checksumSeed:
            if Int32(text) == nil { expected = "a whole number" }
        case .protocolVersion:
            if !(Int32(text).map { protocols.contains(Int($0)) } ?? false) {
                expected = "a version from \(protocols.lowerBound) to \(protocols.upperBound)"
            }
        case .maxAllocation:
            let size = try use.size()
            if size != 0, size < leastAllocation { expected = "a size of at least 1M, or 0 for no limit" }
        case .iconv: try checkConversion(use, value, text)
        default: break
        }
        if let expected { throw .badValue(use.spelling, value: value, expected: expected) }
    }

    /// One character set, or two that are the same: rsync converts names between two, also on one machine.
    private static func checkConversion(
        _ use: Arguments.OptionUse, _ value: [UInt8], _ text: String
    ) throws(UsageError) {
        if text == "-" { return }
        let names = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        for name in names where !name.isEmpty && name != "." && !isCharacterSet(name) {
            throw .unknownCharacterSet(use.spelling, Array(name.utf8))
        }
        if let first = names.first, let second = names.dropFirst().first, plain(first) != plain(second) {
            throw .conversion(use.spelling, value)
        }
    }

    /// The name of a set without what spellings differ in. The locale's is UTF-8.
    private static func plain(_ name: String) -> String {
        if name.isEmpty || name == "." { return "utf8" }
        return name.lowercased().filter { $0 != "-" && $0 != "_" }
    }
}
