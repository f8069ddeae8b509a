"""The parameters cells of notebooks: held to the schema, and what papermill injects after them.

Papermill itself only warns of a name it does not know and hands any type on; a notebook executed by
hand must not run to success on the wrong year for that.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from louyu_lab.run.parameters import SCHEMA, refuse, unknown_parameter

#: Where a notebook learns which run it belongs to; the run fills it in, nobody asks for it.
RUN_DIR = "run_dir"

#: Parameters without which a notebook would not know its run.
NEEDED_PARAMETERS = ("data_dir", "year", RUN_DIR)

#: Every name that a parameters cell may hold.
KNOWN_PARAMETERS = (*(parameter.name for parameter in SCHEMA), RUN_DIR)

_DEFAULTS: dict[str, str | int] = {parameter.name: parameter.default for parameter in SCHEMA} | {RUN_DIR: ""}

#: The line with which papermill opens the cell it injects, and the calls in it that are no literals.
_INJECTED_MARK = "# Parameters"
_NOT_FINITE = re.compile(r"float\('(nan|-?inf)'\)")

_Cell = tuple[int, str]


def declared_parameters(path: Path) -> set[str]:
    """Return the names assigned in the cells tagged ``parameters``; raises ValueError for no notebook."""
    source = "\n".join(source for _, source in _tagged(_code_cells(path)))
    return {name for statement in ast.parse(source).body for name in _assigned_names(statement)}


def parameter_faults(path: Path) -> list[str]:
    """Return in Chinese all that is wrong with a notebook's parameters cell; empty where nothing is.

    There is exactly one such cell, before any other code (papermill injects its values after it: what
    was computed earlier keeps the default); it assigns literals only, to names of the schema, each with
    the schema's default. Raises ValueError for a file that is no notebook.
    """
    cells = list(_code_cells(path))
    tagged = list(_tagged(cells))
    if len(tagged) != 1:
        return [f"{path.name}：应有且只有一个标记为 parameters 的代码单元，现有 {len(tagged)} 个。"]
    (number, source), faults = tagged[0], []
    if number != cells[0][0]:
        faults.append("参数单元之前有别的代码，传入的参数对它不起作用。请把参数单元移到最前。")
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        return [f"{path.name}：参数单元第 {error.lineno} 行读不懂。"]
    seen: set[str] = set()
    for statement in body:
        faults += _statement_faults(statement, seen)
    lacking = [name for name in NEEDED_PARAMETERS if name not in seen]
    faults += [f"参数单元里缺 {'、'.join(lacking)}。"] if lacking else []
    return [f"{path.name}：{fault}" for fault in faults]


def refuse_unknown_injected() -> None:
    """Raise InputError where papermill has given the running notebook a name its cell does not have.

    Outside IPython, and in a notebook run by hand, there is nothing injected and nothing to refuse.
    """
    from IPython import get_ipython

    shell = get_ipython()
    history = shell.user_ns.get("In", ()) if shell else ()
    refuse(injected_faults([cell for cell in history if isinstance(cell, str)]))


def injected_faults(history: Sequence[str]) -> list[str]:
    """Return in Chinese which names papermill's cell in ``history`` assigns without effect.

    ``history`` are the executed cells in order. The cell that counts opens with papermill's mark, holds
    nothing but literals, and comes right after the last parameters cell, or first where there is none;
    anywhere else a cell with such a comment is the user's own and left alone.
    """
    declared: Sequence[str] = ()
    injected: list[str] = []
    expected = True
    for cell in filter(str.strip, history):
        names = _names_of_literals(cell)
        is_parameters = set(NEEDED_PARAMETERS) <= set(names)
        # The notebook's own parameters cell may open with the same words: it is the one that comes first.
        if expected and _opens_with_mark(cell) and names and (declared or not is_parameters):
            injected, expected = names, False
        elif is_parameters:
            declared, injected, expected = names, [], True
        else:
            expected = False
    declared = declared or KNOWN_PARAMETERS
    unknown = [name for name in dict.fromkeys(injected) if name not in declared]
    mend = f"（若这是自己写的单元，请改掉它开头的注释 {_INJECTED_MARK}。）"
    return [f"papermill 传入的参数：{unknown_parameter(name, declared)}{mend}" for name in unknown]


def _statement_faults(statement: ast.stmt, seen: set[str]) -> Iterator[str]:
    """Yield what is wrong with one statement of a parameters cell, and note the name it assigns."""
    names, value = _assigned_names(statement), getattr(statement, "value", None)
    if len(names) != 1 or value is None:
        yield f"第 {statement.lineno} 行“{_short(statement)}”不是“名称 = 值”。参数单元里只写参数。"
        return
    (name,) = names
    if name in seen:
        yield f"参数 {name} 写了两次。请只留一处。"
    seen.add(name)
    if name not in _DEFAULTS:
        yield unknown_parameter(name, KNOWN_PARAMETERS)
        return
    default = _DEFAULTS[name]
    try:
        found = ast.literal_eval(value)
    except (ValueError, TypeError):
        yield f"参数 {name} 的默认值“{_short(value)}”是算出来的，papermill 改不了它。请直接写 {default!r}。"
        return
    if type(found) is not type(default) or found != default:
        yield f"参数 {name} 的默认值应为 {default!r}，现为 {found!r}。"


def _code_cells(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ((number, cell) for number, cell in enumerate(cells) if cell["cell_type"] == "code")


def _tagged(
    cells: Iterator[tuple[int, dict[str, Any]]] | list[tuple[int, dict[str, Any]]],
) -> Iterator[_Cell]:
    for number, cell in cells:
        if "parameters" in cell["metadata"].get("tags", ()):
            yield number, "".join(cell["source"])


def _assigned_names(statement: ast.stmt) -> list[str]:
    """Return the names a statement assigns; empty where it is no plain assignment."""
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _names_of_literals(source: str) -> list[str]:
    """Return the names of a cell that assigns literals and does nothing else; otherwise none."""
    try:
        body = ast.parse(source).body
        for statement in body:
            written = ast.unparse(statement.value)  # AttributeError where nothing is assigned
            if not _NOT_FINITE.fullmatch(written):
                ast.literal_eval(written)
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return []
    names = [_assigned_names(statement) for statement in body]
    return [name for group in names for name in group] if all(names) else []


def _opens_with_mark(cell: str) -> bool:
    mark, _, rest = cell.strip().partition("\n")
    # Papermill writes no other comment; people explain their values.
    return mark.rstrip() == _INJECTED_MARK and not re.search(r"(?m)^\s*#", rest)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 40 else text[:39] + "…"
