extension Presentation {
    /// Takes one option of output into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let isOn = !use.isNegated
        switch use.key {
        case .verbose: verbosity = isOn ? verbosity + 1 : 0
        case .quiet: isQuiet = isOn
        case .itemize: itemization = isOn ? itemization + 1 : 0
        case .humanReadable: numberStyle = isOn ? numberStyle.next : .digits
        case .stats: asksForStatistics = isOn
        case .eightBitOutput: nameStyle = isOn ? .eightBit : .safe
        case .info: _ = try info.add(use)
        case .debug: try Self.checkDebugFlags(use)
        case .progress, .partialProgress: setProgress(isOn)
        case .outFormat: format = LineFormat(use.value ?? [])
        // An empty name is no file, as in rsync.
        case .logFile: logFile = use.value?.isEmpty == true ? nil : use.value
        case .logFileFormat: logFormat = LineFormat(use.value ?? [])
        case .outputBuffering: stream.buffering = try use.buffering()
        case .standardErrorMode: stream.usesStandardError = try use.usesStandardError()
        case .messagesToStandardError: stream.usesStandardError = isOn
        case .color: color = try use.choice()
        default: break
        }
    }

    /// As in rsync: names and progress, unless `--info` says otherwise.
    private mutating func setProgress(_ isOn: Bool) {
        showsProgress = isOn
        if isOn {
            info.imply(.name, 1)
            info.imply(.progress, 1)
        } else {
            info.clear(.progress)
        }
    }

    /// They have no effect, but they have to be flags.
    private static func checkDebugFlags(_ use: Arguments.OptionUse) throws(UsageError) {
        var levels = Levels<DebugFlag>()
        _ = try levels.add(use)
    }
}

extension Presentation.NumberStyle {
    /// One `-h`, or one apostrophe, more.
    var next: Self {
        switch self {
        case .digits: .grouped
        case .grouped: .thousands
        case .thousands, .binary: .binary
        }
    }
}

extension Arguments.OptionUse {
    private var text: String { String(decoding: value ?? [], as: UTF8.self) }

    /// By their first letter, as in rsync.
    fileprivate func buffering() throws(UsageError) -> Presentation.Stream.Buffering {
        switch text.first?.lowercased() {
        case "n": .none
        case "l": .line
        case "b", "f": .block
        default: throw .badValue(spelling, value: value ?? [], expected: "N (none), L (lines) or B (blocks)")
        }
    }

    /// The modes may be abbreviated.
    fileprivate func usesStandardError() throws(UsageError) -> Bool {
        let modes = ["errors": false, "all": true, "client": false]
        let mode = text.isEmpty ? nil : modes.first { $0.key.hasPrefix(text) }
        guard let mode else {
            throw .badValue(spelling, value: value ?? [], expected: "errors, all or client")
        }
        return mode.value
    }

    fileprivate func choice() throws(UsageError) -> Presentation.Choice {
        guard let choice = Presentation.Choice(rawValue: text) else {
            throw .badValue(spelling, value: value ?? [], expected: "auto, always or never")
        }
        return choice
    }
}
