/// A number of bytes as rsync's options take it: `1.5m`, `10KB`, `2GiB-1`.
///
/// `b` stands for bytes; `k`, `m`, `g`, `t` and `p` for powers of 1024, with a `b` behind them for powers of 1000, with
/// `ib` for 1024 again; `+1` or `-1` at the end adds or takes away a byte. Upper case is the same.
struct ByteSize: Equatable {
    let bytes: Int64

    /// - Parameter unit: what a number without a letter counts, in bytes.
    init?(_ text: [UInt8], unit: Int64 = 1) {
        var rest = String(decoding: text, as: UTF8.self).lowercased()[...]
        var change: Int64 = 0
        for (suffix, value) in [("+1", Int64(1)), ("-1", -1)] where rest.hasSuffix(suffix) && rest.count > 2 {
            rest = rest.dropLast(2)
            change = value
        }
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let factor = Self.factor(rest.dropFirst(digits.count), unit: unit),
            digits.isEmpty && rest.isEmpty || digits.filter({ $0 == "." }).count <= 1
        else { return nil }
        guard let number = digits.isEmpty ? 0 : Double(digits.hasSuffix(".") ? digits + "0" : digits) else {
            return nil
        }
        let total = number * Double(factor)
        guard total < Double(Int64.max) else { return nil }
        bytes = max(0, Int64(total) + change)
    }

    private static func factor(_ suffix: Substring, unit: Int64) -> Int64? {
        guard let letter = suffix.first else { return unit }
        let base: Int64
        switch suffix.dropFirst() {
        case "", "ib": base = 1024
        case "b": base = 1000
        default: return nil
        }
        if letter == "b" { return suffix.count == 1 ? 1 : nil }
        guard let power = Array("kmgtp").firstIndex(of: letter) else { return nil }
        return (0...power).reduce(1) { factor, _ in factor * base }
    }
}
