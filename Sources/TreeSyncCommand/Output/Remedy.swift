import SystemPackage
import TreeSync

extension Problem {
    /// The way out, where there is one: the last part of the problem's sentence.
    var remedy: String? {
        switch cause {
        case .system: systemRemedy
        case .vanished, .guarded, .filter: nil
        case .unstable: "copy it while nothing writes to it, or from a snapshot"
        case .unsupported: leaveOut
        case .nameCollision: "rename one of the two in the source"
        case .directoryInTheWay: "--force or --delete replaces it"
        case .protected: "remove it, or put it at risk with a rule such as 'R NAME'"
        case .keptPlace: "choose a directory for them that has no name of the source"
        case .changedInDestination: "run it again"
        case .mountPoint: "unmount it first"
        case .destinationItself: operation == .removeSource ? nil : "leave it out with --exclude"
        case .sourceItself: "copy from elsewhere, or without --delete"
        case .notAsRecorded: "apply it to a copy of what it was made for, or with -I whatever is there"
        case .linkLimit, .behindLink, .outsideConfinement, .sharedDirectory, .noBasis, .linkLeavesTree: nil
        case .noDirectoryOnWay: "without --no-implied-dirs it is replaced"
        case .danglingLink: "mend it, or leave it out with --exclude"
        case .linkLoop: "leave the link out with --exclude"
        case .linkLeadsOut: "--insecure-links follows it all the same"
        case .leftOut: takeAlong
        case .deviceTooSmall: "write to a larger device"
        case .characterDevice: "only block devices are written to"
        case .deviceWithoutBackup: "leave out --backup, or copy the device first (--copy-devices)"
        case .damagedStatus:
            "getfattr -n user.rsync.%stat shows what is stored; without --fake-super it is copied as it is"
        }
    }

    /// What the error number of a system call asks for.
    private var systemRemedy: String? {
        switch errno {
        case .permissionDenied: isSourceFailure ? "run it as root, or as who may read it" : accessRemedy
        case .notPermitted: permissionRemedy
        case .noSpace where operation == .writeBatch: Self.noBatch
        case .noSpace where operation == .setExtendedAttribute: leaveOut
        case .noSpace, .diskQuotaExceeded: operation == .write ? Self.fullDiskInPlace : Self.fullDisk
        case .readOnlyFileSystem: "mount the destination for writing"
        case .tooManyOpenFiles: "raise the limit (ulimit -n), or take fewer --jobs"
        case .tooManyOpenFilesInSystem: "raise the system's limit (fs.file-max), or take fewer --jobs"
        case .fileNameTooLong: "shorten the name in the source"
        case .fileTooLarge: "choose a destination that holds files of this size"
        case .ioError: "look at the kernel's log (dmesg): a disk may be failing"
        case .directoryNotEmpty where operation == .replace: "a directory there holds something that cannot be deleted"
        case .directoryNotEmpty:
            "it still holds something that is not deleted, or came into it during the run; --delete or --force removes what nothing protects"
        case .resourceBusy: "it is in use, or a file system is mounted there"
        case .notDirectory where isOfTypedPath, .tooManySymbolicLinkLevels where isOfTypedPath: nil
        case .notDirectory, .tooManySymbolicLinkLevels: "it was replaced during the run: run it again"
        case .notSupported, .notSupportedOnSocket, .invalidArgument, .tooManyLinks: leaveOut
        default: operation == .writeBatch ? Self.noBatch : isSourceFailure ? nil : leaveOut
        }
    }

    private static let noBatch =
        "there is no batch; write it to where there is room, from a destination that is still as it was"
    private static let fullDisk = "free some space and run it again; what was there before is kept"
    private static let fullDiskInPlace = fullDisk + ", unless it is written in place"

    /// EACCES in the destination: a directory that we may not enter or write, or a file that we may not write in place.
    private var accessRemedy: String? {
        switch operation {
        case .readDirectory, .openDirectory, .readStatus:
            "run it as root, or as its owner, for whom a run opens it (a dry run changes nothing)"
        case .write: "run it as root, or as who may write to it"
        default: leaveOut ?? "run it as root, or as who may write to its directory"
        }
    }

    /// EPERM: something that only root or the owner may do, or that nobody may because of a flag.
    private var permissionRemedy: String? {
        switch operation {
        case .create, .replace, .write, .delete, .removeSource, .backUp:
            if operation != .delete, isDevice {
                return "run it as root (CAP_MKNOD), or leave devices out: --no-devices"
            }
            return
                "it or its directory may be immutable (i) or append-only (a): lsattr shows it, chattr -i or -a ends it; "
                + "in a sticky directory (t) only the owner of an entry removes or replaces it"
        case .setOwner, .setGroup: return leaveOut.map { "only root may give it away; \($0)" }
        case .setPermissions, .setTimes, .setAccessControlList, .setExtendedAttribute:
            return leaveOut.map {
                "only its owner or root may, and nobody while it is immutable or append-only (lsattr, chattr -i, chattr -a); \($0)"
            }
        case .link: return leaveOut
        case .writeBatch: return Self.noBatch
        case .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .readExtendedAttributes:
            return "run it as root"
        }
    }

    /// Whether a path of the source that somebody typed leads nowhere: nobody had looked at it before.
    private var isOfTypedPath: Bool { isSourceFailure && (operation == .readStatus || operation == .openDirectory) }

    private var isDevice: Bool { kind == .characterDevice || kind == .blockDevice }

    /// The option that leaves out what failed, where one does.
    private var leaveOut: String? {
        switch operation {
        case .create, .replace: kind?.option.map { "--no-\($0) leaves them out" }
        case .link: "without --hard-links each name is copied"
        case .setPermissions: "--no-perms leaves them alone"
        case .setOwner: "--no-owner leaves owners alone"
        case .setGroup: "--no-group leaves groups alone"
        case .setTimes: "--no-times leaves them alone"
        case .setAccessControlList: "--no-acls leaves them out"
        case .setExtendedAttribute, .readExtendedAttributes: "--no-xattrs leaves them out"
        case .readDirectory, .readStatus, .readFile, .readLink, .openDirectory, .write, .delete, .removeSource, .backUp,
            .writeBatch:
            nil
        }
    }

    /// The option that takes entries of this kind along.
    private var takeAlong: String? {
        kind == .directory ? "--recursive takes them along" : kind?.option.map { "--\($0) takes them along" }
    }
}

extension EntryKind {
    /// The long option that makes entries of this kind take part, where they can be left out.
    fileprivate var option: String? {
        switch self {
        case .regular, .directory: nil
        case .symbolicLink: "links"
        case .characterDevice, .blockDevice: "devices"
        case .fifo, .socket: "specials"
        }
    }
}
