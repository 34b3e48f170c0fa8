/// A directory above the one whose rules name a file; empty for the first, or with a slash at its end.
enum FilterPlace {
    /// Relative to the root.
    case inTree([UInt8])
    /// Absolute, without a leading slash.
    case aboveTree([UInt8])
}

extension DirectoryMerge {
    /// The directories above this one that the file is looked for in, from the top, as how many bytes of the path name
    /// each.
    ///
    /// - Parameter path: absolute, without slashes at its ends.
    func lengthsAbove(_ path: some Sequence<UInt8>) -> [Int] {
        guard let start else { return [] }
        let slash = UInt8(ascii: "/")
        let path = Array(path)
        if path.isEmpty { return [] }
        let first = resolved(start, at: path)
        guard path.starts(with: first), first.isEmpty || first.count == path.count || path[first.count] == slash
        else { return [] }
        return ([0] + path.indices.filter { path[$0] == slash }).filter { $0 >= first.count }
    }
}

/// The path without `.`, `..` and repeated slashes, taken literally; without a leading slash.
func resolved(_ path: [UInt8], at directory: some Sequence<UInt8>) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var parts: [ArraySlice<UInt8>] = []
    let whole = path.first == slash ? path : Array(directory) + [slash] + path
    for part in whole.split(separator: slash) where !part.elementsEqual(".".utf8) {
        if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
    }
    return Array(parts.joined(separator: [slash]))
}
