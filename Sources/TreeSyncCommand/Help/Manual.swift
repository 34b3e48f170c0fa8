/// The prose of the manual page.
enum Manual {
    struct Section: Sendable {
        let title: String
        let blocks: [Block]
    }

    enum Block: Sendable {
        case paragraph(String)
        case item(String, String)
        case example(String)
    }

    static let opening = [description, paths]
    static let closing = [filterRules, itemizedChanges, formats, summary, problems, interruption]
    static let ending = [rsync, examples, seeAlso]

    static let optionsIntroduction = """
        Letters can be joined (-aEni), values follow after an equals sign, a space or, behind a letter, nothing. \
        Options may follow paths; -- ends them. Most have a form with --no- before the long name or the letter \
        (--no-perms, --no-p), which takes them back; the order counts, and the last one wins. Long names must be \
        written in full.
        """

    static let exitStatusIntroduction = "The numbers are those of rsync."

    private static let description = Section(
        title: "DESCRIPTION",
        blocks: [
            .paragraph(
                """
                Makes the tree DEST equal to the tree SRC, on one machine, and does no more than that takes: an entry \
                that is already equal is left alone. Files, directories, symbolic links, sockets, FIFOs, devices and \
                hard links are recreated, with their permissions, owners, times, ACLs and extended attributes where \
                the options ask for them.
                """),
            .paragraph(
                """
                A file is replaced in one step: it is written under a temporary name, gets all its attributes, and \
                takes the old one's place when it is complete. Whoever reads the destination during a run sees the old \
                file or the new one. Holes are neither read nor written, and where both trees lie on a file system \
                that can share blocks, it shares them.
                """),
            .paragraph(
                """
                What fails concerns one entry: it is reported, and the run goes on. Deletions come last, and none is \
                made where the source could not be read completely, where the source is empty, or where it were more \
                than --max-delete allows.
                """),
        ])

    private static let paths = Section(
        title: "SOURCES AND DESTINATION",
        blocks: [
            .item(
                "treesync -aE src/ dst/",
                """
                A slash at the end of a source means what the directory holds: src/file becomes dst/file. A path \
                that ends in . or .. means the same. The directory's own attributes go to dst.
                """),
            .item(
                "treesync -aE src dst/",
                "Without a slash the source itself is put there: src/file becomes dst/src/file."),
            .item(
                "treesync file dst/",
                "A slash at the end of DEST says that it is a directory, and makes it where it is missing."),
            .item(
                "treesync file1 file2",
                "A single file goes to a destination that is missing or is a file under the destination's name."),
            .item(
                "treesync a b c dst",
                """
                Several sources need a directory to go to. Where two hold the same name, the one that is named first \
                counts.
                """),
            .paragraph(
                """
                The last directory of DEST is created where it is missing. Paths to other machines (host:path, \
                rsync://) are refused; a local name with a colon is written with a directory before it: ./a:b.
                """),
        ])

    private static let itemizedChanges = Section(
        title: "ITEMIZED CHANGES",
        blocks: [
            .paragraph("With -i each line begins with eleven characters, as in rsync:"),
            .item(
                "1: what is done",
                """
                > a file's contents are copied; c something else is made or changed; h the name becomes a hard link; \
                . only attributes are set; * the rest of the word says it: deleting.
                """),
            .item("2: the kind", "f file, d directory, L symbolic link, D device, S socket or FIFO."),
            .item(
                "3 to 11: what differs",
                """
                c contents or target, s size, t time, p permissions, o owner, g group, then a place that is always a \
                dot, a ACL, x extended attributes; a dot where nothing differs, and nine plus signs where the entry is new.
                """),
            .paragraph(
                """
                The name follows, for links with where they point. Bytes that are no printable text are written as \\# \
                and three octal digits, so that no name can pass for two lines or drive a terminal.
                """),
        ])

    private static let summary = Section(
        title: "SUMMARY",
        blocks: [
            .paragraph(
                """
                With -v or --stats two lines come last (on a terminal the first one also ends a run with -i or -n). The first says in words what was created, updated, linked and \
                deleted, how many bytes were written (in a dry run: how large the files to be copied are), how long it \
                took, and how many problems there were. The second is rsync's: the total size of the source's files and \
                links, and the speedup: that size divided by the bytes written, or by 1 where none were.
                """),
            .paragraph(
                """
                --stats prints rsync's lines before that. Literal data are the bytes that were written, matched data what \
                the copied files hold beyond it: holes and shared blocks. Total bytes sent are the bytes written. The \
                remaining lines speak of rsync's protocol and are zero: there is none here.
                """),
        ])

    private static let problems = Section(
        title: "PROBLEMS",
        blocks: [
            .paragraph(
                """
                Problems are written to standard error when the run is over: one sentence for each cause, with the \
                first path, the number of others, the reason and the way out. -v lists up to ten paths. Remarks, such \
                as entries that the options leave out, do not change the exit status, and -q silences them.
                """),
            .example(
                """
                treesync: cannot create socket "run/control" (3 like it): the destination's file system (exfat) \
                holds no sockets; --no-specials leaves them out
                """),
        ])

    private static let interruption = Section(
        title: "INTERRUPTION",
        blocks: [
            .paragraph(
                """
                SIGINT, SIGTERM and SIGHUP end the run in good order: what is complete stands, what is not is removed, \
                and a line on standard error says how far it came. Running the same command again goes on from there. \
                Another signal of the same kind, 0.2 seconds later or more, ends it at once; the temporary file that may \
                stay behind then goes away with the next run. Before a run begins, as long as it waits for the other end \
                of a FIFO that an option names, the first one does.
                """)
        ])

    private static let rsync = Section(
        title: "DIFFERENCES FROM RSYNC",
        blocks: [
            .paragraph(
                """
                -E keeps extended attributes and ACLs. Times are compared in nanoseconds. --max-delete refuses all \
                deletions instead of those beyond the limit, and takes percentages. Deletions come last unless told \
                otherwise. An empty source does not empty the destination. --checksum compares contents byte by byte. \
                The source inside the destination, the destination inside the source, and twice the same directory are \
                refused. Options that are not described here are refused as unknown.
                """)
        ])

    private static let examples = Section(
        title: "EXAMPLES",
        blocks: [
            .paragraph("Copy a folder with everything in it to another disk:"),
            .example("treesync -aEH --stats ~/machines/ /mnt/disk/machines/"),
            .paragraph("See what an exact mirror would change, then make it, but never delete more than a tenth:"),
            .example(
                """
                treesync -aEHni --delete /home/ /backup/home/
                treesync -aEH --delete --max-delete=10% /home/ /backup/home/
                """),
            .paragraph("Copy to an exFAT disk, which keeps neither owners nor permissions nor links:"),
            .example("treesync -rt ~/pictures/ /media/stick/pictures/"),
        ])

    private static let seeAlso = Section(
        title: "SEE ALSO", blocks: [.paragraph("rsync(1), cp(1), getfattr(1), getfacl(1), lsattr(1)")])
}
