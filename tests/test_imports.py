"""Every module of the package can be imported."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import louyu_lab

PACKAGE = Path(louyu_lab.__file__).parent


def modules() -> list[str]:
    """Names of all modules, by their files: ``analysis`` has no ``__init__``, pkgutil would not look into it.

    Without ``__main__``: these do their work on import and are run by tests of their own.
    """
    files = (path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py"))
    names = (".".join(path.parts).removesuffix(".__init__") for path in files)
    return sorted(name for name in names if not name.endswith(".__main__"))


def test_every_module_can_be_imported() -> None:
    faults: dict[str, str] = {}
    for name in modules():
        try:
            import_module(name)
        except Exception as fault:
            faults[name] = repr(fault)
    assert faults == {}


def test_every_floor_of_the_house_is_looked_into() -> None:
    floors = {name.split(".")[1] for name in modules() if "." in name}
    assert floors >= {"analysis", "cli", "ledgers", "run", "study"}


def imported(file: Path) -> set[Path]:
    """Folders of the package that a module imports from."""
    steps = [step for step in ast.walk(ast.parse(file.read_text())) if isinstance(step, ast.ImportFrom)]
    names = [step.module for step in steps if step.module and step.module.split(".")[0] == PACKAGE.name]
    places = [PACKAGE.parent.joinpath(*name.split(".")) for name in names]
    return {place if place.is_dir() else place.parent for place in places}


def test_no_two_rooms_import_each_other() -> None:
    """But for a room and the rooms inside it."""
    uses: dict[Path, set[Path]] = {}
    for file in PACKAGE.rglob("*.py"):
        uses.setdefault(file.parent, set()).update(imported(file))
    mutual = {
        tuple(sorted(str(room.relative_to(PACKAGE)) for room in (one, other)))
        for one, others in uses.items()
        for other in others
        if one in uses.get(other, ()) and one not in (other, *other.parents) and other not in one.parents
    }
    assert mutual == set()
