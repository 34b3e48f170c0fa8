// A target for libFuzzer, built by scripts/fuzz: no part of the package, because only it links libFuzzer.
import Glibc

@testable import TreeSync
@testable import TreeSyncCommand

/// The first byte chooses the parser, the rest is what it is given.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: size))
    guard let choice = input.first else { return 0 }
    let rest = Array(input.dropFirst())
    if choice == 0xB7 {
        parseBatch(rest)
        return 0
    }
    switch choice % 4 {
    case 0, 1: parseArguments(rest)
    case 2: parseMountTable(rest)
    default: parseName(rest)
    }
    return 0
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
        // A clear sentence that no word can break out of.
        let text = error.description
        precondition(!text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
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
