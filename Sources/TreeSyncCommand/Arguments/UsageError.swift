import SystemPackage
import TreeSync

/// What is wrong with a command line.
enum UsageError: Error, Sendable, Equatable {
    case unknownOption(String, suggestion: String?)
    case missingValue(String)
    case unexpectedValue(String)
    case badValue(String, value: [UInt8], expected: String)
    case noOperands
    case emptyOperand
    case explanationWithoutDestination
    case severalDeletionTimes
    case deletionWithoutRecursion
    case conflict(String, String)
    case ownersTwice(String)
    case creationTimes(String)
    case unknownDigest([UInt8])
    case noDigest
    case unknownCompression(String, [UInt8])
    case unknownCharacterSet(String, [UInt8])
    case conversion(String, [UInt8])
    case contradiction(String, String)
    case tooMany(String, most: Int)
    case noBackupSuffix
    case pastDeadline(String, value: [UInt8])
    case remotePath([UInt8])
    case daemonAddress([UInt8])
    case remoteOption([UInt8])
    case confinedAndInsecure
    case filter(FilterError)
    case parentInRelativePath([UInt8])
    case namesWithoutOneSource
    case unreadableNames([UInt8], Errno)
    case batchOperands

    var exitStatus: ExitStatus {
        switch self {
        case .filter(let error): error.isUnreadable ? .fileInputOutput : .usage
        case .remotePath, .daemonAddress, .unknownDigest, .noDigest, .unknownCompression,
            .unknownCharacterSet, .conversion:
            .unsupported
        case .unknownOption, .missingValue, .unexpectedValue, .badValue, .noOperands, .emptyOperand,
            .severalDeletionTimes, .deletionWithoutRecursion, .conflict, .creationTimes, .pastDeadline,
            .ownersTwice, .explanationWithoutDestination, .remoteOption, .confinedAndInsecure, .contradiction, .tooMany,
            .noBackupSuffix, .parentInRelativePath, .namesWithoutOneSource, .unreadableNames, .batchOperands:
            .usage
        }
    }
}

extension UsageError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownOption(let name, nil): "\(name): unknown option; \"treesync --help\" lists the options"
        case .unknownOption(let name, let suggestion?): "\(name): unknown option; \(suggestion) is spelled in full"
        case .missingValue(let name): "\(name): the value is missing; \(Self.example(name))"
        case .unexpectedValue(let name): "\(name): this option takes no value; leave out what follows the ="
        case .badValue(let name, let value, let expected):
            "\(name): \"\(printable(value))\" is not \(expected)"
        case .noOperands: "no source and no destination; usage: treesync [OPTION]... SRC [SRC]... DEST (see --help)"
        case .filter(let error): error.description
        case .emptyOperand: "a path is empty; \".\" names the current directory"
        case .explanationWithoutDestination: "--explain needs a source and a destination"
        case .severalDeletionTimes:
            "--delete-before, --delete-during (or --delete-delay) and --delete-after exclude each other; choose one"
        case .deletionWithoutRecursion: "--delete needs --recursive (-r, or -a) or --dirs (-d)"
        case .conflict(let name, let other): "\(name) cannot be used with \(other); leave one of them out"
        case .ownersTwice(let name):
            "\(name): an earlier option says already who becomes whom; give --chown, or --usermap and --groupmap"
        case .remoteOption(let option):
            "--remote-option: \"\(printable(option))\" means nothing on one machine; the destination's side takes "
                + "--munge-links, --drop-D, --super, --no-super, --fake-super and "
                + "--write-devices"
        case .confinedAndInsecure: "--insecure-links trusts links that --confine-root does not; choose one"
        case .creationTimes(let name): "\(name): Linux cannot set creation times; leave this option out"
        case .unknownDigest(let name):
            "\"\(printable(name))\" is no digest; the names are auto, "
                + CapabilityText.checksums.joined(separator: ", ")
        case .unknownCompression(let name, let value):
            "\(name): \"\(printable(value))\" is no compression; the names are "
                + RemoteSettings.compressions.joined(separator: ", ")
        case .unknownCharacterSet(let name, let set):
            "\(name): \"\(printable(set))\" is no character set of this machine; \"iconv --list\" lists them"
        case .conversion(let name, let sets):
            "\(name): \"\(printable(sets))\" would convert names, which are copied byte by byte; leave it out, and "
                + "use convmv on the copy"
        case .noDigest: "--checksum needs a digest: --checksum-choice=none contradicts it"
        case .contradiction(let name, let other): "\(name) and \(other) exclude each other; choose one"
        case .tooMany(let name, let most): "\(name): may be given no more than \(most) times"
        case .noBackupSuffix:
            "--suffix: without a suffix a backup beside its file would have the file's name; give --backup-dir, or a suffix"
        case .pastDeadline(let name, let value): "\(name): \"\(printable(value))\" is not in the future"
        case .remotePath(let path):
            "\"\(printable(path))\" names another host, and treesync copies on one machine only; use rsync for it, or "
                + "write \"./\(printable(path))\" where it is a file of this name"
        case .parentInRelativePath(let path):
            "\"\(printable(path))\" leads upwards, which --relative cannot keep; write /./ behind the .. to cut it off"
        case .namesWithoutOneSource: "--files-from needs one source, a directory, and a destination"
        case .unreadableNames(let file, let errno): "cannot read the names in \"\(printable(file))\": \(errno)"
        case .batchOperands: "--read-batch takes one path, the destination: a batch is its own source"
        case .daemonAddress(let path):
            "\"\(printable(path))\" names an rsync server, and treesync copies on one machine only; use rsync for it"
        }
    }

    /// What the option looks like with its value.
    private static func example(_ name: String) -> String {
        let specification = OptionTable.all.first {
            $0.names.contains { "--" + $0 == name } || "-\($0.letter ?? " ")" == name
        }
        guard case .value(let placeholder, _) = specification?.argument else { return "see --help" }
        return name.hasPrefix("--") ? "write \(name)=\(placeholder)" : "write \(name) \(placeholder)"
    }
}

extension FilterError {
    /// Whether a file is at fault and not a rule.
    fileprivate var isUnreadable: Bool {
        switch cause {
        case .unreadable, .tooDeep: true
        case .unknownRule, .modifier, .missingPattern, .textAfterClear, .sidesSpecifiedTwice, .outsideOfTree,
            .notRegular:
            false
        }
    }
}
