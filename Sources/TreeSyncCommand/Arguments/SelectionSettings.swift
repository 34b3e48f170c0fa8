import SystemPackage
import TreeSync

/// What the options say of how sources become roots: `--relative` and `--files-from`.
struct SelectionSettings: Sendable, Equatable {
    /// The file of `--files-from`.
    var file: [UInt8]?
    var areNullSeparated = false
    /// What was said of `-R`, `-r` and `-d`, but for what `-a` implies; with `--files-from` nothing means something else.
    var isRelative: Bool?
    var isRecursive: Bool?
    var takesDirectories: Bool?

    private var keepsPaths: Bool { isRelative ?? (file != nil) }

    /// What `--files-from` implies does not depend on where it stands.
    func resolve(into options: inout Options) {
        guard file != nil else { return }
        options.recursive = isRecursive ?? false
        options.copiesDirectories = takesDirectories ?? true
    }

    /// The roots of the source that the operands are.
    ///
    /// - Parameters:
    ///   - keepsRoot: whether a dot at the beginning of a path stands for the directory that it begins in.
    ///   - links: which links lead to the file of names.
    func sources(
        _ operands: [Operand], keepsRoot: Bool, _ links: Options.Links
    ) throws(UsageError) -> [Source] {
        var sources = try sources(operands, links)
        guard !keepsRoot else { return sources }
        for index in sources.indices {
            guard case .selection(var selection) = sources[index].placement else { continue }
            selection.elements.removeAll { $0.path == .root && $0.part == .entry }
            sources[index].placement = .selection(selection)
        }
        return sources
    }

    private func sources(_ operands: [Operand], _ links: Options.Links) throws(UsageError) -> [Source] {
        if let file { return try sources(operands, NameList(file, areNullSeparated: areNullSeparated, links)) }
        guard keepsPaths else { return operands.map(\.source) }
        var sources: [Source] = []
        for operand in operands {
            let source = try relativeSource(operand.bytes)
            // Names of one directory are one root.
            guard case .selection(let selection) = source.placement, let last = sources.last, last.path == source.path,
                case .selection(var joined) = last.placement
            else {
                sources.append(source)
                continue
            }
            joined.elements += selection.elements
            sources[sources.count - 1].placement = .selection(joined)
        }
        return sources
    }

    // MARK: Relative paths

    private func relativeSource(_ bytes: [UInt8]) throws(UsageError) -> Source {
        let (base, rest) = cut(bytes)
        let path = TypedPath(rest)
        guard !path.leadsUpwards else { throw .parentInRelativePath(bytes) }
        let directory = filePath(base)
        guard let name = path.names.last else { return Source(directory, placement: .contents) }
        if path.names.count == 1, path.part == .entry, !path.beginsWithDot {
            let slash = UInt8(ascii: "/")
            let own = base == Array(".".utf8) ? [] : base == [slash] ? base : base + [slash]
            return Source(filePath(own + name), placement: .entry)
        }
        var selection = SourceSelection([SourceSelection.Element(path.relative, part: path.part)])
        selection.followsLinksOutside = true
        // A dot at the beginning stands for the directory itself.
        if path.beginsWithDot { selection.elements.append(SourceSelection.Element(.root)) }
        return Source(directory, placement: .selection(selection))
    }

    /// The directory that a typed path is kept below, and the rest.
    private func cut(_ bytes: [UInt8]) -> (base: [UInt8], rest: ArraySlice<UInt8>) {
        let slash = UInt8(ascii: "/")
        if let mark = cutMark(bytes) { return (mark == 0 ? [slash] : Array(bytes[..<mark]), bytes[(mark + 3)...]) }
        return (bytes.first == slash ? [slash] : Array(".".utf8), bytes[...])
    }

    // MARK: Names in a file

    private func sources(_ operands: [Operand], _ list: NameList) throws(UsageError) -> [Source] {
        guard operands.count == 1 else { throw .namesWithoutOneSource }
        var selections: [[UInt8]: SourceSelection] = [:]
        var order: [[UInt8]] = []
        for (directory, elements) in try list.elements(keepsPaths: keepsPaths) {
            if selections[directory] == nil {
                var selection = SourceSelection([])
                selection.directory = RelativePath(bytes: directory)
                selections[directory] = selection
                order.append(directory)
            }
            selections[directory]?.elements += elements
        }
        if order.isEmpty { selections[[]] = SourceSelection([]) }
        return (order.isEmpty ? [[]] : order).compactMap { selections[$0] }.map {
            Source(operands[0].filePath, placement: .selection($0))
        }
    }
}

/// Where a path is cut by `/./`.
private func cutMark(_ bytes: some RandomAccessCollection<UInt8>) -> Int? {
    let bytes = Array(bytes)
    let slash = UInt8(ascii: "/")
    return bytes.indices.dropLast(2).first {
        bytes[$0] == slash && bytes[$0 + 1] == UInt8(ascii: ".") && bytes[$0 + 2] == slash
    }
}

/// A typed path in its parts.
private struct TypedPath {
    /// Without `.`.
    let names: [ArraySlice<UInt8>]
    /// Contents where it ends in a slash or in a dot.
    let part: SourceSelection.Element.Part
    let beginsWithDot: Bool

    init(_ bytes: ArraySlice<UInt8>) {
        let all = bytes.split(separator: UInt8(ascii: "/"))
        let dot = Array(".".utf8)[...]
        names = all.filter { $0 != dot }
        part = bytes.last == UInt8(ascii: "/") || all.last == dot || all.isEmpty ? .contents : .entry
        beginsWithDot = all.first == dot
    }

    var leadsUpwards: Bool { names.contains(Array("..".utf8)[...]) }

    var relative: RelativePath { RelativePath(bytes: Array(names.joined(separator: [UInt8(ascii: "/")]))) }

    /// Without `..` and what it takes back; none rises above the beginning.
    func resolved() -> [ArraySlice<UInt8>] {
        var kept: [ArraySlice<UInt8>] = []
        for name in names {
            if name.elementsEqual("..".utf8) { _ = kept.popLast() } else { kept.append(name) }
        }
        return kept
    }
}

/// The names of `--files-from`.
private struct NameList {
    private let lines: [ArraySlice<UInt8>]

    init(_ file: [UInt8], areNullSeparated: Bool, _ links: Options.Links) throws(UsageError) {
        if file.contains(UInt8(ascii: ":")),
            !file.prefix(while: { $0 != UInt8(ascii: ":") }).contains(UInt8(ascii: "/"))
        {
            throw .remotePath(file)
        }
        do throws(Errno) {
            lines = try contents(of: file, links).split { byte in
                areNullSeparated ? byte == 0 : byte == 0 || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            }
        } catch {
            throw .unreadableNames(file, error)
        }
    }

    /// For each line the directory below the source that its path is relative to, and what it chooses there.
    func elements(keepsPaths: Bool) throws(UsageError) -> [([UInt8], [SourceSelection.Element])] {
        var elements: [([UInt8], [SourceSelection.Element])] = []
        for line in lines where line.first != UInt8(ascii: "#") && line.first != UInt8(ascii: ";") {
            elements.append(element(line, keepsPaths))
        }
        return elements
    }

    private func element(
        _ line: ArraySlice<UInt8>, _ keepsPaths: Bool
    ) -> ([UInt8], [SourceSelection.Element]) {
        let slash = [UInt8(ascii: "/")]
        if !keepsPaths {
            let path = TypedPath(line)
            var names = path.resolved()
            let isContents = path.part == .contents || names.isEmpty
            let name = isContents ? [] : Array(names.removeLast())
            let element = SourceSelection.Element(RelativePath(bytes: name), part: isContents ? .contents : .entry)
            return (Array(names.joined(separator: slash)), [element])
        }
        // What is cut off, and whether a dot begins the path, is seen without the slashes at its beginning, as in rsync.
        let line = line.drop { $0 == slash[0] }
        var (base, rest) = (ArraySlice<UInt8>(), line)
        if let mark = cutMark(line) {
            base = line.prefix(mark)
            rest = line.dropFirst(mark + 3)
        }
        let path = TypedPath(rest)
        let names = path.resolved()
        let part: SourceSelection.Element.Part = names.isEmpty ? .contents : path.part
        let relative = RelativePath(bytes: Array(names.joined(separator: slash)))
        var elements = [SourceSelection.Element(relative, part: part)]
        if path.beginsWithDot, !names.isEmpty { elements.append(SourceSelection.Element(.root)) }
        return (Array(TypedPath(base).resolved().joined(separator: slash)), elements)
    }
}
