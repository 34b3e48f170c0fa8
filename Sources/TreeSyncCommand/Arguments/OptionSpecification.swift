/// One option of the command: what the parser, `--help`, the manual page and the completions need to know of it.
struct OptionSpecification: Sendable {
    /// Whether the option takes a value.
    enum Argument: Sendable, Equatable {
        case none
        /// A value that help texts call `placeholder`; `choices` are offered by completions.
        case value(placeholder: String, choices: [String] = [])
    }

    let key: OptionKey
    /// The long names without dashes; the first is the one that texts use. Empty where there is only a letter.
    let names: [String]
    /// Older long names that rsync still takes, and no text mentions.
    let aliases: [String]
    let letter: Character?
    let argument: Argument
    let isNegatable: Bool
    let group: OptionGroup
    /// A phrase for `--help` and the completions.
    let help: String
    /// Sentences for the manual page; options named in it are set in bold there.
    let manual: String

    init(
        _ key: OptionKey, _ names: [String], _ letter: Character? = nil, aliases: [String] = [],
        argument: Argument = .none, negatable: Bool = false, in group: OptionGroup, help: String, manual: String
    ) {
        self.key = key
        self.names = names
        self.aliases = aliases
        self.letter = letter
        self.argument = argument
        self.isNegatable = negatable
        self.group = group
        self.help = help
        self.manual = manual
    }

    /// The long names that take the option back: `no-perms` and, as in rsync, `no-p`.
    var negations: [String] {
        guard isNegatable else { return [] }
        return names.map { "no-" + $0 } + (letter.map { ["no-" + String($0)] } ?? [])
    }

    var takesValue: Bool { argument != .none }

    /// The option as messages name it.
    var spelling: String { names.first.map { "--" + $0 } ?? "-" + String(letter ?? "?") }
}

/// Under which heading the help texts list an option.
enum OptionGroup: String, Sendable, CaseIterable {
    case selection = "What is copied"
    case filters = "Filter rules"
    case preservation = "What is kept of it"
    case comparison = "How changes are found"
    case arrival = "How contents arrive"
    case deletion = "Deletion"
    case trees = "Backups, and other trees"
    case batches = "Batches of changes"
    case output = "Output"
    case operation = "How it runs"
    case remote = "Without effect on one machine"
    /// For the scripts that install; in no help text.
    case hidden = ""
}

/// Which option it is, whatever its spelling.
enum OptionKey: Sendable, CaseIterable {
    case archive, recursive, links, permissions, times, group, owner, devicesAndSpecials, devices, specials
    case extendedAttributesLetter, extendedAttributes, accessControlLists, hardLinks, executability, oneFileSystem
    case checksum, ignoreTimes, sizeOnly, modifyWindow, update, existing, ignoreExisting, wholeFile, sparse, numericIDs
    case oldDirectories
    case exclude, include, excludeFrom, includeFrom, filter, directoryFilters, cvsExclude, from0, deleteExcluded
    case delete, deleteBefore, deleteDuring, deleteAfter, deleteDelay, maxDelete, force, ignoreErrors, allowEmptySource
    case changeMode, changeOwner, userMap, groupMap
    case bandwidthLimit, fsync, durability
    case allowUnmounted, sourceMarker
    case dryRun, verbose, quiet, itemize, humanReadable, stats, jobs, help, version, printManual, printCompletion
    case info, debug, listOnly, outFormat, logFile, logFileFormat, eightBitOutput, outputBuffering, standardErrorMode
    case messagesToStandardError, color, progress, partialProgress, printOptions, explain
    case directories, relative, impliedDirectories, noImpliedDirectories, filesFrom
    case removeSourceFiles, maxSize, minSize, makePath, ignoreMissing, deleteMissing, stopAfter, stopAt, timeout,
        checksumChoice
    case copyLinks, copyUnsafeLinks, safeLinks, mungeLinks, copyDirectoryLinks, keepDirectoryLinks
    case insecureLinks, confineRoot, dropDevices, remoteOption, superUser, copyAs
    case fakeSuper, copyDevices, writeDevices
    case backup, backupDirectory, suffix, compareDestination, copyDestination, linkDestination, fuzzy
    case inPlace, append, appendVerify, blockSize, preallocate, partial, partialDirectory, temporaryDirectory,
        delayUpdates
    case compress, compressChoice, compressLevel, compressThreads, skipCompress, remoteShell, remoteProgram, blockingIO,
        connectionTimeout, socketOptions, address, port, ipv4, ipv6, protocolVersion, iconv, secludedArguments,
        oldArguments, trustSender, checksumSeed, maxAllocation, incrementalRecursion
    case writeBatch, onlyWriteBatch, readBatch
    case pruneEmptyDirectories, omitDirectoryTimes, omitLinkTimes, accessTimes, openNoAccessTime, creationTimes
}
