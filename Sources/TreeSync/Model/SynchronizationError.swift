public import SystemPackage

/// What makes a whole run pointless; thrown before anything is written.
public enum SynchronizationError: Error, Sendable, Hashable {
    /// A root of the source cannot be opened or read.
    case source(FilePath, Errno)
    /// The directory that entries are chosen from cannot be opened.
    case sourceDirectory(FilePath, Errno)
    /// The root of the destination cannot be opened or created.
    case destination(FilePath, Errno)
    /// The destination is not a directory and more than one entry is to be put there.
    case destinationNotDirectory(FilePath)
    /// An operand has no bytes.
    case emptyPath
    /// Both roots are the same directory.
    case sameDirectory(FilePath, FilePath)
    /// The destination lies inside the source: the copy would contain itself.
    case destinationInsideSource(source: FilePath, destination: FilePath)
    /// The source lies inside the destination, where deletion would destroy it.
    case sourceInsideDestination(source: FilePath, destination: FilePath)
    /// The directory for temporary files cannot be opened.
    case temporaryDirectory(FilePath, Errno)
    /// The rules that choose what takes part cannot be used.
    case filter(FilterError)
    /// The directory that the run is confined to cannot be opened (`Options.Links.confinement`).
    case confinement(FilePath, Errno)
    /// The process may not take on the credentials (`Options.credentials`).
    case credentials(Credentials, Errno)
    /// Links are to be made unusable or back, and the directory that makes unusable links lead somewhere exists.
    case mungedDirectoryExists
    /// The directory that takes backups cannot be used.
    case backupDirectory(FilePath, Errno)
    /// The directory that takes backups is the destination: an entry and its backup would have one name.
    case backupDirectoryIsDestination(FilePath)
    /// The directory that takes backups is a root of the source, lies in one, or holds what is named as a source: backups
    /// would replace what is copied.
    case backupDirectoryInSource(FilePath)
    /// The one directory for the parts of all files is the destination, a root of the source, or lies in one: what has
    /// the name of a part would be taken for one, and removed.
    case partialDirectoryIsRoot(FilePath)
    /// What is appended to the names of backups is empty where it must not be, or holds a slash.
    case backupSuffix([UInt8])
    /// There are more basis directories than `BasisDirectories.most`.
    case tooManyBasisDirectories
    /// The batch that is to be recorded cannot be made there.
    case batchFile(FilePath, Errno)
    /// The batch would lie in the destination, and change it.
    case batchInsideDestination(FilePath)
    /// The task was cancelled; what was done stands, nothing is half-written.
    case cancelled
}

extension SynchronizationError: CustomStringConvertible {
    /// One sentence without a full stop that names the paths, escaped, and says what to do where that is known.
    public var description: String {
        switch self {
        case .source(let path, let errno): "cannot read source \(quoted(path)): \(message(of: errno))"
        case .sourceDirectory(let path, let errno):
            "cannot open the directory \(quoted(path)) that names are chosen from: \(message(of: errno))"
        case .destination(let path, .tooManySymbolicLinkLevels):
            "cannot use destination \(quoted(path)): a link on the way belongs neither to you nor to root, or links lead "
                + "in a circle; --insecure-links follows everybody's"
        case .destination(let path, .noSuchFileOrDirectory):
            "cannot use destination \(quoted(path)): the directory that is to hold it does not exist; make it first "
                + "(--mkpath does)"
        case .destination(let path, .fileExists):
            "cannot use destination \(quoted(path)): it is a link that leads nowhere; mount or make what it leads to, or "
                + "name another one"
        case .destination(let path, let errno): "cannot use destination \(quoted(path)): \(message(of: errno))"
        case .confinement(let path, let errno): "cannot open \(quoted(path)) (--confine-root): \(message(of: errno))"
        case .credentials(let credentials, let errno):
            "cannot become user \(credentials.user) with group \(credentials.group): \(message(of: errno)); only root may"
        case .mungedDirectoryExists:
            "\"\(String(decoding: LinkPolicy.munged.dropLast(), as: UTF8.self))\" is a directory: links that "
                + "--munge-links makes unusable would lead into it; remove it"
        case .destinationNotDirectory(let path):
            "the destination \(quoted(path)) is not a directory; more than one entry needs a directory to go to"
        case .emptyPath: "a path is empty; \".\" names the current directory"
        case .sameDirectory(let source, let destination):
            "source \(quoted(source)) and destination \(quoted(destination)) are the same directory"
        case .destinationInsideSource(let source, let destination):
            "the destination \(quoted(destination)) lies inside the source \(quoted(source)); choose one outside of it"
        case .sourceInsideDestination(let source, let destination):
            "the source \(quoted(source)) lies inside the destination \(quoted(destination)) and would be deleted or "
                + "replaced; leave out --delete and --force, or choose another destination"
        case .temporaryDirectory(let path, let errno):
            "cannot use \(quoted(path)) for temporary files: \(message(of: errno))"
        case .filter(let error): error.description
        case .backupDirectory(let path, let errno):
            "cannot use the backup directory \(quoted(path)): \(message(of: errno))"
        case .backupDirectoryIsDestination(let path):
            "the backup directory \(quoted(path)) is the destination itself; choose another one, or leave it out for "
                + "backups beside the files"
        case .backupDirectoryInSource(let path):
            "the backup directory \(quoted(path)) lies in the source or holds it, and backups would replace what is to be "
                + "copied; choose one outside of it"
        case .partialDirectoryIsRoot(let path):
            "the directory \(quoted(path)) for parts of files is the destination or lies in the source, where files would "
                + "be taken for parts; choose one of its own"
        case .backupSuffix(let suffix):
            "\"\(printable(suffix))\" cannot be the suffix of backups: without a backup directory it must not be "
                + "empty, and it holds no slash"
        case .tooManyBasisDirectories:
            "there may be no more than \(BasisDirectories.most) directories to compare with, copy from or link to"
        case .batchFile(let path, .fileExists): "cannot write the batch \(quoted(path)): it is not a regular file"
        case .batchFile(let path, let errno): "cannot write the batch \(quoted(path)): \(message(of: errno))"
        case .batchInsideDestination(let path):
            "the batch \(quoted(path)) would lie in the destination; choose a place outside of it"
        case .cancelled: "stopped before it was done"
        }
    }
}

/// A path between double quotes, with what cannot be printed safely escaped.
func quoted(_ path: FilePath) -> String { "\"" + printable(path.bytes) + "\"" }
