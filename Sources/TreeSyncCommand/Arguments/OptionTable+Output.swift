extension OptionTable {
    static let output: [OptionSpecification] = amount + form + progress + texts

    private static let amount: [OptionSpecification] = [
        OptionSpecification(
            .verbose, ["verbose"], "v", negatable: true, in: .output,
            help: "print names, and a summary at the end",
            manual: """
                Prints the name of everything that is created, updated or deleted, in the order of the tree, then a \
                summary. Problems name up to ten paths each. Given twice, it also names what is up to date and what \
                an option keeps from being updated. --info says exactly what is printed.
                """),
        OptionSpecification(
            .itemize, ["itemize-changes"], "i", negatable: true, in: .output,
            help: "print what changes and why",
            manual: """
                Prints a line for each change: rsync's eleven letters, which say what differs, and the name. See \
                ITEMIZED CHANGES. Given twice, entries that stay as they are get a line too.
                """),
        OptionSpecification(
            .info, ["info"], argument: .value(placeholder: "FLAGS"), in: .output,
            help: "choose what is told; --info=help lists it",
            manual: """
                Chooses what is told, by rsync's names of flags: --info=name2,del0 names also what is up to date, \
                and no deletions. A flag that is given here counts more than -v and --progress. --info=help lists \
                the flags.
                """),
        OptionSpecification(
            .debug, ["debug"], argument: .value(placeholder: "FLAGS"), in: .output,
            help: "has no effect: accepted for rsync's sake",
            manual: """
                Takes rsync's names of flags; they have nothing to tell here. --debug=help lists them.
                """),
        OptionSpecification(
            .stats, ["stats"], negatable: true, in: .output,
            help: "print counts and sizes at the end",
            manual: "Prints counts and sizes under the labels of rsync. See SUMMARY."),
        OptionSpecification(
            .quiet, ["quiet"], "q", negatable: true, in: .output,
            help: "print errors only",
            manual: "Prints nothing but errors, whatever -v, -i, --stats and --info say."),
        OptionSpecification(
            .listOnly, ["list-only"], in: .output,
            help: "list the source instead of copying it",
            manual: """
                Lists what the sources hold: permissions, size, time and name; with -U also the access time of what \
                is no directory. Without -r: the sources themselves, and what a directory with a trailing slash \
                holds. Limits of size leave nothing out; -v and --stats say how much it is. The same happens where \
                there is one path and no destination.
                """),
        OptionSpecification(
            .explain, ["explain"], argument: .value(placeholder: "PATH"), in: .output,
            help: "say what would happen to PATH, and why",
            manual: """
                Says on standard output what would happen to PATH and why, and writes nothing: the filter rule that \
                takes it or leaves it out, with its file and line; what differs, with both values; the option that \
                leaves it alone; the guard that holds its deletion back; whether it would go away from the source. \
                PATH is typed as below a source or the destination, relative to them, or in any other way that leads \
                there; ".." takes back the name before it. May be given several times: \
                treesync -a --delete --explain=src/notes --explain=dst/old src/ dst.
                """),
    ]

    private static let form: [OptionSpecification] = [
        OptionSpecification(
            .outFormat, ["out-format"], aliases: ["log-format"], argument: .value(placeholder: "FORMAT"), in: .output,
            help: "print each change in this form",
            manual: """
                Prints a line in this form for each change, for example --out-format='%i %8l %n%L'. See FORMATS. \
                Only with %i in it, changes of attributes alone get a line.
                """),
        OptionSpecification(
            .logFile, ["log-file"], argument: .value(placeholder: "FILE"), in: .output,
            help: "append what is done to FILE",
            manual: """
                Appends a line for each change to FILE, behind the time and the number of the process, and what -v, \
                --info and --stats tell beside, whatever -q says; at the end the problems. With --list-only it gets \
                the list. A file that cannot be written stops nothing.
                """),
        OptionSpecification(
            .logFileFormat, ["log-file-format"], argument: .value(placeholder: "FORMAT"), in: .output,
            help: "write the lines of --log-file in this form",
            manual: """
                The form of the lines of --log-file, \"%i %n%L\" if it is not given; see FORMATS. An empty one \
                leaves the lines out.
                """),
        OptionSpecification(
            .humanReadable, ["human-readable"], "h", negatable: true, in: .output,
            help: "sizes in K, M, G; twice: of 1024",
            manual: """
                Prints sizes in units of 1000 (K, M, G, T, P); given twice, of 1024. --no-h prints plain digits \
                without commas. A lone -h prints the help.
                """),
        OptionSpecification(
            .eightBitOutput, ["8-bit-output"], "8", negatable: true, in: .output,
            help: "print names that are not UTF-8 as they are",
            manual: """
                Prints every byte of a name but the control characters of ASCII as it is. Without it everything \
                that is not UTF-8, or that could drive a terminal, is printed as \\# and three octal digits.
                """),
        OptionSpecification(
            .outputBuffering, ["outbuf"], argument: .value(placeholder: "N|L|B", choices: ["N", "L", "B"]),
            in: .output,
            help: "write at once, by lines or by blocks",
            manual: """
                N or L: writes each line at once; B: writes in large pieces. Without it: at once to a terminal, in \
                large pieces elsewhere.
                """),
        OptionSpecification(
            .standardErrorMode, ["stderr"],
            argument: .value(placeholder: "MODE", choices: ["errors", "all", "client"]), in: .output,
            help: "all: everything goes to standard error",
            manual: """
                With the MODE all, everything is printed to standard error. The modes errors and client are the \
                same on one machine: only errors go there. One letter is enough.
                """),
        OptionSpecification(
            .messagesToStandardError, ["msgs2stderr"], negatable: true, in: .output,
            help: "the same as --stderr=all",
            manual: """
                The old name of --stderr=all; --no-msgs2stderr is that of --stderr=client.
                """),
        OptionSpecification(
            .color, ["color"],
            argument: .value(placeholder: "WHEN", choices: Presentation.Choice.allCases.map(\.rawValue)),
            in: .output,
            help: "auto, always or never colour the lines",
            manual: """
                Colours the lines of -i and -v by what is done: green for what is new, yellow for what is updated, \
                cyan for attributes, magenta for hard links, red for deletions. The default auto does that on a \
                terminal, unless the environment variable NO_COLOR is set.
                """),
    ]

    private static let progress: [OptionSpecification] = [
        OptionSpecification(
            .progress, ["progress"], negatable: true, in: .output,
            help: "print names, and how far the run is",
            manual: """
                Prints names as -v does, and below them how far the run is: bytes, percentage, rate, remaining time, \
                files copied, files still to be copied, and entries compared so far. While the tree is still being \
                compared nobody knows the whole: percentage and time are question marks then. A large file gets a \
                line of its own when it is complete. --info=progress2 prints the line without the names. Without \
                either, a run that takes longer than a second shows one line on standard error where that is a \
                terminal, and takes it away at the end; --no-progress keeps it from doing so.
                """),
        OptionSpecification(
            .partialProgress, [], "P", in: .output,
            help: "the same as --partial --progress",
            manual: "The same as --partial --progress."),
    ]

    private static let texts: [OptionSpecification] = [
        OptionSpecification(
            .help, ["help"], in: .output,
            help: "print this help",
            manual: "Prints a summary of the options."),
        OptionSpecification(
            .version, ["version"], "V", in: .output,
            help: "print the version; twice: as JSON",
            manual: """
                Prints the version and what this build can do; given twice (-VV), as JSON under rsync's keys.
                """),
    ]
}
