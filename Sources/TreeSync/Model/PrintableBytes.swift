/// Turns a name's bytes into text that cannot forge a line or drive a terminal.
///
/// Valid UTF-8 stays as it is, except control characters (C0, DEL, C1), line and paragraph separators and
/// characters that reorder text; those, and every byte that is not UTF-8, become `\#` and three octal digits a byte,
/// as rsync prints them. A backslash that would read like such an escape is escaped itself.
public func printable(_ bytes: some Collection<UInt8>) -> String {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) {
        return String(decoding: bytes, as: UTF8.self)
    }
    return escape(Array(bytes))
}

private func escape(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + 8)
    var index = 0
    while index < bytes.count {
        let length = printableLength(bytes, at: index)
        if length == 0 || startsEscape(bytes, at: index) {
            appendOctal(bytes[index], to: &text)
            index += 1
        } else {
            text.append(contentsOf: bytes[index..<index + length])
            index += length
        }
    }
    return String(decoding: text, as: UTF8.self)
}

private func appendOctal(_ byte: UInt8, to text: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "#")])
    text.append(contentsOf: [zero + (byte >> 6), zero + (byte >> 3 & 7), zero + (byte & 7)])
}

/// `\#` followed by three digits: what the reader would take for an escape.
private func startsEscape(_ bytes: [UInt8], at index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "\\"), index + 4 < bytes.count, bytes[index + 1] == UInt8(ascii: "#") else {
        return false
    }
    return bytes[index + 2...index + 4].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

/// The length of the well-formed, harmless character at `index`, or 0.
private func printableLength(_ bytes: [UInt8], at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return first >= 0x20 && first != 0x7F ? 1 : 0 }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard index + length <= bytes.count,
        let text = String(validating: bytes[index..<index + length], as: UTF8.self),
        let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
    else { return 0 }
    return drivesTerminal(scalar) ? 0 : length
}

/// C1 controls, line separators, and the marks that reorder or hide text.
private func drivesTerminal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9F, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
}
