"""What the check says of slips, replies and open questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from louyu_lab.ledgers.review.contacts import without_numbers
from louyu_lab.run.returns.answers import ACCEPTED, Answers, Change
from louyu_lab.run.returns.slip_rows import NO_STREET

if TYPE_CHECKING:
    from louyu_lab.run.returns.question_book import Asked
    from louyu_lab.run.returns.register import Entered
    from louyu_lab.run.returns.slip_folder import Written

#: Lines of a list shown on the screen; the rest is counted.
_SHOWN = 30

#: Where the whole of a long list is written.
REPLIES_FILE = "回复读回.txt"


def reply_summary(answers: Answers, entered: Entered, whole: bool = False) -> str:
    """Say what the replies brought, what was left unanswered, and what was not understood.

    Long lists are cut short unless ``whole``; telephone numbers and the like are left out.
    """
    accepted = [verdict for verdict in answers.verdicts if verdict.decision == ACCEPTED]
    lines = [_counts(answers, len(accepted))]
    if entered.is_nothing and (answers.changes or answers.verdicts or answers.decided):
        lines.append("  这些答复先前都已记下，没有新增。")
    elif not entered.is_nothing:
        decided = entered.accepted + entered.opened + entered.decided
        lines.append(
            f"  新记入 更正.xlsx {entered.corrections} 条，复核.xlsx {decided} 条"
            "（改动前的版本留在台账文件夹的 .louyu 里）。"
        )
    errors = sum(verdict.severity != "warning" for verdict in accepted)
    if errors:
        lines.append(f"  其中 {errors} 处属实的是错误：不再提示，但所在行仍不参与计算。多余的行应答“删除”。")
    explained = len(answers.verdicts) - len(accepted)
    if explained:
        lines.append(f"  另有 {explained} 处写了情况说明，记在 复核.xlsx，等您决定。")
    lines += [f"  {street}：{count} 行未答复" for street, count in answers.unanswered]
    lines += _listed(
        "处改的是没有疑问的格，已记下，请过目",
        [_told(change) for change in answers.changes if not change.was_doubted],
        whole,
    )
    lines += _listed(
        "行按答复删去，请过目",
        [f"{change.place}（{change.source}）" for change in answers.changes if change.deletes],
        whole,
    )
    lines += _listed("处没有采用", [*answers.remarks, *entered.remarks], whole)
    return "\n".join(map(without_numbers, lines))


def next_steps(slips: Written, asked: Asked, data_name: str) -> str:
    """Say what to do with the slips and the open questions, and what was left as it was."""
    lines = []
    if slips.slips:
        names = "、".join(path.stem for path in slips.slips)
        others = f"，“{NO_STREET}”的发给管这些台账的部门" if NO_STREET in names.split("、") else ""
        lines.append(
            f"核实单 {len(slips.slips)} 份（{names}）：发给各街道{others}；"
            "填好发回后用 --replies 文件夹 读回。"
        )
    lines += [
        f"“{path.name}”里有填好而没有读回的答复，没有重写。请用 --replies 读回，或把它移到别处。"
        for path in slips.filled
    ]
    lines += [f"“{path.name}”不是核实单，没有覆盖。请把它移到别处再核对。" for path in slips.foreign]
    if asked.kept:
        lines.append(f"“{asked.path.name}”打不开，没有重写。请关闭或修复它，或移到别处。")
    if asked.waiting:
        lines.append(
            f"“{asked.path.name}”里有 {asked.waiting} 项填好的决定还不在台账文件夹里。读进去："
            f"louyu check {data_name} --replies {asked.path.parent}；先前的决定都会保留。"
        )
    if asked.open:
        lines.append(
            f"待定事项 {asked.open} 项，见 {asked.path.name}：填好“决定”一列，用 --replies 读回，"
            "或放进台账文件夹（其中已含原有的决定）。"
        )
    return "\n".join(lines)


def _counts(answers: Answers, accepted: int) -> str:
    unanswered = sum(count for _, count in answers.unanswered)
    parts = []
    if answers.slips or not answers.decided:
        parts.append(
            f"从 {answers.slips} 份核实单读回 {len(answers.changes)} 处更正、{accepted} 处属实，"
            f"{unanswered} 行未答复。"
        )
    if answers.decided:
        parts.append(f"从 复核.xlsx 读回 {len(answers.decided)} 项决定和说明。")
    return "".join(parts)


def _told(change: Change) -> str:
    return (
        f"{change.place}“{change.field}”：{change.old or '空白'} → {change.new or '空白'}（{change.source}）"
    )


def _listed(said: str, entries: list[str], whole: bool) -> list[str]:
    if not entries:
        return []
    shown = entries if whole else entries[:_SHOWN]
    more = [f"  …… 其余 {len(entries) - len(shown)} 处见 {REPLIES_FILE}"] if len(entries) > len(shown) else []
    return [f"下面 {len(entries)} {said}：", *(f"  {entry}" for entry in shown), *more]
