extension OptionTable {
    static let trees: [OptionSpecification] = [
        OptionSpecification(
            .backup, ["backup"], "b", negatable: true, in: .trees,
            help: "keep what is replaced or deleted",
            manual: """
                Keeps what is replaced or deleted, but for directories: beside it, under its name and a suffix, or \
                with --backup-dir in another directory. A backup that is there already makes room for the new one. \
                Without --backup-dir, earlier backups are not deleted (unless with --delete-excluded), directories \
                that hold backups stay, and times of directories are left alone. The backup is a further name of the \
                file before the new one takes its place, so that neither is ever missing; where there are no hard \
                links the file is moved, and its name is missing for a moment. --no-backup takes this option and \
                --backup-dir back.
                """),
        OptionSpecification(
            .backupDirectory, ["backup-dir"], argument: .value(placeholder: "DIR"), in: .trees,
            help: "keep it in DIR",
            manual: """
                Keeps what is replaced or deleted in DIR, at the path that it had; with --suffix under that suffix \
                too. It implies --backup. DIR is relative to the destination, and made where it is missing; the \
                directories in it get what hangs on those of the destination. Where it lies in the destination \
                nothing in it is deleted. On another file system backups are complete copies. With \
                --backup-dir=../changed-$(date +%F) --delete, each day's run keeps what it has changed.
                """),
        OptionSpecification(
            .suffix, ["suffix"], argument: .value(placeholder: "SUFFIX"), in: .trees,
            help: "what follows the names of backups (~)",
            manual: """
                What is appended to the names of backups: \"~\" if it is not given, or nothing with --backup-dir. \
                Where the source has an entry of such a name, the suffix is repeated.
                """),
        OptionSpecification(
            .compareDestination, ["compare-dest"], argument: .value(placeholder: "DIR"), in: .trees,
            help: "leave out what DIR holds the same",
            manual: """
                What DIR holds exactly as the source does is not copied, and goes away from the destination where it \
                is a file: the destination becomes what has changed since DIR. Where only attributes differ, the \
                contents come from DIR. DIR is relative to the destination. The option may be repeated, up to 20 \
                times; the first exact match counts. --copy-dest and --link-dest exclude it. Nothing is deleted in \
                DIR where it lies in the destination, and no link below it is followed.
                """),
        OptionSpecification(
            .copyDestination, ["copy-dest"], argument: .value(placeholder: "DIR"), in: .trees,
            help: "... and copy it from there",
            manual: """
                Like --compare-dest; but what the destination does not have and DIR holds exactly as the source does \
                is copied from DIR, sharing its blocks where the file system can.
                """),
        OptionSpecification(
            .linkDestination, ["link-dest"], argument: .value(placeholder: "DIR"), in: .trees,
            help: "... and make hard links to it",
            manual: """
                Like --copy-dest; but the destination gets hard links to what DIR holds exactly as the source does, \
                in everything that is kept: permissions, owners, times, and with -A and -X ACLs and extended \
                attributes. Where no link can be made (DIR on another file system, too many links) a copy is. What \
                the destination has linked to DIR already is never changed in place. With -aEH \
                --link-dest=../yesterday, copied to a new directory each day, every day has a complete tree and \
                unchanged files take their space once.
                """),
        OptionSpecification(
            .fuzzy, ["fuzzy"], "y", negatable: true, in: .trees,
            help: "no effect: there is no transfer to shorten",
            manual: """
                With rsync, a similar file of the destination shortens the transfer of one that is missing there. On \
                one machine files are copied whole, and what arrives is the same with and without it: the option is \
                accepted, also twice, and changes nothing.
                """),
    ]
}
