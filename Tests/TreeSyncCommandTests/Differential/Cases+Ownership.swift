extension DifferentialCase {
    /// What the source's permissions, owners and groups are taken to be.
    static let ownership: [DifferentialCase] =
        [
            "-aii --chmod=u+w", "-aii --chmod=Dg+s,ug+w,Fo-w,+X", "-aii --chmod=D2775,F664", "-aii --chmod=a=rX",
            "-aii --chmod=go= --chmod=F+x", "-rii --chmod=F600,D711", "-rltii --chmod=go-rwx", "-aii --chmod=u=g,g=o",
            "-aii --chmod=nothing", "-aii --chmod=", "-aiiA --chmod=g-w", "-aiiAX --chmod=F0640 --delete",
            "-aii --no-p --chmod=F600", "-aii --chmod=F0", "-aii --chmod=+t,u+s",
            "-aii --chown=1:2", "-aii --chown=daemon", "-aii --chown=:bin", "-aii --chown=daemon:", "-rii --chown=1:2",
            "-aii --no-o --chown=1:2", "-aii --no-g --chown=1:2", "-rogii --chown=daemon:bin",
            "-aii --usermap=0:1,*:2", "-aii --usermap=root:daemon", "-aii --usermap=r*t:daemon",
            "-aii --usermap=0-99:7", "-aii --usermap=9-0:7", "-aii --usermap=0-:7", "-aii --usermap=33-x:7",
            "-aii --groupmap=3*:7", "-aii --usermap=:8", "-aii --groupmap=:8",
            "-aii --groupmap=root:bin,*:3", "-aii --numeric-ids --usermap=root:1", "-aii --numeric-ids --usermap=0:1",
            "-aii --numeric-ids --groupmap=*:4", "-aii --usermap=5", "-aii --groupmap=", "-aiiH --chown=1:2",
            "-aii --usermap=0:1 --usermap=0:2", "-aii --chown=1 --chown=:2", "-aii --chown=1 --usermap=*:3",
            "-aii --groupmap=*:3 --chown=1:2", "-aii --usermap=[rs]oot:4,?:5", "-aii --usermap=[!r]*:4",
        ].flatMap { [DifferentialCase(.older, $0 + " src/ dst"), DifferentialCase(.older, $0 + " src/ new")] }
}
