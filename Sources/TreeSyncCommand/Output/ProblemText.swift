import SystemPackage
import TreeSync

/// Turns a group of problems into a sentence: what failed, with what, why, and the way out.
struct ProblemText: Sendable {
    let group: ProblemGroup
    private var problem: Problem { group.first }

    init(_ group: ProblemGroup) { self.group = group }

    /// One line, and with `-v` one for each further path that the group keeps.
    func lines(_ presentation: Presentation) -> [String] {
        guard presentation.isVerbose else { return [sentence(presentation.numberStyle)] }
        let others = group.paths.filter { $0 != problem.path }
        return [sentence(presentation.numberStyle)] + others.map { "    also \"\($0)\"" }
    }

    /// The sentence without the command's name.
    func sentence(_ style: Presentation.NumberStyle) -> String {
        let others = group.count - 1
        let like = others > 0 ? " (\(style.count(others)) like it)" : ""
        let wayOut = problem.remedy.map { "; \($0)" } ?? ""
        return opening(like) + reason + wayOut
    }

    /// What did not succeed, up to and with the colon.
    private func opening(_ like: String) -> String {
        switch problem.cause {
        case .vanished: "\(subject)\(like) has vanished from the source: "
        case .noBasis: "cannot use the basis directory \(path)\(like): "
        case .leftOut: "left out \(subject)\(like): "
        case .linkLimit: "copied \(subject)\(like) instead of linking it: "
        case .unstable where problem.operation == .removeSource,
            .destinationItself where problem.operation == .removeSource:
            "left \(subject)\(like) in the source: "
        case .unstable: "cannot copy \(subject)\(like): "
        case .guarded: "did not \(deed) \(object)\(like): "
        case .directoryInTheWay, .protected, .keptPlace: "cannot create \(subject)\(like): "
        case .danglingLink, .linkLoop, .outsideConfinement: "left out \(subject)\(like): "
        case .behindLink: "left \(subject)\(like) in the source: "
        case .sharedDirectory: "deleted nothing in \(subject)\(like): "
        case .filter: "left \(subject)\(like) as it is: "
        case .system, .unsupported, .nameCollision, .changedInDestination, .mountPoint, .destinationItself,
            .sourceItself, .linkLeadsOut, .linkLeavesTree, .noDirectoryOnWay, .deviceTooSmall, .characterDevice,
            .deviceWithoutBackup,
            .damagedStatus, .notAsRecorded:
            "cannot \(deed) \(object)\(like): "
        }
    }

    private var subject: String { (problem.kind.map { $0.noun + " " } ?? "") + path }
    private var path: String { "\"\(problem.path)\"" }

    private var deed: String {
        guard let attribute = problem.attribute else { return problem.operation.rawValue }
        switch problem.operation {
        case .setExtendedAttribute: return "set extended attribute \"\(printable(attribute))\" of"
        case .readExtendedAttributes: return "read extended attribute \"\(printable(attribute))\" of"
        case .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .create, .write, .replace,
            .link, .delete, .backUp, .removeSource, .setPermissions, .setOwner, .setGroup, .setTimes,
            .setAccessControlList, .writeBatch:
            return problem.operation.rawValue
        }
    }

    /// Some operations name the kind themselves.
    private var object: String {
        switch problem.operation {
        case .readDirectory, .openDirectory, .readLink: path
        case .writeBatch: "the changes"
        case .readStatus, .readFile, .create, .write, .replace, .link, .delete, .backUp, .removeSource, .setPermissions,
            .setOwner,
            .setGroup, .setTimes, .setAccessControlList, .setExtendedAttribute, .readExtendedAttributes:
            subject
        }
    }

    private var reason: String {
        switch problem.cause {
        case .system where problem.isAttributeWithoutRoom:
            "the destination's file system keeps no more than a certain size of them for one entry, or has no space left"
        case .system: problem.errno.map(\.description) ?? "it failed for a reason the system does not name"
        case .vanished: "it was there when its directory was read"
        case .unstable where problem.isSourceFailure: "something else took its place while it was read"
        case .unstable: "it changed each time it was read"
        case .unsupported(let fileSystem): "the destination's file system (\(fileSystem)) \(problem.whatIsNotHeld)"
        case .nameCollision(let fileSystem):
            "the destination's file system (\(fileSystem)) takes its name and another one of the source for the same"
        case .directoryInTheWay: "a directory that is not empty stands in its place"
        case .protected: "the directory in its place holds something that a filter rule protects"
        case .keptPlace: "the directory in its place belongs to the backups, or to a basis directory"
        case .filter(let error): error.description
        case .changedInDestination: "it was changed in the destination during the run"
        case .notAsRecorded: "the destination is not what the batch was made for: it has been changed since"
        case .mountPoint: "a file system is mounted there"
        case .destinationItself where problem.operation == .removeSource: "it is what the destination has, too"
        case .destinationItself: "it is the destination itself, mounted there or behind a symbolic link"
        case .sourceItself: "it is what is copied"
        case .linkLeavesTree: "a symbolic link on the way leads out of the tree"
        case .noDirectoryOnWay: "it is no directory"
        case .linkLimit: "the destination's file system allows no more names of one file"
        case .noBasis: "there is no such directory, so that nothing is taken from it"
        case .leftOut: "the options take no \(problem.kind?.plural ?? "entries of this kind")"
        case .guarded: "the deletions were refused"
        case .danglingLink where problem.errno == .tooManySymbolicLinkLevels:
            "it leads in a circle, and the options ask to follow it"
        case .danglingLink: "it leads nowhere, and the options ask to follow it"
        case .linkLoop: "by way of a symbolic link it would hold itself"
        case .outsideConfinement: "it leads out of the directory of --confine-root"
        case .linkLeadsOut: "it is a symbolic link that leads out of the destination"
        case .behindLink: "a symbolic link leads to where it lies"
        case .deviceTooSmall: "it holds fewer bytes than the file"
        case .characterDevice: "it is a character device"
        case .deviceWithoutBackup: "no backup is made of what a device holds"
        case .damagedStatus: "what is stored of it (user.rsync.%stat) is damaged"
        case .sharedDirectory: "by way of a symbolic link several directories of the source go there"
        }
    }
}

extension Problem {
    /// ENOSPC says both: ext4 keeps some KiB for each inode, however empty the disk is.
    fileprivate var isAttributeWithoutRoom: Bool {
        errno == .noSpace && (operation == .setExtendedAttribute || operation == .setAccessControlList)
    }

    /// What the destination's file system lacks, after its name.
    fileprivate var whatIsNotHeld: String {
        switch operation {
        case .create, .replace: "holds no \(kind?.plural ?? "entries of this kind")"
        case .link: "holds no hard links of \(kind?.plural ?? "this kind")"
        case .setPermissions: "keeps no such permissions"
        case .setOwner: "keeps no owners"
        case .setGroup: "keeps no groups"
        case .setTimes: "keeps no such times"
        case .setAccessControlList: "keeps no ACLs"
        case .setExtendedAttribute, .readExtendedAttributes: "keeps no such extended attributes"
        case .write: "holds no file of this size"
        case .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .delete, .backUp, .removeSource,
            .writeBatch:
            "does not support it"
        }
    }
}

extension EntryKind {
    /// More than one of the kind.
    var plural: String {
        switch self {
        case .directory: "directories"
        case .fifo, .characterDevice, .blockDevice, .regular, .symbolicLink, .socket: noun + "s"
        }
    }
}
