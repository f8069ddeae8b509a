"""What was edited in a manifest: values that no run writes, and values that do not follow from the rest."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any

from louyu_lab.analysis.endings import ENDED_ZH
from louyu_lab.run.folder import run_name
from louyu_lab.run.manifest import (
    STATUSES,
    StageResult,
    fingerprint_of,
    identity_of,
    results_digest,
    sha256_of,
)

_TEXTS = ("run_id", "district", "fingerprint", "results", "code")

#: What a chapter's record holds.
_STAGE_KEYS = tuple(field.name for field in fields(StageResult))

#: Statuses that the study names, with the reason.
_NAMED = ("skipped", "failed")

_PAGE = "study.html"
_RUN_ID = re.compile(r"<header>.*?<p>运行编号 (.*?)</p>", re.DOTALL)
_CHAPTER = re.compile(r'<section id="c\d+" class="chapter">')
_NOTE = re.compile(r'<p class="note (skipped|failed)">(.*?)</p>', re.DOTALL)


def malformed(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Say (in Chinese) which values of a manifest that has every key are none that a run writes."""
    found = [f"{key} 不是文字" for key in _TEXTS if not isinstance(manifest[key], str)]
    parameters = manifest["parameters"]
    if not isinstance(parameters, dict) or not _is_whole(parameters.get("year")):
        found.append("parameters（参数）里没有年份，或写法不对")
    for key, zh in (("inputs", "台账"), ("outputs", "结果文件")):
        found += [f"{key}（{zh}）{fault}" for fault in _file_faults(manifest[key])]
    if not isinstance(manifest.get("versions", {}), dict):
        found.append("versions（版本）的写法不对")
    return (*found, *_stage_faults(manifest["stages"]))


def contradictions(run: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what in a well-formed manifest no longer follows from the rest of it, or from the study."""
    found = []
    inputs = [(entry["path"], entry["sha256"]) for entry in manifest["inputs"]]
    identity = identity_of(manifest["district"], manifest["parameters"])
    if fingerprint_of(identity, inputs, manifest["code"]) != manifest["fingerprint"]:
        found.append("指纹与所列的区名、参数、台账、程序不符")
    if results_digest(manifest["outputs"]) != manifest["results"]:
        found.append("结果散列与所列的结果文件不符")
    year = str(manifest["parameters"]["year"])
    if manifest["run_id"] != run_name(manifest["district"], year, manifest["fingerprint"]):
        found.append("运行编号与区名、年份、指纹不符")
    return (*found, *_unlike_notebooks(manifest), *_unlike_page(run, manifest))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _file_faults(entries: Any) -> Iterator[str]:
    """Say what is wrong with a list of files; a path leads nowhere but below the run or the ledgers."""
    if not isinstance(entries, list):
        yield "不是列表"
        return
    if not all(
        isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("path", "sha256"))
        for entry in entries
    ):
        yield "里有不是“文件和散列”的项"
        return
    paths = [PurePosixPath(entry["path"]) for entry in entries]
    if any(path.is_absolute() or not path.parts or ".." in path.parts for path in paths):
        yield "里有不在文件夹内的路径"
    if len(set(paths)) < len(paths):
        yield "里有重复的文件"


def _stage_faults(stages: Any) -> list[str]:
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        return ["stages（章节）不是列表"]
    found = []
    for number, stage in enumerate(stages, start=1):
        called = f"第 {number} 章"
        absent = [key for key in _STAGE_KEYS if key not in stage]
        if absent:
            found.append(f"stages（章节）{called}缺 {'、'.join(absent)}")
            continue
        texts = all(isinstance(stage[key], str) for key in _STAGE_KEYS if key != "seconds")
        seconds = stage["seconds"]
        if not texts or isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
            found.append(f"stages（章节）{called}的写法不对")
        elif stage["status"] not in STATUSES:
            found.append(f"stages（章节）{called}的状态“{stage['status']}”不是运行会写的")
    names = [stage.get("name") for stage in stages]
    if not found and len(set(names)) < len(names):
        found.append("stages（章节）里有重复的章")
    return found


def _unlike_notebooks(manifest: Mapping[str, Any]) -> list[str]:
    """A chapter that ran through left its notebook, and no other notebook is a chapter's."""
    listed = {PurePosixPath(entry["path"]) for entry in manifest["outputs"]}
    kept = {path.stem for path in listed if path.parent.name == "notebooks" and path.suffix == ".ipynb"}
    ended = {stage["name"]: stage["status"] for stage in manifest["stages"]}
    lacking = [name for name, status in ended.items() if status not in _NAMED and name not in kept]
    found = [f"章节 {name} 记为{ENDED_ZH[ended[name]]}，却没有它的笔记本" for name in lacking]
    return found + [f"笔记本 {name} 没有章节记录" for name in sorted(kept - set(ended))]


def _unlike_page(run: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Compare with what the study says of itself, where it has the bytes that the manifest lists."""
    digest = {entry["path"]: entry["sha256"] for entry in manifest["outputs"]}.get(_PAGE)
    page = run / _PAGE
    if digest is None or not page.is_file() or sha256_of(page) != digest:
        return []
    text = page.read_text(encoding="utf-8", errors="replace")
    number = _RUN_ID.search(text)
    if number is None:
        return []
    found = []
    if html.unescape(number[1]) != manifest["run_id"]:
        found.append(f"运行编号与 {_PAGE} 上的不符")
    chapters = _CHAPTER.split(text)[1:]
    stages = manifest["stages"]
    if len(chapters) != len(stages):
        return [*found, f"章节有 {len(stages)} 个，{_PAGE} 上有 {len(chapters)} 个"]
    for stage, chapter in zip(stages, chapters, strict=True):
        if not _is_as_shown(stage, chapter):
            found.append(f"章节 {stage['name']} 的状态或原因与 {_PAGE} 上的不符")
    return found


def _is_as_shown(stage: Mapping[str, Any], chapter: str) -> bool:
    """Whether a chapter's note in the study, or that there is none, is what its record says."""
    note = _NOTE.search(chapter)
    if stage["status"] not in _NAMED or note is None:
        return note is None and stage["status"] not in _NAMED
    reason = stage["reason"].removesuffix(f"，{ENDED_ZH['skipped']}")
    said = "".join(html.unescape(note[2]).split())
    return note[1] == stage["status"] and said.endswith("".join(f"：{reason}。".split()))
