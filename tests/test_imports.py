"""Every module of the package can be imported."""

from __future__ import annotations

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
