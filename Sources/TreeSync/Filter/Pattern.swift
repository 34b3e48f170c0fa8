/// A name that is matched, and where it lies.
struct FilterSubject {
    /// The directory without a leading slash, empty or with a slash at its end.
    let path: UnsafeBufferPointer<UInt8>
    /// Where in `path` the tree begins that is synchronised; before it lies the root's absolute path.
    let treeStart: Int
    let name: UnsafeBufferPointer<UInt8>
    let isDirectory: Bool
}

/// A rule's pattern, ready for matching.
struct Pattern: Sendable {
    /// What of an entry's path is matched.
    private enum Span {
        /// The last name.
        case name
        /// So many of the last names.
        case tail(Int)
        /// The path from the beginning of any of its names.
        case suffix
        /// The whole path.
        case whole
    }

    private enum Matcher {
        case never
        /// The directory with its slash, and the name.
        case literal(directory: [UInt8], name: [UInt8])
        case wildcard(Automaton)
    }

    private let span: Span
    private let matcher: Matcher
    private let isDirectoryOnly: Bool
    /// Whether a directory is matched with a slash behind it, as `name/***` wants it.
    private let addsSlash: Bool
    /// Whether the path is matched with a slash before it, so that `**/name` is found at the top, too.
    private let beginsWithStars: Bool
    /// What every name that matches has in common.
    let key: PatternKey
    /// What every name that matches holds, wherever it is.
    let signature: NameSignature

    private static let slash = UInt8(ascii: "/")

    init(_ text: [UInt8]) {
        var pattern = text[...]
        isDirectoryOnly = pattern.last == Self.slash
        if isDirectoryOnly { pattern.removeLast() }
        let isAnchored = pattern.first == Self.slash
        if isAnchored { pattern.removeFirst() }
        addsSlash = pattern.suffix(3).elementsEqual("***".utf8)
        beginsWithStars = !isAnchored && pattern.starts(with: "**".utf8)
        let slashes = pattern.count { $0 == Self.slash }
        guard pattern.contains(where: { "*?[".utf8.contains($0) }) else {
            span = isAnchored ? .whole : slashes == 0 ? .name : .suffix
            matcher = Self.literal(pattern)
            key = if case .literal(_, let name) = matcher { .name(name) } else { .any }
            signature = .nothing
            return
        }
        let isDouble = zip(pattern, pattern.dropFirst()).contains { $0 == UInt8(ascii: "*") && $0 == $1 }
        span = isAnchored ? .whole : isDouble ? .suffix : slashes > 0 ? .tail(slashes + 1) : .name
        guard let tokens = PatternScanner.tokens(Array(pattern)) else {
            (matcher, key, signature) = (.never, .any, .nothing)
            return
        }
        matcher = .wildcard(Automaton(tokens))
        signature = addsSlash ? .nothing : NameSignature(tokens)
        key = addsSlash ? .any : PatternKey(tokens, isName: !isAnchored && slashes == 0 && !isDouble)
    }

    private static func literal(_ pattern: ArraySlice<UInt8>) -> Matcher {
        let start = pattern.lastIndex(of: slash).map { $0 + 1 } ?? pattern.startIndex
        let name = Array(pattern[start...])
        return name.isEmpty ? .never : .literal(directory: Array(pattern[..<start]), name: name)
    }

    /// - Parameters:
    ///   - start: where in the subject's path a floating pattern may begin.
    ///   - anchor: where a pattern with a slash before it begins.
    func matches(_ subject: FilterSubject, start: Int, anchor: Int) -> Bool {
        if isDirectoryOnly, !subject.isDirectory { return false }
        switch matcher {
        case .never: return false
        case .literal(let directory, let name):
            return subject.name.elementsEqual(name) && matches(directory, subject.path, start, anchor)
        case .wildcard(let automaton):
            guard let (first, beginning) = text(subject.path, start, anchor) else { return false }
            return automaton.matches(
                first, subject.name, from: beginning, beginsWithSlash: beginsWithStars,
                endsWithSlash: addsSlash && subject.isDirectory)
        }
    }

    private func matches(
        _ directory: [UInt8], _ path: UnsafeBufferPointer<UInt8>, _ start: Int, _ anchor: Int
    ) -> Bool {
        switch span {
        case .name: return true
        case .whole: return path[anchor...].elementsEqual(directory)
        case .tail, .suffix:
            let first = path.count - directory.count
            guard first >= start, path[first...].elementsEqual(directory) else { return false }
            return first == start || path[first - 1] == Self.slash
        }
    }

    /// The directory's part of the text that is matched; `nil` where the path is too short.
    private func text(
        _ path: UnsafeBufferPointer<UInt8>, _ start: Int, _ anchor: Int
    ) -> (UnsafeBufferPointer<UInt8>, Automaton.Beginning)? {
        switch span {
        case .name: return (UnsafeBufferPointer(rebasing: path[path.count...]), .start)
        case .whole: return (UnsafeBufferPointer(rebasing: path[anchor...]), .start)
        case .suffix: return (UnsafeBufferPointer(rebasing: path[start...]), .everyComponent)
        case .tail(let names):
            var first = path.count
            for _ in 1..<names {
                guard first > start else { return nil }
                first -= 1
                while first > start, path[first - 1] != Self.slash { first -= 1 }
            }
            return (UnsafeBufferPointer(rebasing: path[first...]), .start)
        }
    }
}

/// What the names that match a pattern have in common, so that most rules need not be looked at.
enum PatternKey: Sendable, Equatable {
    /// The name itself.
    case name([UInt8])
    /// How it begins; at most `longest` bytes.
    case prefix([UInt8])
    /// How it ends; at most `longest` bytes.
    case suffix([UInt8])
    case any

    static let longest = 16

    /// - Parameter isName: whether the pattern is matched with an entry's last name alone.
    init(_ tokens: [PatternToken], isName: Bool) {
        let tail = tokens.reversed().prefix { $0 != .byte(UInt8(ascii: "/")) }
        let last = Array(tail.reversed())
        let ending = Self.bytes(last.reversed()).reversed()
        if ending.count == last.count, isName || last.count < tokens.count {
            self = last.isEmpty ? .any : .name(Array(ending))
            return
        }
        // A `**` may hold a slash, so that the last name may begin anywhere in it.
        let beginning = last.contains(.doubleStar) || (!isName && last.count == tokens.count) ? [] : Self.bytes(last)
        if beginning.count > ending.count {
            self = .prefix(Array(beginning.prefix(Self.longest)))
        } else {
            self = ending.isEmpty ? .any : .suffix(Array(ending.suffix(Self.longest)))
        }
    }

    private static func bytes(_ tokens: some Sequence<PatternToken>) -> [UInt8] {
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { break }
            bytes.append(byte)
        }
        return bytes
    }
}
