"""The faults a ledger can have: each rule once, with its severity and how to mend it.

``fatal`` nothing can be read, ``error`` the row is set aside, ``warning`` it is used. A reader adds
faults to a ``FaultLog``; the log turns into one frame, worst first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from louyu_lab.ledgers.model import CONVERSION_COLUMNS, FAULT_COLUMNS

#: Severities from worst to mildest.
SEVERITIES = ("fatal", "error", "warning")


@dataclass(frozen=True)
class Rule:
    """One rule: what is wrong, how grave it is and how to mend it (both in Chinese)."""

    key: str
    severity: str
    zh: str
    remedy: str


_RULES = (
    # Files and sheets
    (
        "folder-empty",
        "fatal",
        "文件夹里没有可读的台账",
        "放入 .xlsx、.xls 或 .csv 台账；各列见 louyu check --dictionary",
    ),
    (
        "file-password",
        "fatal",
        "工作簿有打开密码",
        "在 Excel 中打开，文件—信息—保护工作簿—用密码加密，清空密码后另存",
    ),
    (
        "file-broken",
        "fatal",
        "文件损坏或不完整",
        "重新导出或重新拷贝一份；若能在 Excel 中打开，另存为 .xlsx 后替换",
    ),
    ("file-encoding", "fatal", "文字编码认不出", "在 Excel 中打开后另存为“CSV UTF-8（逗号分隔）”"),
    ("file-empty", "error", "文件是空的", "补填后重跑；不用的文件请移出文件夹"),
    (
        "file-open",
        "warning",
        "文件正在 Excel 中打开（旁有锁文件）",
        "按磁盘上已保存的内容读取；请保存并关闭后重跑",
    ),
    ("file-kind", "warning", "不是台账文件，未读取", "台账用 .xlsx、.xls 或 .csv；其他文件可移出文件夹"),
    ("sheet-hidden", "warning", "隐藏的工作表，未读取", "要用请在 Excel 中取消隐藏；不用请删除"),
    (
        "sheet-unknown",
        "warning",
        "认不出是哪种台账，未读取",
        "表头至少要有该台账的必需列；叫法不同可在 columns.yaml 里对应",
    ),
    ("sheet-no-rows", "warning", "只有表头，没有数据", "补填后重跑；不用的工作表请删除"),
    # Columns
    ("column-unknown", "warning", "认不出的列，未使用", "需要时在 columns.yaml 里把它对应到台账的列"),
    ("column-twice", "warning", "两列是同一个意思，用了靠左的一列", "删去一列，或在 columns.yaml 里说明"),
    (
        "column-mapping",
        "error",
        "columns.yaml 里对应的列不存在",
        "右边写台账的列名，见 louyu check --dictionary",
    ),
    ("unit-unstated", "warning", "没有写单位", "在表头写明单位，如“税收(万元)”“建筑面积(㎡)”"),
    ("unit-mixed", "warning", "同一列有的写了单位、有的没写", "统一单位并写在表头"),
    ("year-unstated", "warning", "没有写年份", "加“年份”列，或在工作表名、文件名里写年份，或用 --year 指定"),
    # Cells
    ("number-unreadable", "error", "不是数字", "改为数字，单位写在表头"),
    ("date-unreadable", "error", "不是日期", "改为日期，如 2020-06-30"),
    ("flag-unreadable", "warning", "不是“是/否”，按空白处理", "填“是”或“否”"),
    ("choice-unknown", "warning", "不在选项之内，原样保留", "改为数据字典所列的选项"),
    ("unit-suspect", "error", "数值与单位不符，疑似单位错误", "核对单位后改正数值或表头"),
    ("out-of-range", "error", "超出合理范围", "核对数值；范围见数据字典"),
    ("rate-over-100", "error", "比例超过 100%", "核对分子、分母；比例填 0–100 并在表头写 %"),
    ("key-missing", "error", "缺必填项", "补填"),
    (
        "code-invalid",
        "warning",
        "统一社会信用代码校验不符（GB 32100）",
        "对照营业执照改正；在此之前按企业名称识别",
    ),
    ("code-number", "warning", "信用代码存成了数字，末几位已丢失", "把该列设为文本格式后重新录入"),
    (
        "total-differs",
        "warning",
        "合计行与明细之和不符",
        "核对明细是否缺行或合计是否未更新；合计行不参与计算",
    ),
    # Rows
    ("row-duplicate", "error", "重复行", "删去一行；若确是两处，请分别写明楼层或面积"),
    ("building-duplicate", "error", "同一楼宇重复登记", "保留一行；不是同一幢请用不同的楼宇编号"),
    ("building-similar", "warning", "楼名相近，未合并", "若是同一幢，把另一个叫法写进“别名”列"),
    (
        "building-unknown",
        "warning",
        "楼宇台账里没有这幢楼，按楼外企业处理",
        "改正楼名，或在楼宇台账补登，或写进“别名”列",
    ),
    ("building-set-aside", "warning", "所在楼宇的登记行有误已搁置，按楼外处理", "先改正楼宇台账中的这一行"),
    ("building-conflict", "warning", "楼宇编号与楼宇名称不是同一幢，按编号处理", "核对编号和名称"),
    ("rentable-over-gross", "warning", "可租售面积大于建筑面积", "核对两列面积和单位"),
    ("occupied-over-rentable", "error", "入驻面积大于可租售面积", "核对入驻面积；含地下、车库的请剔除"),
    ("occupancy-disagrees", "warning", "入驻率与入驻面积算出的不符，用面积", "核对分母是否为可租售面积"),
    ("rentable-missing", "warning", "缺可租售面积，入驻率无法计入汇总", "在楼宇台账补填可租售面积"),
    ("code-two-names", "warning", "同一信用代码对应不同企业名称", "核对是否更名或错填"),
    ("name-two-codes", "warning", "同一企业名称对应不同信用代码", "核对哪个代码正确"),
    (
        "code-repeated",
        "warning",
        "同一企业有多行在驻记录",
        "确有多处租用可不改；税收按面积分摊，企业只计一户",
    ),
    ("dates-reversed", "error", "迁出早于迁入", "核对两个日期"),
    ("area-tiny-exit", "warning", "迁出企业面积不足 5㎡，疑似漏写“万”，面积按空白处理", "核对面积和单位"),
    ("tax-refund", "warning", "税收为负，按退税保留", "确为退税可不改"),
    (
        "tax-repeated",
        "warning",
        "同一对象同一期有多行金额不同的税收，已相加",
        "核对是否重复导出；分税种的请填“税种”",
    ),
    ("tax-levels-differ", "warning", "楼内企业税收之和大于楼宇总额，用楼宇总额", "核对楼宇总额的口径"),
    ("tax-periods-overlap", "warning", "既有全年又有分期，只用全年", "删去一种，或分开两份台账"),
    # Series
    ("unit-break", "error", "相邻年份相差千倍以上，疑似换了单位，较短的一段已搁置", "统一各年单位后重跑"),
    ("series-jump", "warning", "相邻年份相差千倍以上，疑似单位错误", "核对这两年的单位；确实如此可不改"),
    # Side files
    ("targets-unreadable", "error", "targets.yaml 读不懂", "写法见 README“目标”一节"),
)

#: Every rule by its key.
RULES = {key: Rule(key, severity, zh, remedy) for key, severity, zh, remedy in _RULES}


@dataclass
class FaultLog:
    """Collects faults and conversions while a folder is read."""

    _faults: list[pd.DataFrame] = field(default_factory=list)
    _conversions: list[tuple[str, str, str, str, int, str]] = field(default_factory=list)
    _headings: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def heading(self, file: str, sheet: str, column: str, text: str) -> None:
        """Remember how the user spells a column of this sheet, for faults found later."""
        self._headings.setdefault((file, sheet, column), text)

    def add(
        self,
        rule: str,
        file: str,
        sheet: str = "",
        rows: Iterable[int] | int | None = None,
        column: str = "",
        values: Iterable[object] | object = "",
        severity: str | None = None,
        remedy: str | None = None,
    ) -> None:
        """Add one fault, or one for each of ``rows`` with the matching entry of ``values``."""
        known = RULES[rule]
        if rows is None or isinstance(rows, int):
            rows, values = [rows], [values]
        listed = list(rows)
        if not listed:
            return
        cells = [values] * len(listed) if isinstance(values, str) else list(values)
        self._faults.append(
            pd.DataFrame(
                {
                    "file": file,
                    "sheet": sheet,
                    "row": pd.array([None if row is None else int(row) for row in listed], dtype="Int64"),
                    "column": column,
                    "value": ["" if cell is None else printed_cell(cell) for cell in cells],
                    "rule": known.zh,
                    "remedy": remedy or known.remedy,
                    "severity": severity or known.severity,
                }
            )
        )

    def add_rows(self, rule: str, frame: pd.DataFrame, column: str, values: Iterable[object]) -> None:
        """Add a fault for every row of a ledger frame, which carries its own ``file, sheet, row``.

        ``column`` is the catalogue's 中文名, several separated by ``|``; the first one that the sheet has
        is shown as the user spells it.
        """
        if len(frame) == 0:
            return
        known = RULES[rule]
        part = frame[["file", "sheet", "row"]].copy()
        part["column"] = [
            self._spelled(file, sheet, column)
            for file, sheet in zip(part["file"], part["sheet"], strict=True)
        ]
        part["value"] = [printed_cell(value) for value in values]
        part["rule"], part["remedy"], part["severity"] = known.zh, known.remedy, known.severity
        self._faults.append(part)

    def _spelled(self, file: str, sheet: str, column: str) -> str:
        names = column.split("|")
        spelled = (self._headings.get((file, sheet, name)) for name in names)
        return next((text for text in spelled if text), names[0])

    def convert(
        self, file: str, sheet: str, column: str, conversion: str, cells: int, example: object
    ) -> None:
        """Note a conversion made while reading: what, how many cells, one example."""
        if cells:
            self._conversions.append((file, sheet, column, conversion, int(cells), printed_cell(example)))

    def faults(self) -> pd.DataFrame:
        """Return all faults, columns ``FAULT_COLUMNS``, worst first, then in reading order."""
        if not self._faults:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in FAULT_COLUMNS}).astype(
                {"row": "Int64"}
            )
        frame = pd.concat(self._faults, ignore_index=True)[list(FAULT_COLUMNS)]
        frame = frame.drop_duplicates(ignore_index=True)
        order = frame["severity"].map({name: rank for rank, name in enumerate(SEVERITIES)})
        by = frame.assign(order=order).sort_values(
            ["order", "file", "sheet", "row", "column", "rule"], kind="stable"
        )
        text = {name: "str" for name in FAULT_COLUMNS if name != "row"}
        return by.drop(columns="order").astype({**text, "row": "Int64"}).reset_index(drop=True)

    def conversions(self) -> pd.DataFrame:
        """Return all conversions, columns ``CONVERSION_COLUMNS``, in file order."""
        frame = pd.DataFrame(self._conversions, columns=list(CONVERSION_COLUMNS))
        text = {name: "str" for name in CONVERSION_COLUMNS if name != "cells"}
        frame = frame.astype({**text, "cells": "int64"})
        return frame.sort_values(["file", "sheet", "column"], kind="stable", ignore_index=True)


def printed_cell(value: object) -> str:
    """Return a cell's value as a person reads it: no ``.0`` on whole numbers, no time on plain dates."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.12g}"
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%d")
    return str(value)
