extension OptionTable {
    /// How the contents of files get to where they belong.
    static let arrival: [OptionSpecification] = [
        OptionSpecification(
            .inPlace, ["inplace"], negatable: true, in: .arrival,
            help: "write into files where they are",
            manual: """
                Writes what has changed into the file itself, where otherwise a complete new file takes the old one's \
                place. Only blocks that differ are written, so that a snapshot goes on sharing the others; the file's \
                other names see the new contents; and no room for a second copy is needed. The price: whoever reads the \
                file meanwhile sees some of both, and so does everybody after an interruption, until the next run. What \
                is not finished has the time 1970-01-01, or after a kill that of the last write, so that the next run \
                goes on with it (with -u or --size-only a kill may hide it). A file that \
                may not be written to, or that runs as a program, is a problem. New files are made complete as always.
                """),
        OptionSpecification(
            .append, ["append"], negatable: true, in: .arrival,
            help: "files only grow: add what is missing at the end",
            manual: """
                For files that only grow, such as logs: what the destination has of a file counts as right, and what is \
                missing is added to it, in place. A file that is not shorter in the destination is left as it is, with \
                its attributes. Used on other files it makes a mixture of the old and the new: choose them by filter \
                rules. Example: -am --append --include='*.log' --include='*/' --exclude='*'.
                """),
        OptionSpecification(
            .appendVerify, ["append-verify"], in: .arrival,
            help: "--append, but look at the beginning too",
            manual: """
                Like --append, but what the destination has is compared with the source first, and put right in place \
                where it differs.
                """),
        OptionSpecification(
            .wholeFile, ["whole-file"], "W", negatable: true, in: .arrival,
            help: "do not look for unchanged blocks",
            manual: """
                Copies changed files whole. That is the default, but not for files that are written in place: with it \
                these are written from the beginning to the end without a look at what they hold.

                --no-whole-file (--no-W) writes only the blocks that differ, into a clone of the old file that then \
                takes its place: the new file shares with the old one, and with snapshots of it, what is equal in both. \
                Where the file system cannot clone files (ext4, tmpfs) they are copied whole.
                """),
        OptionSpecification(
            .blockSize, ["block-size"], "B", argument: .value(placeholder: "SIZE"), in: .arrival,
            help: "compare SIZE bytes at once, at most 128K",
            manual: """
                Where only blocks are written that differ (--inplace, --no-whole-file): how many bytes a block has, for \
                SIZE see --max-size. The default, also for 0, is 4096, what most file systems allocate.
                """),
        OptionSpecification(
            .sparse, ["sparse"], "S", negatable: true, in: .arrival,
            help: "make holes of long runs of zeros",
            manual: """
                Long runs of zeros become holes, also in files that are written in place. The holes of the source are \
                kept without it.
                """),
        OptionSpecification(
            .preallocate, ["preallocate"], in: .arrival,
            help: "reserve blocks before writing",
            manual: """
                Reserves all blocks of a file before it is written, so that it is less scattered and want of space shows \
                at once. Nothing is cloned then, and holes of the source get blocks, too; with --sparse only its data do, \
                and runs of zeros give theirs back.
                """),
        OptionSpecification(
            .partial, ["partial"], negatable: true, in: .arrival,
            help: "keep what there is of a file when interrupted",
            manual: """
                Where the run is stopped, or a file cannot be read to its end: what there is of a new file stays under \
                its name, with the time 1970-01-01, and the next run with --partial compares it with the source and goes \
                on with it. An old file of the same name is not given up for a part of the new one; --partial-dir keeps \
                that as well.
                """),
        OptionSpecification(
            .partialDirectory, ["partial-dir"], argument: .value(placeholder: "DIR"), in: .arrival,
            help: "keep such a part in DIR",
            manual: """
                Like --partial, but what there is of a file goes to DIR: a directory below that of each file, such as \
                .treesync-partial, or one for all where the path is absolute (on the destination's file system). The \
                next run with the same DIR compares the part with the source, writes what is missing, and puts it in its \
                place; with --whole-file it removes the part instead. DIR is made where it is missing, its last name \
                alone, and a relative one is removed when nothing is left in it; a perishable rule that excludes it \
                comes after all others (-f '-p DIR/'). A part has the time 1970-01-01 and \
                belongs to nobody else; any other file that has its name stays as it is, and no part is kept there. \
                With --partial alone RSYNC_PARTIAL_DIR in the environment names DIR. Example: \
                treesync -a --partial-dir=.treesync-partial images/ /backup/images/.
                """),
        OptionSpecification(
            .delayUpdates, ["delay-updates"], negatable: true, in: .arrival,
            help: "all get their names at the end",
            manual: """
                All new and changed files, links, sockets and FIFOs wait under temporary names beside their places until \
                everything is copied, and then get their names in quick succession; after that comes what --delete \
                deletes. It needs room for a second copy of all that changes, and memory for each of them. Where the run \
                is stopped, complete files are kept in .~tmp~ below their directories, or in --partial-dir, for the next \
                run with this option.
                """),
        OptionSpecification(
            .temporaryDirectory, ["temp-dir"], "T", argument: .value(placeholder: "DIR"), in: .arrival,
            help: "make files in DIR until they are complete",
            manual: """
                Makes files in DIR, which has to exist, and renames them to their places when they are complete. A \
                relative path begins at DEST. What a killed run has left in DIR goes with the next run that uses it. \
                From another file system nothing can be renamed: there a file is made beside its place as without this \
                option, and in DIR only where it finds no room; then it is copied over the old file, which until that is \
                done holds some of both.
                """),
    ]
}
