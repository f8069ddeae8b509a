"""The command line: ``louyu``, one command for each step of a year.

``check`` the ledgers, ``run`` the study, ``verify`` it, ``diff`` it against another, roll the folder
to a ``new-year``, ``run-many`` districts; ``demo`` and ``lab`` beside them. One module a group of
commands; what a command needs is imported when it runs, so that the first word comes at once.

Exit codes: 0 done; 1 something of ours failed; 2 the input needs mending. No traceback ever reaches
the user: it goes to a log whose path is printed.
"""

from louyu_lab.cli.entry import main

__all__ = ["main"]
