extension OptionTable {
    /// Which files are left alone, and when a run stops.
    static let limits: [OptionSpecification] = [
        OptionSpecification(
            .maxSize, ["max-size"], argument: .value(placeholder: "SIZE"), in: .selection,
            help: "leave alone files that are larger",
            manual: """
                Leaves alone files that are larger than SIZE: a number, also with decimals, and a unit: B for bytes, \
                K, M, G, T or P (or KiB, MiB and so on) for units of 1024, KB, MB and so on for units of 1000. +1 or -1 may follow: \
                --max-size=1.5MB-1 means 1,499,999 bytes. What the destination has of them is not deleted.
                """),
        OptionSpecification(
            .minSize, ["min-size"], argument: .value(placeholder: "SIZE"), in: .selection,
            help: "leave alone files that are smaller",
            manual: "Leaves alone files that are smaller than SIZE; for SIZE see --max-size."),
        OptionSpecification(
            .pruneEmptyDirectories, ["prune-empty-dirs"], "m", negatable: true, in: .selection,
            help: "leave out directories that hold nothing",
            manual: """
                Leaves out directories of the source that hold nothing but directories, at any depth; what the filter \
                rules leave out does not count, but every other entry does. With --delete the destination's go, too. \
                With rules it copies one kind of files with the directories they lie in: \
                -am --include='*.pdf' --include='*/' --exclude='*'. A protect rule keeps directories, and those that \
                they lie in: -am -f'P emptydir/'; not one that a directory's own file holds.
                """),
        OptionSpecification(
            .removeSourceFiles, ["remove-source-files"], negatable: true, in: .selection,
            help: "remove from the source what DEST holds",
            manual: """
                Removes from the source, one by one, what the destination holds: what was copied and what was equal \
                already, but no directories. What changed since it was compared stays. --info=remove names it. \
                Never use it on a source that something still writes to.
                """),
        OptionSpecification(
            .makePath, ["mkpath"], negatable: true, in: .selection,
            help: "make missing directories above DEST",
            manual: """
                Makes the directories above DEST that are missing, not only its last one. Of a single file that is \
                copied under another name, those above that name.
                """),
        OptionSpecification(
            .ignoreMissing, ["ignore-missing-args"], in: .selection,
            help: "a source that is missing is no error",
            manual: """
                A source that does not exist is no error; nothing is said of it. One with a trailing slash is: \
                somebody wants what it holds.
                """),
        OptionSpecification(
            .deleteMissing, ["delete-missing-args"], in: .deletion,
            help: "a missing source is deleted from DEST",
            manual: """
                What the destination holds under the name of a source that does not exist is deleted; of the source \
                nothing is said. A directory that is not empty goes only with --delete or --force, else it is a \
                problem. The guards judge these deletions, too.
                """),
    ]

    static let running: [OptionSpecification] = [
        OptionSpecification(
            .stopAfter, ["stop-after", "time-limit"], argument: .value(placeholder: "MINUTES"), in: .operation,
            help: "stop after so many minutes",
            manual: """
                Stops in good order after so many minutes, with exit status 30. What is complete stands; running it \
                again goes on.
                """),
        OptionSpecification(
            .stopAt, ["stop-at"], argument: .value(placeholder: "Y-M-DTh:m"), in: .operation,
            help: "stop at this time",
            manual: """
                Stops in good order at a time of the local time zone, with exit status 30. Parts may be left out \
                from the left or the right: 1-30 is the next 30th of January at midnight, 14:00 the next two in the \
                afternoon, :59 the next 59th minute of an hour. Slashes may stand for the dashes.
                """),
        OptionSpecification(
            .timeout, ["timeout"], argument: .value(placeholder: "SECONDS"), negatable: true, in: .operation,
            help: "has no effect: nobody is waited for",
            manual: "Accepted and without effect: on one machine there is no connection that could time out."),
        OptionSpecification(
            .checksumChoice, ["checksum-choice", "cc"], argument: .value(placeholder: "NAME"), in: .comparison,
            help: "has no effect: bytes are compared",
            manual: """
                Takes the name of a digest, or two with a comma, and has no effect: --checksum compares the bytes \
                themselves. The names are auto, xxh128, xxh3, xxh64, md5, md4, sha1 and none.
                """),
    ]
}
