/// Completions for bash, without need of the bash-completion package.
enum BashCompletion {
    static var text: String {
        """
        # bash completion for treesync, made by "treesync --print-completion=bash".
        _treesync()
        {
            local word=${COMP_WORDS[COMP_CWORD]}
            local option=${COMP_WORDS[COMP_CWORD - 1]}
            COMPREPLY=()
            # bash takes an equals sign for a word of its own.
            if [[ $word == = ]]; then
                word=
            elif [[ $option == = && $COMP_CWORD -gt 2 ]]; then
                option=${COMP_WORDS[COMP_CWORD - 2]}
            fi
            case $option in
        \(choices)
                \(fileOptions))
                    compopt -o filenames
                    mapfile -t COMPREPLY < <(compgen -f -- "$word")
                    return
                    ;;
                \(otherOptions)) return ;;
            esac
            case $word in
                -*) mapfile -t COMPREPLY < <(compgen -W '\(words)' -- "$word") ;;
                *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
            esac
            if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
                compopt -o nospace
            elif [[ $word != -* ]]; then
                compopt -o filenames
            fi
        }
        complete -F _treesync treesync

        """
    }

    /// A branch for each option whose value is one of some words.
    private static var choices: String {
        OptionTable.visible.compactMap { option in
            guard case .choices(let words) = option.offer else { return nil }
            return """
                        \(option.spellings.joined(separator: " | ")))
                            mapfile -t COMPREPLY < <(compgen -W '\(words.joined(separator: " "))' -- "$word")
                            return
                            ;;
                """
        }.joined(separator: "\n")
    }

    private static var fileOptions: String {
        spellings { if case .files = $0 { true } else { false } }
    }

    /// Options with a value that nobody can guess.
    private static var otherOptions: String {
        spellings { if case .nothing = $0 { true } else { false } }
    }

    private static func spellings(where isIncluded: (OptionSpecification.Offer) -> Bool) -> String {
        OptionTable.visible.filter { $0.takesValue && isIncluded($0.offer) }
            .flatMap(\.spellings).joined(separator: " | ")
    }

    private static var words: String {
        OptionTable.visible.flatMap { option in
            let names = option.names.map { "--" + $0 + (option.takesValue ? "=" : "") }
            let letters = option.letter.map { ["-\($0)"] } ?? []
            return letters + names + option.longNegations.map { "--" + $0 }
        }
        .joined(separator: " ")
    }
}
