extension DifferentialTrees {
    /// Names that begin with `l` are links, and no others.
    static let stored = """
        umask 022
        mkdir -p a/d a/sticky a/closed a/gid older/gone
        for name in file mode acl attr d/x ro shared; do echo "$name" > a/$name; done
        chmod 640 a/mode; chmod 444 a/ro; chmod 666 a/shared; echo program > a/program; chmod 4755 a/program
        chmod 1777 a/sticky; chmod 2755 a/gid; chmod 500 a/closed
        ln -s file a/link; ln -s /no/where a/l2; mkfifo a/fifo; chmod 620 a/fifo
        setfacl -m u:7:rw,g:9:r a/acl; setfacl -m u:7:rwx,m::r a/d/x; setfattr -n user.note -v value a/attr
        if (( EUID == 0 )); then
            mknod a/char c 1 3; mknod a/block b 7 200; chmod 666 a/char; chown 5:6 a/mode a/d; chown -h 3:4 a/link
            setfattr -n trusted.mark -v value a/attr; setcap cap_net_raw+ep a/program; chmod 0 a/ro
            chown 1000:1000 a/fifo a/sticky
        fi
        cp -a a/. older; chmod 755 older/closed
        echo gone > older/gone/x; ln -s gone older/l3; mkfifo older/oldfifo; echo longer > older/file; chmod 600 older/mode
        ln -sfn elsewhere older/link; rm older/fifo; echo file > older/fifo; rm older/shared; ln -s to older/shared
        setfacl -b older/acl; setfacl -m u:8:r older/mode; setfattr -x user.note older/attr
        setfattr -n user.other -v value older/program; chmod 755 older/gid; chmod 2711 older/d; rm older/l2
        find a older -exec touch -h -d '2020-02-02 02:02:02' {} +; touch -d '2019-01-01' older/file older/fifo older/d/x
        chmod 500 older/closed
        rsync -aHAX -M--fake-super a/ store; rsync -aHAX -M--fake-super older/ b; cp -a older real
        """
}
