extension DifferentialTrees {
    static let links = """
        umask 022
        mkdir -p src/d/e out/od src/empty dst/d/deep dst/ld dst/kept
        for name in f g d/x; do echo "$name" > src/$name; done
        echo y > out/y; echo z > out/od/z; mkfifo out/fifo; chmod 640 out/y
        ln -s f src/lf; ln -s d src/ld; ln -s lf src/llf; ln -s ../out src/lout; ln -s ../out/y src/lo; ln -s ../out/fifo src/lfifo
        ln -s "$PWD/out/y" src/labs; ln -s nowhere src/dang; ln -s ../nowhere src/danguns; ln -s ../out/../src/f src/emb
        ln -s /rsyncd-munged/f src/mun; ln -s /rsyncd-munged/../x src/mun2; ln -s ../f src/d/uf; ln -s ../../out/y src/d/lo
        ln -s ../../src/f src/d/ls; ln -s ./d/./x src/dot; ln src/g src/h2; ln -s g src/h3; ln -s round src/round
        echo old > dst/f; ln -s elsewhere dst/lf; echo in > dst/ld/in; ln -s x dst/extra; ln -s nowhere dst/dang
        ln -s ../out/y dst/lo; cp -p out/y dst/labs; echo deep > dst/d/deep/file; echo m > dst/mun; ln -s q dst/emb
        find src out dst -exec touch -h -d '2020-01-01 01:01:01' {} +; touch -d '2019-01-01' dst dst/f
        """

    static let keptLinks = """
        umask 022
        mkdir -p src/d/e src/two src/sub/l src/flat dst/real/e dst/other dst/sub out
        for name in f d/x d/e/y two/t sub/l/q flat/z; do echo "$name" > src/$name; done
        echo old > dst/real/old; echo o > dst/other/o; ln -s real dst/d; ln -s other dst/two; ln -s ../other dst/sub/l; ln -s gone dst/flat
        ln -s f dst/lf; echo e > dst/real/e/extra
        ln -s d src/ld; ln -s real dst/ld
        find src out dst -exec touch -h -d '2020-01-01 01:01:01' {} +
        """

    static let modes = """
        umask 022
        mkdir -p src/d src/set src/acl dst/d dst/set dst/acl dst/dacl src/dacl/in
        for n in ex nx big same d/x set/f acl/f dacl/f dacl/in/g odd wonly; do echo $n > src/$n; done
        chmod 755 src/ex; chmod 644 src/nx; chmod 4711 src/big; chmod 600 src/same; chmod 2775 src/set; chmod 1777 src/d; chmod 651 src/odd; chmod $((EUID == 0 ? 222 : 622)) src/wonly; chmod 6755 src/set/f
        mkfifo src/fifo; chmod 666 src/fifo
        for n in ex nx big odd; do echo old > dst/$n; done; cp -p src/same dst/same; chmod 640 dst/ex; chmod 755 dst/nx; chmod 604 dst/big; chmod 444 dst/odd; chmod 711 dst/same
        chmod 2755 dst/set; setfacl -m d:u:7:rwx,d:g::r,d:o::- dst/dacl; setfacl -m d:u:9:rx src/acl; setfacl -m u:8:rw,g:3:r src/acl/f
        if (( EUID == 0 )); then chgrp 3 dst/set dst/d dst/dacl; chown 1:2 src/nx; fi
        find src dst -exec touch -h -d '2020-02-02 02:02:02' {} +; touch -d '2019-01-01' dst/ex dst/nx dst/big dst/odd
        """
}
