import CLinux
import SystemPackage
import TreeSync

/// Writes lines about entries in a format.
struct LineWriter: Sendable {
    let format: LineFormat
    let nameStyle: Presentation.NameStyle
    let sources: [Source]
    /// Whether groups are kept: `%G` is a number only then.
    let keepsGroups: Bool
    let isDryRun: Bool
    private let readsNames: Bool

    init(_ format: LineFormat, _ request: Request) {
        self.format = format
        nameStyle = request.presentation.nameStyle
        sources = request.sources
        keepsGroups = request.options.preserved.contains(.group)
        isDryRun = request.isDryRun
        readsNames = request.readsNames
    }

    /// The line without its line feed.
    func line(_ item: LineItem) -> [UInt8] {
        var line: [UInt8] = []
        for piece in format.pieces {
            switch piece {
            case .text(let text): line += text
            case .escape(let escape): append(escape, item, to: &line)
            }
        }
        return line
    }

    /// The name as `%n` prints it: a slash behind a directory's.
    func name(_ item: LineItem) -> [UInt8] {
        shown(item.path.bytes.isEmpty ? [UInt8(ascii: ".")] : item.path.bytes)
            + (item.kind == .directory ? [UInt8(ascii: "/")] : [])
    }

    private func append(_ escape: LineFormat.Escape, _ item: LineItem, to line: inout [UInt8]) {
        if escape.letter == "L" { return appendTarget(escape, item, to: &line) }
        append(value(escape, item), escape, to: &line)
    }

    private func append(_ value: [UInt8], _ escape: LineFormat.Escape, to line: inout [UInt8]) {
        let gap = [UInt8](
            repeating: UInt8(ascii: escape.hasZeros && isNumber(escape.letter) ? "0" : " "),
            count: max(0, (escape.width ?? 0) - value.count))
        line += escape.isLeftAligned ? value + gap : gap + value
    }

    /// rsync fills up sizes with blanks even where zeros are asked for.
    private func isNumber(_ letter: Character) -> Bool {
        letter == "U" || letter == "p" || letter == "G" && keepsGroups
    }

    private func value(_ escape: LineFormat.Escape, _ item: LineItem) -> [UInt8] {
        let facts = item.facts
        switch escape.letter {
        case "n": return name(item)
        case "i": return Array(item.itemized.utf8)
        case "f": return shown(fullName(item))
        case "C": return Array(checksum(item).utf8)
        default: return Array(text(escape, item, facts).utf8)
        }
    }

    private func text(_ escape: LineFormat.Escape, _ item: LineItem, _ facts: EntryFacts?) -> String {
        switch escape.letter {
        case "l": escape.numberStyle.bytes(facts?.size ?? 0)
        case "b": escape.numberStyle.bytes(item.copiesContents && !isDryRun ? facts?.size ?? 0 : 0)
        case "c": escape.numberStyle.bytes(0)
        case "M": LocalTime.dashed(facts?.modified ?? Timestamp(seconds: 0))
        case "t": LocalTime.spaced(LocalTime.now)
        case "B": facts.map { Permissions.letters($0.permissions) } ?? "---------"
        case "U": String(facts?.owner ?? 0)
        case "G": keepsGroups ? String(facts?.group ?? 0) : "DEFAULT"
        case "o": item.deed == .delete ? "del." : "send"
        case "%": "%"
        case "p": String(ts_process())
        // There are no modules on one machine.
        default: ""
        }
    }

    /// The width is that of the target behind the arrow; where there is neither, blanks take the place of both.
    private func appendTarget(_ escape: LineFormat.Escape, _ item: LineItem, to line: inout [UInt8]) {
        let arrow = item.hardLinkTarget != nil ? " => " : item.symbolicLinkTarget != nil ? " -> " : "    "
        let target = item.hardLinkTarget?.bytes ?? item.symbolicLinkTarget
        if target == nil, escape.width == nil { return }
        line += Array(arrow.utf8)
        append(target.map(shown) ?? [], escape, to: &line)
    }

    /// The path with the source's own, as `%f` prints it: without leading slashes and without `.`. Names that
    /// a file lists are printed as the file has them.
    private func fullName(_ item: LineItem) -> [UInt8] {
        guard let facts = item.facts, sources.indices.contains(facts.source) else { return item.path.bytes }
        let source = sources[facts.source]
        let path = (readsNames ? source.directoryOfNames : source.directory) + [UInt8(ascii: "/")] + item.path.bytes
        let parts = path.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        let isRoot = item.path.bytes.isEmpty
        return Array((isRoot ? parts + [Array(".".utf8)[...]] : parts).joined(separator: [UInt8(ascii: "/")]))
    }

    /// rsync's own digest of a file whose contents are copied; blanks for everything else.
    private func checksum(_ item: LineItem) -> String {
        let blanks = String(repeating: " ", count: 32)
        guard item.copiesContents, !isDryRun, let facts = item.facts, sources.indices.contains(facts.source) else {
            return blanks
        }
        let source = sources[facts.source]
        return ContentDigest.text(of: source.directory + [UInt8(ascii: "/")] + item.path.bytes) ?? blanks
    }

    private func shown(_ bytes: [UInt8]) -> [UInt8] { nameStyle.shown(bytes) }
}

extension Source {
    /// Where below the source its names begin.
    fileprivate var directoryOfNames: [UInt8] {
        if case .selection(let selection) = placement { selection.directory.bytes } else { [] }
    }

    /// Where the paths of entries begin.
    fileprivate var directory: [UInt8] {
        let own = path.withPlatformString { pointer in
            UnsafeRawBufferPointer(start: pointer, count: path.length).map { $0 }
        }
        switch placement {
        case .contents: return own
        case .entry:
            guard let last = own.lastIndex(of: UInt8(ascii: "/")) else { return Array(".".utf8) }
            return last == 0 ? [UInt8(ascii: "/")] : Array(own[..<last])
        case .selection(let selection): return own + [UInt8(ascii: "/")] + selection.directory.bytes
        }
    }
}

extension Presentation.NameStyle {
    /// A name as it is printed.
    func shown(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .safe: return Array(printable(bytes).utf8)
        case .eightBit:
            // Runs of ASCII are as without -8; what is above stays as it is.
            var text: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let ascii = rest.prefix { $0 < 0x80 }
                text += Array(printable(ascii).utf8)
                rest = rest.dropFirst(ascii.count)
                let high = rest.prefix { $0 >= 0x80 }
                text += high
                rest = rest.dropFirst(high.count)
            }
            return text
        }
    }
}

/// Permissions as `ls` writes them.
enum Permissions {
    /// Nine letters, `rwxr-xr-t`.
    static func letters(_ bits: UInt16) -> String {
        var letters: [Character] = []
        for shift in [6, 3, 0] as [UInt16] {
            letters.append(bits >> shift & 4 == 0 ? "-" : "r")
            letters.append(bits >> shift & 2 == 0 ? "-" : "w")
            letters.append(bits >> shift & 1 == 0 ? "-" : "x")
        }
        for (bit, index, small, large) in [(0o4000, 2, "s", "S"), (0o2000, 5, "s", "S"), (0o1000, 8, "t", "T")]
            as [(UInt16, Int, Character, Character)] where bits & bit != 0
        {
            letters[index] = letters[index] == "x" ? small : large
        }
        return String(letters)
    }

    /// The letter of a kind in the first column of `ls -l`.
    static func letter(of kind: EntryKind) -> Character {
        switch kind {
        case .regular: "-"
        case .directory: "d"
        case .symbolicLink: "l"
        case .fifo: "p"
        case .socket: "s"
        case .characterDevice: "c"
        case .blockDevice: "b"
        }
    }
}
