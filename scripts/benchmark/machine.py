"""The machine under measurement: its facts, the C tools, and file systems of our own."""

import contextlib
import os
import platform
import subprocess
import tempfile
from pathlib import Path


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def tools(sources):
    """Compiles `floor.c` and `measure.c`; gives the paths of both programs."""
    with tempfile.TemporaryDirectory(prefix="treesync-bench-tools.") as folder:
        programs = []
        for name in ("floor", "measure"):
            programs.append(os.path.join(folder, name))
            run("gcc", "-O2", "-pthread", "-o", programs[-1], sources / (name + ".c"))
        yield programs


class Workspace:
    """A tmpfs, and on it the image of a journaled ext4, mounted for the time of one scenario.

    A journal matters: without one, ext4 searches recently deleted inodes, and creating files after deleting many is
    ten times as slow. A fresh file system matters too: what one scenario deleted would slow the next one down.
    """

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        with self._stack as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="treesync-bench.")))
            self.tmpfs, self.ext4 = folder / "tmpfs", folder / "ext4"
            self._mount(stack, self.tmpfs, "-t", "tmpfs", "-o", "size=90%,nr_inodes=0", "tmpfs")
            image = self.tmpfs / "ext4.image"
            with open(image, "wb") as file:
                file.truncate(12 << 30)
            run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
            self._mount(stack, self.ext4, "-o", "loop", image)
            self._stack = stack.pop_all()
        return self

    def disk(self):
        """An ext4 in an image on the disk that holds temporary files."""
        return self.image("ext4", gibibytes=12, folder=Path(tempfile.gettempdir()))

    def image(self, kind, gibibytes, folder=None, options=()):
        """A fresh file system in an image, in memory where no folder is given; made with the options of `mkfs`."""
        point = self.tmpfs.parent / ("%s-image" % kind)
        image = (folder or self.tmpfs) / ("treesync-bench-%d.%s" % (os.getpid(), kind))
        self._stack.callback(image.unlink)
        with open(image, "wb") as file:
            file.truncate(gibibytes << 30)
        run("mkfs.%s" % kind, "-q", *options, image)
        self._mount(self._stack, point, "-o", "loop", image)
        return point

    def forget(self):
        """Nothing is cached."""
        run("sync")
        Path("/proc/sys/vm/drop_caches").write_text("3")

    @staticmethod
    def _mount(stack, point, *arguments):
        point.mkdir()
        run("mount", *arguments, point)
        stack.callback(run, "umount", "--lazy", point)

    def __exit__(self, *exception):
        self._stack.close()

    def settle(self):
        """Writes back what earlier runs left dirty, so that no later run pays for it."""
        run("sync", "--file-system", self.ext4)


def _first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return "not available"


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def busy():
    """A warning where other work takes part of the processors; empty where the machine is free."""
    load = os.getloadavg()[0]
    return "The machine is busy (load %.1f): medians are too high, minima less so." % load if load > 0.5 else ""


def facts(treesync):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return "\n".join([
        "- %d cores (%s), %.0f GiB of memory, Linux %s" % (os.cpu_count(), _processor(), memory, platform.release()),
        "- %s; %s" % (_first_line("swift", "--version"), " ".join(platform.libc_ver())),
        "- " + "; ".join([
            _first_line(treesync, "--version"), _first_line("rsync", "--version"), _first_line("cp", "--version")]),
    ])
