"""What is measured. A scenario builds its trees in the workspace and yields its cases."""

import shutil
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


def noop_attributes(workspace):
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=2000, files=100, sizes=[100], attributes_every=20)
    trees.mirror(source, destination)
    workspace.settle()
    yield Case("nothing to do, 200,000 files, one in 20 with an xattr and an ACL, `-aE --delete` (`-aAX --delete`)", {
        "treesync": ["treesync", "-aE", "--delete", *_roots(source, destination)],
        "rsync -aAX": ["rsync", "-aAX", "--delete", *_roots(source, destination)],
        "floor": ["floor", "attributes", source, destination],
    })


def first_copy(workspace):
    source, destination = _pair(workspace.ext4)
    trees.small_files(source, directories=500, files=100, sizes=range(1024, 8193))
    for title, options, peer in [("`-a`", "-a", "rsync -a"), ("`-aE`", "-aE", "rsync -aAX")]:
        yield _copy(workspace, "first copy, 50,000 files of 1–8 KiB, " + title, source, destination, options, peer)


def large(workspace):
    for count, mebibytes in [(4, 512), (1, 4096)]:
        source, destination = _pair(workspace.tmpfs)
        trees.large_files(source, count, mebibytes)
        case = _copy(workspace, "first copy, %d × %d MiB, tmpfs" % (count, mebibytes), source, destination)
        case.memory = count * mebibytes + 256
        case.at_most = {"rsync -a": 3}
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
    source, destination = _pair(workspace.ext4)
    trees.flat(source, 100_000)
    case = _copy(workspace, "first copy, 100,000 empty files in one directory, `-a`", source, destination)
    case.at_most = dict.fromkeys(case.commands, 3)
    yield case
    _remove(source, destination)
    trees.flat(source, 300_000)
    trees.mirror(source, destination)
    workspace.settle()
    yield Case("nothing to do, 300,000 files in one directory, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "floor": ["floor", "compare", source, destination],
    })


def image(workspace):
    source, destination = _pair(workspace.ext4)
    trees.sparse_image(source, gibibytes=20)
    case = _copy(workspace, "first copy, a 20 GiB image that holds one block, `-a` (`rsync -aS`)", source, destination)
    case.commands["rsync -a"].insert(1, "-S")
    case.at_most = {"rsync -a": 1}
    case.check = lambda: _check_image(source / "image", destination / "image")
    yield case


def startup(workspace):
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
            "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        }, quantity="peak", at_most={"treesync": 3, "rsync -a": 1})


def delete(workspace):
    source, destination = _pair(workspace.ext4)
    template = workspace.ext4 / "template"
    trees.small_files(template / "old", directories=500, files=100, sizes=[1000])
    trees.small_files(source / "kept", directories=1, files=1, sizes=[1000])
    trees.mirror(source / "kept", template / "kept")

    def reset():
        shutil.rmtree(destination, ignore_errors=True)
        trees.mirror(template, destination)
        workspace.settle()

    yield Case("deletion of 50,000 files, `-a --delete`", {
        "treesync": ["treesync", "-a", "--delete", *_roots(source, destination)],
        "rsync -a": ["rsync", "-a", "--delete", *_roots(source, destination)],
        "floor": ["floor", "delete", destination / "old", destination / "old"],
    }, reset=reset, check=lambda: _check_equal(source, destination), memory=512)


ALL = {
    "startup": startup, "noop": noop, "noop-attributes": noop_attributes, "first-copy": first_copy,
    "large": large, "checksum": checksum, "wide": wide, "image": image, "memory": memory, "delete": delete,
}


def _pair(folder):
    return folder / "source", folder / "destination"


def _roots(source, destination):
    return ["%s/" % source, "%s/" % destination]


def _remove(*paths):
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


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
