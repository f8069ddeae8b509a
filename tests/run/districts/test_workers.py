"""Whatever ends the program ends its workers and what they started, and nothing of theirs is printed."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

#: ``louyu run-many`` on two tasks that never end; each starts a process, as a chapter starts its kernel,
#: and holds a semaphore, as a bar of progress does.
ENDLESS = textwrap.dedent("""
    import sys
    from louyu_lab.cli import main
    from louyu_lab.run.districts import many
    from louyu_lab.run.districts.engines import run_tasks

    folder = sys.argv[1]

    def endless(name, folder):
        import multiprocessing, os, subprocess, sys, time
        lock = multiprocessing.RLock()
        kernel = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
        with open(os.path.join(folder, name + ".part"), "w") as file:
            file.write(f"{os.getpid()} {kernel.pid}")
        os.rename(file.name, os.path.join(folder, name + ".pids"))
        time.sleep(120)

    def run_many(root, asked, out, jobs, engine, address):
        run_tasks(endless, {name: (name, folder) for name in "ab"}, engine, 2, print)

    many.run_many = run_many
    sys.exit(main(["run-many", folder]))
""")

#: Seconds in which all must be gone: a watch looks twice a second, a busy machine is slow.
GONE_S = 20

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def _listening() -> None:
    """What runs in a shell's background ignores Ctrl-C, under ``nohup`` a closed terminal; so would the child."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def started(folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """The program at work, and its workers with what they started."""
    program = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(folder)],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=_listening,
    )
    ends = time.monotonic() + 60
    while len(notes := list(folder.glob("*.pids"))) < 2:
        assert program.poll() is None and time.monotonic() < ends, "it never came so far"
        time.sleep(0.05)
    pids = [int(pid) for note in notes for pid in note.read_text().split()]
    return program, [psutil.Process(pid) for pid in pids]


def said_until_gone(program: subprocess.Popen[str], family: list[psutil.Process]) -> str:
    """What was printed until the last process that could print had gone."""
    try:
        _, said = program.communicate(timeout=GONE_S)
        _, alive = psutil.wait_procs(family, timeout=5)
        assert not alive
        return said
    finally:
        for process in family:
            if process.is_running():
                process.kill()
        program.kill()


def test_workers_do_not_outlive_the_program(tmp_path: Path) -> None:
    program, family = started(tmp_path)
    program.send_signal(signal.SIGKILL)
    assert said_until_gone(program, family) == ""
    assert program.returncode == -signal.SIGKILL


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_asked_to_end_it_ends_all_with_one_word(name: str, tmp_path: Path) -> None:
    program, family = started(tmp_path)
    program.send_signal(getattr(signal, name))
    assert said_until_gone(program, family) == "已中断。\n"
    assert program.returncode == 1
