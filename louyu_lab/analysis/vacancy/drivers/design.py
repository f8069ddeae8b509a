"""From named drivers to the columns of a regression: numbers as they are, texts as levels, group means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.newton import blocks
from louyu_lab.analysis.vacancy.drivers.problems import DriverError, few, not_numbers, rows_zh

#: Share of a number's variance within groups up to which it counts as fixed there: a rent rounded to a tenth,
#: a premium against a mean that others move. A change within the group could not be told from such noise.
NEARLY_FIXED = 0.01


@dataclass(frozen=True)
class DriverColumns:
    """Where a driver stands in the matrix.

    A number has one column at ``first``; a text one column for each of ``levels``, those beside the
    ``reference``. ``is_binary`` marks a number that is 0 or 1. With ``has_mean`` the mean of its group
    stands in the column after (Mundlak 1978).
    """

    driver: str
    first: int
    levels: tuple[str, ...] = ()
    reference: str = ""
    is_binary: bool = False
    has_mean: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the driver is a text with levels."""
        return bool(self.levels)

    @property
    def is_switch(self) -> bool:
        """Whether its effect is a difference between settings, not a slope."""
        return self.is_text or self.is_binary

    @property
    def width(self) -> int:
        """How many columns the driver takes."""
        return (len(self.levels) or 1) + self.has_mean


@dataclass(frozen=True)
class Design:
    """How a frame becomes the matrix of a regression; column 0 is the intercept.

    ``mundlak`` names the column whose groups the means are taken over, ``means`` holds driver -> group -> the
    mean over the rows fitted: of a group the model knows it is that, whatever rows are asked about. ``fill``
    (k,) holds what a missing
    driver value is taken for where that is asked, the mean of its columns over the rows fitted.
    """

    columns: tuple[DriverColumns, ...]
    mundlak: str | None = None
    fill: np.ndarray | None = None
    means: dict[str, pd.Series] = field(default_factory=dict)

    @property
    def drivers(self) -> tuple[str, ...]:
        """Names of the drivers in the model."""
        return tuple(place.driver for place in self.columns)

    @property
    def width(self) -> int:
        """Number of columns, the intercept included."""
        return 1 + sum(place.width for place in self.columns)

    def columns_of(self, driver: str) -> np.ndarray:
        """Return the positions of a driver's columns, its group mean included."""
        place = next(place for place in self.columns if place.driver == driver)
        return np.arange(place.first, place.first + place.width)

    def terms(self) -> pd.DataFrame:
        """Return ``driver, level, is_mean`` of each column; the intercept has no driver."""
        rows = [("", "", False)]
        for place in self.columns:
            rows += [(place.driver, level, False) for level in place.levels or ("",)]
            rows += [(place.driver, "", True)] * place.has_mean
        return pd.DataFrame(rows, columns=["driver", "level", "is_mean"])

    def matrix(self, frame: pd.DataFrame, fill: bool = False) -> np.ndarray:
        """Return the matrix (n, k) of a frame; rows that lack a driver are NaN there, or filled.

        Raises DriverError for columns that are not there, texts among numbers and levels the model has not
        seen.
        """
        frame = tidy_levels(frame, [place.driver for place in self.columns if place.driver in frame])
        self._refuse_unknown(frame)
        columns = [column for place in self.columns for column in self._columns(place, frame)]
        made = np.empty((len(frame), self.width))
        made[:, 0] = 1.0
        # A block of rows at a time stays in the cache while all columns are written across it.
        for rows in blocks(len(frame)):
            for at, column in enumerate(columns, start=1):
                made[rows, at] = column[rows]
        if fill:
            missing = np.isnan(made)
            made[missing] = np.broadcast_to(self.fill, made.shape)[missing]
        return made

    def _columns(self, place: DriverColumns, frame: pd.DataFrame) -> list[np.ndarray]:
        column = frame[place.driver]
        if place.is_text:
            codes = level_codes(column, place.levels)
            missing = column.isna().to_numpy()
            return [np.where(missing, np.nan, codes == i) for i in range(len(place.levels))]
        own = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        if not place.has_mean:
            return [own]
        # Outside the groups of a panel a row is its own group.
        groups = frame[self.mundlak] if self.mundlak in frame else pd.Series(range(len(frame)))
        groups = pd.Series(groups.to_numpy())
        among = pd.Series(own).groupby(groups).transform("mean")
        known = groups.map(self.means[place.driver]) if self.mundlak in frame else among
        return [own, known.fillna(among).to_numpy(dtype="float64")]

    def _refuse_unknown(self, frame: pd.DataFrame) -> None:
        problems = [f"缺少“{name}”列，模型需要它。" for name in self.drivers if name not in frame]
        for place in self.columns:
            if place.driver not in frame:
                continue
            if not place.is_text:
                problems += _text_problems(frame[place.driver])
            else:
                held = frame[place.driver].dropna().astype("str").unique()
                unknown = sorted(set(held) - {place.reference, *place.levels})
                if unknown:
                    known = few(sorted([place.reference, *place.levels]))
                    problems.append(
                        f"“{place.driver}”列有模型没有见过的取值：{few(unknown)}；可用的是 {known}。"
                    )
        if problems:
            raise DriverError(problems)


def _text_problems(column: pd.Series) -> list[str]:
    """Say which texts stand in a driver that the model knows as a number, and where."""
    is_text = not_numbers(column).to_numpy()
    if not is_text.any():
        return []
    texts = few([f"“{text}”" for text in column[is_text].astype("str").unique()], 3)
    return [f"“{column.name}”列在模型里是数值，{rows_zh(is_text)}是文字：{texts}。请改为数值或留空。"]


def level_codes(column: pd.Series, levels: Sequence[str]) -> np.ndarray:
    """Return each row's position among ``levels``; −1 for any other."""
    return pd.Index(list(levels), dtype="str").get_indexer(column.astype("str"))


def tidy_levels(frame: pd.DataFrame, drivers: Sequence[str]) -> pd.DataFrame:
    """Return the frame without the blanks around texts of its drivers; nothing but blanks is missing."""
    tidied = {}
    for driver in drivers:
        column = frame[driver]
        if isinstance(column.dtype, pd.StringDtype) or column.dtype == object:
            # Levels are few: looking at each once is what makes this quick.
            texts = [cell for cell in column.unique() if isinstance(cell, str)]
            untidy = {text: text.strip() or None for text in texts if not text or text != text.strip()}
            if untidy:
                tidied[driver] = column.map(lambda cell, untidy=untidy: untidy.get(cell, cell))
    return frame.assign(**tidied) if tidied else frame


def is_text(column: pd.Series) -> bool:
    """Tell whether a driver has levels: texts, categories and yes/no; anything else is a number."""
    return not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def learn_design(
    frame: pd.DataFrame, drivers: Sequence[str], reference: Mapping[str, str], mundlak: str | None
) -> Design:
    """Return the design of ``drivers`` over the rows of ``frame``, which lack nothing.

    Levels are sorted; ``reference`` names the one that others are held against, else the first. Group
    means are added for numbers that vary within the groups of ``mundlak``.
    """
    places, means, first = [], {}, 1
    for driver in drivers:
        column = frame[driver]
        if is_text(column):
            levels = sorted(column.astype("str").unique())
            held_against = str(reference.get(driver, levels[0]))
            others = tuple(level for level in levels if level != held_against)
            place = DriverColumns(driver, first, others, held_against)
        else:
            varies = mundlak is not None and _varies_within(column, frame[mundlak])
            is_binary = bool(column.isin((0, 1)).all()) if column.iloc[0] in (0, 1) else False
            place = DriverColumns(driver, first, is_binary=is_binary, has_mean=varies)
            if varies:
                means[driver] = column.astype("float64").groupby(frame[mundlak].to_numpy()).mean()
        places.append(place)
        first += place.width
    return Design(tuple(places), mundlak, means=means)


def _varies_within(column: pd.Series, groups: pd.Series) -> bool:
    """Tell whether a number changes within its groups by more than a trait measured with some error."""
    values = column.astype("float64")
    within = values - values.groupby(groups.to_numpy()).transform("mean")
    return bool(within.var(ddof=0) > NEARLY_FIXED * values.var(ddof=0))
