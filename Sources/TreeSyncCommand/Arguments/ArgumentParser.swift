import CLinux
import Synchronization

/// glibc's `getopt_long` keeps its place in global variables; parsing holds this.
private let getoptState = Mutex<Void>(())

extension Arguments {
    /// Parses an argument vector whose first word is the program's name.
    ///
    /// The vector is read as raw bytes and stays as it is; options may follow operands, `--` ends them.
    init(
        count: Int32, vector: UnsafePointer<UnsafeMutablePointer<CChar>?>
    ) throws(UsageError) {
        words = try getoptState.withLock { _ throws(UsageError) in
            try Grammar().words(count: count, vector: vector)
        }
    }
}

extension Grammar {
    /// The options and operands of a vector in their order.
    fileprivate borrowing func words(
        count: Int32, vector: UnsafePointer<UnsafeMutablePointer<CChar>?>
    ) throws(UsageError) -> [Arguments.Word] {
        var words: [Arguments.Word] = []
        var argument: UnsafePointer<CChar>?
        var position: Int32 = 0
        var unknown: Int32 = 0
        while true {
            let value = ts_getopt(count, vector, letters, table, &argument, &position, &unknown)
            if value == -1 { break }
            let typed = bytes(vector[Int(position)])
            switch value {
            case 1: words.append(.operand(bytes(argument)))
            case UInt8(ascii: "?").code: throw rejection(of: typed, unknown: unknown)
            case UInt8(ascii: ":").code: throw .missingValue(spelling(typed, unknown))
            default:
                let isJoined = argument != UnsafePointer(vector[Int(position) + 1])
                words.append(
                    .option(try use(value, typed: typed, argument: argument.map(bytes), isJoined: isJoined)))
            }
        }
        for index in Int(position)..<Int(max(count, position)) { words.append(.operand(bytes(vector[index]))) }
        return words
    }
}

/// The bytes of a C string, none for a null pointer.
private func bytes(_ pointer: UnsafePointer<CChar>?) -> [UInt8] {
    guard let pointer else { return [] }
    var bytes: [UInt8] = []
    var index = 0
    while pointer[index] != 0 {
        bytes.append(UInt8(bitPattern: pointer[index]))
        index += 1
    }
    return bytes
}

private func bytes(_ pointer: UnsafeMutablePointer<CChar>?) -> [UInt8] { bytes(UnsafePointer(pointer)) }

extension UInt8 {
    /// The character as `getopt` returns it.
    fileprivate var code: Int32 { Int32(self) }
}
