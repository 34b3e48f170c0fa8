extension DifferentialCase {
    /// What becomes of links of the source.
    static let links: [DifferentialCase] =
        [
            "-ai src/ new", "-aiL src/ dst", "-aiL src/ new", "-aiL src new", "-aiL --exclude=round src/ dst",
            "-aik src/ dst", "-aik src/ new", "-aik src new", "-ai --copy-unsafe-links src/ new",
            "-ai --copy-unsafe-links src new", "-ri --copy-unsafe-links src/ new",
            "-ai --copy-unsafe-links --exclude=ld --delete src/ dst", "-ai --safe-links --delete src/ dst",
            "-av --safe-links src/ new", "-ai --safe-links src new", "-avv --safe-links src/ new",
            "-ai --safe-links --copy-unsafe-links src/ new",
            "-ai --munge-links src/ new", "-ai -M--munge-links src/ new", "-ai -M --munge-links src/ new",
            "-aii -M--munge-links --munge-links src/ new", "-ai -M--munge-links --safe-links src/ new",
            "-ai --munge-links --safe-links src/ new", "-ai --munge-links --copy-unsafe-links src/ new",
            "-aiL --munge-links src/ new", "-aik -M--munge-links src/ new", "-aiL --delete src/ dst",
            "-aiL --ignore-errors --delete src/ dst",
            "-aiL --exclude=ld/ --exclude=lout/ src/ new", "-aik --exclude=ld/ src/ new",
            "-ai --exclude=ld/ src/ new", "-aiL --exclude=dang* --exclude=round --exclude=mun* --delete src/ dst",
            "-aiL --include=*/ --include=y --exclude=* src/ new", "-aiL --exclude=/ld/x src/ new",
            "-aik --include=ld/ --exclude=l* src/ new", "-aiL src/ld src/lo new", "-aiL src/ld src/dang dst",
            "-aiL src/dang dst", "-aiL src/round dst", "-aikL src/ld dst", "-aik src/ld dst", "-aiL src/ld/ new",
            "-ai --copy-unsafe-links src/lo src/lf new", "-ai --copy-unsafe-links src/d/ls src/lout new",
            "-ai --safe-links src/lo src/lf dst", "-aiL src/lf newname", "-aik src/lf newname",
            "-ai --copy-unsafe-links src/lo newname", "-rL src/ new", "-rLi src/ new",
            "-a --stats --safe-links src/ new", "-a --stats -L src/ new", "-aLH src/ new", "-akH src/ new",
            "-aicL src/ dst", "-aicL --delete src/ new", "-aiLm --exclude=e src/ new", "-aikm src/ new",
            "-diL src/ new", "-diL src/ld dst", "-i src/lo new", "-aLxi src/ new", "-aLxxi src/ new",
            "-akxi src/ new", "-aL --list-only src/", "-ak --list-only src", "-a --list-only --safe-links src/",
            "-a --list-only --copy-unsafe-links src/", "-aL --list-only src/lo src/ld new",
            "-ai --no-l --copy-unsafe-links src/ new", "-ai --no-l -k src/ new", "-ai --no-l -L src/ new",
            "-ai --no-l --safe-links src/ new", "-rli --safe-links src/ new", "-ai --drop-D src/lfifo out/fifo new",
            "-aiL --drop-D src/lfifo new", "-ai -M--drop-D out/ new", "-ai --drop-D out/ new",
            "-aiL --drop-D src/ new", "-aiLX src/ dst", "-aiLAX src/ new", "-aiL --existing src/ dst",
            "-aiL --ignore-existing src/ dst", "-aiLu src/ dst", "-aiLn src/ dst", "-aikn src/ dst",
            "-aiin --safe-links src/ dst", "-ai --confine-root=rel src/ dst", "-ai --confine-root= src/ dst",
            "-ai --confine-root=/ src/ new", "-ai --confine-root=/ --insecure-links src/ new",
            "-ai --insecure-links src/ new", "-aiLO src/ new", "-aiL --size-only src/ dst",
            "-aiL --max-size=1 src/ new", "-aiL --chmod=F600 src/ new", "-a -k --out-format=%i␣%n%L src/ new",
            "-aiLKk src/ new", "-aikL --delete-excluded --exclude=od src/ new", "-ai --copy-unsafe-links -k src/ new",
            "-ai --copy-unsafe-links -k --safe-links src/ new", "-a -L --out-format=%n%L,%l src/ new",
        ].map { DifferentialCase(.links, $0) }

    /// Links of the destination that count as directories.
    static let keptLinks: [DifferentialCase] =
        [
            "-aiK src/ dst", "-aiKn src/ dst", "-aiK --existing src/ dst", "-aiK src/d dst", "-aiK src/d/ dst/d",
            "-aiKu src/ dst", "-aiKX src/ dst", "-aiKA src/ dst", "-aKH src/ dst", "-aiK --exclude=two src/ dst",
            "-aiKc src/ dst", "-aiKI src/ dst", "-aiK --no-l src/ dst", "-aiK src/sub/ dst/sub",
            "-aiK --insecure-links src/ dst", "-aiiKn src/ dst", "-ai src/ dst", "-ai --delete src/ dst",
            "-aiK --no-r -d src/ dst", "-aiK --safe-links src/ dst", "-aiK src/ new", "-aKi --munge-links src/ dst",
        ].map { DifferentialCase(.keptLinks, $0) }
}
