/// Sizes and digests as options take them.
extension Arguments.OptionUse {
    /// A number of bytes: `1.5MB-1`, `10k`, `3GiB`.
    func size() throws(UsageError) -> Int64 {
        guard let size = Self.size(String(decoding: value ?? [], as: UTF8.self).lowercased()) else {
            throw .badValue(spelling, value: value ?? [], expected: "a size, such as 500, 10K, 1.5MB or 2GiB-1")
        }
        return size
    }

    private static func size(_ text: String) -> Int64? {
        var rest = text[...]
        let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
        rest = rest.dropFirst(number.count)
        guard number.count(where: { $0 == "." }) <= 1, number != ".", let amount = number.isEmpty ? 0 : Double(number)
        else {
            return nil
        }
        guard let unit = unit(&rest), let step = step(rest) else { return nil }
        let bytes = (amount * unit).rounded(.down) + step
        return bytes >= 0 && bytes < Double(Int64.max) ? Int64(bytes) : nil
    }

    /// How many bytes the unit at the beginning stands for; it is taken away.
    private static func unit(_ rest: inout Substring) -> Double? {
        guard let letter = rest.first, letter != "+", letter != "-" else { return 1 }
        rest.removeFirst()
        if letter == "b" { return 1 }
        guard let power = ["k": 1, "m": 2, "g": 3, "t": 4, "p": 5][letter] else { return nil }
        var base = 1024.0
        if rest.hasPrefix("ib") {
            rest.removeFirst(2)
        } else if rest.hasPrefix("b") {
            rest.removeFirst()
            base = 1000
        }
        return (0..<power).reduce(1) { product, _ in product * base }
    }

    private static func step(_ rest: Substring) -> Double? {
        switch rest {
        case "": 0
        case "+1": 1
        case "-1": -1
        default: nil
        }
    }

    /// One name, or two with a comma. With `--checksum` before it, none of them may be `none`.
    func checkDigests(isChecksum: Bool) throws(UsageError) {
        let text = String(decoding: value ?? [], as: UTF8.self).lowercased()
        let names = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        for name in names where name != "auto" && !CapabilityText.checksums.contains(String(name)) {
            throw .unknownDigest(Array(name.utf8))
        }
        if isChecksum, names.last == "none" { throw .noDigest }
    }

    /// A whole number, which nothing is done with.
    func checkTimeout() throws(UsageError) {
        let text = String(decoding: value ?? [], as: UTF8.self)
        guard text.isEmpty || Int(text) != nil else {
            throw .badValue(spelling, value: value ?? [], expected: "a number of seconds")
        }
    }
}
