"""Runs the commands of a case, interleaved and in random order."""

import os
import random
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Callable, Optional

#: A ratio of medians of fewer runs than this says nothing.
FEWEST_ROUNDS = 3


@dataclass
class Programs:
    treesync: str
    floor: str = ""
    measure: str = ""

    def resolve(self, words):
        """The command with the names `treesync` and `floor` replaced by the paths of ours."""
        ours = {"treesync": [self.treesync], "floor": [self.floor]}
        first, *rest = [str(word) for word in words]
        if first == "floor":
            verb, *paths = rest
            rest = [verb, str(os.cpu_count()), *paths]
        return ours.get(first, [first]) + rest


@dataclass
class Case:
    """One line of the table: the same work by several commands."""

    title: str
    #: Column of the table and the command that goes there.
    commands: dict
    #: Makes the destination ready before each run.
    reset: Callable[[], None] = lambda: None
    #: Fails where treesync's result is not the right one; called once.
    check: Callable[[], None] = lambda: None
    #: Megabytes of memory that a run needs; touched before it.
    memory: int = 0
    #: "time", or "peak": the resident memory of the largest process.
    quantity: str = "time"
    #: Columns that are measured at most so often, because they take too long.
    at_most: dict = field(default_factory=dict)
    #: How many times the rounds of the command line, for what takes milliseconds.
    repeat: int = 1
    #: How many entries the trees have, where the cost of one is of interest.
    entries: int = 0
    #: What is compared: the median, or the minimum where only the least disturbed run counts.
    compared: Callable = statistics.median


@dataclass
class Run:
    seconds: float
    processor: float
    kibibytes: int


@dataclass
class Row:
    case: Case
    runs: dict
    failures: dict

    def value(self, column, choose: Optional[Callable] = None):
        """The compared value of a column in seconds or KiB; `None` where there is none."""
        runs = self.runs.get(column)
        if not runs or column in self.failures:
            return None
        choose = choose or self.case.compared
        return choose([run.seconds if self.case.quantity == "time" else run.kibibytes for run in runs])

    def ratio(self, column, to, choose: Optional[Callable] = None):
        """How many times the value of `to` the one of `column` is; `None` from fewer than three runs of either."""
        if min(len(self.runs.get(name, [])) for name in (column, to)) < FEWEST_ROUNDS:
            return None
        value, unit = self.value(column, choose), self.value(to, choose)
        return value / unit if value is not None and unit else None


def measure(case, programs, rounds):
    print("%s" % case.title, file=sys.stderr, flush=True)
    row = Row(case, {column: [] for column in case.commands}, {})
    for _ in range(rounds * case.repeat):
        order = list(case.commands)
        random.shuffle(order)
        for column in order:
            if column in row.failures or len(row.runs[column]) >= case.at_most.get(column, 1 << 30):
                continue
            _measure_once(row, column, programs)
    for column, runs in row.runs.items():
        times = sorted(run.seconds for run in runs)
        print("    %-12s %s" % (column, row.failures.get(column) or
              "%.4f … %.4f … %.4f s, processor %.4f s, peak %d KiB, %d runs" % (
                  times[0], statistics.median(times), times[-1],
                  statistics.median(run.processor for run in runs),
                  max(run.kibibytes for run in runs), len(runs))), file=sys.stderr, flush=True)
    return row


def _measure_once(row, column, programs):
    case = row.case
    command = programs.resolve(case.commands[column])
    if shutil.which(command[0]) is None:
        row.failures[column] = "not installed"
        return
    case.reset()
    reader, writer = os.pipe()
    # The file descriptor number that `measure` writes its result to is 3.
    process = subprocess.run(
        ["sh", "-c", 'exec 3>&"$1"; shift; exec "$@"', "sh", str(writer), programs.measure, str(case.memory), *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=[writer], check=True)
    os.close(writer)
    with os.fdopen(reader) as result:
        wall, processor, kibibytes, status = map(int, result.read().split())
    if status != 0:
        row.failures[column] = "exit %d" % status
        message = process.stderr.decode(errors="replace").strip().splitlines()[:3]
        print("    %s: exit status %d: %s" % (" ".join(command), status, " / ".join(message)), file=sys.stderr)
        return
    row.runs[column].append(Run(wall / 1e9, processor / 1e9, kibibytes))
    if column == "treesync" and len(row.runs[column]) == 1:
        case.check()
