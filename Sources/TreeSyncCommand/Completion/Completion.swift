extension Shell {
    /// The script that teaches the shell this command's options.
    var completion: String {
        switch self {
        case .bash: BashCompletion.text
        case .zsh: ZshCompletion.text
        case .fish: FishCompletion.text
        }
    }
}

extension OptionTable {
    /// The options that completions offer.
    static var visible: [OptionSpecification] { all.filter { $0.group != .hidden } }
}

extension OptionSpecification {
    /// The long forms that take the option back, without the short ones such as `no-p`.
    var longNegations: [String] {
        negations.filter { $0.count > "no-x".count }
    }

    /// What completions offer for the value.
    enum Offer { case nothing, files, choices([String]) }

    var offer: Offer {
        guard case .value(let placeholder, let choices) = argument else { return .nothing }
        if !choices.isEmpty { return .choices(choices) }
        return placeholder == "FILE" || placeholder == "DIR" || placeholder == "PATH" ? .files : .nothing
    }

    /// As they are typed.
    var spellings: [String] { names.map { "--" + $0 } + (letter.map { ["-\($0)"] } ?? []) }

    var choices: [String] {
        guard case .value(_, let choices) = argument else { return [] }
        return choices
    }
}
