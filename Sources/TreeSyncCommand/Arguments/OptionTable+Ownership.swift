extension OptionTable {
    static let ownership: [OptionSpecification] = [
        OptionSpecification(
            .changeMode, ["chmod"], argument: .value(placeholder: "CHANGES"), in: .preservation,
            help: "take the source's permissions as changed",
            manual: """
                Treats the source's permissions as if they had been changed so, by items as for chmod(1), separated by \
                commas: u=rwx,go-w or octal numbers. D before an item limits it to directories, F to everything else; \
                X is x for directories and for what somebody may execute; g=u copies. Several --chmod follow each \
                other. With --perms, for instance --chmod=Dg+s,ug+w,Fo-w,+X.
                """),
        OptionSpecification(
            .changeOwner, ["chown"], argument: .value(placeholder: "USER:GROUP"), in: .preservation,
            help: "give everything to USER and GROUP",
            manual: """
                Everything belongs to USER and GROUP, of which either may be missing; names or numbers. It implies \
                --owner and --group, as far as they are given.
                """),
        OptionSpecification(
            .userMap, ["usermap"], argument: .value(placeholder: "FROM:TO,..."), in: .preservation,
            help: "owners of the source become others",
            manual: """
                Owners of the source become others: pairs of which the first that matches counts. FROM is a name, a \
                pattern for names, a number, a range (0-99), * for everybody, or nothing for numbers without a name; \
                TO is a name or a number. With --numeric-ids names do not count. It implies --owner.
                """),
        OptionSpecification(
            .groupMap, ["groupmap"], argument: .value(placeholder: "FROM:TO,..."), in: .preservation,
            help: "groups of the source become others",
            manual: "The same for groups. It implies --group."),
    ]
}
