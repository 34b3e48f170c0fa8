extension DifferentialCase {
    /// Permissions, and as whom.
    static let modes: [DifferentialCase] =
        [
            "-ri src/ dst", "-rti src/ dst", "-rti src/ new", "-rti src/ dst/dacl", "-rti src dst/set",
            "-rti --executability src/ dst", "-rti --executability src/ new", "-rti --executability src/ dst/dacl",
            "-rtpi src/ dst", "-rtpi --executability src/ dst", "-rti --chmod=ugo=rwX src/ new",
            "-rti --chmod=ugo=rwX src/ dst", "-rtAi src/ dst", "-rti --no-p --executability src/ dst",
            "-rtgi src/ dst", "-rtogi src/ dst", "-ai --no-p src/ dst", "-ai --no-p src/ new",
            "-ai --no-p src dst/dacl", "-ai --no-p --executability src/ dst", "-ai --no-super src/ dst",
            "-aiA --no-super src/ new", "-aiAX src/ dst", "-rti --specials src/ dst/set", "-ai src/ dst/set",
            "-ai -M--no-super src/ dst", "-ai --no-super --super src/ new", "-a --copy-as=nosuch src/ new",
            "-a --copy-as=0:nosuch src/ new", "-a --copy-as= src/ new", "-ai --copy-as=0 src/ dst",
            "-rti --chmod=D2775,F640 --no-p src/ new",
            "-rti --executability --chmod=F+x src/ dst", "-ai -M--drop-D src/ new", "-ai --copy-as=0:0 -L src/ new",
            "-rlpti src dst/set", "-rlpti src/ dst/set/new", "-ai --no-g src dst/set", "-rlpti src/set src/d dst/set",
            "-rlpti src/d/ dst/set", "-rlpti src/set dst/set/new", "-rlpti --chmod=Dg+s src/ dst",
            "-rlpti --chmod=Dg+s src/ dst/set/new", "-rlpti --chmod=Dg-s src/ dst",
            "-ai --no-super --chmod=Dg+s src/ dst",
            "-aiA --usermap=8:88,9:7 src/ dst", "-aiA --groupmap=3:4 --usermap=8-9:77 src/ new",
            "-ai --no-p --no-super src dst/set", "-ai --no-super src dst/set", "-ai --no-super src/ dst/set/new",
        ].map { DifferentialCase(.modes, $0) }
}
