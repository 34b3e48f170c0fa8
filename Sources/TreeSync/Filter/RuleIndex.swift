/// Rules that follow each other, arranged so that the first one that matches a name is found without looking at each.
///
/// Most patterns say how a name reads, begins or ends. Such rules are found by a hash of the name, of its beginning or
/// of its end; only the others are tried one by one, and no further than the best that was found. What is found is
/// matched only if the name holds the bytes that its pattern asks for.
struct RuleIndex: Sendable {
    struct Rule: Sendable {
        let rule: FilterRule
        let sides: FilterRule.Sides
        let pattern: Pattern

        /// Whether the question is about it and the name matches, or does not where the rule is negated.
        func concerns(_ subject: FilterSubject, _ question: FilterQuestion, anchor: Int) -> Bool {
            guard question.concerns(self) else { return false }
            let start = rule.isAbsolute ? 0 : subject.treeStart
            let isMatch = pattern.matches(subject, start: start, anchor: rule.isAbsolute ? 0 : anchor)
            return isMatch != rule.isNegated
        }
    }

    let rules: [Rule]
    private var buckets = HashBuckets()
    /// Rules whose names have nothing in common that could be hashed.
    private var others: [Int32] = []
    /// What a name has to hold for each rule to be looked at.
    private let signatures: [NameSignature]
    private let hasSignatures: Bool
    private var hasNames = false
    /// Bit `n`: some rule is found by the first, or the last, `n` bytes of a name.
    private var prefixLengths: UInt32 = 0
    private var suffixLengths: UInt32 = 0

    init(_ rules: [Rule]) {
        self.rules = rules
        // A negated rule is about the names that lack it.
        signatures = rules.map { $0.rule.isNegated ? .nothing : $0.pattern.signature }
        hasSignatures = signatures.contains { $0 != .nothing }
        var entries: [(hash: UInt64, rule: Int32)] = []
        for (index, rule) in rules.enumerated() {
            let number = Int32(index)
            guard !rule.rule.isNegated else {
                others.append(number)
                continue
            }
            switch rule.pattern.key {
            case .any: others.append(number)
            case .name(let name):
                hasNames = true
                entries.append((NameHash(name).finished(.name), number))
            case .prefix(let bytes):
                prefixLengths |= 1 << UInt32(bytes.count)
                entries.append((NameHash(bytes).finished(.prefix), number))
            case .suffix(let bytes):
                suffixLengths |= 1 << UInt32(bytes.count)
                entries.append((NameHash(bytes.reversed()).finished(.suffix), number))
            }
        }
        buckets = HashBuckets(entries)
    }

    /// The first rule that matches and that the question is about.
    func firstMatch(_ subject: FilterSubject, _ question: FilterQuestion, anchor: Int) -> Rule? {
        var best = Int32(rules.count)
        let signature = hasSignatures ? NameSignature(subject.name) : .nothing
        let attempt = { (number: Int32) -> Bool in
            guard signature.holds(signatures[Int(number)]) else { return false }
            return rules[Int(number)].concerns(subject, question, anchor: anchor)
        }
        if hasNames || prefixLengths != 0 { tryBeginnings(subject.name, &best, attempt) }
        if suffixLengths != 0 { tryEndings(subject.name, &best, attempt) }
        for number in others {
            guard number < best else { break }
            if attempt(number) { best = number }
        }
        return best < rules.count ? rules[Int(best)] : nil
    }

    private func tryBeginnings(_ name: UnsafeBufferPointer<UInt8>, _ best: inout Int32, _ attempt: (Int32) -> Bool) {
        var hash = NameHash()
        for (index, byte) in name.enumerated() {
            hash.append(byte)
            if index < PatternKey.longest, prefixLengths & 1 << UInt32(index + 1) != 0 {
                look(up: hash.finished(.prefix), &best, attempt)
            }
        }
        if hasNames { look(up: hash.finished(.name), &best, attempt) }
    }

    private func tryEndings(_ name: UnsafeBufferPointer<UInt8>, _ best: inout Int32, _ attempt: (Int32) -> Bool) {
        var hash = NameHash()
        for (index, byte) in name.reversed().prefix(PatternKey.longest).enumerated() {
            hash.append(byte)
            if suffixLengths & 1 << UInt32(index + 1) != 0 { look(up: hash.finished(.suffix), &best, attempt) }
        }
    }

    private func look(up hash: UInt64, _ best: inout Int32, _ attempt: (Int32) -> Bool) {
        for number in buckets[hash] {
            guard number < best else { return }
            if attempt(number) { best = number }
        }
    }
}

/// What is asked of the rules.
struct FilterQuestion: Sendable {
    /// One side.
    let side: FilterRule.Sides
    /// Whether the entry lies in a directory that is being deleted, where perishable rules are ignored.
    var isBelowDeletion = false

    @inline(__always)
    func concerns(_ rule: RuleIndex.Rule) -> Bool {
        !rule.sides.isDisjoint(with: side) && !(isBelowDeletion && rule.rule.isPerishable)
    }
}

/// FNV-1a, a byte at a time.
private struct NameHash {
    enum Part: UInt64 { case name = 1, prefix, suffix }

    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ bytes: some Sequence<UInt8> = []) { for byte in bytes { append(byte) } }

    @inline(__always)
    mutating func append(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

    @inline(__always)
    func finished(_ part: Part) -> UInt64 { (value ^ part.rawValue) &* 0x9E37_79B9_7F4A_7C15 }
}

/// Numbers of rules by hash, ascending. Rules of different names may share a hash: whoever asks looks at the rule.
private struct HashBuckets: Sendable {
    private struct Bucket {
        var hash: UInt64
        var first: Int32
        /// 0 in an empty bucket.
        var count: Int32
    }

    private var buckets: [Bucket] = []
    private var numbers: [Int32] = []
    private var shift: UInt64 = 63

    init() {}

    init(_ entries: [(hash: UInt64, rule: Int32)]) {
        guard !entries.isEmpty else { return }
        var bits = 1
        while 1 << bits < entries.count * 2 { bits += 1 }
        shift = UInt64(64 - bits)
        buckets = Array(repeating: Bucket(hash: 0, first: 0, count: 0), count: 1 << bits)
        let sorted = entries.sorted { ($0.hash, $0.rule) < ($1.hash, $1.rule) }
        numbers = sorted.map(\.rule)
        for (index, entry) in sorted.enumerated() {
            let place = place(of: entry.hash)
            if buckets[place].count == 0 { buckets[place] = Bucket(hash: entry.hash, first: Int32(index), count: 0) }
            buckets[place].count += 1
        }
    }

    /// The bucket of this hash, or the empty one where it would be.
    private func place(of hash: UInt64) -> Int {
        var place = Int(hash >> shift)
        while buckets[place].count > 0, buckets[place].hash != hash { place = (place + 1) & (buckets.count - 1) }
        return place
    }

    subscript(hash: UInt64) -> ArraySlice<Int32> {
        guard !buckets.isEmpty else { return [] }
        let bucket = buckets[place(of: hash)]
        return numbers[Int(bucket.first)..<Int(bucket.first + bucket.count)]
    }
}
