import SystemPackage
import TreeSync

/// The options that choose by rules, in the order in which they were typed.
struct FilterSelection: Sendable, Equatable {
    /// What one option adds.
    enum Word: Sendable, Equatable {
        case rule([UInt8])
        case pattern([UInt8], FilterRule.Effect)
        case patterns(from: [UInt8], FilterRule.Effect)
        /// How files are read that are named from here on.
        case nulls, lines
    }

    private var words: [Word] = []
    private var directoryFilterCount = 0
    /// `-C`, which comes last wherever it stands.
    var ignoresLikeCVS = false
    /// `--old-dirs`, which comes behind what is typed, too.
    var excludesDeeper = false

    mutating func add(_ word: Word) { words.append(word) }

    /// One `-F` more.
    mutating func addDirectoryFilters() {
        directoryFilterCount += 1
        if directoryFilterCount == 1 { words.append(.rule(Array(": /.rsync-filter".utf8))) }
        if directoryFilterCount == 2 { words.append(.rule(Array("- .rsync-filter".utf8))) }
    }

    /// The rules; `nil` where no option asks for any. Reads the files that are named.
    ///
    /// - Parameter links: whose links the paths of those may go through, and where they may lie.
    func rules(_ links: Options.Links) throws(UsageError) -> FilterRules? {
        guard !words.isEmpty || ignoresLikeCVS || excludesDeeper else { return nil }
        var parser = FilterParser(cvsIgnored: cvsIgnored()) { (file, origin) throws(FilterError) in
            do throws(Errno) { return try contents(of: file, links) } catch {
                throw FilterError(.unreadable(error), file, origin)
            }
        }
        do throws(FilterError) {
            for word in words { try add(word, to: &parser) }
            if excludesDeeper { try parser.addPattern(Array("/*/*".utf8), .exclude) }
            if ignoresLikeCVS { try parser.addCVSRules() }
        } catch {
            throw .filter(error)
        }
        return parser.rules.elements.isEmpty ? nil : parser.rules
    }

    private func add(_ word: Word, to parser: inout FilterParser) throws(FilterError) {
        switch word {
        case .rule(let text): try parser.addRule(text)
        case .pattern(let pattern, let effect): try parser.addPattern(pattern, effect)
        // No file, as in rsync.
        case .patterns(let file, _) where file.isEmpty: break
        case .patterns(let file, let effect): try parser.addPatterns(from: file, effect)
        case .nulls: parser.areNullSeparated = true
        case .lines: parser.areNullSeparated = false
        }
    }
}

/// What the user's `~/.cvsignore` and `CVSIGNORE` add to what CVS ignores.
private func cvsIgnored() -> [UInt8] {
    var words: [UInt8] = []
    if let home = environment("HOME") {
        words += (try? contents(of: home + Array("/.cvsignore".utf8), Options.Links())) ?? []
    }
    return words + [UInt8(ascii: "\n")] + (environment("CVSIGNORE") ?? [])
}
