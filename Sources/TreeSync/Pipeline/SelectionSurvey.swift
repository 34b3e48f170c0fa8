internal import SystemPackage

/// A chosen entry that a rule hides.
struct HiddenChoice: Sendable {
    let path: RelativePath
    let rule: FilterRule
}

/// Looks for all chosen entries before anything is walked: one that does not exist, or that a rule hides, does not even
/// bring along the directories that lead to it, as in rsync.
struct SelectionSurvey {
    /// Why an entry is not found.
    private enum Failure: Error, Equatable {
        case system(Errno)
        /// The rules of a directory on the way cannot be used, which was said of that directory.
        case rules
    }

    /// A directory on the way to the entry that is looked for.
    private struct Level {
        let name: ArraySlice<UInt8>
        /// Where it could be opened.
        var handle: DirectoryHandle?
        var scope: FilterScope?
        var failure: Failure?
    }

    private let base: SelectionBase
    private let options: Options
    /// The rules as they hold in the base.
    private let scope: FilterScope?
    private let report: (Problem) -> Void
    private var levels: [Level] = []
    /// What is chosen by its name, and hidden by a rule all the same.
    private(set) var hidden: [HiddenChoice] = []

    init(
        _ base: SelectionBase, _ options: Options, _ scope: FilterScope?, _ report: @escaping (Problem) -> Void
    ) {
        self.base = base
        self.options = options
        self.scope = scope
        self.report = report
    }

    /// The entries that take part; what stands in the way of the others is reported.
    ///
    /// - Parameter entries: in the order of the tree, so that each directory is opened once.
    mutating func found(_ entries: [SelectionIndex.Entry]) -> [SelectionIndex.Entry] {
        entries.compactMap { look(for: $0) }
    }

    private mutating func look(for entry: SelectionIndex.Entry) -> SelectionIndex.Entry? {
        var entry = entry
        guard !entry.path.isEmpty else {
            entry.kind = .directory
            return takesDirectory(entry) ? entry : nil
        }
        let names = entry.path.split(separator: UInt8(ascii: "/"))
        do throws(Failure) {
            let status = try status(of: entry, names)
            entry.kind = status.kind
            if status.kind == .directory { entry.identity = status.identity } else { entry.takesContents = false }
        } catch {
            guard case .system(let errno) = error else { return nil }
            return unfound(entry, errno)
        }
        return takesPart(entry, names[names.count - 1]) ? entry : nil
    }

    private mutating func status(
        of entry: SelectionIndex.Entry, _ names: [ArraySlice<UInt8>]
    ) throws(Failure) -> Status {
        let directory = try enter(names.dropLast())
        let name = terminated(Array(names[names.count - 1]))
        do throws(Errno) {
            if entry.takesContents, let status = try statusOfWay(name, in: directory) { return status }
            return try directory.use { (at) throws(Errno) in try at.status(name) }
        } catch {
            throw .system(error)
        }
    }

    /// The status of an entry whose contents are chosen; `nil` for a link that leads to no directory: it is chosen
    /// itself, as in rsync.
    private func statusOfWay(_ name: [CChar], in directory: DirectoryHandle) throws(Errno) -> Status? {
        do throws(Errno) { return try base.statusOfWay(name, in: directory, path) } catch {
            switch error {
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return nil
            case .improperLink where leadsToNoDirectory(name, in: directory): return nil
            default: throw error
            }
        }
    }

    /// Whether a link that leaves the tree leads to nothing, or to something else than a directory. Where that cannot be
    /// seen it counts as one.
    private func leadsToNoDirectory(_ name: [CChar], in directory: DirectoryHandle) -> Bool {
        do throws(Errno) {
            return try directory.use { (at) throws(Errno) in
                let referent = try at.openReferent(name)
                return try Status.of(referent.raw).kind != .directory
            }
        } catch {
            return [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(error)
        }
    }

    /// What becomes of an entry that cannot be found.
    private func unfound(_ entry: SelectionIndex.Entry, _ errno: Errno) -> SelectionIndex.Entry? {
        guard errno == .noSuchFileOrDirectory, options.deletesMissingSources || options.ignoresMissingSources else {
            return fail(entry, errno)
        }
        return options.deletesMissingSources && levels.last?.failure == nil ? entry : nil
    }

    private mutating func takesPart(_ entry: SelectionIndex.Entry, _ name: ArraySlice<UInt8>) -> Bool {
        let isDirectory = entry.kind == .directory
        let scope = levels.isEmpty ? scope : levels[levels.count - 1].scope
        let rule = name.withUnsafeBufferPointer {
            scope?.rule(for: $0, isDirectory: isDirectory, FilterQuestion(side: .source))
        }
        guard let rule, rule.effect == .exclude else { return takesDirectory(entry) }
        hidden.append(HiddenChoice(path: RelativePath(bytes: entry.path), rule: rule))
        return false
    }

    /// Directories are left out without `-r` and `-d`, and a line says so.
    private func takesDirectory(_ entry: SelectionIndex.Entry) -> Bool {
        if entry.kind != .directory || options.recursive || options.copiesDirectories { return true }
        report(Problem(.create, RelativePath(bytes: entry.path), .directory, cause: .leftOut))
        return false
    }

    private func fail(_ entry: SelectionIndex.Entry, _ errno: Errno) -> SelectionIndex.Entry? {
        let cause: Problem.Cause = errno == .improperLink ? .linkLeavesTree : .system
        report(
            Problem(
                .readStatus, RelativePath(bytes: entry.path), nil, cause: cause, errno: errno, isSourceFailure: true))
        return nil
    }

    // MARK: The way

    /// The path of the directory that was entered last; empty or with a slash at its end.
    private var path: [UInt8] { levels.flatMap { $0.name + [UInt8(ascii: "/")] } }

    /// Opens the directory that these names lead to.
    private mutating func enter(_ names: ArraySlice<ArraySlice<UInt8>>) throws(Failure) -> DirectoryHandle {
        let shared = zip(levels, names).prefix { $0.0.name == $0.1 }.count
        levels.removeLast(levels.count - shared)
        for name in names.dropFirst(shared) {
            let level = open(name)
            levels.append(level)
            if let failure = level.failure { noteMissing(failure) }
        }
        if let failure = levels.lazy.compactMap(\.failure).first { throw failure }
        return levels.last?.handle ?? base.handle
    }

    private func open(_ name: ArraySlice<UInt8>) -> Level {
        var level = Level(name: name)
        if let failure = levels.last?.failure {
            level.failure = failure
            return level
        }
        do throws(Errno) {
            level.handle = try base.openWay(terminated(Array(name)), in: levels.last?.handle ?? base.handle, path)
        } catch {
            level.failure = .system(error)
        }
        guard let handle = level.handle else { return level }
        do throws(FilterError) {
            level.scope = try scope(of: Array(name), handle)
        } catch {
            report(
                Problem(
                    .readDirectory, RelativePath(bytes: path + name), .directory, cause: .filter(error),
                    isSourceFailure: true))
            level.failure = .rules
        }
        return level
    }

    /// The rules as they hold in a directory on the way, its own among them.
    private func scope(of name: [UInt8], _ handle: DirectoryHandle) throws(FilterError) -> FilterScope? {
        guard let above = levels.isEmpty ? try scope?.withRulesAbove(name) : levels.last?.scope else { return nil }
        return try above.child(name) { (file) throws(FilterError) in try readOwn(file, handle, in: path + name) }
    }

    /// What is to go from a directory that the source itself lacks is not looked for: that directory would have to be
    /// made equal first. rsync says the same of it.
    private func noteMissing(_ failure: Failure) {
        guard options.deletesMissingSources, failure == .system(.noSuchFileOrDirectory),
            levels.dropLast().last?.failure == nil
        else { return }
        report(Problem(.readDirectory, RelativePath(bytes: path.dropLast()), .directory, cause: .vanished))
    }
}
