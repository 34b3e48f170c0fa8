import Glibc

/// How numbers are written, as rsync writes them.
extension Presentation.NumberStyle {
    /// A count: commas between groups of three digits, or plain digits.
    func count(_ number: some BinaryInteger) -> String {
        self == .digits ? String(number) : separated(String(number))
    }

    /// A number of bytes: in the two human styles from one unit upwards with two decimals and the unit's letter.
    func bytes(_ number: Int64) -> String {
        let base: Double
        switch self {
        case .digits, .grouped: return count(number)
        case .thousands: base = 1000
        case .binary: base = 1024
        }
        var value = Double(number)
        guard value >= base else { return count(number) }
        var letter = Character(" ")
        for unit in "KMGTP" where value >= base {
            value /= base
            letter = unit
        }
        return decimals(value) + String(letter)
    }

    /// A number with two decimals.
    func ratio(_ number: Double) -> String {
        let text = decimals(number)
        guard self != .digits else { return text }
        return separated(String(text.dropLast(3))) + text.suffix(3)
    }
}

/// Two decimals as `printf` rounds them: the exact value of the binary fraction decides, not its shortest decimal.
private func decimals(_ number: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let length = withVaList([number]) { vsnprintf(&buffer, buffer.count, "%.2f", $0) }
    return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Digits of a number that is not negative, with commas.
private func separated(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}
