"""The tables that come with the package, written as YAML."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

#: libyaml reads ten times as fast and gives the same values; a wheel of PyYAML may lack it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def packaged_yaml(package: str | None, name: str) -> Any:
    """Return what the package's own file ``name`` holds; ``package`` is the ``__package__`` it lies in."""
    return yaml.load((resources.files(str(package)) / name).read_text(encoding="utf-8"), _LOADER)
