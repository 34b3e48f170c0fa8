"""The trees that are measured: always the same bytes, names and shapes."""

import multiprocessing
import os
import random
import shutil
import stat
import struct
from pathlib import Path

from machine import run

#: 2023-11-14 22:13:20 UTC, with a fraction as real files have it.
TIME = 1_700_000_000_123_456_789


def _share(function, arguments, chunksize=None):
    """Calls a function with each of the tuples of arguments, in as many processes as there are cores."""
    pool = multiprocessing.Pool()
    try:
        pool.starmap(function, arguments, chunksize)
    finally:
        # Not `terminate`, which waits for ever for a process that handles SIGTERM as the bench does.
        pool.close()
        pool.join()


def small_files(root, directories, files, sizes, attributes_every=0):
    """`directories` directories, ten to a parent, each with `files` files whose sizes are drawn from `sizes`.

    Every `attributes_every`th file carries an extended attribute and an ACL."""
    content = random.Random(1).randbytes(max(sizes))
    _share(_fill_small, [(root, number, files, sizes, attributes_every, content) for number in range(directories)],
           chunksize=max(1, directories // 100))


def _fill_small(root, number, files, sizes, attributes_every, content):
    draw = random.Random(number)
    folder = Path(root, "group%04d" % (number // 10), "directory%d" % (number % 10))
    folder.mkdir(parents=True)
    descriptor = os.open(folder, os.O_RDONLY)
    for index in range(files):
        name = "file%04d.txt" % index
        with open(name, "wb", opener=lambda path, flags: os.open(path, flags, 0o644, dir_fd=descriptor)) as file:
            file.write(content[:draw.choice(sizes)])
        if attributes_every and (number * files + index) % attributes_every == 0:
            _set_attributes(folder / name)
        os.utime(name, ns=(TIME, TIME), dir_fd=descriptor)
    os.close(descriptor)


def _set_attributes(path):
    os.setxattr(path, "user.comment", b"a comment of some length")
    everyone = 0xFFFFFFFF
    entries = [(0x01, 6, everyone), (0x02, 4, 65534), (0x04, 4, everyone), (0x10, 4, everyone), (0x20, 4, everyone)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(path, "system.posix_acl_access", acl)


def _every(one_in, root):
    names = sorted(os.path.join(folder, name) for folder, _, files in os.walk(root) for name in files)
    return names[::one_in]


def add_attributes(root, one_in):
    """Gives every `one_in`th file below `root` an extended attribute and an ACL."""
    for path in _every(one_in, root):
        _set_attributes(path)


def change(root, one_in):
    """Gives every `one_in`th file below `root` another size and an old time."""
    for path in _every(one_in, root):
        with open(path, "wb") as file:
            file.write(b"changed")
        os.utime(path, (1, 1))


def flat(root, files):
    """One directory with `files` empty files."""
    root.mkdir()
    descriptor = os.open(root, os.O_RDONLY)
    for index in range(files):
        name = "entry%07d" % index
        os.mknod(name, 0o644 | stat.S_IFREG, dir_fd=descriptor)
        os.utime(name, ns=(TIME, TIME), dir_fd=descriptor)
    os.close(descriptor)
    os.utime(root, ns=(TIME, TIME))


def large_files(root, count, mebibytes):
    """`count` files of `mebibytes` MiB; no two blocks are alike, no block is zero."""
    root.mkdir()
    block = bytearray(random.Random(1).randbytes(1 << 20))
    for index in range(count):
        with open(root / ("large%04d" % index), "wb") as file:
            for number in range(mebibytes):
                block[:8] = struct.pack("<II", index, number)
                file.write(block)


def sparse_image(root, gibibytes):
    """A file of that size that holds one block, in its middle."""
    root.mkdir()
    with open(root / "image", "wb") as file:
        file.truncate(gibibytes << 30)
        file.seek(gibibytes << 29)
        file.write(b"x" * 4096)


def scattered_image(root, gibibytes, pieces):
    """A file of that size that holds so many pieces of 1 MiB, no two of them alike, with holes between them."""
    os.makedirs(root, exist_ok=True)
    block = bytearray(random.Random(2).randbytes(1 << 20))
    with open(root / "image", "wb") as file:
        file.truncate(gibibytes << 30)
        for number in range(pieces):
            block[:4] = struct.pack("<I", number)
            file.seek((gibibytes << 30) // pieces * number)
            file.write(block)
    os.utime(root / "image", ns=(TIME, TIME))


def change_blocks(path, count):
    """Changes a byte in so many blocks of an image that `scattered_image` made."""
    with open(path, "r+b") as file:
        for number in range(count):
            file.seek((path.stat().st_size // 512) * (number * 25) + 4096 * 10)
            file.write(b"!")
    os.utime(path, ns=(TIME + 10**9, TIME + 10**9))


def names(root, first, directories, files):
    """`directories` directories of `files` names each. The names of a directory are links to one inode: the shape of
    a tree of that many files at a tenth of the memory."""
    os.makedirs(root, exist_ok=True)
    _share(_fill, [(root, number, files) for number in range(first, first + directories)], chunksize=20)
    os.utime(root, ns=(TIME, TIME))


def _fill(root, number, files):
    folder = "%s/directory%05d" % (root, number)
    os.mkdir(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    first = "file%05d" % 0
    os.close(os.open(first, os.O_CREAT | os.O_WRONLY, 0o644, dir_fd=descriptor))
    os.utime(first, ns=(TIME, TIME), dir_fd=descriptor)
    for index in range(1, files):
        os.link(first, "file%05d" % index, src_dir_fd=descriptor, dst_dir_fd=descriptor)
    os.close(descriptor)
    os.utime(folder, ns=(TIME, TIME))


def mirror(source, destination):
    """An exact copy of a directory whose entries share no inode, by as many `cp` at a time as there are cores."""
    os.makedirs(destination, exist_ok=True)
    names = [os.path.join(source, name) for name in os.listdir(source)]
    size = max(1, min(1000, len(names) // (4 * os.cpu_count())))
    _share(run, [("cp", "-a", "-t", destination, *names[start:start + size]) for start in range(0, len(names), size)])
    shutil.copystat(source, destination)


def remove(path):
    """Removes a tree, by as many processes as there are cores."""
    if not os.path.isdir(path):
        return
    children = [entry.path for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)]
    if len(children) > os.cpu_count():
        _share(shutil.rmtree, [(child,) for child in children])
    run("rm", "-rf", path)
