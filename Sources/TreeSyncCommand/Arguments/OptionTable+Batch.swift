/// Changes that are recorded once and applied to several destinations.
extension OptionTable {
    static let batches: [OptionSpecification] = [
        OptionSpecification(
            .writeBatch, ["write-batch"], argument: .value(placeholder: "FILE"), in: .batches,
            help: "record in FILE what the run changes",
            manual: """
                Records in FILE what the run does to the destination, with the contents of files, so that --read-batch \
                can do the same to another destination that is as this one was: treesync -a --delete \
                --write-batch=changes src/ /mirror/1/, and then treesync --read-batch=changes /mirror/2/. It also \
                makes FILE.sh, a script that does the latter: FILE.sh /mirror/2/. FILE must not lie in the \
                destination. With -n nothing is recorded. What is written to FILE can be read by its owner alone.
                """),
        OptionSpecification(
            .onlyWriteBatch, ["only-write-batch"], argument: .value(placeholder: "FILE"), in: .batches,
            help: "record it, and change nothing",
            manual: """
                The same as --write-batch, and the destination stays as it is: FILE can be carried to where the \
                destination's twin is.
                """),
        OptionSpecification(
            .readBatch, ["read-batch"], argument: .value(placeholder: "FILE"), in: .batches,
            help: "apply what FILE has recorded",
            manual: """
                Applies to the destination, the only path that is given, what --write-batch has recorded in FILE; FILE \
                - is standard input. FILE is read to its end before anything is changed: one that is damaged or not \
                complete is refused with exit status 12, one that is no batch of treesync or of a later one with 2. \
                What is kept and what is deleted is as it was when FILE was written, whatever the options say; how \
                contents arrive, when deletions are made, what is backed up and what is printed is asked for anew. \
                The destination must be as the first one was. An entry that somebody has changed since stays as it \
                is, and a line says so; what is already as it shall be is left alone, so that a batch may be applied \
                again, also after an interruption. With -I what it holds is not asked for; what a batch does not \
                know stays all the same. \
                Owners and groups count by their names, where this machine knows them, unless --numeric-ids is given.
                """),
    ]
}
