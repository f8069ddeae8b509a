"""Reading a file of parameters (``louyu run --params``)."""

from __future__ import annotations

from pathlib import Path

import yaml

from louyu_lab.run.parameters import InputError, refuse


def read_parameters_file(path: str | Path) -> dict[str, object]:
    """Return what a YAML file of ``name: value`` lines says, values as the text written (None for blank).

    Raises InputError for a file that cannot be read, that is no mapping, or that says a thing twice.
    """
    source = f"参数文件 {path}"
    try:
        root = yaml.compose(_text_of(Path(path), source), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"（第 {mark.line + 1} 行附近）" if mark else ""
        raise InputError(f"{source}：读不懂{where}。请一行写一个参数，如 year: 2020。") from error
    if not isinstance(root, yaml.MappingNode):
        raise InputError(f"{source}：里面没有参数。请一行写一个，如 year: 2020（冒号用半角，后面空一格）。")
    values: dict[str, object] = {}
    problems = []
    for key, value in root.value:
        where = f"{source} 第 {key.start_mark.line + 1} 行"
        name = key.value if isinstance(key, yaml.ScalarNode) else "？"
        if not isinstance(value, yaml.ScalarNode):
            problems.append(f"{where}：参数 {name} 只能有一个值。")
        elif name in values:
            problems.append(f"{where}：参数 {name} 写了两次。请只留一处。")
        values[name] = None if value.tag.endswith(":null") else value.value
    refuse(problems)
    return values


def _text_of(path: Path, source: str) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{source}：没有这个文件。请核对路径。") from error
    except OSError as error:
        raise InputError(f"{source}：打不开。请核对它是不是文件、能不能读。") from error
    # Windows' own editor writes either.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{source}：文字编码认不出。请另存为 UTF-8。")
