import SystemPackage
import TreeSync

/// The options that say how contents arrive, and what contradicts itself among them.
struct ArrivalSelection: Sendable, Equatable {
    private var arrival = Options.Arrival()
    /// `nil` where nothing was said of it.
    private var keepsPartial: Bool?
    private var partialDirectory: FilePath?
    /// Whether files are written into devices, which is in place.
    var writesDevices = false

    /// Takes one more option into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let isOn = !use.isNegated
        switch use.key {
        case .inPlace: arrival.writesInPlace = isOn
        case .append: arrival.growth = isOn ? .trusting : nil
        case .appendVerify: arrival.growth = .verifying
        case .wholeFile: arrival.copiesWholeFiles = isOn
        case .blockSize: arrival.blockSize = try use.blockSize()
        case .preallocate: arrival.preallocates = true
        case .partial, .partialProgress: keepsPartial = isOn
        case .partialDirectory: partialDirectory = try use.partialDirectory()
        case .temporaryDirectory: arrival.temporaryDirectory = FilePath(use.value ?? [])
        case .delayUpdates: arrival.delaysUpdates = isOn
        default: break
        }
    }

    /// What the library is asked for.
    ///
    /// - Parameter customDirectory: what `RSYNC_PARTIAL_DIR` says.
    func resolved(customDirectory: [UInt8]? = environment("RSYNC_PARTIAL_DIR")) throws(UsageError) -> Options.Arrival {
        var result = arrival
        if writesDevices { result.writesInPlace = true }
        try checkConflicts(result)
        if keepsPartial == false { return result }
        if let partialDirectory {
            result.partialFiles = .directory(partialDirectory)
        } else if keepsPartial == true {
            result.partialFiles = .inPlace
            let isLookedAt = !result.writesInPlace && !arrival.delaysUpdates && arrival.growth == nil
            if isLookedAt, let customDirectory, !customDirectory.isEmpty {
                result.partialFiles = .directory(FilePath(customDirectory))
            }
        }
        return result
    }

    private func checkConflicts(_ arrival: Options.Arrival) throws(UsageError) {
        if arrival.growth != nil, arrival.copiesWholeFiles == true { throw .conflict("--append", "--whole-file") }
        let inPlace = arrival.growth != nil ? "--append" : arrival.writesInPlace ? "--inplace" : nil
        guard let inPlace else { return }
        if arrival.delaysUpdates { throw .conflict(inPlace, "--delay-updates") }
        if partialDirectory != nil { throw .conflict(inPlace, "--partial-dir") }
    }
}

extension FilePath {
    /// Made of bytes as they were typed.
    fileprivate init(_ bytes: [UInt8]) {
        self = (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            FilePath(platformString: $0.baseAddress!)
        }
    }
}

extension Arguments.OptionUse {
    /// rsync's limit; 0 is the default.
    private static let largestBlock: Int64 = 128 * 1024

    fileprivate func blockSize() throws(UsageError) -> Int {
        let size = try size()
        guard size <= Self.largestBlock else {
            throw .badValue(spelling, value: value ?? [], expected: "at most 128K")
        }
        return size == 0 ? Options.Arrival().blockSize : Int(size)
    }

    /// A path; nothing takes it back. Below the destination none leads upwards.
    fileprivate func partialDirectory() throws(UsageError) -> FilePath? {
        let bytes = value ?? []
        if bytes.isEmpty { return nil }
        let leadsUp = bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
        guard bytes.first == UInt8(ascii: "/") || !leadsUp else {
            throw .badValue(spelling, value: bytes, expected: "an absolute path, or one that leads downwards")
        }
        return FilePath(bytes)
    }
}
