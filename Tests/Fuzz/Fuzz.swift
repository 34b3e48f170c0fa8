// A target for libFuzzer, built by scripts/fuzz: no part of the package, because only it links libFuzzer.
import Glibc

@testable import TreeSync
@testable import TreeSyncCommand

/// A parser and what must hold for whatever it is given. Each has a corpus of its name.
private enum Parser: String {
    case arguments, filters, mounts, names, batches, stored

    func parse(_ bytes: [UInt8]) {
        switch self {
        case .arguments: parseArguments(bytes)
        case .filters: parseFilters(bytes)
        case .mounts: parseMountTable(bytes)
        case .names: parseName(bytes)
        case .batches: parseBatch(bytes)
        case .stored: parseStored(bytes)
        }
    }
}

private let parser: Parser = {
    guard let name = getenv("TREESYNC_FUZZ"), let parser = Parser(rawValue: String(cString: name)) else {
        fatalError("TREESYNC_FUZZ names no parser")
    }
    return parser
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    parser.parse(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// A sentence that nothing which it quotes can break out of.
private func expectClear(_ text: String) {
    precondition(!text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
}

/// Words of a command line, each ended by a NUL.
private func parseArguments(_ bytes: [UInt8]) {
    let words = [Array("treesync".utf8)[...]] + bytes.split(separator: 0, omittingEmptySubsequences: false).prefix(64)
    var vector: [UnsafeMutablePointer<CChar>?] = words.map { word in
        strdup(word.map { CChar(bitPattern: $0) } + [0])
    }
    vector.append(nil)
    defer { for word in vector { free(word) } }
    do throws(UsageError) {
        let arguments = try Arguments(count: Int32(words.count), vector: vector)
        _ = try Invocation(arguments)
    } catch {
        expectClear(error.description)
    }
}

/// A NUL stands between a path and a file of rules, which decide about every name of that path; the rules of a
/// directory are the same file.
private func parseFilters(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let file = Array(parts[1])
    do throws(FilterError) {
        var lines = FilterParser { (name, _) throws(FilterError) in name == Array("rules".utf8) ? file : [] }
        lines.areNullSeparated = bytes.count % 2 == 0
        try lines.addRule(". rules")
        let base = FilterBase(
            lines.rules, CompiledRules(lines.rules.elements, unqualified: .both), side: .both, unqualified: .both,
            read: { (_, _) throws(FilterError) in file })
        var scope = FilterScope(base, root: [])
        let question = FilterQuestion(side: .source)
        for name in parts[0].split(separator: UInt8(ascii: "/")).prefix(8) {
            name.withUnsafeBufferPointer {
                _ = scope.rule(for: $0, isDirectory: true, question)
                _ = scope.rule(for: $0, isDirectory: false, question)
                _ = scope.rule(forAttribute: $0, question)
            }
            scope = try scope.child(Array(name)) { (_) throws(FilterError) in file }
        }
    } catch {
        expectClear(error.description)
    }
}

private func parseMountTable(_ bytes: [UInt8]) {
    for path in MountTable(text: bytes).mountPoints { precondition(path.first == UInt8(ascii: "/")) }
}

/// A name in a directory: whether it is a temporary one, and how it is printed.
private func parseName(_ bytes: [UInt8]) {
    let name = bytes.filter { $0 != 0 }
    _ = TemporaryNames.origin(terminated(name), length: name.count)
    precondition(RelativePath(bytes: name).description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
}

/// A record of a batch, which is refused or means one thing only; and the options of one.
private func parseBatch(_ bytes: [UInt8]) {
    if let record = try? BatchRecord(decoding: bytes[...], contentsAt: 0) {
        precondition(record.encoded == bytes)
        var builder = BatchIndex.Builder()
        builder.add(record, at: 0)
        _ = try? builder.finish()
    }
    if let options = try? RecordedOptions(decoding: bytes) { precondition(options.encoded == bytes) }
}

/// What --fake-super finds in attributes: a status, or an ACL, which is refused or can be stored again.
private func parseStored(_ bytes: [UInt8]) {
    if let status = bytes.withUnsafeBytes({ StoredStatus($0) }) {
        precondition(status.text.withUnsafeBytes { StoredStatus($0) } == status)
    }
    for role in [AccessControlList.Role.access, .initial] {
        guard let list = StoredAccessList.list(bytes, role, permissions: 0o640) else { continue }
        precondition(list.isEmpty || (list.count - 4) % 8 == 0)
        if !list.isEmpty {
            let stored = StoredAccessList.stored(list, role)
            precondition(StoredAccessList.list(stored, role, permissions: 0o640) != nil)
        }
    }
}
