import TreeSync

/// The lines of `--list-only`: permissions, size, time, with `-U` the access time, and name.
struct SourceListing: Sendable {
    private let presentation: Presentation
    private let showsTargets: Bool
    private let showsAccessTimes: Bool

    init(_ request: Request) {
        presentation = request.presentation
        showsTargets = request.options.preserved.contains(.symbolicLinks)
        showsAccessTimes = request.options.preserved.contains(.accessTimes)
    }

    /// Without a line feed.
    func line(_ action: Action) -> [UInt8] {
        guard let facts = action.facts else { return missing(action.path) }
        let mode = String(Permissions.letter(of: action.kind)) + Permissions.letters(facts.permissions)
        let head = "\(mode) \(size(facts.size)) \(LocalTime.spaced(facts.modified)) \(accessTime(facts))"
        let name = action.path.bytes.isEmpty ? [UInt8(ascii: ".")] : action.path.bytes
        var line = Array(head.utf8) + presentation.nameStyle.shown(name)
        if showsTargets, let target = action.symbolicLinkTarget {
            line += Array(" -> ".utf8) + presentation.nameStyle.shown(target)
        }
        return line
    }

    /// A column of its own; empty for directories, whose access times are not kept.
    private func accessTime(_ facts: EntryFacts) -> String {
        guard showsAccessTimes else { return "" }
        return (facts.accessed.map(LocalTime.spaced) ?? Self.noTime) + " "
    }

    private static let noTime = String(repeating: " ", count: 19)

    /// What was named and does not exist.
    private func missing(_ path: RelativePath) -> [UInt8] {
        let width = 10 + 1 + sizeWidth + (showsAccessTimes ? 2 : 1) * (1 + Self.noTime.count) + 1
        let head = "*missing" + String(repeating: " ", count: width - "*missing".count)
        return Array(head.utf8) + presentation.nameStyle.shown(path.bytes)
    }

    /// rsync's widths: eleven columns for plain digits, else fourteen.
    private func size(_ bytes: Int64) -> String {
        let text = presentation.numberStyle.bytes(bytes)
        return String(repeating: " ", count: max(0, sizeWidth - text.count)) + text
    }

    private var sizeWidth: Int { presentation.numberStyle == .digits ? 11 : 14 }
}
