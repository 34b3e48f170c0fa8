import TreeSync

/// What a command line means.
enum Invocation: Sendable, Equatable {
    case printHelp
    case printVersion
    /// As JSON.
    case printCapabilities
    case printOptions
    case printFlags(String)
    case printManual
    case printCompletion(Shell)
    case synchronize(Request)
    /// Says what the sources hold.
    case list(Request)
    /// Says what would happen to these paths, and why.
    case explain(Request, paths: [[UInt8]])
}

/// A shell that completions are made for.
enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish
}

/// One synchronisation and how to speak of it.
struct Request: Sendable, Equatable {
    /// The sources as they were typed.
    let operands: [Operand]
    /// What they are: one of them may be several roots.
    let sources: [Source]
    /// Whether they are names that a file lists.
    let readsNames: Bool
    let destination: Operand
    var options: Options
    var presentation: Presentation
    /// Nothing is to be written.
    let isDryRun: Bool
    /// When the run stops, in seconds since 1970.
    let deadline: Int64?
    /// `nil` where no batch is written or applied.
    var batch: BatchUse?
    /// The words that the script beside a batch repeats.
    var scriptOptions: [[UInt8]] = []

    var synchronizer: Synchronizer {
        Synchronizer(
            sources: sources, to: destination.filePath,
            destinationIsDirectory: destination.isDirectory, options: options)
    }
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
                if let invocation = try Self.instead(use, arguments) {
                    self = invocation
                    return
                }
                try settings.apply(use)
            }
        }
        if !settings.explained.isEmpty {
            self = try Self.explanation(settings, operands)
            return
        }
        if settings.readsBatch {
            self = .synchronize(try Self.application(settings, operands))
            return
        }
        // Without a destination, one is named that is never looked at.
        if operands.count == 1, !settings.readsNames {
            settings.isListing = true
            operands.append([UInt8(ascii: ".")])
        }
        var request = try Self.request(settings, operands)
        request.batch = try settings.batch()
        if request.batch != nil { request.scriptOptions = BatchScript.words(arguments) }
        self = settings.isListing ? .list(request) : .synchronize(request)
    }

    /// The options that ask for a text instead of a synchronisation.
    private static func instead(
        _ use: Arguments.OptionUse, _ arguments: Arguments
    ) throws(UsageError) -> Invocation? {
        switch use.key {
        case .help: return .printHelp
        case .version: return arguments.uses(of: .version) > 1 ? .printCapabilities : .printVersion
        case .printOptions: return .printOptions
        case .info:
            var levels = Levels<InfoFlag>()
            return try levels.add(use) ? nil : .printFlags(Levels<InfoFlag>.help)
        case .debug:
            var levels = Levels<DebugFlag>()
            return try levels.add(use) ? nil : .printFlags(Levels<DebugFlag>.help)
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

    /// A batch is applied to the only operand.
    private static func application(_ settings: Settings, _ operands: [[UInt8]]) throws(UsageError) -> Request {
        if settings.isListing { throw .conflict("--read-batch", "--list-only") }
        if settings.readsNames { throw .conflict("--read-batch", "--files-from") }
        guard operands.count == 1 else { throw .batchOperands }
        let destination = try Operand(operands[0])
        return Request(
            operands: [], sources: [], readsNames: false, destination: destination, options: try settings.resolved(),
            presentation: settings.presentation, isDryRun: settings.isDryRun, deadline: settings.deadline,
            batch: try settings.batch())
    }

    private static func explanation(_ settings: Settings, _ operands: [[UInt8]]) throws(UsageError) -> Invocation {
        if settings.readsBatch { throw .conflict("--read-batch", "--explain") }
        guard operands.count > 1 else { throw .explanationWithoutDestination }
        if settings.explained.contains([]) { throw .emptyOperand }
        return .explain(try request(settings, operands), paths: settings.explained)
    }

    private static func request(_ settings: Settings, _ operands: [[UInt8]]) throws(UsageError) -> Request {
        var paths: [Operand] = []
        for bytes in operands { paths.append(try Operand(bytes)) }
        guard let destination = paths.popLast() else { throw .noOperands }
        return Request(
            operands: paths, sources: try settings.sources(paths), readsNames: settings.readsNames,
            destination: destination, options: try settings.resolved(),
            presentation: settings.presentation,
            isDryRun: settings.isDryRun || !settings.explained.isEmpty, deadline: settings.deadline)
    }
}
