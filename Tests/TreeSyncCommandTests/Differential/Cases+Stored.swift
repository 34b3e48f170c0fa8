extension DifferentialCase {
    /// What only root may set, in attributes (`--fake-super`).
    static let stored: [DifferentialCase] =
        [
            "-aHAXi -M--fake-super a/ new", "-aHAXi -M--fake-super a/ b", "-aHAXi -M--fake-super --delete a/ b",
            "-aHAXin -M--fake-super --delete a/ b", "-ai -M--fake-super a/ b", "-ai -M--fake-super a/ new",
            "-aAi -M--fake-super --delete a/ b", "-aXi -M--fake-super --delete a/ b", "-aHi -M--fake-super a/ b",
            "-aAi -M--fake-super a/ new", "-aXi -M--fake-super a/ new", "-rltgoi -M--fake-super a/ b",

            "-aAXi --no-D -M--fake-super a/ b", "-aAXi --no-l -M--fake-super a/ new",
            "-aXi --chmod=u+s,g-w -M--fake-super a/ b",
            "-aXi --chown=12:34 -M--fake-super a/ new", "-aXi --chown=12:34 -M--fake-super a/ b",
            "-aAXi -c -M--fake-super a/ b", "-aAXi -I -M--fake-super a/ b", "-aAXi --existing -M--fake-super a/ b",
            "-aAXi --ignore-existing -M--fake-super a/ b", "-aAXi -u -M--fake-super a/ b",
            "-aXi --inplace --exclude=x -M--fake-super a/ b", "-aAXi --backup --suffix=.old -M--fake-super a/ b",
            "-aAXi --backup-dir=../backups --delete -M--fake-super a/ b",
            "-aAXi --link-dest=../store -M--fake-super a/ new", "-aHAXi --link-dest=../b -M--fake-super a/ new",
            "-aAXi --copy-dest=../store -M--fake-super a/ new", "-aAXi --compare-dest=../store -M--fake-super a/ new",
            "-aAXi --delay-updates -M--fake-super a/ b", "-aAXi --safe-links -M--fake-super a/ new",
            "-aAXi --munge-links -M--munge-links -M--fake-super a/ new", "-aAXi --drop-D -M--fake-super a/ new",
            "-aHAXi --fake-super -M--super store/ new", "-aHAX --fake-super -M--super store/ real",
            "-aHAX --fake-super -M--super --delete store/ real", "-ai --fake-super -M--super store/ new",
            "-aXi --fake-super -M--super --delete store/ real", "-aA --fake-super -M--super --delete store/ real",
            "-rlti --fake-super -M--super store/ real", "-aAXi --no-D --fake-super -M--super store/ new",
            "-aAXi --chmod=go-w --fake-super -M--super store/ new", "-aLi --fake-super -M--super store/ new",
            "-aAXi --safe-links --fake-super -M--super store/ new", "-aAXi --fake-super -M--no-super store/ new",
            "-aHAXi --fake-super store/ new", "-aHAXi --fake-super store/ b", "-aHAXi --fake-super --delete store/ b",
            "-aXi --fake-super a/ new", "-ai --super --fake-super a/ new", "-ai --fake-super --super a/ new",
            "-ai --fake-super --no-super --no-D a/ new", "-ai -M--fake-super --super a/ new",
            "-ai -M--fake-super -M--super a/ new", "-ai -M--super -M--fake-super a/ new",
            "-aX store/ new", "-aXX store/ new", "-aXXi store/ b", "-aXi store/ b",
            "-aX --no-X -X --fake-super store/ new",
            "-aXX --fake-super store/ new", "-a --list-only --fake-super store/", "-ai --stats -M--fake-super a/ new",
            "-ai --stats --delete -M--fake-super a/ b",
            "-aAXi -M--fake-super a/link a/char a/mode new/", "-aAXi -M--fake-super a/program new",
        ].map { DifferentialCase(.stored, $0) }
}
