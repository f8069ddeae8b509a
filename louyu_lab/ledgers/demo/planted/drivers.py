"""The drivers of vacancy: what each does to the rates of letting and leaving, and its value by year.

Values are computed from the ledgers' own columns, rounded as they are printed, so that whoever reads
the ledgers sees exactly what drives the process; only the rent premium acts unrounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

GRADES = ("丙级", "乙级", "甲级", "超甲级")
PROPERTY_GRADES = ("三级", "二级", "一级")

#: Years in which space newly opened near by still competes.
_SUPPLY_YEARS = 2


@dataclass(frozen=True)
class Driver:
    """A driver on the scale a regression would use.

    ``letting`` and ``leaving`` are the planted effects of one unit on the logarithms of the letting
    rate and of the exit hazard; at rest ``logit(vacancy) = ln(exit hazard) − ln(letting rate)``, so one
    unit moves that logit by ``leaving − letting``. ``step`` is the contrast in units of the scale,
    ``centre`` the value at which the reference rates hold. Where not ``is_lasting``, a building
    has a value for a year or two only: what it does within a year is less than had it always been so.
    ``note`` tells whoever compares an estimate what to mind.
    """

    name: str
    columns: tuple[str, ...]
    unit: str
    contrast: str
    step: float
    centre: float
    letting: float
    leaving: float
    is_lasting: bool = True
    note: str = ""


DRIVERS = (
    Driver("ln_owners", ("owners",), "产权户数的自然对数", "产权户数翻一番", np.log(2), 2.0, -0.16, 0.03),
    Driver(
        "age_decades", ("completion_year", "refit_year"),
        "距竣工或最近改造的年数÷10", "早十年竣工或改造", 1.0, 1.4, -0.20, 0.05,
        note="改造使楼龄骤降，空置率随后几年才跟上，故带年份虚拟变量的同年回归约低一到两成",
    ),
    Driver(
        "parking_per_100sqm", ("parking_spaces", "gross_area_sqm"),
        "每百平方米建筑面积的车位数", "每百平方米多 0.2 个车位", 0.2, 0.65, 0.45, -0.10,
    ),
    Driver(
        "thousand_sqm_per_lift", ("lifts", "gross_area_sqm"),
        "每部客梯的建筑面积（千㎡）", "每部客梯多管 1000㎡", 1.0, 3.3, -0.07, 0.01,
    ),
    Driver(
        "ln_metro_m", ("metro_distance_m",),
        "距地铁米数的自然对数", "距地铁远一倍", np.log(2), 6.3, -0.14, 0.02,
    ),
    Driver(
        "grade_steps", ("grade",), "等级，丙级 0 至超甲级 3", "高一个等级", 1.0, 1.3, 0.18, -0.06,
        note="contrast 对最高等级也再加一级，即超出现有等级",
    ),
    Driver(
        "property_grade_steps", ("property_grade",),
        "物业等级，三级 0 至一级 2", "物业高一级", 1.0, 1.0, 0.14, -0.05,
        note="contrast 对最高等级也再加一级，即超出现有等级",
    ),
    Driver(
        "ln_gross_area", ("gross_area_sqm",),
        "建筑面积㎡的自然对数", "建筑面积大一倍", np.log(2), 10.3, -0.14, -0.04,
    ),
    Driver(
        "ln_rent_premium", ("asking_rent_yuan",),
        "报价租金的自然对数减同等级同年的平均", "租金比同等级高 10%", np.log(1.1), 0.0, -0.70, 0.10,
        note="过程用的是未取整的溢价，相对于该等级的标准租金；台账租金取整到 0.1 元，同等级平均另有抽样误差",
    ),
    Driver(
        "nearby_supply", ("opened_date", "area", "gross_area_sqm"),
        "同地区其他楼宇当年和上一年投用面积÷其存量", "占存量多 10 个百分点", 0.1, 0.04, -0.90, 0.0,
        is_lasting=False,
        note="每幢楼只受一两年影响：同年回归所得略高于 ape_same_year_points，远低于 ape（假定年年如此）",
    ),
)  # fmt: skip


def driver_values(buildings: pd.DataFrame, rent_premium: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the drivers, shape (drivers, buildings, years), from the building ledger before blanks.

    ``rent_premium`` is the logarithm of each building's asking rent over that of its grade. The rents
    printed are rounded to 0.1 元 and the grade's own rent is not printed: a reader's premium, taken from
    the mean of the grade, errs by a little.
    """
    gross = buildings["gross_area_sqm"].to_numpy()
    fixed = {
        "ln_owners": np.log(buildings["owners"].to_numpy()),
        "parking_per_100sqm": buildings["parking_spaces"].to_numpy() / gross * 100,
        "thousand_sqm_per_lift": gross / buildings["lifts"].to_numpy() / 1000,
        "ln_metro_m": np.log(buildings["metro_distance_m"].to_numpy()),
        "grade_steps": steps(buildings["grade"], GRADES),
        "property_grade_steps": steps(buildings["property_grade"], PROPERTY_GRADES),
        "ln_gross_area": np.log(gross),
        "ln_rent_premium": rent_premium,
    }
    by_name = {
        name: np.repeat(np.asarray(v, float)[:, None], len(years), axis=1) for name, v in fixed.items()
    }
    by_name["age_decades"] = age_decades(buildings, years)
    by_name["nearby_supply"] = nearby_supply(buildings, years)
    return np.stack([by_name[driver.name] for driver in DRIVERS])


def steps(labels: pd.Series, order: tuple[str, ...]) -> np.ndarray:
    """Return each label's position in ``order``, from 0."""
    return labels.map({label: i for i, label in enumerate(order)}).to_numpy(dtype=float)


def age_decades(buildings: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    """Return decades since completion, or since a refit from its year on; shape (buildings, years)."""
    completed = buildings["completion_year"].to_numpy(dtype=float)[:, None]
    refit = buildings["refit_year"].to_numpy(dtype=float)[:, None]
    since = np.where(refit <= years[None, :], refit, completed)
    return np.maximum(years[None, :] - since, 0) / 10


def nearby_supply(buildings: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    """Return space of other buildings of the 地区 opened this year or last, over their stock (0–1)."""
    gross = buildings["gross_area_sqm"].to_numpy()[:, None]
    opened = buildings["opened_date"].dt.year.to_numpy()[:, None]
    stock = gross * (opened <= years)
    new = stock * (opened > years - _SUPPLY_YEARS)
    area = buildings["area"].astype("category").cat.codes.to_numpy()
    other_stock, other_new = _of_others(stock, area), _of_others(new, area)
    return np.divide(other_new, other_stock, out=np.zeros_like(other_new), where=other_stock > 0)


def _of_others(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    totals = np.zeros((group.max() + 1, values.shape[1]))
    np.add.at(totals, group, values)
    return totals[group] - values
