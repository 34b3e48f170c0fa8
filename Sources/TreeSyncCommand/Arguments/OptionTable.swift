/// Every option of the command, in the order in which the help texts list them.
///
/// The parser, `--help`, the manual page and the shell completions are made from this table and from nothing else.
enum OptionTable {
    static let all: [OptionSpecification] =
        selection + links + limits + filters + preservation + times + ownership + privileges + comparison + arrival
        + deletion + trees + batches + output + operation + running + remote
        + hidden

    /// The option of a key. Every key has one; a test sees to it.
    static func specification(of key: OptionKey) -> OptionSpecification {
        all.first { $0.key == key }!
    }

    private static let selection: [OptionSpecification] = [
        OptionSpecification(
            .archive, ["archive"], "a", in: .selection,
            help: "archive mode, the same as -rlptgoD",
            manual: """
                The same as -rlptgoD: copies directories with all they hold, and keeps symbolic links, permissions, \
                times, groups, owners, devices, sockets and FIFOs. Extended attributes, ACLs and hard links are not \
                part of it; -aE and -aEH are. Options act in the order in which they are given: -a --no-o leaves \
                owners out, --no-o -a does not.
                """),
        OptionSpecification(
            .recursive, ["recursive"], "r", negatable: true, in: .selection,
            help: "descend into directories",
            manual: """
                Copies directories with all they hold. Without it a directory is skipped, and a line says so.
                """),
        OptionSpecification(
            .directories, ["dirs"], "d", negatable: true, in: .selection,
            help: "copy directories without what they hold",
            manual: """
                Copies directories, and not what they hold. Of a source with a trailing slash, or that is \".\", \
                the entries are copied. -r goes before it.
                """),
        OptionSpecification(
            .oldDirectories, ["old-dirs", "old-d"], in: .selection,
            help: "the same as -r --exclude='/*/*'",
            manual: """
                The same as -r with the rule --exclude='/*/*' behind all others: directories are copied and not what \
                they hold, and with --delete nothing goes that lies deeper. A rule of one's own makes exceptions: \
                --old-dirs --include='/docs/*'. --dirs or --no-dirs after it takes it back.
                """),
        OptionSpecification(
            .relative, ["relative"], "R", negatable: true, in: .selection,
            help: "keep the paths of the sources",
            manual: """
                Puts each source at the path that was typed, below the destination: treesync -aR /home/me/docs /backup \
                makes /backup/home/me/docs. The directories on the way are made with the attributes that they have in \
                the source, and nothing is deleted in them. A part of the path that is only a dot cuts off what \
                stands before it: treesync -aR /home/./me/docs /backup makes /backup/me/docs. A link on the way \
                becomes a real directory. A path with .. behind the cut is refused.
                """),
        OptionSpecification(
            .noImpliedDirectories, ["no-implied-dirs"], in: .selection,
            help: "with -R: leave directories on the way alone",
            manual: """
                With --relative or --files-from the directories on the way to a source are no part of what is copied: \
                those that the destination has keep their attributes, and a link to a directory there is followed as \
                long as it stays below the destination; those that are missing are made with default attributes.
                """),
        OptionSpecification(
            .filesFrom, ["files-from"], argument: .value(placeholder: "FILE"), in: .selection,
            help: "copy the entries of the source that FILE names",
            manual: """
                Copies what FILE names, a path in each line, below the one source that is given; FILE - is standard \
                input. Blank lines, and lines that begin with # or ;, say nothing. A slash at the beginning and what \
                leads above the source are left out of a path. It implies --relative and --dirs (--no-R and --no-d \
                take that back), and -a does not imply -r: a directory is copied with what it holds only with -r, and \
                with its entries alone where its path ends in a slash. A link on the way must stay below the source. \
                With --from0 a name may hold any byte: find src -newer stamp -printf '%P\\0' | treesync -a0 \
                --files-from=- src dst copies what is newer than stamp.
                """),
        OptionSpecification(
            .links, ["links"], "l", negatable: true, in: .selection,
            help: "copy symbolic links as symbolic links",
            manual: """
                Recreates symbolic links, byte for byte and without looking where they point. Without it they are \
                left out.
                """),
        OptionSpecification(
            .devicesAndSpecials, [], "D", negatable: true, in: .selection,
            help: "the same as --devices --specials",
            manual: "The same as --devices --specials."),
        OptionSpecification(
            .devices, ["devices"], negatable: true, in: .selection,
            help: "copy device files (needs root)",
            manual: """
                Recreates character and block devices. The kernel lets only root (CAP_MKNOD) make them; for anybody \
                else each is a problem with its reason, and everything else is copied.
                """),
        OptionSpecification(
            .specials, ["specials"], negatable: true, in: .selection,
            help: "copy sockets and FIFOs",
            manual: """
                Recreates sockets and FIFOs with their permissions, as any user and at any length of path. A \
                destination that holds none of them makes one problem that says so; --no-specials leaves them out.
                """),
        OptionSpecification(
            .oneFileSystem, ["one-file-system"], "x", negatable: true, in: .selection,
            help: "do not enter other file systems",
            manual: """
                Creates the directories on which other file systems are mounted, and does not enter them. Given twice \
                (-xx), it leaves those directories out too. With --delete, directories of the destination on which \
                something is mounted stay.
                """),
        OptionSpecification(
            .existing, ["existing", "ignore-non-existing"], negatable: true, in: .selection,
            help: "create nothing new in the destination",
            manual: """
                Brings up to date what the destination has and creates nothing new there. Together with \
                --ignore-existing nothing is copied at all, which leaves the deletions.
                """),
        OptionSpecification(
            .ignoreExisting, ["ignore-existing"], negatable: true, in: .selection,
            help: "leave alone what the destination has",
            manual: """
                Creates what is missing and leaves alone what the destination has, whatever its contents. Existing \
                directories are entered all the same.
                """),
        OptionSpecification(
            .update, ["update"], "u", negatable: true, in: .selection,
            help: "leave alone files that are newer there",
            manual: """
                Leaves alone files whose modification time in the destination is later than in the source.
                """),
    ]

    private static let preservation: [OptionSpecification] = [
        OptionSpecification(
            .extendedAttributesLetter, ["extended-attributes"], "E", negatable: true, in: .preservation,
            help: "extended attributes and, with -p, ACLs",
            manual: """
                Keeps what hangs on a file beyond its contents and its mode. With -p, and so in -aE: extended \
                attributes (capabilities among them) and ACLs. Without -p: extended attributes, and whether a file \
                may be executed. This is what -E means in Apple's rsync; GNU rsync's -E keeps executability only, \
                and only without -p: here that is --executability. --no-acls or --no-xattrs after it takes one of \
                the two back.
                """),
        OptionSpecification(
            .permissions, ["perms"], "p", negatable: true, in: .preservation,
            help: "permissions, set-id and sticky bits",
            manual: """
                Keeps permissions with the set-user-ID, set-group-ID and sticky bits. Without it existing files keep \
                theirs, and new ones get the source's less what the umask takes.
                """),
        OptionSpecification(
            .times, ["times"], "t", negatable: true, in: .preservation,
            help: "modification times, in nanoseconds",
            manual: """
                Keeps modification times to the nanosecond, or as finely as the destination's file system keeps \
                times; of directories, links, sockets, FIFOs and devices too. Without it every file looks changed at \
                the next run.
                """),
        OptionSpecification(
            .group, ["group"], "g", negatable: true, in: .preservation,
            help: "groups",
            manual: "Keeps groups. Who is not root can only give groups of which he is a member."),
        OptionSpecification(
            .owner, ["owner"], "o", negatable: true, in: .preservation,
            help: "owners (root only)",
            manual: "Keeps owners. It acts for root only: nobody else can give files away."),
        OptionSpecification(
            .extendedAttributes, ["xattrs"], "X", negatable: true, in: .preservation,
            help: "extended attributes",
            manual: """
                Keeps extended attributes: of every namespace as root, otherwise those in user. and what else the \
                process may set. The administrator's policy in /etc/xattr.conf is followed. The attributes in which \
                --fake-super stores what entries stand for (user.rsync.%...) are left out, unless -X is given twice.
                """),
        OptionSpecification(
            .accessControlLists, ["acls"], "A", negatable: true, in: .preservation,
            help: "access control lists (implies -p)",
            manual: "Keeps access and default ACLs. It implies --perms."),
        OptionSpecification(
            .hardLinks, ["hard-links"], "H", negatable: true, in: .preservation,
            help: "hard links among the files copied",
            manual: """
                Names of one file in the source become names of one file in the destination. Without it each name \
                becomes a file of its own.
                """),
        OptionSpecification(
            .executability, ["executability"], negatable: true, in: .preservation,
            help: "whether a file may be executed",
            manual: """
                Where permissions are not kept: a file that somebody may execute becomes executable for all who may \
                read it, and one that nobody may execute loses those bits. (The -E of GNU rsync.)
                """),
        OptionSpecification(
            .numericIDs, ["numeric-ids"], negatable: true, in: .preservation,
            help: "names of users and groups do not count",
            manual: """
                On one machine owners and groups are kept as numbers in any case. With it --usermap and --groupmap do \
                not look at the names of the source's users and groups.
                """),
    ]
}
