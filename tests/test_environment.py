"""environment.yml offers conda users what uv.lock offers everybody else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]

#: Entries that are not versions of a library: the installer and the project itself.
NOT_LIBRARIES = {"pip", "-e ."}


def conda_entries() -> list[str]:
    """Every entry of environment.yml, conda's and pip's alike."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    plain = [entry for entry in listed if isinstance(entry, str)]
    return plain + [entry for part in listed if isinstance(part, dict) for entry in part["pip"]]


def conda_versions() -> dict[str, str]:
    """Library -> pinned version in environment.yml."""
    kept = [entry for entry in conda_entries() if entry not in NOT_LIBRARIES and "python >=" not in entry]
    return dict(re.split(r"\s*==\s*", entry) for entry in kept)


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_conda_lists_exactly_the_direct_dependencies() -> None:
    declared = {re.match(r"[A-Za-z0-9._-]+", text).group() for text in pyproject()["dependencies"]}
    assert set(conda_versions()) == declared


def test_conda_versions_are_those_of_the_lock() -> None:
    locked: dict[str, set[str]] = {}
    for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]:
        locked.setdefault(package["name"], set()).add(package.get("version", ""))
    differing = {
        name: locked[name] for name, version in conda_versions().items() if version not in locked[name]
    }
    assert differing == {}


def test_conda_accepts_the_same_python() -> None:
    assert f"python {pyproject()['requires-python']}" in conda_entries()


def test_makefile_and_ci_agree_on_the_test_command() -> None:
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^test: env", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
