/// Completions for bash, without need of the bash-completion package.
enum BashCompletion {
    static var text: String {
        """
        # bash completion for treesync, made by "treesync --print-completion=bash".
        _treesync()
        {
            local word=${COMP_WORDS[COMP_CWORD]}
            local before=${COMP_WORDS[COMP_CWORD - 1]}
            COMPREPLY=()
            case $before in
                \(valueOptions)) return ;;
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

    /// Options whose value is the next word.
    private static var valueOptions: String {
        OptionTable.visible.filter(\.takesValue)
            .flatMap { option in option.names.map { "--" + $0 } + (option.letter.map { ["-\($0)"] } ?? []) }
            .joined(separator: " | ")
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
