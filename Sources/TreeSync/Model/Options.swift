public import SystemPackage

/// What a synchronisation preserves, compares and deletes. The default preserves everything and deletes nothing.
public struct Options: Sendable, Hashable {
    /// Which properties of an entry are made equal; also which kinds of entry take part.
    public struct Preserved: OptionSet, Sendable, Hashable {
        /// The set as bits, one for each property.
        public let rawValue: UInt32
        /// Makes a set from its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Symbolic links are recreated (rsync's `--links`).
        public static let symbolicLinks = Preserved(rawValue: 1 << 0)
        /// Permissions with set-id and sticky bits (`--perms`).
        public static let permissions = Preserved(rawValue: 1 << 1)
        /// Modification times in nanoseconds (`--times`).
        public static let times = Preserved(rawValue: 1 << 2)
        /// The owning group, by name unless ids are numeric (`--group`).
        public static let group = Preserved(rawValue: 1 << 3)
        /// The owning user, where the process may set it (`--owner`).
        public static let owner = Preserved(rawValue: 1 << 4)
        /// Character and block devices (`--devices`).
        public static let devices = Preserved(rawValue: 1 << 5)
        /// FIFOs and sockets (`--specials`).
        public static let specials = Preserved(rawValue: 1 << 6)
        /// Access and default ACLs (`--acls`).
        public static let accessControlLists = Preserved(rawValue: 1 << 7)
        /// Every extended attribute that the process may set (`--xattrs`).
        public static let extendedAttributes = Preserved(rawValue: 1 << 8)
        /// Names of one inode in the source become names of one inode in the destination (`--hard-links`).
        public static let hardLinks = Preserved(rawValue: 1 << 9)
        /// Whether anybody may execute a file, where permissions are not preserved (`--executability`).
        public static let executability = Preserved(rawValue: 1 << 10)

        /// Access times, but for directories and symbolic links (`--atimes`).
        public static let accessTimes = Preserved(rawValue: 1 << 11)

        /// rsync's `-a` without its recursion: links, permissions, times, group, owner, devices and specials.
        public static let archive: Preserved = [
            .symbolicLinks, .permissions, .times, .group, .owner, .devices, .specials,
        ]
        /// All that the file system keeps.
        public static let everything: Preserved = [
            .archive, .accessControlLists, .extendedAttributes, .hardLinks,
        ]
    }

    /// How it is decided that a file's contents differ.
    public enum ContentComparison: Sendable, Hashable {
        /// By size and modification time.
        case quickCheck
        /// By size alone (`--size-only`).
        case sizeOnly
        /// Every file counts as different (`--ignore-times`).
        case always
        /// By reading both files, where the sizes agree (`--checksum`).
        case contents
    }

    /// When what is missing in the source is deleted from the destination.
    public enum DeletionTime: Sendable, Hashable {
        /// After everything was copied, once the guards have agreed.
        case after
        /// Before anything is copied; the tree is walked twice.
        case before
        /// In each directory as it is visited.
        case during
    }

    /// How many deletions are too many.
    public enum DeletionLimit: Sendable, Hashable {
        case count(Int)
        /// Of the entries that the destination holds, 0 … 100.
        case percent(Double)
    }

    /// What survives when the power fails.
    public enum Durability: Sendable, Hashable {
        /// Whatever the file system has written by itself: after a power cut a file may have its name and no contents.
        case none
        /// All entries of a batch are complete and on the disk before the first of them gets its name, and their names
        /// before the run ends.
        case batch
        /// The same for each file by itself (`--fsync`).
        case file
    }

    /// Whether directories are entered (`--recursive`).
    public var recursive = true
    /// Where directories are not entered: whether they are copied all the same, without what they hold (`--dirs`).
    /// Of a root that stands for its contents, those are copied.
    public var copiesDirectories = false
    /// The directories that lead to a chosen entry get the attributes that they have in the source. Without, they are
    /// no part of what is copied: those that the destination has stay as they are, links to directories among them, and
    /// the others are made like any new directory (`--no-implied-dirs`).
    public var copiesImpliedDirectories = true
    /// Which properties are made equal.
    public var preserved = Preserved.everything
    /// Which symbolic links are followed, which take part, and whose are trusted.
    public var links = Links()
    /// The source's permissions count as changed by this (`--chmod`).
    public var permissionChange = PermissionChange()
    /// Which owners of the source become which others (`--usermap`, `--chown`); `nil` changes none.
    public var ownerMap: IdentityMap?
    /// Which groups of the source become which others (`--groupmap`, `--chown`); `nil` changes none.
    public var groupMap: IdentityMap?
    /// Kinds whose modification times are left alone although times are preserved (`--omit-dir-times`,
    /// `--omit-link-times`).
    public var kindsWithoutTimes: Set<EntryKind> = []
    /// Reading leaves the source's access times alone, where the kernel lets us (`--open-noatime`).
    public var leavesAccessTimes = false
    /// What the run takes itself to be allowed (`--super`, `--no-super`).
    public var privileges = Privileges.ofProcess
    /// Where what only root may set is kept in extended attributes instead (`--fake-super`).
    public var fakeSuper: FakeSuper = []
    /// The attributes in which `fakeSuper` keeps things (`user.rsync.%…`) are preserved like others, so that a tree that
    /// holds them is copied as it is (`-XX`).
    public var copiesStoredAttributes = false
    /// As whom both trees are read and written (`--copy-as`); `nil` as the process. Events are then told on threads that
    /// have these credentials.
    public var credentials: Credentials?
    /// How it is decided that a file's contents differ.
    public var contentComparison = ContentComparison.quickCheck
    /// Times that differ by no more than this many seconds are equal (`--modify-window`); -1 compares nanoseconds
    /// whatever the destination keeps; `nil` compares as finely as the destination's file system keeps times.
    public var modifyWindow: Int?
    /// Directories of the source that hold nothing but directories take no part (`--prune-empty-dirs`).
    public var prunesEmptyDirectories = false
    /// Files that are newer in the destination are left alone (`--update`).
    public var skipsNewer = false
    /// Nothing new is created (`--existing`).
    public var existingOnly = false
    /// Files that exist in the destination are not updated (`--ignore-existing`).
    public var ignoresExisting = false
    /// Smaller files, in bytes, are left alone (`--min-size`).
    public var smallestSize: Int64 = 0
    /// Larger files, in bytes, are left alone (`--max-size`).
    public var largestSize = Int64.max
    /// Devices of the source count as files that hold what the devices hold (`--copy-devices`): block devices as much as
    /// fits on them, character devices nothing. Whether such a file has changed is told by its contents alone.
    public var copiesDevices = false
    /// Files of the source are written into block devices that have their names in the destination
    /// (`--write-devices`). A device that is mounted, or too small, is not written to.
    public var writesDevices = false
    /// Runs of zeros become holes (`--sparse`); holes of the source are kept in any case.
    public var makesSparse = false
    /// How the contents of regular files get to where they belong (`--inplace`, `--partial`, `--temp-dir`, …).
    public var arrival = Arrival()
    /// Which entries take part, and which of the destination's are protected from deletion (`--filter`, `--exclude`,
    /// …); `nil` takes every entry.
    public var filters: FilterRules?
    /// Rules that do not say where they hold hold for the source alone, so that what they exclude is deleted from the
    /// destination (`--delete-excluded`).
    public var deletesExcluded = false
    /// Directories on another file system than the source's root are created and not entered; mount points that the
    /// destination alone has are not deleted (`--one-file-system`).
    public var oneFileSystem = false

    /// What is equal in the destination afterwards, and no directory, goes away from the source
    /// (`--remove-source-files`).
    public var removesSources = false
    /// With `oneFileSystem`: directories on another file system are left out, not only what they hold (`-xx`).
    public var leavesOutMountPoints = false
    /// Directories above the destination that are missing are made (`--mkpath`).
    public var makesPath = false
    /// A root of the source that does not exist is no problem (`--ignore-missing-args`).
    public var ignoresMissingSources = false
    /// What the destination holds under the name of a root of the source that does not exist is deleted, whatever
    /// `deletion` says; a directory that is not empty only with `deletion` or `force` (`--delete-missing-args`).
    public var deletesMissingSources = false

    /// When to delete; `nil` deletes nothing.
    public var deletion: DeletionTime?
    /// More deletions than this are refused as a whole (`--max-delete`); `nil` sets no limit.
    public var deletionLimit: DeletionLimit?
    /// A directory that is not empty may be replaced by another kind without `deletion` (`--force`).
    public var force = false
    /// Deletes although the source could not be read completely (`--ignore-errors`).
    public var deletesDespiteErrors = false
    /// An empty source may empty the destination (`--allow-empty-source`).
    public var allowsEmptySource = false
    /// Deletes although a root lies at or below a mount point of `/etc/fstab` that is not mounted (`--allow-unmounted`).
    public var allowsUnmounted = false
    /// The name of an entry that every root of the source must hold before anything is deleted (`--source-marker`); a
    /// source that is not mounted does not hold it. `nil` asks for none.
    public var sourceMarker: RelativePath?

    /// Other trees in which entries are looked for that are like the source's (`--compare-dest`, `--copy-dest`,
    /// `--link-dest`); `nil` looks in none.
    public var basis: BasisDirectories?
    /// Where entries of the destination go that are replaced or deleted (`--backup`); `nil` keeps nothing of them.
    public var backups: Backups?

    /// What a run does is recorded in this file, a batch that can be applied to another destination that is as this one
    /// was (`--write-batch`); see `Batch`. A plan records nothing. `nil` records nothing.
    public var batch: FilePath?
    /// Owners and groups of a batch that is applied count by their numbers; else by their names, where this system
    /// knows them (`--numeric-ids`).
    public var takesNumericIdentities = false

    /// What survives when the power fails (`--fsync`, `--durability`).
    public var durability = Durability.none
    /// No more than so many bytes are written in a second (`--bwlimit`); `nil` sets no limit. Clones write none.
    public var bytesPerSecond: Int64?

    /// How many threads work; `nil` for the measured default.
    public var jobs: Int?

    /// The options that preserve everything and delete nothing.
    public init() {}
}
