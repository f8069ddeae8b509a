"""What the check says of slips, replies and open questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from louyu_lab.run.returns.answers import ACCEPTED, Answers

if TYPE_CHECKING:
    from louyu_lab.run.returns.questions import Asked
    from louyu_lab.run.returns.register import Entered
    from louyu_lab.run.returns.slip_folder import Written

#: Remarks shown; the rest is counted.
_SHOWN = 30


def reply_summary(answers: Answers, entered: Entered) -> str:
    """Say what the replies brought, what was left unanswered, and what was not understood."""
    accepted = [verdict for verdict in answers.verdicts if verdict.decision == ACCEPTED]
    unanswered = sum(count for _, count in answers.unanswered)
    lines = [
        f"从 {answers.slips} 份核实单读回 {len(answers.changes)} 处更正、{len(accepted)} 处属实，"
        f"{unanswered} 行未答复。"
    ]
    if entered.is_nothing and (answers.changes or answers.verdicts):
        lines.append("  这些答复先前都已记下，没有新增。")
    elif not entered.is_nothing:
        lines.append(
            f"  新记入 更正.xlsx {entered.corrections} 条，复核.xlsx {entered.accepted + entered.opened} 条"
            "（改动前的版本留在台账文件夹的 .louyu 里）。"
        )
    errors = sum(verdict.severity != "warning" for verdict in accepted)
    if errors:
        lines.append(f"  其中 {errors} 处属实的是错误：不再提示，但所在行仍不参与计算。")
    explained = len(answers.verdicts) - len(accepted)
    if explained:
        lines.append(f"  另有 {explained} 处写了情况说明，记在 复核.xlsx 的“问题”表，等您决定。")
    lines += [f"  {street}：{count} 行未答复" for street, count in answers.unanswered]
    remarks = [*answers.remarks, *entered.remarks]
    if remarks:
        lines.append(f"下面 {len(remarks)} 处没有采用：")
        lines += [f"  {remark}" for remark in remarks[:_SHOWN]]
        lines += [f"  …… 其余 {len(remarks) - _SHOWN} 处"] if len(remarks) > _SHOWN else []
    return "\n".join(lines)


def next_steps(slips: Written, asked: Asked) -> str:
    """Say what to do with the slips and the open questions, and what was left as it was."""
    lines = []
    if slips.slips:
        names = "、".join(path.stem for path in slips.slips)
        lines.append(
            f"核实单 {len(slips.slips)} 份（{names}）：发给各街道，填好发回后用 --replies 文件夹 读回。"
        )
    lines += [
        f"“{path.name}”里有填好而没有读回的答复，没有重写。请用 --replies 读回，或把它移到别处。"
        for path in slips.filled
    ]
    lines += [f"“{path.name}”不是核实单，没有覆盖。请把它移到别处再核对。" for path in slips.foreign]
    if asked.kept:
        lines.append(
            f"“{asked.path.name}”里有填好的决定还不在台账文件夹里，没有重写。请把它放进台账文件夹，或移到别处。"
        )
    elif asked.open:
        lines.append(f"待定事项 {asked.open} 项，见 {asked.path.name}：填好“决定”一列，放进台账文件夹。")
    return "\n".join(lines)
