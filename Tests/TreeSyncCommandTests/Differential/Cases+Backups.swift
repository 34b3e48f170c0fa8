extension DifferentialCase {
    /// What is kept of what is replaced or deleted.
    static let backups: [DifferentialCase] =
        [
            "-aib src/ dst", "-aiib src/ dst", "-ain -b src/ dst", "-rib src/ dst", "-abH --info=backup src/ dst",
            "-aibAX src/ dst",
            "-aib --delete src/ dst", "-aib --delete-before src/ dst", "-aib --delete-during src/ dst",
            "-aib --delete-delay src/ dst", "-aib --delete-after src/ dst", "-aib --delete-excluded src/ dst",
            "-aib --delete-excluded --exclude=changed src/ dst",
            "-aib --suffix=.old src/ dst", "-aib --suffix=.old --delete src/ dst", "-aib --suffix=.~ --delete src/ dst",
            "-ai --suffix=.old src/ dst", "-ab --stats src/ dst", "-ab --stats --delete src/ dst",
            "-ab --info=backup src/ dst", "-ab --info=backup --delete src/ dst", "-abv src/ dst", "-abvv src/ dst",
            "-ab --info=backup,del --delete src/ dst", "-ab --out-format=%i|%n%L src/ dst",
            "-aib --existing src/ dst", "-aib --ignore-existing src/ dst", "-aibu src/ dst", "-aibc src/ dst",
            "-aibI src/ dst", "-aib --size-only src/ dst", "-aib --max-size=6 src/ dst",
            "-aib -fP_extra --delete src/ dst",
            "-aib --exclude=*r --delete src/ dst", "-aib -fR_*~ --delete src/ dst",
            "-aib --remove-source-files src/ dst",
            "-aib src/changed src/older dst", "-aib src/changed dst/same", "-aib src/ new", "-aib src new",
            "-aib --no-o --no-g src/ dst", "-aib --chmod=F600 src/ dst", "-aib --no-t src/ dst",
            "-aib --delay-updates src/ dst", "-ab --append src/ dst", "-aib --partial-dir=.p src/ dst",
            "-aib --inplace src/same src/longer dst", "-ab --suffix= src/ dst", "-ab --suffix=a/b src/ dst",
            "-ab --suffix=/ src/ dst",
        ].map { DifferentialCase(.kept, $0) }

    /// Backups in a directory of their own.
    static let backupDirectories: [DifferentialCase] =
        [
            "-ai --backup-dir=../bak src/ dst", "-ai --backup-dir=bak src/ dst",
            "-aib --backup-dir=bak --delete src/ dst",
            "-aiO --backup-dir=bak --delete-before src/ dst", "-ai --backup-dir=bak --delete-during src/ dst",
            "-ai --backup-dir=bak --delete-delay src/ dst", "-ai --backup-dir=bak --delete-excluded src/ dst",
            "-ai --backup-dir=x/y/z --delete src/ dst", "-ai --backup-dir=../x/y/z --delete src/ dst",
            "-ai --backup-dir=../bak --suffix=.s --delete src/ dst",
            "-ai --backup-dir=bak --suffix=~ --delete src/ dst",
            "-aH --info=backup --backup-dir=../bak --delete src/ dst", "-aiAX --backup-dir=../bak --delete src/ dst",
            "-ai --backup-dir=../bak --delete src/ clash", "-ai --backup-dir=../bak --force src/ clash",
            "-ai --backup-dir=../bak src/ clash", "-ai --backup-dir=bak --delete --delete src/ clash",
            "-ai --backup-dir=../bak --existing --remove-source-files src/ dst",
            "-ai --backup-dir=../bak --exclude=*r --delete src/ dst",
            "-ai --backup-dir=../bak --delete-excluded --exclude=changed src/ dst",
            "-ai --backup-dir=../bak -fP_extra --delete src/ dst", "-a --stats --backup-dir=../bak --delete src/ dst",
            "-a --info=backup --backup-dir=../bak --delete src/ dst", "-a --info=backup --backup-dir=bak/ src/ dst",
            "-a --backup-dir=../older --delete src/ dst", "-a --backup-dir=../older src/ dst",
            "-ai --backup-dir=. src/ dst", "-ai --backup-dir= src/ dst",
            "-ai --backup-dir=../src/same src/ dst", "-ai --backup-dir=same src/ dst",
            "-ai --backup-dir=bak src/changed dst",
            "-ai --backup-dir=bak src/changed dst/same", "-ai --backup-dir=bak src/ new",
            "-aiI --backup-dir=../bak src/ dst",
            "-aic --backup-dir=../bak src/ dst", "-aiu --backup-dir=../bak src/ dst",
            "-ai --ignore-missing-args --backup-dir=bak src/none src/changed dst",
            "-ai --delete-missing-args --backup-dir=bak src/spare src/changed dst",
        ].map { DifferentialCase(.kept, $0) }
}
