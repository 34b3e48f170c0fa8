import TreeSync

/// What a command line means.
enum Invocation: Sendable, Equatable {
    case printHelp
    case printVersion
    case printManual
    case printCompletion(Shell)
    case synchronize(Request)
}

/// A shell that completions are made for.
enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish
}

/// One synchronisation and how to speak of it.
struct Request: Sendable, Equatable {
    /// The roots as they were typed: what the synchroniser is made of, and what messages name.
    let sources: [Operand]
    let destination: Operand
    let options: Options
    let presentation: Presentation
    /// Nothing is to be written.
    let isDryRun: Bool

    var synchronizer: Synchronizer {
        Synchronizer(
            sources: sources.map(\.source), to: destination.filePath,
            destinationIsDirectory: destination.isDirectory, options: options)
    }
}

/// What is printed, and how.
struct Presentation: Sendable, Equatable {
    /// How numbers of bytes are written: rsync's `--human-readable` levels.
    enum NumberStyle: Sendable {
        case digits, grouped, thousands, binary
    }

    /// Prints names and a summary (`-v`).
    var isVerbose = false
    /// Prints itemized lines (`-i`).
    var itemizes = false
    /// Prints errors only (`-q`).
    var isQuiet = false
    var printsStatistics = false
    var numberStyle = NumberStyle.grouped

    /// Whether a line is printed for each action.
    var listsActions: Bool { !isQuiet && (isVerbose || itemizes) }
}

extension Invocation {
    /// What the words mean, taken in their order as rsync takes them.
    init(_ arguments: Arguments) throws(UsageError) {
        if arguments.isLoneH {
            self = .printHelp
            return
        }
        var settings = Settings()
        var operands: [[UInt8]] = []
        for word in arguments.words {
            switch word {
            case .operand(let bytes): operands.append(bytes)
            case .option(let use):
                if let invocation = try Self.instead(use) {
                    self = invocation
                    return
                }
                try settings.apply(use)
            }
        }
        self = .synchronize(try Self.request(settings, operands))
    }

    /// The options that ask for a text instead of a synchronisation.
    private static func instead(_ use: Arguments.OptionUse) throws(UsageError) -> Invocation? {
        switch use.key {
        case .help: return .printHelp
        case .version: return .printVersion
        case .printManual: return .printManual
        case .printCompletion:
            let value = use.value ?? []
            guard let shell = Shell(rawValue: String(decoding: value, as: UTF8.self)) else {
                throw .badValue(
                    use.spelling, value: value,
                    expected: "a shell: " + Shell.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return .printCompletion(shell)
        default: return nil
        }
    }

    private static func request(_ settings: Settings, _ operands: [[UInt8]]) throws(UsageError) -> Request {
        var paths: [Operand] = []
        for bytes in operands { paths.append(try Operand(bytes)) }
        guard let destination = paths.popLast() else { throw .noOperands }
        guard !paths.isEmpty else { throw .noDestination(source: destination.bytes) }
        return Request(
            sources: paths, destination: destination, options: try settings.resolved(),
            presentation: settings.presentation, isDryRun: settings.isDryRun)
    }
}
