/// The rules as they hold in one directory of one side: those of the run, and those that this directory and the ones
/// above hold in files of their own.
///
/// A scope never changes; that of a child is made from its parent's. Reading files is the caller's work.
final class FilterScope: Sendable {
    /// Contents of a directory's own file of rules, by name; `nil` where there is no such file.
    typealias ReadOwn = (_ name: [UInt8]) throws(FilterError) -> [UInt8]?

    private let base: FilterBase
    /// The directory without a leading slash, empty or with a slash at its end.
    private let path: [UInt8]
    /// Where the tree begins in `path`; before it lies the root's absolute path.
    private let treeStart: Int
    private let merged: [MergedRules]

    /// Rules of one file name, those of the deepest directory first.
    private struct MergedRules {
        let place: MergePlace
        var first: Link?
    }

    /// The rules of one directory's file, and where those of the directories above are found.
    private final class Link: Sendable {
        let rules: CompiledRules
        /// Where anchored patterns begin: the length of the directory's path.
        let anchor: Int
        let next: Link?
        /// Whether any rule here or above is about names of attributes.
        let concernsAttributes: Bool

        init(_ rules: CompiledRules, anchor: Int, next: Link?) {
            self.rules = rules
            self.anchor = anchor
            self.next = next
            concernsAttributes = rules.concernAttributes || next?.concernsAttributes ?? false
        }
    }

    /// The scope of a root in which no file was read yet.
    ///
    /// - Parameter path: the root's absolute path.
    init(_ base: FilterBase, root path: [UInt8]) {
        self.base = base
        self.path = Self.directory(path)
        treeStart = self.path.count
        merged = base.rules.places.map { MergedRules(place: $0, first: nil) }
    }

    /// For names of attributes alone, which have no directory.
    convenience init(forAttributes filters: FilterRules, _ options: Options) {
        let unqualified: FilterRule.Sides = options.deletesExcluded ? .source : .both
        let rules = CompiledRules(filters.elements, unqualified: unqualified)
        let base = FilterBase(filters, rules, side: .both, unqualified: unqualified) {
            (file, origin) throws(FilterError) in throw FilterError(.outsideOfTree, file, origin)
        }
        self.init(base, root: [])
    }

    private init(_ scope: FilterScope, path: [UInt8], merged: [MergedRules]) {
        base = scope.base
        treeStart = scope.treeStart
        self.path = path
        self.merged = merged
    }

    private static func directory(_ path: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let parts = path.split(separator: slash)
        return parts.isEmpty ? [] : Array(parts.joined(separator: [slash])) + [slash]
    }

    /// The root's absolute path without a leading slash, empty or with a slash at its end.
    var rootPath: [UInt8] { Array(path.prefix(treeStart)) }

    /// Whether a directory has to be looked through for files of rules.
    var readsDirectories: Bool { !merged.isEmpty }

    /// Whether any rule that holds here is about names of attributes.
    var concernsAttributes: Bool {
        base.rules.concernAttributes || merged.contains { $0.first?.concernsAttributes ?? false }
    }

    // MARK: Scopes of other directories

    /// The scope of a directory below this one.
    func child(_ name: [UInt8], read: ReadOwn) throws(FilterError) -> FilterScope {
        let path = path + name + [UInt8(ascii: "/")]
        guard readsDirectories else { return FilterScope(self, path: path, merged: []) }
        return FilterScope(self, path: path, merged: try merge(path, read))
    }

    /// The scope of this same directory, with its own files of rules.
    func entered(read: ReadOwn) throws(FilterError) -> FilterScope {
        guard readsDirectories else { return self }
        return FilterScope(self, path: path, merged: try merge(path, read))
    }

    /// The scope with the rules of a directory above the tree that some file is looked for in.
    ///
    /// - Parameters:
    ///   - length: how many bytes of the path name that directory, without a slash at the end.
    ///   - starts: whether the file of this rule is looked for there.
    func above(
        length: Int, where starts: (DirectoryMerge) -> Bool, read: ReadOwn
    ) throws(FilterError) -> FilterScope {
        let above = path.prefix(length == 0 ? 0 : length + 1)
        let found = try merge(Array(above)) { (name) throws(FilterError) in
            let isWanted = merged.contains { $0.place.merge.fileName == name && starts($0.place.merge) }
            return isWanted ? try read(name) : nil
        }
        return FilterScope(self, path: path, merged: found)
    }

    /// Reads what the directory at `path` holds.
    private func merge(_ path: [UInt8], _ read: ReadOwn) throws(FilterError) -> [MergedRules] {
        var result = merged
        var index = 0
        // A file of rules may name another: the list grows.
        while index < result.count {
            let merge = result[index].place.merge
            // One that was named here: what the directories above hold under that name comes behind it.
            if index >= merged.count { try addRulesAbove(path, index, to: &result) }
            let inherited = merge.isInherited ? result[index].first : nil
            if base.concerns(merge), let bytes = try read(merge.fileName) {
                try addRules(bytes, path, index, behind: inherited, to: &result)
            } else {
                result[index].first = inherited
            }
            index += 1
        }
        return result
    }

    private func addRules(
        _ bytes: [UInt8], _ path: [UInt8], _ index: Int, behind inherited: Link?, to result: inout [MergedRules]
    ) throws(FilterError) {
        let merge = result[index].place.merge
        var collector = RuleCollector(
            cvsIgnored: base.cvsIgnored, areNullSeparated: base.areNullSeparated, read: base.read)
        // What another file brings protects even with `--delete-excluded`, as in rsync.
        collector.mergedSides = .both
        try collector.addFile(shown(path, merge.fileName), bytes, merge.syntax)
        // A directory's rule for the other side does not take the file's name from one for this side.
        let elements = collector.elements.filter { element in
            switch element {
            case .rule: true
            case .directoryMerge(let merge): base.concerns(merge)
            }
        }
        let rules = CompiledRules(elements, unqualified: base.unqualified, taken: result.map(\.place))
        result[index].first = Link(rules, anchor: path.count, next: collector.isCleared ? nil : inherited)
        result.append(contentsOf: rules.places.map { MergedRules(place: $0, first: nil) })
    }

    /// Reads the files of this name in the directories above `path`, from where the rule says (`: /.rules`).
    private func addRulesAbove(
        _ path: [UInt8], _ index: Int, to result: inout [MergedRules]
    ) throws(FilterError) {
        let merge = result[index].place.merge
        guard merge.start != nil, merge.isInherited, base.concerns(merge) else { return }
        for length in merge.lengthsAbove(path.dropLast()) {
            let directory = length == 0 ? [] : path.prefix(length + 1)
            let isBelow = directory.count >= treeStart
            let place =
                isBelow ? FilterPlace.inTree(Array(directory.dropFirst(treeStart))) : .aboveTree(Array(directory))
            guard let bytes = try base.readAbove(place, merge.fileName) else { continue }
            try addRules(bytes, Array(directory), index, behind: result[index].first, to: &result)
        }
    }

    /// A file as errors name it: below the root, or from the top where it lies above.
    private func shown(_ path: [UInt8], _ file: [UInt8]) -> [UInt8] {
        path.count < treeStart ? [UInt8(ascii: "/")] + path + file : path.dropFirst(treeStart) + file
    }

    // MARK: Answers

    /// The rule that decides about an entry of this directory; `nil` where none does.
    func rule(
        for name: UnsafeBufferPointer<UInt8>, isDirectory: Bool, _ question: FilterQuestion
    ) -> FilterRule? {
        path.withUnsafeBufferPointer { path in
            let subject = FilterSubject(path: path, treeStart: treeStart, name: name, isDirectory: isDirectory)
            return firstMatch(base.rules, subject, question, anchor: treeStart, .entries)
        }
    }

    /// The same without the rules that directories hold.
    func ruleOfRun(
        for name: UnsafeBufferPointer<UInt8>, isDirectory: Bool, _ question: FilterQuestion
    ) -> FilterRule? {
        path.withUnsafeBufferPointer { path in
            let subject = FilterSubject(path: path, treeStart: treeStart, name: name, isDirectory: isDirectory)
            for case .rules(let index) in base.rules.parts(.entries) {
                if let found = index.firstMatch(subject, question, anchor: treeStart) { return found.rule }
            }
            return nil
        }
    }

    /// The rule that decides about the name of an extended attribute.
    func rule(forAttribute name: UnsafeBufferPointer<UInt8>, _ question: FilterQuestion) -> FilterRule? {
        let nowhere = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        let subject = FilterSubject(path: nowhere, treeStart: 0, name: name, isDirectory: false)
        return firstMatch(base.rules, subject, question, anchor: nil, .extendedAttributes)
    }

    /// - Parameter anchor: where anchored patterns begin; `nil` where there is no path: at the name.
    private func firstMatch(
        _ rules: CompiledRules, _ subject: FilterSubject, _ question: FilterQuestion, anchor: Int?,
        _ kind: FilterRule.Subject
    ) -> FilterRule? {
        for part in rules.parts(kind) {
            switch part {
            case .rules(let index):
                if let found = index.firstMatch(subject, question, anchor: anchor ?? 0) { return found.rule }
            case .directories(let place):
                var link = merged.first { $0.place === place }?.first
                while let current = link {
                    let anchor = anchor == nil ? nil : current.anchor
                    let found = firstMatch(current.rules, subject, question, anchor: anchor, kind)
                    if let found { return found }
                    link = current.next
                }
            }
        }
        return nil
    }
}

/// What all scopes of one side share.
final class FilterBase: Sendable {
    let rules: CompiledRules
    /// The side, or both where one tree answers for both.
    let side: FilterRule.Sides
    /// Where rules hold that do not say it.
    let unqualified: FilterRule.Sides
    let cvsIgnored: [UInt8]
    let areNullSeparated: Bool
    /// Reads a file that a directory's own rules name.
    let read: Read
    /// Reads a file of this name in a directory above the one whose rules name it; `nil` where there is none.
    let readAbove: ReadAbove

    typealias Read = @Sendable (_ file: [UInt8], _ origin: FilterOrigin) throws(FilterError) -> [UInt8]
    typealias ReadAbove = @Sendable (_ directory: FilterPlace, _ name: [UInt8]) throws(FilterError) -> [UInt8]?

    init(
        _ filters: FilterRules, _ rules: CompiledRules, side: FilterRule.Sides, unqualified: FilterRule.Sides,
        read: @escaping Read, readAbove: @escaping ReadAbove = { (_, _) throws(FilterError) in nil }
    ) {
        self.rules = rules
        self.side = side
        self.unqualified = unqualified
        cvsIgnored = filters.cvsIgnored
        areNullSeparated = filters.areNullSeparated
        self.read = read
        self.readAbove = readAbove
    }

    /// Whether rules that directories hold are for this side.
    func concerns(_ merge: DirectoryMerge) -> Bool { merge.syntax.sides.map { !$0.isDisjoint(with: side) } ?? true }
}
