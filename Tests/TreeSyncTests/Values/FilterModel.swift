import SystemPackage
import Testing
import TreeTesting

@testable import TreeSync

/// A tree that rules are tried on: paths with the texts of files; a slash at the end means a directory.
struct FilterTree: CustomStringConvertible {
    private(set) var files: [String: String?] = [:]

    init(_ entries: [String: String] = [:]) { for (path, text) in entries { add(path, text) } }

    /// Adds a path and the directories that it needs; does nothing where one of them is a file.
    mutating func add(_ path: String, _ text: String = "") {
        let parts = path.split(separator: "/").map(String.init)
        for count in stride(from: 1, to: parts.count, by: 1) {
            let parent = parts.prefix(count).joined(separator: "/")
            guard files[parent] == nil else { return }
            files[parent + "/"] = .some(nil)
        }
        if path.hasSuffix("/") {
            if files[String(path.dropLast())] == nil { files[path] = .some(nil) }
        } else if files[path + "/"] == nil {
            files[path] = text
        }
    }

    var paths: [String] { files.keys.sorted() }
    var description: String {
        paths.map { "\($0)\(files[$0]?.map { " \($0.debugDescription)" } ?? "")" }.joined(separator: "\n")
    }

    /// Below `directory`, which is empty or ends with a slash.
    func names(in directory: String) -> [String] {
        paths.filter { $0.hasPrefix(directory) && $0 != directory }.map { String($0.dropFirst(directory.count)) }
            .filter { !$0.dropLast().contains("/") }
    }

    func build(at path: String) throws {
        var tree = Tree.directory()
        for path in paths {
            insert(path.split(separator: "/").map(String.init)[...], files[path] ?? nil, &tree)
        }
        try tree.build(at: path)
    }

    private func insert(_ parts: ArraySlice<String>, _ text: String?, _ tree: inout Tree) {
        guard let first = parts.first else { return }
        let name = Name(first.utf8)
        if parts.count == 1 {
            tree[name] = tree[name] ?? (text.map { .file($0) } ?? .directory())
        } else {
            var child = tree[name] ?? .directory()
            insert(parts.dropFirst(), text, &child)
            tree[name] = child
        }
    }

    // MARK: What rules choose

    /// The paths that take part, as the source's side of a synchronisation finds them.
    func chosen(_ root: FilterScope) throws -> [String] {
        var found: [String] = []
        try choose("", try root.entered { read($0, in: "") }, &found)
        return found.sorted()
    }

    private func read(_ name: [UInt8], in directory: String) -> [UInt8]? {
        (files[directory + String(decoding: name, as: UTF8.self)] ?? nil).map { Array($0.utf8) }
    }

    private func choose(_ directory: String, _ scope: FilterScope, _ found: inout [String]) throws {
        for name in names(in: directory) where !scope.hidesName(name) {
            found.append(directory + name)
            guard name.hasSuffix("/") else { continue }
            let below = directory + name
            try choose(below, try scope.child(Array(name.utf8.dropLast())) { read($0, in: below) }, &found)
        }
    }
}

extension FilterScope {
    /// Rules in rsync's syntax, as they hold in a root.
    static func testing(
        _ rules: [String], unqualified: FilterRule.Sides = .both, root: String = "/root", files: [String: String] = [:]
    ) throws -> FilterScope {
        let read = { @Sendable (name: [UInt8], origin: FilterOrigin) throws(FilterError) -> [UInt8] in
            guard let text = files[String(decoding: name, as: UTF8.self)] else {
                throw FilterError(.unreadable(.noSuchFileOrDirectory), name, origin)
            }
            return Array(text.utf8)
        }
        var parser = FilterParser(read: read)
        for rule in rules { try parser.addRule(rule) }
        return FilterScope(
            FilterBase(
                parser.rules, CompiledRules(parser.rules.elements, unqualified: unqualified), side: .both,
                unqualified: unqualified,
                read: read), root: Array(root.utf8))
    }

    /// A name of this directory; a slash at the end means a directory.
    func hidesName(_ name: String, _ question: FilterQuestion = FilterQuestion(side: .source)) -> Bool {
        let isDirectory = name.hasSuffix("/")
        let bytes = Array(name.utf8.dropLast(isDirectory ? 1 : 0))
        return bytes.withUnsafeBufferPointer {
            rule(for: $0, isDirectory: isDirectory, question)?.effect == .exclude
        }
    }

    /// A path below this directory, whatever becomes of the directories that it lies in.
    func hides(_ path: String, _ question: FilterQuestion = FilterQuestion(side: .source)) throws -> Bool {
        var scope = self
        let parts = path.split(separator: "/")
        for part in parts.dropLast() { scope = try scope.child(Array(part.utf8)) { _ in nil } }
        return scope.hidesName(String(parts[parts.count - 1]) + (path.hasSuffix("/") ? "/" : ""), question)
    }

    func protects(_ path: String, isBelowDeletion: Bool = false) throws -> Bool {
        try hides(path, FilterQuestion(side: .destination, isBelowDeletion: isBelowDeletion))
    }

    func excludesAttribute(_ name: String, _ side: FilterRule.Sides) -> Bool {
        Array(name.utf8).withUnsafeBufferPointer {
            rule(forAttribute: $0, FilterQuestion(side: side))?.effect == .exclude
        }
    }
}

// MARK: rsync

let hasRsync = (try? runProgram(["rsync", "--version"]).status) == 0

/// What `rsync --recursive` would copy of a directory, with these arguments; `nil` where it refuses a rule.
func chosenByRsync(_ directory: String, _ arguments: [String]) throws -> [String]? {
    let command = ["env", "LC_ALL=C", "HOME=/nonexistent", "rsync", "-rn8", "--out-format=%n"]
    let result = try runProgram(command + arguments + [directory + "/", directory + ".none/"])
    if result.status == 1 { return nil }
    try #require(result.status == 0, "\(result.output)")
    return result.output.split(separator: "\n").map(String.init).filter { $0 != "./" && !$0.hasPrefix("created ") }
        .sorted()
}
