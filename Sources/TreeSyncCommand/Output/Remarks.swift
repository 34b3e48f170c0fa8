import TreeSync

/// Lines in rsync's words about what is left alone, kept as a backup, removed from the source or skipped. They have no
/// format, and stand in a log as they are printed.
struct Remarks: Sendable {
    let presentation: Presentation
    private let writer: LineWriter

    init(_ presentation: Presentation, _ writer: LineWriter) {
        self.presentation = presentation
        self.writer = writer
    }

    /// What was planned for an entry keeps what it replaces.
    func backup(_ action: Action) -> [UInt8]? {
        guard let backup = action.backup, presentation.level(.backup) > 0 else { return nil }
        let shown = presentation.nameStyle.shown
        return Array("backed up ".utf8) + shown(action.path.bytes) + Array(" to ".utf8) + shown(backup)
    }

    func removedSource(_ path: RelativePath) -> [UInt8]? {
        guard presentation.level(.remove) > 0 else { return nil }
        return Array("sender removed ".utf8) + presentation.nameStyle.shown(path.bytes)
    }

    /// A directory that was left out for want of `-r`.
    func skipped(_ problem: Problem) -> [UInt8]? {
        guard problem.isSkippedDirectory, !presentation.isQuiet else { return nil }
        return Array("skipping directory \(problem.path)".utf8)
    }

    /// What stays as it is, where lines are not itemized.
    func upToDate(_ item: LineItem) -> [UInt8]? {
        guard presentation.level(.name) > 1, !presentation.itemizes else { return nil }
        return writer.name(item) + Array(" is uptodate".utf8)
    }

    /// What an option keeps from being updated; nothing for what stays as it is.
    func kept(_ entry: KeptEntry, _ item: LineItem) -> [UInt8]? {
        let name = writer.name(item)
        let bare = item.kind == .directory ? Array(name.dropLast()) : name
        let skip = presentation.level(.skip)
        switch entry.reason {
        // Of files that are not shorter rsync says nothing.
        case .equal, .linked, .notShorter: return nil
        case .newer: return skip > 0 ? name + Array(" is newer".utf8) : nil
        case .mountPoint:
            return presentation.level(.mount) > 0 ? Array("[sender] skipping mount-point dir ".utf8) + bare : nil
        case .unsafeLink: return presentation.level(.symsafe) > 0 ? unsafeLink(name, entry) : nil
        case .tooLarge: return skip > 0 ? name + Array(" is over max-size".utf8) : nil
        case .tooSmall: return skip > 0 ? name + Array(" is under min-size".utf8) : nil
        case .exists:
            guard skip > 0 else { return nil }
            let difference = entry.differences.inBrief(entry.kind, byContents: presentation.comparesContents)
            return bare + Array((" exists" + (skip > 1 ? difference : "")).utf8)
        case .notCreated:
            guard skip > 0 else { return nil }
            let noun = item.kind == .directory ? "directory" : "file"
            return Array("not creating new \(noun) \"".utf8) + bare + [UInt8(ascii: "\"")]
        }
    }

    private func unsafeLink(_ name: [UInt8], _ entry: KeptEntry) -> [UInt8] {
        let target = presentation.nameStyle.shown(entry.symbolicLinkTarget ?? [])
        return Array("ignoring unsafe symlink \"".utf8) + name + Array("\" -> \"".utf8) + target + [UInt8(ascii: "\"")]
    }
}

extension Differences {
    /// What differs of an entry that is left alone, as `--info=skip2` says it.
    ///
    /// - Parameter byContents: whether contents are compared (`--checksum`).
    fileprivate func inBrief(_ kind: EntryKind, byContents: Bool) -> String {
        if contains(.kind) { return " (type change)" }
        var ofFile: Differences = .content
        if kind == .regular { ofFile = byContents ? [.content, .size] : [.content, .size, .time, .timeOfCopy] }
        if !isDisjoint(with: ofFile) { return byContents ? " (sum change)" : " (file change)" }
        // Access times do not count there.
        return subtracting(.accessTime).isEmpty ? " (uptodate)" : " (attr change)"
    }
}

extension Problem {
    /// A directory that was left out for want of `-r`.
    var isSkippedDirectory: Bool { cause == .leftOut && kind == .directory }
}
