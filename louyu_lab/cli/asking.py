"""The parameters of a run on the command line: one option each, and a file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from louyu_lab.cli.parsing import Parser
from louyu_lab.run.parameters import SCHEMA, Parameter, Parameters

#: Who says so when a value given as an option is wrong.
_SOURCE = "命令行"


def option_of(parameter: Parameter) -> str:
    """Return the option that gives a parameter: ``--data`` for ``data_dir``, ``--horizon-years``."""
    return "--" + parameter.name.removesuffix("_dir").replace("_", "-")


def add_parameters(parser: Parser, left_out: Sequence[str] = ()) -> None:
    """Add an option for each parameter but those ``left_out``, and ``--params``."""
    group = parser.add_argument_group("研究参数")
    for parameter in SCHEMA:
        if parameter.name in left_out:
            continue
        default = f"默认 {parameter.default}" if parameter.default != "" else ""
        limits = "，".join(filter(None, (parameter.range_zh, default)))
        group.add_argument(
            option_of(parameter),
            dest=parameter.name,
            metavar=parameter.title_zh,
            help=f"{parameter.meaning_zh}{f'（{limits}）' if limits else ''}",
        )
    group.add_argument(
        "--params",
        metavar="文件",
        help="从文件读研究参数，一行一个，如 year: 2020；命令行上另外写了的，以命令行为准",
    )


def asked_for(options: argparse.Namespace) -> Parameters:
    """Return the parameters asked for: the file's, overruled by the options'. Raises InputError."""
    sources = []
    if options.params is not None:
        from louyu_lab.run.parameter_file import read_parameters_file

        sources.append((read_parameters_file(options.params), f"参数文件 {options.params}"))
    given = {parameter.name: getattr(options, parameter.name, None) for parameter in SCHEMA}
    sources.append(({name: value for name, value in given.items() if value is not None}, _SOURCE))
    return Parameters.from_sources(sources)
