import SystemPackage
import TreeSync

/// What the options say of trees beside the source and the destination: backups, and directories to compare with.
struct TreesBeside: Sendable, Equatable {
    private var makesBackups = false
    private var backupDirectory: [UInt8]?
    private var suffix: [UInt8]?
    private var basisDirectories: [[UInt8]] = []
    private var basisOption: OptionKey?

    /// Takes one more of these options into account.
    mutating func apply(_ use: Arguments.OptionUse) throws(UsageError) {
        let value = use.value ?? []
        switch use.key {
        case .backup:
            makesBackups = !use.isNegated
            if use.isNegated { backupDirectory = nil }
        case .backupDirectory: (makesBackups, backupDirectory) = (true, value)
        case .suffix:
            if value.contains(UInt8(ascii: "/")) {
                throw .badValue(use.spelling, value: value, expected: "a suffix without a slash")
            }
            suffix = value
        case .compareDestination, .copyDestination, .linkDestination: try addBasis(value, use)
        default: preconditionFailure("none of these options")
        }
    }

    private mutating func addBasis(_ directory: [UInt8], _ use: Arguments.OptionUse) throws(UsageError) {
        if let basisOption, basisOption != use.key {
            throw .contradiction(use.spelling, OptionTable.specification(of: basisOption).spelling)
        }
        basisOption = use.key
        basisDirectories.append(directory)
        if basisDirectories.count > BasisDirectories.most {
            throw .tooMany(use.spelling, most: BasisDirectories.most)
        }
    }

    /// Tells the library.
    func resolve(into options: inout Options) throws(UsageError) {
        // Also where none are made, as in rsync.
        if suffix?.isEmpty == true, backupDirectory == nil { throw .noBackupSuffix }
        if makesBackups {
            let directory = backupDirectory.map(filePath)
            options.backups = Backups(directory: directory, suffix: suffix)
            let isHere = backupDirectory.map { $0.isEmpty || $0 == [UInt8(ascii: ".")] } ?? true
            if isHere, options.backups?.suffix.isEmpty == true { throw .noBackupSuffix }
            // What comes to stand beside the files changes their directory's time.
            if backupDirectory == nil { options.kindsWithoutTimes.insert(.directory) }
        }
        guard let basisOption else { return }
        let use: BasisDirectories.Use =
            switch basisOption {
            case .copyDestination: .copy
            case .linkDestination: .link
            default: .compare
            }
        options.basis = BasisDirectories(basisDirectories.map(filePath), use: use)
    }
}
