"""Proof of a run: whatever is altered afterwards is named, by file and where it can be by row."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.handed import write_handed
from louyu_lab.analysis.outputs import as_csv
from louyu_lab.ledgers.reading import read_ledgers
from louyu_lab.run.chapter import Chapter
from louyu_lab.run.folder import run_name
from louyu_lab.run.manifest import (
    StageResult,
    fingerprint_of,
    identity_of,
    output_records,
    results_digest,
    write_manifest,
)
from louyu_lab.run.parameters import InputError, Parameters
from louyu_lab.run.proof.verify import current_inputs, verify_run
from louyu_lab.study.page import PageChapter, write_page

TABLE = pd.DataFrame(
    {
        "ledger": ["楼宇台账", "税收台账"],
        "rows": pd.array([10, 20], dtype="Int64"),
        "rows_set_aside": pd.array([0, None], dtype="Int64"),
        "errors": [0, 1],
        "warnings": [2, 3],
        "completeness_rate": [0.9, 1 / 3],
    }
)


def _write_data(folder: Path) -> None:
    (folder / "街道").mkdir(parents=True)
    header = "楼宇名称,街道,建筑面积(㎡),可租售面积(㎡),入驻率(%),年份\n"
    (folder / "楼宇台账.csv").write_text(header + "和安大厦,东街,30000,20000,75,2020\n", encoding="utf-8")
    (folder / "街道" / "b.csv").write_text(header + "云台中心,西街,30000,20000,75,2020\n", encoding="utf-8")
    (folder / "街道" / "b 副本.csv").write_text(
        header + "云台中心,西街,30000,20000,75,2020\n", encoding="utf-8"
    )
    (folder / "targets.yaml").write_text("{}\n", encoding="utf-8")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "a.yaml").write_text("{}\n", encoding="utf-8")
    (folder / "说明.md").write_text("说明", encoding="utf-8")


def _write_run(folder: Path, data: Path) -> None:
    chapter = Chapter(Parameters("和安区", 2020), folder)
    chapter.publish("data_quality", TABLE)
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "01.ipynb").write_text("{}", encoding="utf-8")
    (folder / "logs").mkdir()
    (folder / "logs" / "a.log").write_text("x", encoding="utf-8")
    inputs = list(current_inputs(data).items())
    recorded = Parameters("和安区", 2020).recorded()
    fingerprint = fingerprint_of(identity_of("和安区", recorded), inputs, "c" * 64)
    run_id = run_name("和安区", "2020", fingerprint)
    chapters = [
        PageChapter("核对", None),
        PageChapter("预测", None, "skipped", "缺税收 & 楼宇台账，未运行"),
        PageChapter("集聚", None, "failed", "第 3 格出错：\n  列 <税收> 不在"),
    ]
    write_page(chapters, folder / "study.html", "和安区楼宇经济年度研究（2020）", f"运行编号 {run_id}")
    write_manifest(
        folder,
        run_id=run_id,
        district="和安区",
        fingerprint=fingerprint,
        code="c" * 64,
        parameters=recorded,
        inputs=inputs,
        stages=[
            StageResult(f"0{number}", chapter.status, chapter.reason, 0.5, chapter.title)
            for number, chapter in enumerate(chapters, start=1)
        ],
    )


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ledgers and a run on them, to be copied."""
    base = tmp_path_factory.mktemp("untouched")
    _write_data(base / "和安区")
    _write_run(base / "运行", base / "和安区")
    return base


@pytest.fixture
def data(tmp_path: Path, untouched: Path) -> Path:
    return shutil.copytree(untouched / "和安区", tmp_path / "和安区")


@pytest.fixture
def run(tmp_path: Path, untouched: Path, data: Path) -> Path:
    """The run, its ledgers beside it."""
    return shutil.copytree(untouched / "运行", tmp_path / "运行")


def test_an_untouched_run_is_proven_and_its_hashes_printed(run: Path, data: Path) -> None:
    result = verify_run(run, data)
    assert result.ok
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["fingerprint"] in result.text
    assert manifest["results"] in result.text
    assert result.text.splitlines()[-1] == "结论：一致，结果和台账与运行完成时相同。"


def test_the_inputs_are_those_that_a_run_records(data: Path) -> None:
    recorded = read_ledgers(data).inputs
    assert current_inputs(data) == dict(zip(recorded["path"], recorded["sha256"], strict=True))
    # The copy and the note are none.
    assert len(current_inputs(data)) == 4


def test_the_typed_copy_is_rendered_as_publish_does(run: Path) -> None:
    assert as_csv(TABLE) == (run / "tables" / "data_quality.csv").read_bytes()


@pytest.mark.parametrize("place", [0, 40, -2])
def test_any_changed_byte_is_named(run: Path, place: int) -> None:
    for name in ("tables/data_quality.csv", "study.html"):
        content = bytearray((run / name).read_bytes())
        before = bytes(content)
        content[min(place, len(content) - 1)] ^= 1
        (run / name).write_bytes(content)
        result = verify_run(run)
        assert (result.ok, result.changed) == (False, (name,))
        assert f"改动 {name}" in result.text
        (run / name).write_bytes(before)
    assert verify_run(run).ok


def test_a_changed_cell_is_named_by_row_key_and_column(run: Path) -> None:
    path = run / "tables" / "data_quality.csv"
    path.write_bytes(path.read_bytes().replace(b",20,", b",21,"))
    text = verify_run(run).text
    assert "第 3 行（ledger=税收台账）：rows 原为 20，现为 21" in text
    assert text.splitlines()[-1].startswith("结论：不一致（改动 1 个文件）")


def test_rows_taken_out_are_counted_and_a_mere_resaving_is_told_apart(run: Path) -> None:
    path = run / "tables" / "data_quality.csv"
    original = path.read_bytes()
    path.write_bytes(b"\n".join(original.split(b"\n")[:-2]) + b"\n")
    assert "行数由 2 变为 1" in verify_run(run).text
    path.write_bytes(original.decode("utf-8-sig").replace("\n", "\r\n").encode("gb18030"))
    assert "各格内容没变，只是文件的写法（编码、换行、引号）变了" in verify_run(run).text
    path.write_bytes(original[:-1] + "楼".encode()[:2])
    assert "文件断了，或已不是文本表格" in verify_run(run).text
    path.write_bytes(original.replace(b"ledger", b"ledgers"))
    assert "表头变了" in verify_run(run).text


def test_a_typed_copy_that_was_altered_too_is_not_believed(run: Path) -> None:
    path = run / "tables" / "data_quality.csv"
    path.write_bytes(path.read_bytes().replace(b",20,", b",21,"))
    TABLE.assign(rows=[10, 99]).to_parquet(run / "state" / "tables" / "data_quality.parquet", index=False)
    assert "说不出是哪一格" in verify_run(run).text


def test_missing_and_surplus_results_are_faults_and_other_files_are_not(run: Path) -> None:
    page = (run / "study.html").read_bytes()
    (run / "study.html").unlink()
    (run / "tables" / "extra.csv").write_text("1", encoding="utf-8")
    (run / "读书笔记.docx").write_text("1", encoding="utf-8")
    (run / "logs" / "later.log").write_text("1", encoding="utf-8")
    result = verify_run(run)
    assert not result.ok
    assert (result.missing, result.surplus) == (("study.html",), ("tables/extra.csv",))
    assert result.besides == ("读书笔记.docx",)
    (run / "tables" / "extra.csv").unlink()
    (run / "tables" / "~$extra.csv").write_text("1", encoding="utf-8")
    (run / "study.html").write_bytes(page)
    assert verify_run(run).ok


def test_a_run_is_found_from_inside_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run)
    assert verify_run(".").ok


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("district", "清河区", "指纹与所列"),
        ("code", "d" * 64, "指纹与所列"),
        ("parameters", {"data_dir": "和安区", "year": 2019, "seed": 0}, "指纹与所列"),
        ("inputs", [], "指纹与所列"),
        ("fingerprint", "0" * 64, "指纹与所列"),
        ("results", "0" * 64, "结果散列与所列"),
    ],
)
def test_an_edited_manifest_is_said_to_be(run: Path, key: str, value: object, said: str) -> None:
    edit(run, lambda manifest: manifest.update({key: value}))
    result = verify_run(run)
    assert not result.ok
    assert f"清单被改过：{said}" in result.text


def test_a_result_changed_along_with_its_hash_shows_in_the_result_hash(run: Path) -> None:
    (run / "study.html").write_text("<b>", encoding="utf-8")

    def follow(manifest: dict) -> None:
        for entry in manifest["outputs"]:
            if entry["path"] == "study.html":
                entry["sha256"] = hashlib.sha256(b"<b>").hexdigest()

    edit(run, follow)
    result = verify_run(run)
    assert (result.ok, result.changed, len(result.edited)) == (False, (), 1)


def test_a_run_number_of_ones_own_is_an_edit(run: Path) -> None:
    edit(run, lambda manifest: manifest.update(run_id="和安区-2021-00000000"))
    result = verify_run(run)
    assert not result.ok
    assert "清单被改过：运行编号与区名、年份、指纹不符" in result.text


def test_another_program_with_a_fingerprint_and_number_to_match_is_told_by_the_page(run: Path) -> None:
    def forged(manifest: dict) -> None:
        manifest["code"] = "d" * 64
        inputs = [(entry["path"], entry["sha256"]) for entry in manifest["inputs"]]
        identity = identity_of("和安区", manifest["parameters"])
        manifest["fingerprint"] = fingerprint_of(identity, inputs, manifest["code"])
        manifest["run_id"] = run_name("和安区", "2020", manifest["fingerprint"])

    edit(run, forged)
    result = verify_run(run)
    assert (result.ok, result.edited) == (False, ("运行编号与 study.html 上的不符",))


def stage(number: int, **values: object) -> Callable[[dict], None]:
    """Return a change of one chapter's record; None takes a key out."""

    def change(manifest: dict) -> None:
        record = manifest["stages"][number - 1]
        record.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del record[key]

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (stage(1, status="fine"), "第 1 章的状态“fine”"),
        (stage(1, status=None), "第 1 章缺 status"),
        (stage(2, reason=None, seconds=None), "第 2 章缺 reason、seconds"),
        (stage(2, title=7), "第 2 章的写法不对"),
        (stage(2, seconds="1"), "第 2 章的写法不对"),
        (stage(2, seconds=float("nan")), "第 2 章的写法不对"),
        (stage(2, name="01"), "重复的章"),
        (stage(2, status=["done"]), "第 2 章的写法不对"),
        (lambda manifest: manifest.update(stages={"01": "done"}), "stages（章节）不是列表"),
        (lambda manifest: manifest.update(stages=["done"]), "stages（章节）不是列表"),
        # Well-formed, but not what the study shows.
        (stage(3, status="done"), "章节 03 记为完成，却没有它的笔记本"),
        (stage(1, status="failed", reason="坏了"), "章节 01 的状态或原因与 study.html 上的不符"),
        (stage(2, status="failed"), "章节 02 的状态或原因与 study.html 上的不符"),
        (stage(2, reason=""), "章节 02 的状态或原因与 study.html 上的不符"),
        (stage(3, reason="没有列 <税收>"), "章节 03 的状态或原因与 study.html 上的不符"),
        (stage(1, name="09"), "笔记本 01 没有章节记录"),
        (lambda manifest: manifest["stages"].pop(), "章节有 2 个，study.html 上有 3 个"),
        (lambda manifest: manifest.update(stages=[]), "笔记本 01 没有章节记录"),
    ],
)
def test_chapters_recorded_otherwise_than_they_ended_are_an_edit(
    run: Path, change: Callable[[dict], None], said: str
) -> None:
    edit(run, change)
    result = verify_run(run)
    assert not result.ok
    assert any(said in fault for fault in result.edited), result.text
    assert result.text.splitlines()[-1].startswith("结论：不一致（清单被改过）")


def test_a_chapter_taken_over_reads_as_one_that_was_made(run: Path) -> None:
    # Which of the two it was, the study does not show.
    edit(run, stage(1, status="up-to-date", seconds=0.0))
    assert verify_run(run).ok


WRONG = [None, 3, "x", {"a": 1}, [1], [None], [[]], [{}], [{"path": 1, "sha256": "0"}]]
WRONG += [
    [{"path": "a", "sha256": None}],
    [{"path": {}, "sha256": []}],
    [{"path": "/etc/hosts", "sha256": "0"}],
]
WRONG += [
    [{"path": "../x", "sha256": "0"}],
    [{"path": "", "sha256": "0"}],
    [{"path": "a", "sha256": "0"}] * 2,
]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("key", ["outputs", "inputs"])
def test_lists_of_files_of_a_wrong_type_are_an_edit(run: Path, key: str, wrong: object) -> None:
    edit(run, lambda manifest: manifest.update({key: wrong}))
    result = verify_run(run)
    assert not result.ok
    assert result.edited and key in result.edited[0]
    assert "清单被改过：" in result.text


def test_outputs_of_a_wrong_type_are_an_edit_even_with_a_digest_to_match(run: Path) -> None:
    def forged(manifest: dict) -> None:
        manifest["outputs"].append({"path": "study.html", "sha256": "0" * 64})
        manifest["results"] = results_digest(manifest["outputs"])

    edit(run, forged)
    assert verify_run(run).edited == ("outputs（结果文件）里有重复的文件",)


@pytest.mark.parametrize("key", ["run_id", "district", "fingerprint", "results", "code", "parameters"])
@pytest.mark.parametrize("wrong", [None, 3, ["x"], {"year": "2020"}, {"year": True}, {}])
def test_other_values_of_a_wrong_type_are_an_edit(run: Path, key: str, wrong: object) -> None:
    edit(run, lambda manifest: manifest.update({key: wrong}))
    result = verify_run(run)
    assert not result.ok
    assert any(key in fault for fault in result.edited)


def test_versions_cannot_be_proven_but_must_be_versions(run: Path) -> None:
    edit(run, lambda manifest: manifest["versions"].update(pandas="0.1"))
    assert verify_run(run).ok
    edit(run, lambda manifest: manifest.update(versions=["pandas"]))
    assert not verify_run(run).ok


def edit(run: Path, change: Callable[[dict], None]) -> None:
    path = run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def test_changed_lost_and_new_ledgers_are_named(run: Path, data: Path) -> None:
    (data / "targets.yaml").write_text("{a: 1}\n", encoding="utf-8")
    (data / "楼宇台账.csv").rename(data / "楼宇.csv")
    result = verify_run(run, data)
    assert not result.ok
    assert result.ledgers == ("targets.yaml（内容变了）", "楼宇.csv（新增）", "楼宇台账.csv（不在了）")
    assert verify_run(run).ok
    with pytest.raises(InputError, match="找不到台账文件夹"):
        verify_run(run, data / "nowhere")


def test_a_folder_without_a_finished_run_says_how_to_mend_it(run: Path, tmp_path: Path) -> None:
    (tmp_path / "b_未完成").mkdir()
    (tmp_path / "c").mkdir()
    said = {name: verify_run(tmp_path / name) for name in ("b", "b_未完成", "c")}
    assert not any(result.ok for result in said.values())
    for name in ("b", "b_未完成"):
        assert said[name].text.startswith("“b”的运行还没有完成。")
        assert said[name].text.endswith("中断了就用同样的参数再运行一次，会接着做完。")
    assert "没有完成的运行（没有 manifest.json）。请核对路径" in said["c"].text
    assert "找不到运行文件夹" in verify_run(tmp_path / "nowhere").text
    # A former run has lost its manifest, and the one that replaces it has not got its own yet.
    (tmp_path / "c_未完成").mkdir()
    assert "“c”的运行还没有完成" in verify_run(tmp_path / "c").text
    for broken in ("{", "[]", '{"outputs": [1]}', "{}"):
        (run / "manifest.json").write_text(broken, encoding="utf-8")
        assert "清单 manifest.json" in verify_run(run).text


def test_what_was_handed_on_is_proven_and_the_rest_of_state_is_not(run: Path) -> None:
    def listed_anew() -> None:
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        outputs = output_records(run)
        manifest |= {"outputs": outputs, "results": results_digest(outputs)}
        (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    handed = write_handed(run, "tax_draws", pd.DataFrame({"yuan": [1.0]}))
    # Slipped in where the manifest knows of none.
    assert verify_run(run).surplus == ("state/handed/tax_draws.parquet",)
    listed_anew()
    (run / "state" / "request.txt").write_text("x", encoding="utf-8")
    assert verify_run(run).ok
    write_handed(run, "tax_draws", pd.DataFrame({"yuan": [2.0]}))
    assert verify_run(run).changed == ("state/handed/tax_draws.parquet",)
    handed.unlink()
    assert verify_run(run).missing == ("state/handed/tax_draws.parquet",)
