/// What is printed, and how.
struct Presentation: Sendable, Equatable {
    /// How numbers of bytes are written: rsync's `--human-readable` levels.
    enum NumberStyle: Sendable {
        case digits, grouped, thousands, binary
    }

    /// Which characters of names are printed as they are.
    enum NameStyle: Sendable {
        /// UTF-8 that cannot forge a line or drive a terminal.
        case safe
        /// Every byte but the control characters of ASCII (`-8`).
        case eightBit
    }

    /// Where and when lines are written (`--outbuf`, `--stderr`).
    struct Stream: Sendable, Equatable {
        /// How long lines are kept back.
        enum Buffering: Sendable { case automatic, none, line, block }

        var buffering = Buffering.automatic
        /// Everything goes to standard error (`--stderr=all`).
        var usesStandardError = false
    }

    /// When colours and the quiet line of progress are used.
    enum Choice: String, Sendable, CaseIterable { case auto, always, never }

    /// How many `-v` were given.
    var verbosity = 0
    var info = Levels<InfoFlag>()
    /// How many `-i` were given; with two, entries that are as they should be are listed too.
    var itemization = 0
    /// `--out-format`.
    var format: LineFormat?
    /// `--log-file`, and what it tells of an entry.
    var logFile: [UInt8]?
    var logFormat: LineFormat?
    /// Prints errors only (`-q`).
    var isQuiet = false
    var asksForStatistics = false
    /// Whether contents are compared, which remarks tell as rsync does.
    var comparesContents = false
    var numberStyle = NumberStyle.grouped
    var nameStyle = NameStyle.safe
    var stream = Stream()
    var color = Choice.auto
    /// `--progress`; `nil` where nothing was said of it.
    var showsProgress: Bool?

    var isVerbose: Bool { verbosity > 0 }

    /// Whether lines are itemized: by `-i`, or by a format that has `%i`.
    var itemizes: Bool { itemizingLevel > 0 }

    var itemizingLevel: Int {
        guard let format else { return itemization }
        return format.contains("i") ? max(1, itemization) : 0
    }

    func level(_ flag: InfoFlag) -> Int {
        if isQuiet { return 0 }
        let level = info.level(flag, verbosity: verbosity)
        switch flag {
        case .stats: return max(level, asksForStatistics ? 2 : 0)
        case .name: return max(level, format == nil ? 0 : 1)
        case .backup, .copy, .del, .flist, .misc, .mount, .nonreg, .progress, .remove, .skip, .symsafe: return level
        }
    }

    /// The format of a line about an entry.
    var lineFormat: LineFormat { format ?? (itemization > 0 ? .itemized : .name) }

    /// Whether a line is printed for each action.
    var listsActions: Bool { !isQuiet && (level(.name) > 0 || itemizes) }

    /// Whether the first line says that the destination was created; a format alone does not ask for that.
    var announcesCreation: Bool {
        !isQuiet && (itemizes || info.level(.name, verbosity: verbosity) > 0)
    }

    var printsStatistics: Bool { level(.stats) > 1 }
}
