import TreeSync

/// The options that say how contents arrive, and what contradicts itself among them.
struct ArrivalSelection: Sendable, Equatable {
    private var arrival = Options.Arrival()

    /// Takes one more option into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let isOn = !use.isNegated
        switch use.key {
        case .inPlace: arrival.writesInPlace = isOn
        case .append: arrival.growth = isOn ? appended : nil
        case .appendVerify: arrival.growth = .verifying
        case .wholeFile: arrival.copiesWholeFiles = isOn
        case .blockSize: arrival.blockSize = try use.blockSize()
        case .preallocate: arrival.preallocates = true
        default: break
        }
    }

    /// `--append --append` verifies, as in rsync.
    private var appended: Options.Arrival.Growth { arrival.growth == nil ? .trusting : .verifying }

    /// What the library is asked for.
    func resolved() throws(UsageError) -> Options.Arrival {
        if arrival.growth != nil, arrival.copiesWholeFiles == true { throw .conflict("--append", "--whole-file") }
        return arrival
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
}
