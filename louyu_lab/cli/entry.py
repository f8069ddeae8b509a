"""The program: its commands in the order a year goes, and how whatever happens is told."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from louyu_lab.cli import checking, districts, proving, running, what_if, yearly
from louyu_lab.cli.codes import DONE, FAILED, MEND
from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import InputError

_ERROR_LOG = Path("outputs") / "louyu-error.log"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _print_whatever_the_console()
    options = program().parse_args(arguments)
    try:
        with _ended_as_by_ctrl_c():
            code = options.command(options)
            sys.stdout.flush()
            return code
    except InputError as error:
        print(error, file=sys.stderr)
        return MEND
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # Whoever read what is printed has seen enough (``louyu … | head``); nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception:
        print(f"程序出错，没有完成。详情见 {_logged(traceback.format_exc())}", file=sys.stderr)
        return FAILED


def program() -> Parser:
    """Return the parser of the whole program."""
    parser = Parser(prog="louyu", description="楼宇经济研究工作台：从一文件夹台账到一份可复核的研究。")
    checking.add_check(parser)
    running.add_run(parser)
    what_if.add_what_if(parser)
    proving.add_verify(parser)
    proving.add_diff(parser)
    yearly.add_new_year(parser)
    running.add_run_many(parser)
    districts.add_demo(parser)
    districts.add_lab(parser)
    return parser


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let a request to end, or a closed terminal, raise KeyboardInterrupt: what was started is ended too.

    Only the first one counts, so that clearing up comes to its end. A signal that is ignored already stays
    so (``nohup``), and one that another program set up is its own.
    """
    asks = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ours = [each for each in asks if signal.getsignal(each) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        ours = []
    is_ending = False

    def end(*_: object) -> None:
        nonlocal is_ending
        if not is_ending:
            is_ending = True
            raise KeyboardInterrupt

    for each in ours:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in ours:
            signal.signal(each, signal.SIG_DFL)


def _print_whatever_the_console() -> None:
    """Print a question mark for a sign that an old console lacks, rather than stop there."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _logged(text: str) -> Path:
    """Keep a traceback for whoever mends the program; return where.

    The temporary folder serves where nothing can be written here, often the very failure reported.
    """
    for log in (_ERROR_LOG, Path(tempfile.gettempdir()) / _ERROR_LOG.name):
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return log.resolve()
    return Path(os.devnull)
