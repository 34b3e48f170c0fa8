/// The scripts that make the trees of the differential cases. All times are whole seconds: rsync compares no finer
/// unless it is told to.
enum DifferentialTrees {
    static func script(_ trees: DifferentialCase.Trees) -> String {
        switch trees {
        case .older: older
        case .names: names
        case .small: small
        case .hollow: hollow
        case .paths: paths
        case .links: links
        case .keptLinks: keptLinks
        case .modes: modes
        case .kept: older + kept
        case .several: older + several
        case .contents: contents
        case .stored: stored
        case .gone: small + "\nmkdir b/hollow; touch -d '2020-01-01 01:01:01' b/hollow b"
        }
    }

    private static let small = """
        umask 022
        mkdir -p a/d/deep a/nd b/d/deep b/old
        for name in new eq diff attr d/x d/deep/y; do echo "$name" > a/$name; done
        find a -exec touch -d '2020-01-01 01:01:01' {} +
        cp -a a/. b; rm -r b/new b/nd; echo longer than it was > b/diff; chmod 600 b/attr
        touch -d '2019-01-01' b/diff
        echo gone > b/gone; echo gone > b/old/gone; echo newer > b/d/x; touch -d '2024-01-01' b/d/x
        mkfifo a/fifo; ln -s eq a/link; ln -s /nowhere a/d/dangling
        find a b -type d -exec touch -d '2020-01-01 01:01:01' {} +; touch -hd '2020-01-01' a/fifo a/link a/d/dangling
        """

    private static let kept = """

        mkdir -p dst/gone/deep dst/hollow older/full older/changed
        for name in gone/deep/file gone/top 'sub/old~' sub/mine.old spare; do echo extra > dst/$name; done
        ln -s /nowhere dst/gone/link; mkfifo dst/gone/fifo; echo one > dst/h1; ln dst/h1 dst/h2; echo h > src/h1; ln src/h1 src/h2
        ln -sfn elsewhere dst/dangling; echo older > older/spare; echo full > older/changed/full; ln -s /etc older/sub
        echo older > older/gone
        find dst/gone dst/hollow dst/spare dst/h1 dst/sub older -exec touch -h -d '2018-01-01' {} +
        touch -h -d '2019-01-01' dst/dangling dst; touch -d '2020-02-02 02:02:02' src src/h1
        touch -r src/sub dst/sub; chmod --reference=src/sub dst/sub
        """

    private static let several = """

        mkdir empty; touch -d '2020-02-02 02:02:02' empty
        echo h > src/h1; ln src/h1 src/h2; touch -d '2020-02-02 02:02:02' src/h1 src
        cp -a src p; cp -a src q
        echo other > p/content; touch -d '2017-01-01' p/newer; chmod 600 p/mode; rm p/changed p/nothing; rm -r p/full
        ln -sfn other p/link; touch -h -d '2020-02-02 02:02:02' p/link; touch -h -d '2017-01-01' p/fifo p/dangling
        setfattr -n user.other -v value p/older; setfacl -m u:8:rw p/longer; chmod 700 p/sub; chmod 644 p/sub/file
        touch -d '2017-01-01' p/empty q/h1; mv p/sub/deep p/deep; mkfifo p/white; rm q/older; ln -s /etc/passwd q/older
        if (( EUID == 0 )); then chown 5:6 p/same; fi
        touch -d '2020-02-02 02:02:02' p q p/sub
        """

    private static let hollow = """
        umask 022
        mkdir -p a/chain/of/empty a/full/deep a/objects/only a/own a/links a/mixed/empty a/mixed/full c/chain c/full
        mkdir -p b/chain/of b/full b/objects/only b/alone/too b/mixed/empty
        echo x > a/full/deep/x; echo o > a/objects/only/y.o; echo '- *.tmp' > a/own/.rules; echo t > a/own/z.tmp
        ln -s q a/links/link; mkfifo a/mixed/full/fifo; echo r > b/chain/of/rest; echo o > b/objects/only/y.o
        echo c > c/chain/c
        find a b c -exec touch -h -d '2020-01-01 01:01:01' {} +; touch -d '2019-01-01' b b/chain
        """

    private static let paths = """
        umask 022
        mkdir -p s/a/b/c s/x/y s/x/empty s/e dst/a/b/old dst/x dst/a/extra
        echo 1 > s/a/f1; echo 2 > s/a/b/f2; echo 3 > s/a/b/c/f3; echo 4 > s/x/y/f4; echo 5 > s/top
        echo '- f2' > s/a/.r; echo '- c' > s/.r
        ln -s a s/la; ln -s b s/a/lb; ln -s f1 s/a/lf; ln s/a/f1 s/x/same; chmod 750 s/a; chmod 700 s/a/b
        for name in dst/a/b/o dst/a/o dst/o dst/x/o; do echo o > $name; done
        printf 'a/b/f2\\n' > file; printf 'a/b\\n' > dir; printf 'a/b/\\n' > contents; printf '.\\n' > all
        printf './a/b/f2\\n./\\n' > dotted; printf './a/f1\\n' > dot; printf 'a/./b/f2\\nx/./y/f4\\na/./b/c/f3\\n' > cut
        printf '/a/b/f2\\n#x\\n;y\\n\\n  top\\ntop \\n' > comments; printf 'top\\r\\na/f1\\r' > returns
        printf '../a/f1\\na/../../top\\nx/../a/b/f2\\n' > upwards; printf 'top\\0a/f1\\0#c\\0' > nulls
        printf 'missing\\na/gone/x\\ntop\\n' > missing; printf 'o\\na/o\\ntop\\n' > gone; : > none
        printf 'top\\ntop\\na/f1\\na/f1/\\n' > twice; printf 'la/f1\\na/lb/f2\\n' > links
        printf 'a/b/f2\\nx/y/f4\\na/b\\n' > several; printf 'a/\\na/b/c/f3\\n' > both; printf 'x\\na\\n' > dirs
        printf 'a/b\\nx/empty\\n' > hollow; printf '/./top\\n' > rooted; printf '/././a/f1\\n' > rootedCut
        printf 'top\\nno/f\\na/f1/f\\na/no/f\\n' > astray; printf 'no/./f\\na/f1/./f\\ntop\\n' > astrayCut
        mkdir s/k dst/k; ln -s nowhere s/k/ln; ln -s ../../nowhere s/k/lout; ln -s ../top s/k/lf; echo o > dst/k/ln
        printf 'k/ln/\\nk/lout/\\nk/lf/\\n' > linkEnds; printf 'no/f\\n' > lost
        find dst -exec touch -h -d '2019-01-01' {} +; find s -exec touch -h -d '2020-01-01 01:01:01' {} +
        """

    private static let names = """
        umask 022
        mkdir -p a/dir b
        : > a/0; head -c 999 /dev/zero > a/999; head -c 1000 /dev/zero > a/1000; head -c 1024 /dev/zero > a/1024
        head -c 123456 /dev/zero > a/dir/large; head -c 1500000 /dev/zero > a/dir/larger
        for name in 'with blank' 'ä' '日本' $'line\\nfeed' $'\\xff\\xfe' 'back\\slash' 'like\\#123' 'quo"te' "apo's" 'star*' '-dash' '%n' \\
            $'e\\u0301'; do printf '%s' "$name" > "a/$name"; done
        ln -s $'t\\xffarget' a/link; ln -s 'with blank' a/link2
        if (( EUID == 0 )); then chown 12345:54321 a/999; mknod a/device b 7 200; fi
        chmod 4755 a/1000; chmod 2711 a/1024; chmod 1777 a/dir; chmod $((EUID == 0 ? 0 : 400)) a/0
        find a -exec touch -h -d '1985-12-31 23:59:59' {} +; find b -exec touch -h -d '2000-01-01' {} +
        """

    private static let contents = """
        umask 022
        mkdir -p a/d b/d a/.~tmp~ a/.part
        fill() { yes "$1" | head -c "$2"; }
        fill changed 300000 > a/changed; cp a/changed a/d/changed; fill grown 150000 > a/grown; fill eq 5000 > a/eq
        fill shrunk 70000 > a/shrunk; fill mode 5000 > a/mode; fill new 100000 > a/new; fill new 90 > a/d/new
        head -c 200000 /dev/zero > a/zeros; truncate -s 500000 a/hole; fill data 5000 >> a/hole; : > a/empty
        truncate -s 400000 a/emptied; fill both 30000 > a/both; fill kind 10 > a/kind; fill dir 10 > a/dir
        fill same 6000 > a/same; ln -s target a/link; mkfifo a/fifo; fill stale 10 > a/.~tmp~/stale; fill p 9 > a/.part/p
        setfattr -n user.test -v value a/grown; setfacl -m u:7:rw a/changed
        cp -a a/. b; rm -r b/new b/d/new b/link b/kind b/dir b/fifo b/.part/p b/.~tmp~/stale
        for place in 3 70000 299998; do printf X | dd of=b/changed bs=1 seek=$place conv=notrunc status=none; done
        printf YY | dd of=b/d/changed bs=1 seek=8190 conv=notrunc status=none
        truncate -s 100001 b/grown; fill more 30000 >> b/shrunk; fill zero 200000 > b/zeros; fill hole 505000 > b/hole
        fill empty 10 > b/empty; fill emptied 390000 > b/emptied; fill BOTH 30000 > b/both; chmod 600 b/mode b/grown
        fill SAME 6000 > b/same; chmod 4755 b/zeros; ln -s ../elsewhere b/link; ln -s /nowhere b/kind; mkdir b/dir
        fill fifo 9 > b/fifo; fill gone 10 > b/gone; fill gone 10 > b/d/gone
        fill stale 10 > b/.part/stale; fill changed 200000 > b/.part/changed; fill eq 100 > b/.part/eq
        mkdir b/d/.part; fill changed 9 > b/d/.part/changed; fill other 70000 > b/.~tmp~/new
        chmod 600 b/.part/* b/d/.part/* b/.~tmp~/*; chmod 700 b/.part b/d/.part b/.~tmp~
        find a -exec touch -h -d '2020-02-02 02:02:02' {} +; find b -exec touch -h -d '2019-01-01' {} +
        touch -r a/eq b/eq b/mode; touch -d @0 b/.part/* b/d/.part/* b/.~tmp~/*
        find b -type d -exec touch -d '2020-02-02 02:02:02' {} +
        """

    private static let older = """
        umask 022
        mkdir -p src/sub/deep src/empty src/full/a/b clash
        for name in same changed mode longer older newer content; do echo "$name" > src/$name; done
        for name in 1 2 3; do echo $name > src/full/a/b/$name; done
        echo deep > src/sub/deep/file; echo sub > src/sub/file; chmod 750 src/sub
        ln -s same src/link; ln -s /nowhere src/dangling; mkfifo src/fifo
        : > src/nothing; printf 'x' > "src/white space"; printf 'y' > $'src/line\\nfeed'
        if (( EUID == 0 )); then mknod src/device c 1 3; mknod src/other c 1 5; chown 1:2 src/mode; chown -h 3:4 src/link; fi
        setfattr -n user.test -v value src/same; setfacl -m u:7:rw src/mode
        find src -exec touch -h -d '2020-02-02 02:02:02' {} +
        cp -a src dst
        rm dst/changed; echo CHANGED > dst/changed; echo shorter than it is > dst/longer
        echo CONTENT > dst/content; touch -r src/content dst/content
        touch -d '2019-01-01' dst/older dst/fifo; touch -d '2021-01-01' dst/newer
        if (( EUID == 0 )); then rm dst/other; mknod dst/other c 1 7; touch -d '2019-01-01' dst/other; fi
        chmod 600 dst/mode; chmod 700 dst/empty; setfattr -n user.other -v value dst/same
        rm -r dst/full dst/nothing dst/link; ln -s other dst/link
        mkdir -p dst/extra/more; echo x > dst/extra/more/x; echo x > dst/sub/extra; ln -s x dst/zlink
        touch -d '2020-01-01' dst/changed dst/longer dst/extra/more/x dst/sub/extra
        find dst -type d -exec touch -d '2020-02-02 02:02:02' {} +; touch -d '2020-01-01' dst dst/sub
        mkdir -p clash/same/inner; echo x > clash/same/inner/x; echo x > clash/sub; ln -s x clash/changed
        mkfifo clash/empty
        find clash -exec touch -h -d '2018-01-01' {} +
        """
}
