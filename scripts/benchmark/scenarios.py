"""What is measured. A scenario builds its trees in the workspace and yields its cases."""

import os
import subprocess

import trees
from machine import run
from measuring import Case


def noop(workspace):
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=2000, files=100, sizes=[100])
    trees.mirror(source, destination)
    workspace.settle()
    yield Case("nothing to do, 200,000 files, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "floor": ["floor", "compare", source, destination],
    })

    def attributes(title):
        return Case(title, {
            "treesync": ["treesync", "-aE", "--delete", *_roots(source, destination)],
            "rsync -aAX": ["rsync", "-aAX", "--delete", *_roots(source, destination)],
            "floor": ["floor", "attributes", source, destination],
        })

    yield attributes("the same, `-aE --delete` (`-aAX --delete`)")
    for root in (source, destination):
        trees.add_attributes(root, one_in=20)
    workspace.settle()
    yield attributes("the same, one in 20 with an xattr and an ACL, `-aE --delete` (`-aAX --delete`)")

    def reset():
        trees.change(destination, one_in=100)
        workspace.settle()

    yield Case("one file in 100 changed, 200,000 files, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
    }, reset=reset, check=lambda: _check_equal(source, destination), memory=256)


def noop_cold(workspace):
    source, destination = _pair(workspace.disk())
    trees.small_files(source, directories=2000, files=100, sizes=[100])
    trees.mirror(source, destination)
    yield Case("nothing to do, 200,000 files, nothing cached, on a disk, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "floor": ["floor", "compare", source, destination],
    }, reset=workspace.forget)


def replace(workspace):
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=100, files=100, sizes=[4096])
    trees.mirror(source, destination)
    yield Case("replacing 10,000 files of 4 KiB, `-aI`", {
        "treesync": ["treesync", "-aI", *_roots(source, destination)],
        "rsync -a": ["rsync", "-aI", *_roots(source, destination)],
        "floor": ["floor", "copy", source, destination],
    }, reset=workspace.settle, check=lambda: _check_equal(source, destination), memory=256)


def first_copy(workspace):
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=500, files=100, sizes=range(1024, 8193))
    yield _copy(workspace, "first copy, 50,000 files of 1–8 KiB, `-a`", source, destination)
    _remove(source, destination)
    trees.small_files(source, directories=500, files=100, sizes=range(1024, 8193), attributes_every=5)
    case = _copy(
        workspace, "the same, one in 5 with an xattr and an ACL, `-aE` (`-aAX`)", source, destination, "-aE", "rsync -aAX")
    del case.commands["floor"]  # It copies no attributes.
    yield case


def clone(workspace):
    for kind in ("xfs", "btrfs"):
        source, destination = _pair(workspace.image(kind, gibibytes=6))
        trees.large_files(source, count=1, mebibytes=4096)
        case = _copy(workspace, "first copy, 1 × 4096 MiB, %s (`cp --reflink=always`)" % kind, source, destination)
        case.commands["cp -a"].insert(2, "--reflink=always")
        del case.commands["rsync -a"], case.commands["floor"]
        case.check, case.memory = (lambda: None), 0
        case.reset = lambda destination=destination: (_remove(destination), os.sync())
        yield case


def blocks(workspace):
    """A large image of which little has changed: what is written, and how long it takes. The source is elsewhere."""
    for kind in ("xfs", "btrfs", "ext4"):
        folder = workspace.ext4 if kind == "ext4" else workspace.image(kind, gibibytes=4)
        source, destination = workspace.tmpfs / ("source-%s" % kind), folder / "destination"
        trees.scattered_image(source, gibibytes=10, pieces=512)
        trees.mirror(source, destination)
        trees.change_blocks(source / "image", count=20)

        def reset(destination=destination, kind=kind):
            trees.scattered_image(destination, gibibytes=10, pieces=512)
            os.sync()
            reset.free = _free(destination)

        def check(source=source, destination=destination, kind=kind):
            run("cmp", source / "image", destination / "image")
            os.sync()
            if kind != "ext4":
                taken = reset.free - _free(destination)
                assert taken < 10 << 20, "%d bytes were taken" % taken

        title = "20 changed blocks of a 10 GiB image with 512 MiB of data, "
        for name, options in (("`--no-whole-file`", ["--no-whole-file"]), ("`--inplace`", ["--inplace"]), ("`-a`", [])):
            if kind != "ext4" and not options:
                continue
            # rsync reads 10 GiB of zeros, for half a minute and more.
            yield Case(title + name + ", " + kind, {
                "treesync": ["treesync", "-a", *options, *_roots(source, destination)],
                "cp -a": ["cp", "-a", "--remove-destination", "--reflink=never", source / "image", destination],
            }, reset=reset, check=check)
        _remove(source, destination)


def large(workspace):
    for count, mebibytes in [(4, 512), (1, 4096)]:
        source, destination = _pair(workspace.tmpfs)
        trees.large_files(source, count, mebibytes)
        case = _copy(workspace, "first copy, %d × %d MiB, tmpfs" % (count, mebibytes), source, destination)
        case.memory = count * mebibytes + 256
        del case.commands["floor"]
        if count == 1:
            del case.commands["rsync -a"]
            case.repeat = 3  # The memory of a virtual machine makes one run take twice as long as another.
        yield case
        _remove(source, destination)


def checksum(workspace):
    source, destination = _pair(workspace.tmpfs)
    trees.large_files(source, count=256, mebibytes=8)
    trees.mirror(source, destination)
    yield Case("nothing to do, 2 GiB in 256 files, `-ac`, tmpfs", {
        "treesync": ["treesync", "-ac", *_roots(source, destination)],
        "rsync -a": ["rsync", "-ac", *_roots(source, destination)],
        "floor": ["floor", "contents", source, destination],
    })


def wide(workspace):
    # On ext4 rsync takes half a minute for each first copy, treesync 7 seconds.
    source, destination = _pair(workspace.tmpfs)
    trees.flat(source, 300_000)
    case = _copy(workspace, "first copy, 300,000 empty files in one directory, `-a`, tmpfs", source, destination)
    del case.commands["cp -a"], case.commands["floor"]
    yield case
    _remove(source, destination)
    source, destination = _pair(workspace.ext4)
    for root in (source, destination):
        trees.flat(root, 300_000)
    workspace.settle()
    yield Case("nothing to do, 300,000 files in one directory, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "floor": ["floor", "compare", source, destination],
    })


def image(workspace):
    source, destination = _pair(workspace.ext4)
    trees.sparse_image(source, gibibytes=20)
    # rsync reads and writes 20 GiB of zeros, for a minute and more.
    case = _copy(workspace, "first copy, a 20 GiB image that holds one block, `-a`", source, destination)
    del case.commands["rsync -a"]
    case.repeat = 2
    case.compared = min
    case.check = lambda: _check_image(source / "image", destination / "image")
    yield case


def startup(workspace):
    yield Case("start-up, `--version` (least of many)", {
        "treesync": ["treesync", "--version"],
        "rsync -a": ["rsync", "--version"],
        "cp -a": ["cp", "--version"],
    }, repeat=20, compared=min)
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=1, files=3, sizes=[100])
    trees.mirror(source, destination)
    yield Case("start to end, 3 files, nothing to do, `-a` (least of many)", {
        "treesync": ["treesync", "-a", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", *_roots(source, destination)],
        "cp -a": ["cp", "-a", "--update", "%s/." % source, destination],
        "floor": ["floor", "compare", source, destination],
    }, repeat=20, compared=min)


def memory(workspace):
    source, destination = _pair(workspace.tmpfs)
    made = 0
    for directories in (1000, 3000):
        for root in (source, destination):
            trees.names(root, made, directories - made, files=1000)
        made = directories
        yield Case("peak memory, nothing to do, %d,000,000 entries, `-a --delete`, tmpfs" % (directories // 1000), {
            "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        }, quantity="peak", at_most={"treesync": 1})


def delete(workspace):
    source, destination = _pair(workspace.ext4)
    template = workspace.ext4 / "template"
    trees.small_files(template / "old", directories=2000, files=100, sizes=[100])
    trees.small_files(source / "kept", directories=1, files=1, sizes=[1000])
    trees.mirror(source / "kept", template / "kept")

    def reset():
        trees.remove(destination)
        for name in ("old", "kept"):
            trees.mirror(template / name, destination / name)
        workspace.settle()

    commands = {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "rm -rf": ["rm", "-rf", destination / "old"],
    }
    yield Case("deletion of 200,000 files, `-a --delete`", commands, reset=reset,
               check=lambda: _check_equal(source, destination), memory=512, at_most=dict.fromkeys(commands, 3))


def growth(workspace):
    """How the cost grows with the number of entries, on a file system that can hold 2,000,000 of them."""
    source, destination = _pair(workspace.image("ext4", gibibytes=14, options=["-i", "4096"]))
    for directories in (100, 1000, 10_000):
        _remove(source, destination)
        trees.small_files(source, directories, files=100, sizes=[100])
        title = "%s entries" % format(directories * 100, ",")
        case = _copy(workspace, "first copy, " + title, source, destination)
        case.commands = {"treesync": case.commands["treesync"]}
        case.entries = directories * 100
        case.reset = lambda: (_remove(destination), os.sync())
        yield case
        yield Case("nothing to do, " + title, {
            "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        }, entries=directories * 100)


ALL = {
    "startup": startup, "noop": noop, "noop-cold": noop_cold,
    "first-copy": first_copy, "replace": replace, "large": large, "clone": clone, "checksum": checksum, "wide": wide,
    "image": image, "memory": memory, "delete": delete,
}
#: Not among those that are measured without being named.
ON_REQUEST = {"growth": growth, "blocks": blocks}


def _free(folder):
    facts = os.statvfs(folder)
    return facts.f_bfree * facts.f_frsize


def _pair(folder):
    return folder / "source", folder / "destination"


def _roots(source, destination):
    return ["%s/" % source, "%s/" % destination]


def _remove(*paths):
    for path in paths:
        trees.remove(path)


def _copy(workspace, title, source, destination, options="-a", peer="rsync -a"):
    """A first copy: the destination is removed before every run."""
    def reset():
        _remove(destination)
        workspace.settle()

    return Case(title, {
        "treesync": ["treesync", options, *_roots(source, destination)],
        peer: [*peer.split(), *_roots(source, destination)],
        "cp -a": ["cp", "-a", source, destination],
        "floor": ["floor", "copy", source, destination],
    }, reset=reset, check=lambda: _check_equal(source, destination), memory=1024)


def _check_equal(source, destination):
    run("diff", "-rq", "--no-dereference", source, destination)


def _check_image(source, destination):
    """As `_check_equal`, without reading 20 GiB of holes."""
    assert source.stat().st_size == destination.stat().st_size
    assert destination.stat().st_blocks <= source.stat().st_blocks
    offset = source.stat().st_size // 2 - 4096
    for arguments in ([], ["--ignore-initial=%d" % offset]):
        subprocess.run(["cmp", "--bytes=12288", *arguments, source, destination], check=True)
