extension OptionTable {
    static let filters: [OptionSpecification] = [
        OptionSpecification(
            .exclude, ["exclude"], argument: .value(placeholder: "PATTERN"), in: .filters,
            help: "leave out what matches PATTERN",
            manual: """
                Leaves out entries that match PATTERN, and protects those of the destination from deletion. \
                --exclude='*.o' leaves out every name that ends so, --exclude=/build/ the directory build at the top. \
                The same as --filter='- PATTERN'. See FILTER RULES.
                """),
        OptionSpecification(
            .include, ["include"], argument: .value(placeholder: "PATTERN"), in: .filters,
            help: "take what matches PATTERN after all",
            manual: """
                Takes entries that match PATTERN although an option that follows excludes them. The same as \
                --filter='+ PATTERN'.
                """),
        OptionSpecification(
            .excludeFrom, ["exclude-from"], argument: .value(placeholder: "FILE"), in: .filters,
            help: "read exclude patterns from FILE",
            manual: """
                Excludes the patterns that FILE holds, one in each line. Lines that begin with # or ; are comments; \
                a line that begins with "+ " includes; a lone ! forgets the rules before it. FILE - is standard \
                input.
                """),
        OptionSpecification(
            .includeFrom, ["include-from"], argument: .value(placeholder: "FILE"), in: .filters,
            help: "read include patterns from FILE",
            manual: """
                Includes the patterns that FILE holds, one in each line; "- " before one excludes it. Otherwise the \
                same as --exclude-from.
                """),
        OptionSpecification(
            .filter, ["filter"], "f", argument: .value(placeholder: "RULE"), in: .filters,
            help: "add a filter RULE",
            manual: """
                Adds a rule: -f'- *.o', -f'P /lost+found', -f'merge FILE', -f': .rules'. An underscore may stand for \
                the space. The options --filter, --exclude, --include, --exclude-from and --include-from form one \
                list, in the order in which they are typed. See FILTER RULES.
                """),
        OptionSpecification(
            .directoryFilters, [], "F", in: .filters,
            help: "use .rsync-filter files; twice: leave them out",
            manual: """
                The same as --filter='dir-merge /.rsync-filter': every directory may hold rules of its own in a file \
                of that name. Given twice, these files are left out themselves.
                """),
        OptionSpecification(
            .cvsExclude, ["cvs-exclude"], "C", in: .filters,
            help: "leave out what CVS ignores",
            manual: """
                Leaves out what CVS ignores: object files, backups, directories of version control, what \
                ~/.cvsignore, the variable CVSIGNORE and the .cvsignore of each directory name. These rules come \
                after all others, wherever -C stands; --filter=:C and --filter=-C put them elsewhere. \
                A lone ! among those words clears what CVS ignores, and no other rule.
                """),
        OptionSpecification(
            .from0, ["from0"], "0", negatable: true, in: .filters,
            help: "rules and names in files end with a NUL",
            manual: """
                In the files of rules that are named after it, and in that of --files-from, a rule or a name ends with \
                a NUL and not with its line.
                """),
    ]
}
