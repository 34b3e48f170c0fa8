public import SystemPackage

/// A failure that concerns one entry. The run goes on; the report collects them.
public struct Problem: Error, Sendable, Hashable {
    /// What was being done when it failed.
    public enum Operation: String, Sendable, Hashable {
        case readDirectory = "read directory"
        case readStatus = "read the attributes of"
        case readFile = "read"
        case readLink = "read symbolic link"
        case openDirectory = "open directory"
        case create = "create"
        case write = "write"
        case replace = "replace"
        case link = "link"
        case delete = "delete"
        case backUp = "back up"
        case removeSource = "remove from the source"
        case setPermissions = "set permissions of"
        case setOwner = "set owner of"
        case setGroup = "set group of"
        case setTimes = "set times of"
        case setAccessControlList = "set the ACL of"
        case setExtendedAttribute = "set extended attribute of"
        case readExtendedAttributes = "read extended attributes of"
        case writeBatch = "write the batch of"
    }

    /// Why it failed, beyond the error number.
    public enum Cause: Sendable, Hashable {
        /// The system call failed with `errno`.
        case system
        /// The entry was there when its directory was read and is gone now (exit status 24).
        case vanished
        /// The source changed while it was read: a file again and again, or something else took the place.
        case unstable
        /// The destination's file system holds no such kind of entry, owner, permission, attribute or time.
        case unsupported(fileSystem: String)
        /// Another name of the source takes the same place in a destination that ignores case.
        case nameCollision(fileSystem: String)
        /// A directory that is not empty stands where another kind should be.
        case directoryInTheWay
        /// The destination's entry is not what it was when the plan was made.
        case changedInDestination
        /// The entry in the destination is a mount point.
        case mountPoint
        /// The source's directory is the destination itself, mounted there or behind a link: the copy would contain itself.
        /// Or the entry that would go away from the source is the destination's.
        case destinationItself
        /// It lies in the destination and is what is copied: it is not deleted.
        case sourceItself
        /// More names than one inode may have; the entry was copied instead. A remark: nothing is missing.
        case linkLimit
        /// The basis directory does not exist. A remark: what it may hold is copied.
        case noBasis
        /// Left out because the options take no entries of this kind. A remark.
        case leftOut
        /// A directory that stands where another kind should be holds entries that a filter rule protects.
        case protected
        /// The directory that stands where another kind should be is a directory of backups or a basis directory, or lies
        /// in one: nothing is removed there.
        case keptPlace
        /// The directory's own filter rules cannot be used; what it holds was left as it is.
        case filter(FilterError)
        /// A symbolic link on the way to the entry leads out of its tree.
        case linkLeavesTree
        /// What stands on the way to the entry in the destination is no directory, and is left as it is
        /// (`Options.copiesImpliedDirectories`).
        case noDirectoryOnWay
        /// A link of the source that counts as what it leads to leads nowhere, or in a circle.
        case danglingLink
        /// By way of a link the directory of the source would hold itself: it is not entered.
        case linkLoop
        /// The link leads out of what the run is confined to (`Options.Links.confinement`).
        case outsideConfinement
        /// A link of the destination that counts as a directory leads out of the destination.
        case linkLeadsOut
        /// Left in the source, because a link leads to where it lies.
        case behindLink
        /// Two directories of the source go to one of the destination, by way of a link: nothing is deleted there.
        case sharedDirectory
        /// The destination is not what the batch was made for: the entry has changed since, or is missing.
        case notAsRecorded
        /// The block device in the destination holds fewer bytes than the file (`Options.writesDevices`).
        case deviceTooSmall
        /// A character device in the destination is not written to (`Options.writesDevices`).
        case characterDevice
        /// Of what a device holds no backup is made, so that it is not written to (`Options.writesDevices`).
        case deviceWithoutBackup
        /// What is stored of the entry's owner, permissions and kind cannot be read, or contradicts what it is
        /// (`Options.fakeSuper`).
        case damagedStatus
        /// Not attempted: a guard stopped deletions.
        case guarded
    }

    /// Whether the run counts as failed because of it.
    public enum Severity: Sendable, Hashable {
        case error
        /// Only said; the exit status stays as it is.
        case remark
    }

    /// The entry that it concerns.
    public var path: RelativePath
    /// The kind of that entry, where it is known.
    public var kind: EntryKind?
    /// What was being done.
    public var operation: Operation
    /// Why it failed.
    public var cause: Cause
    /// The error number of the system call, where one failed.
    public var errno: Errno?
    /// The name of the extended attribute concerned.
    public var attribute: [UInt8]?
    /// Whether the failure was met in reading the source; then nothing is deleted.
    public var isSourceFailure: Bool

    /// Makes a problem from its parts.
    public init(
        _ operation: Operation, _ path: RelativePath, _ kind: EntryKind? = nil, cause: Cause = .system,
        errno: Errno? = nil, attribute: [UInt8]? = nil, isSourceFailure: Bool = false
    ) {
        self.path = path
        self.kind = kind
        self.operation = operation
        self.cause = cause
        self.errno = errno
        self.attribute = attribute
        self.isSourceFailure = isSourceFailure
    }

    /// Whether it makes the run a failure; follows from the cause.
    public var severity: Severity {
        switch cause {
        case .linkLimit, .leftOut, .noBasis: .remark
        case .system, .vanished, .unstable, .unsupported, .nameCollision, .directoryInTheWay, .changedInDestination,
            .mountPoint, .destinationItself, .sourceItself, .protected, .keptPlace, .filter, .guarded, .danglingLink,
            .linkLoop, .outsideConfinement, .linkLeadsOut, .behindLink, .sharedDirectory, .linkLeavesTree,
            .noDirectoryOnWay, .deviceTooSmall, .characterDevice, .deviceWithoutBackup, .damagedStatus, .notAsRecorded:
            .error
        }
    }
}

extension Problem {
    /// The call that failed was made for the source's entry, as the scan found it.
    mutating func meetInSource(_ errno: Errno) {
        self.errno = errno
        if errno == .noSuchFileOrDirectory { return cause = .vanished }
        isSourceFailure = true
        if saysAnother(errno) { cause = .unstable }
    }

    /// Whether the call is refused like this where something else has taken the place: of a directory anything, of a link
    /// another kind, and of a file a link or a socket. No link is followed unless it was looked through before.
    private func saysAnother(_ errno: Errno) -> Bool {
        switch (operation, kind) {
        case (.readDirectory, .directory), (.openDirectory, .directory):
            errno == .notDirectory || errno == .staleNFSFileHandle
        case (.readExtendedAttributes, _): errno == .staleNFSFileHandle
        case (.readLink, .symbolicLink): errno == .invalidArgument
        case (.readFile, .regular): errno == .tooManySymbolicLinkLevels || errno == .noSuchAddressOrDevice
        default: false
        }
    }
}
