/// An option of `rsync --help` and what becomes of it here.
struct RsyncOption: Sendable {
    /// What treesync does with it on one machine.
    enum Fate: Sendable {
        /// The same. A test sees to it that the option table has it.
        case asTable
        /// The same, whether or not the table has an option of that name.
        case same(String)
        /// Accepted, and means something else.
        case differs(String)
        /// About the way to another machine: nothing to do on one.
        case noEffect
        /// Only means something where another machine takes part.
        case remote
    }

    /// As `rsync --help` writes it, without the value: long names and letters.
    let spellings: [String]
    let fate: Fate

    init(_ spellings: String..., fate: Fate = .asTable) {
        self.spellings = spellings
        self.fate = fate
    }

    /// Whether the option table knows it, by its first spelling.
    var isAccepted: Bool {
        spellings.contains { spelling in
            OptionTable.visible.contains { option in
                option.names.contains { "--" + $0 == spelling } || option.negations.contains { "--" + $0 == spelling }
                    || option.letter.map { "-" + String($0) } == spelling
            }
        }
    }

    /// The words of the table.
    var verdict: (summary: String, explanation: String) {
        switch fate {
        case .asTable: ("same", "")
        case .same(let explanation): ("same", explanation)
        case .differs(let explanation): ("differs", explanation)
        case .noEffect: ("no effect on one machine", "")
        case .remote: ("remote only", isAccepted ? "accepted" : "refused")
        }
    }
}
