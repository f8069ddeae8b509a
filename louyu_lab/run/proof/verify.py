"""Proof of a finished run: are its files, its manifest and its ledgers what they were when it ended?

What this establishes: every result has the bytes the manifest lists; nothing was taken away or slipped
in among the results; run number, fingerprint and result hash follow from what the manifest says of
district, parameters, inputs, code and outputs; chapters ended as the notebooks and the page show; and, where
the ledgers are given, that these are the files the run read.

What it does not: a manifest bears no signature, and whoever can write the folder can write a manifest and a
page that agree with it. Against that, keep the result hash printed here somewhere else (in the report, in a
mail) and compare it. Nothing else in the run speaks of ``versions``, of the name of the ledgers' folder, of
how long a chapter took and whether it was made or taken over: these cannot be proven. Nor does it say that
the numbers are right, or that the code named by its hash made them: for that run the study again; equal
results carry an equal result hash. ``logs/`` and ``state/`` are no results, but for ``state/handed/``, from
which scenarios are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from louyu_lab.run.folder import RUN_PARTS
from louyu_lab.run.manifest import HANDED_PART, RESULT_PARTS, part_of, read_manifest, sha256_of
from louyu_lab.run.project import data_folder
from louyu_lab.run.proof.altered import altered_rows
from louyu_lab.run.proof.edited import contradictions, malformed
from louyu_lab.run.proof.unfinished import unfinished_message

#: Files named of each kind; the rest are counted.
SHOWN = 10


@dataclass(frozen=True)
class Verification:
    """What ``verify_run`` found: relative paths of results, faults of the manifest, names of ledgers.

    ``besides`` are files of the user's own, which are no fault. ``text`` is the account in Chinese, its
    last line the verdict.
    """

    ok: bool
    text: str
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()


def verify_run(run_dir: str | Path, data: str | Path | None = None) -> Verification:
    """Check a run folder against its manifest and, with ``data``, the ledgers against those it read.

    Raises InputError where ``data`` is no folder; a run that is not finished comes out not ``ok``.
    """
    run = Path(run_dir)
    lacking = unfinished_message(run)
    if lacking:
        return Verification(ok=False, text=lacking)
    manifest = read_manifest(run)
    edited = malformed(manifest)
    if edited:
        # Nothing can be looked up in it.
        lines = [f"运行 {run.resolve().name}", *_edited_lines(edited)]
        verdict = _verdict((), (), (), edited, (), with_ledgers=False)
        return Verification(ok=False, text="\n".join([*lines, verdict]), edited=edited)
    listed = {entry["path"]: entry["sha256"] for entry in manifest["outputs"]}
    changed, missing = _compared(run, listed)
    surplus, besides = _unlisted(run, listed)
    edited = contradictions(run, manifest)
    ledgers = _ledger_changes(manifest, data_folder(str(data))) if data is not None else ()
    ok = not (changed or missing or surplus or edited or ledgers)
    lines = [
        f"运行 {manifest['run_id']}",
        f"指纹 {manifest['fingerprint']}",
        f"结果散列 {manifest['results']}",
        f"清单列出结果文件 {len(listed)} 个，相符 {len(listed) - len(changed) - len(missing)} 个",
        *_named("改动", changed, lambda path: altered_rows(run, path, listed[path])),
        *_named("缺少", missing),
        *_named("多出", surplus),
        *_named("另有不属于结果的文件", besides),
        *_edited_lines(edited),
        *_ledger_lines(manifest, data, ledgers),
        _verdict(changed, missing, surplus, edited, ledgers, with_ledgers=data is not None),
    ]
    return Verification(ok, "\n".join(lines), changed, missing, surplus, besides, edited, ledgers)


def current_inputs(data: Path) -> dict[str, str]:
    """Return the name below ``data`` and the SHA-256 of every file a run would record as its input."""
    from louyu_lab.ledgers.beside import side_files
    from louyu_lab.ledgers.faults import FaultLog
    from louyu_lab.ledgers.files import ledger_files, read_contents, relative_name

    log = FaultLog()
    read = read_contents(data, ledger_files(data, log), log)
    paths = sorted({*read, *side_files(data)})
    return {relative_name(data, path): sha256_of(path) for path in paths}


def _compared(run: Path, listed: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the listed results whose bytes changed, and those that are not there."""
    missing = tuple(path for path in sorted(listed) if not (run / path).is_file())
    gone = set(missing)
    changed = (path for path in sorted(listed) if path not in gone and sha256_of(run / path) != listed[path])
    return tuple(changed), missing


def _unlisted(run: Path, listed: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the files that slipped in among the results, and those that lie beside them."""
    own = {part_of(Path(path)) for path in listed} | {*RESULT_PARTS, HANDED_PART}
    unproven = set(RUN_PARTS) - own
    surplus, besides = [], []
    for path in sorted(path.relative_to(run) for path in run.rglob("*") if path.is_file()):
        if path.as_posix() in listed or part_of(path) in unproven:
            continue
        # Hidden and lock files come from programs that looked at the results, not from anybody's hand.
        is_left_behind = any(part.startswith((".", "~$")) for part in path.parts)
        kept = besides if is_left_behind or part_of(path) not in own else surplus
        kept.append(path.as_posix())
    return tuple(surplus), tuple(besides)


def _edited_lines(edited: Sequence[str]) -> list[str]:
    return [f"清单被改过：{fault}" for fault in edited]


def _ledger_changes(manifest: Mapping[str, Any], data: Path) -> tuple[str, ...]:
    recorded = {entry["path"]: entry["sha256"] for entry in manifest["inputs"]}
    now = current_inputs(data)
    names = sorted({*recorded, *now})
    return tuple(
        f"{name}（{'不在了' if name not in now else '新增' if name not in recorded else '内容变了'}）"
        for name in names
        if recorded.get(name) != now.get(name)
    )


def _ledger_lines(manifest: Mapping[str, Any], data: str | Path | None, changes: Sequence[str]) -> list[str]:
    if data is None:
        return []
    if not changes:
        return [f"台账 {len(manifest['inputs'])} 个文件，与运行时相同"]
    return _named("台账变动", changes)


def _named(what: str, names: Sequence[str], detail: Any = None) -> list[str]:
    """Return one line a name, the first ``SHOWN``, each with what ``detail`` says of it."""
    lines = []
    for name in names[:SHOWN]:
        lines.append(f"  {what} {name}")
        if detail is not None:
            lines += [f"    {line}" for line in detail(name)]
    if len(names) > SHOWN:
        lines.append(f"  …… {what}共 {len(names)} 个")
    return lines


def _verdict(
    changed: Sequence[str],
    missing: Sequence[str],
    surplus: Sequence[str],
    edited: Sequence[str],
    ledgers: Sequence[str],
    *,
    with_ledgers: bool,
) -> str:
    counted = (("改动", changed), ("缺少", missing), ("多出", surplus))
    faults = [f"{what} {len(names)} 个文件" for what, names in counted if names]
    faults += ["清单被改过"] if edited else []
    faults += [f"台账变动 {len(ledgers)} 个"] if ledgers else []
    if faults:
        return f"结论：不一致（{'，'.join(faults)}）。要恢复请用原台账重新运行。"
    return f"结论：一致，结果{'和台账' if with_ledgers else ''}与运行完成时相同。"
