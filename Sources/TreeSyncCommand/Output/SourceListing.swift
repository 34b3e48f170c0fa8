import TreeSync

/// The lines of `--list-only`: permissions, size, time and name.
struct SourceListing: Sendable {
    private let presentation: Presentation
    private let showsTargets: Bool

    init(_ request: Request) {
        presentation = request.presentation
        showsTargets = request.options.preserved.contains(.symbolicLinks)
    }

    func line(_ action: Action) -> [UInt8] {
        guard let facts = action.facts else { return missing(action.path) }
        let mode = String(Permissions.letter(of: action.kind)) + Permissions.letters(facts.permissions)
        let head = "\(mode) \(size(facts.size)) \(LocalTime.spaced(facts.modified)) "
        let name = action.path.bytes.isEmpty ? [UInt8(ascii: ".")] : action.path.bytes
        var line = Array(head.utf8) + presentation.nameStyle.shown(name)
        if showsTargets, let target = action.symbolicLinkTarget {
            line += Array(" -> ".utf8) + presentation.nameStyle.shown(target)
        }
        return line + [UInt8(ascii: "\n")]
    }

    /// What was named and does not exist.
    private func missing(_ path: RelativePath) -> [UInt8] {
        let width = 10 + 1 + sizeWidth + 1 + 19 + 1
        let head = "*missing" + String(repeating: " ", count: width - "*missing".count)
        return Array(head.utf8) + presentation.nameStyle.shown(path.bytes) + [UInt8(ascii: "\n")]
    }

    /// rsync's widths: eleven columns for plain digits, else fourteen.
    private func size(_ bytes: Int64) -> String {
        let text = presentation.numberStyle.bytes(bytes)
        return String(repeating: " ", count: max(0, sizeWidth - text.count)) + text
    }

    private var sizeWidth: Int { presentation.numberStyle == .digits ? 11 : 14 }
}
