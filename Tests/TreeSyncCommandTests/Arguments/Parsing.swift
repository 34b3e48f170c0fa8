import Glibc
import TreeSync

@testable import TreeSyncCommand

/// Parses words as the command's `main` does.
func parsed(_ words: [[UInt8]]) throws(UsageError) -> Arguments {
    let program = Array("treesync".utf8)
    var vector: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { word in
        strdup(word.map { CChar(bitPattern: $0) } + [0])
    }
    vector.append(nil)
    defer { for word in vector { free(word) } }
    return try Arguments(count: Int32(words.count + 1), vector: vector)
}

/// The words of a line without quotes.
func words(_ line: String) -> [[UInt8]] { line.split(separator: " ").map { Array($0.utf8) } }

func parsed(_ line: String) throws(UsageError) -> Arguments { try parsed(words(line)) }

/// The request that a line with operands makes.
func request(_ line: String) throws -> Request {
    guard case .synchronize(let request) = try Invocation(try parsed(line)) else {
        throw NoRequest(line: line)
    }
    return request
}

struct NoRequest: Error { let line: String }

/// The error that a line makes, or `nil`.
func usageError(_ words: [[UInt8]]) -> UsageError? {
    do {
        _ = try Invocation(try parsed(words))
        return nil
    } catch {
        return error
    }
}

func usageError(_ line: String) -> UsageError? { usageError(words(line)) }
