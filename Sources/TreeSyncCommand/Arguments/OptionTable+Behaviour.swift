import TreeSync

extension OptionTable {
    static let comparison: [OptionSpecification] = [
        OptionSpecification(
            .checksum, ["checksum"], "c", negatable: true, in: .comparison,
            help: "compare contents, not size and time",
            manual: """
                Reads both files where the sizes agree and compares them byte by byte, up to the first difference. \
                Times then do not decide.
                """),
        OptionSpecification(
            .ignoreTimes, ["ignore-times"], "I", negatable: true, in: .comparison,
            help: "copy every file again",
            manual: "Copies every file, also those whose size and time agree."),
        OptionSpecification(
            .sizeOnly, ["size-only"], negatable: true, in: .comparison,
            help: "compare sizes only",
            manual: "Takes files of the same size for equal, whatever their times."),
        OptionSpecification(
            .modifyWindow, ["modify-window"], "@", argument: .value(placeholder: "NUM"), negatable: true,
            in: .comparison,
            help: "times that are NUM seconds apart are equal",
            manual: """
                Times that differ by no more than NUM seconds are equal. Without it they are compared as finely as \
                the destination's file system keeps them, so that exFAT needs no --modify-window=1. A negative NUM \
                compares nanoseconds whatever the destination keeps.
                """),
    ]

    static let deletion: [OptionSpecification] = [
        OptionSpecification(
            .delete, ["delete"], negatable: true, in: .deletion,
            help: "delete what the source does not have",
            manual: """
                Deletes from the destination what the source does not have, in the directories that are copied. \
                Unless one of the options below says otherwise this comes last, after everything was copied and the \
                guards have agreed. It needs -r. --no-delete takes it and the options below back.
                """),
        OptionSpecification(
            .deleteBefore, ["delete-before"], in: .deletion,
            help: "delete before anything is copied",
            manual: "Deletes before anything is copied, after the guards have agreed. Implies --delete."),
        OptionSpecification(
            .deleteDuring, ["delete-during", "del"], in: .deletion,
            help: "delete in each directory as it is visited",
            manual: """
                Deletes in each directory as it is visited. Implies --delete. A --max-delete that counts makes it \
                wait for the whole plan.
                """),
        OptionSpecification(
            .deleteDelay, ["delete-delay"], in: .deletion,
            help: "the same as --delete-after",
            manual: "The same as --delete-after: deletions are always found on the way and done at the end."),
        OptionSpecification(
            .deleteAfter, ["delete-after"], in: .deletion,
            help: "delete when everything is copied (default)",
            manual: "Deletes after everything was copied: what --delete alone does. Implies --delete."),
        OptionSpecification(
            .deleteExcluded, ["delete-excluded"], in: .deletion,
            help: "delete also what the rules exclude",
            manual: """
                Deletes from the destination also what the filter rules exclude: a rule that does not say where it \
                holds then hides what is in the source and protects nothing. Implies --delete.
                """),
        OptionSpecification(
            .maxDelete, ["max-delete"], argument: .value(placeholder: "N|N%"), negatable: true, in: .deletion,
            help: "delete nothing if it were more than N",
            manual: """
                Where more than N entries, or more than N percent of what the destination holds, would have to be \
                deleted, none is, and the exit status is 25; everything else is copied. (rsync deletes N, then \
                stops.) 0 or less forbids every deletion.
                """),
        OptionSpecification(
            .force, ["force"], negatable: true, in: .deletion,
            help: "replace full directories by other kinds",
            manual: """
                A directory that is not empty makes room for something else of its name also where nothing is to be \
                deleted.
                """),
        OptionSpecification(
            .ignoreErrors, ["ignore-errors"], negatable: true, in: .deletion,
            help: "delete although reading failed",
            manual: """
                Deletes although parts of the source could not be read. Without it nothing is deleted then: what \
                could not be read would look as if it were gone.
                """),
        OptionSpecification(
            .allowEmptySource, ["allow-empty-source"], negatable: true, in: .deletion,
            help: "an empty source may empty the destination",
            manual: """
                Lets an empty source empty the destination. Without it that is refused with exit status 25, because \
                an empty source is most often one that was not mounted.
                """),
        OptionSpecification(
            .allowUnmounted, ["allow-unmounted"], negatable: true, in: .deletion,
            help: "delete although a mount is missing",
            manual: """
                Deletes although the source or the destination lies at or below a mount point of /etc/fstab where \
                nothing is mounted. Without it that is refused with exit status 25.
                """),
        OptionSpecification(
            .sourceMarker, ["source-marker"], argument: .value(placeholder: "FILE"), negatable: true, in: .deletion,
            help: "delete only if the source holds FILE",
            manual: """
                Deletes only if every directory of the source that is named on the command line holds an entry called \
                FILE, which somebody has put there for this purpose. Where one does not, or is missing, nothing \
                is deleted and the exit status is 25.
                """),
    ]

    static let operation: [OptionSpecification] = [
        OptionSpecification(
            .dryRun, ["dry-run"], "n", negatable: true, in: .operation,
            help: "write nothing; with -i or -v: say what would be",
            manual: """
                Writes nothing. With -i or -v it prints exactly what a run would print.
                """),
        OptionSpecification(
            .jobs, ["jobs"], argument: .value(placeholder: "NUM"), in: .operation,
            help: "work with NUM threads, 1 to 1024",
            manual: """
                Works with NUM threads, 1 to 1024. What is printed does not depend on it. Without it there are as \
                many as processors, and up to 16 while they wait for a disk or a network.
                """),
        OptionSpecification(
            .bandwidthLimit, ["bwlimit"], argument: .value(placeholder: "RATE"), negatable: true, in: .operation,
            help: "write no more than RATE KiB a second",
            manual: """
                Writes no more than RATE in a second, all threads together: in KiB, or with a unit (1.5m, 800k, \
                1g; KB, MB and GB count in thousands). 0 is no limit. What is shared and not written is not limited.
                """),
        OptionSpecification(
            .fsync, ["fsync"], negatable: true, in: .operation,
            help: "wait for the disk after each file",
            manual: """
                Each file is on the disk before it gets its name, and each directory when its last entry is done. The \
                same as --durability=file.
                """),
        OptionSpecification(
            .durability, ["durability"],
            argument: .value(placeholder: "WHEN", choices: Options.Durability.allNames), in: .operation,
            help: "what survives a power cut: none, batch, file",
            manual: """
                With none, the default, the file system decides when what was written reaches the disk: after a \
                power cut a file may have its name and no contents. With batch treesync writes thousands of entries \
                under temporary names, waits once until they are on the disk, and then gives all of them their \
                names; at the end it waits once more. It costs little more than none. With file it waits for each \
                file, which may take a hundred times as long with small files.
                """),
    ]

    static let hidden: [OptionSpecification] = [
        OptionSpecification(
            .impliedDirectories, ["implied-dirs"], in: .hidden, help: "takes --no-implied-dirs back", manual: ""),
        OptionSpecification(.printManual, ["print-manual"], in: .hidden, help: "print the manual page", manual: ""),
        OptionSpecification(
            .printCompletion, ["print-completion"],
            argument: .value(placeholder: "SHELL", choices: Shell.allCases.map(\.rawValue)), in: .hidden,
            help: "print completions for a shell", manual: ""),
        OptionSpecification(
            .printOptions, ["print-options"], in: .hidden, help: "print what becomes of rsync's options", manual: ""),
    ]
}
