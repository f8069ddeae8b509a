"""An argument parser that speaks Chinese and names what was probably meant."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from louyu_lab.cli.codes import MEND
from louyu_lab.run.parameters import nearest_name

_ARGPARSE_ZH = (
    ("the following arguments are required:", "缺少参数："),
    ("unrecognized arguments:", "不认识的参数："),
    ("invalid int value:", "应为整数，现为"),
    ("expected one argument", "后面要跟一个值"),
    ("ignored explicit argument", "后面不跟值，现为"),
    ("argument ", "参数 "),
)

_LOOKS_LIKE_OPTION = re.compile(r"--.+|-[A-Za-z].*")

#: Dashes that a word processor or an input method makes of the two hyphens.
_OTHER_DASHES = ("—", "–", "－", "―")


class Parser(argparse.ArgumentParser):
    """One command, or the program with its commands."""

    def __init__(self, **options: Any) -> None:
        """Leave argparse's own help option out in favour of a Chinese one."""
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")
        self.commands: dict[str, Parser] = {}

    def add_command(self, name: str, run: Callable[[argparse.Namespace], int], **words: str) -> Parser:
        """Add a command that ``run`` carries out, with its ``help`` and ``description``."""
        if self._subparsers is None:
            self._commands = self.add_subparsers(
                title="命令", metavar="命令", required=True, parser_class=Parser
            )
        self.commands[name] = command = self._commands.add_parser(name, **words)
        command.set_defaults(command=run)
        return command

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse as argparse does, but refuse at once what this parser does not know."""
        words = sys.argv[1:] if args is None else list(args)
        self._refuse_unknown(words)
        parsed, unknown = super().parse_known_args(words, namespace)
        if unknown:
            # Where a word processor made one dash of two, its value is no fault of its own.
            dashed = [word for word in unknown if word.startswith(_OTHER_DASHES)]
            self._end([self._unknown_option(word) for word in dashed or unknown])
        return parsed, unknown

    def format_usage(self) -> str:
        """Return the usage line."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        """Return the whole help text."""
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and exit with 2."""
        for english, chinese in _ARGPARSE_ZH:
            message = message.replace(english, chinese)
        self._end([message])

    def _refuse_unknown(self, words: Sequence[str]) -> None:
        """Name unknown options, and an unknown command, before argparse asks for what is missing."""
        unknown = []
        for word in words:
            if word == "--":
                break
            if _LOOKS_LIKE_OPTION.fullmatch(word):
                if word.split("=")[0] not in self._option_string_actions:
                    unknown.append(self._unknown_option(word.split("=")[0]))
            elif self.commands:
                # What follows the command is the command's own.
                unknown += [] if word in self.commands else [self._unknown_command(word)]
                break
        if unknown:
            self._end(unknown)

    def _unknown_option(self, word: str) -> str:
        known = [option for option in self._option_string_actions if option.startswith("--")]
        near = nearest_name(word, known) if not word[:1].isalnum() else ""
        return f"不认识的参数：{word}{f'。是否想写 {near}？' if near else '。'}"

    def _unknown_command(self, word: str) -> str:
        near = nearest_name(word, self.commands)
        listed = "、".join(self.commands)
        return f"没有这个命令：{word}{f'。是否想写 {near}？' if near else '。'}可用的命令：{listed}。"

    def _end(self, problems: Sequence[str]) -> NoReturn:
        self.exit(MEND, "\n".join([*problems, f"用 {self.prog} --help 查看用法。\n"]))


def count(text: str) -> int:
    """Read a whole number of at least 1."""
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应为不小于 1 的整数，现为 {text}")
    return int(text)


def minutes(text: str) -> float:
    """Read a number of minutes above 0."""
    try:
        read = float(text)
    except ValueError:
        read = math.nan
    if not 0 < read < math.inf:
        raise argparse.ArgumentTypeError(f"应为大于 0 的分钟数，如 30，现为 {text}")
    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader of one of several words."""

    def read(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"应为 {' 或 '.join(choices)}，现为 {text}")
        return text

    return read
