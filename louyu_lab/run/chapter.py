"""What a chapter's notebook works with: the ledgers, the year, and where its tables and figures go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from louyu_lab.analysis import outputs, printing
from louyu_lab.analysis.handed import HANDED, write_handed
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.making.declared import UndeclaredError, declared_only
from louyu_lab.run.making.staging import StageCard, is_declared, read_card
from louyu_lab.run.notebook_cells import refuse_unknown_injected
from louyu_lab.run.parameters import InputError, Parameters, resolved_year
from louyu_lab.run.project import data_folder
from louyu_lab.study.fonts import use_chinese_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Dots per inch of every figure: sharp in print and on a phone.
FIGURE_DPI = 160

_PLAIN_NAME = re.compile(r"[a-z0-9_]+")


class ChapterSkipped(Exception):
    """The chapter ends here for the reason given; a run records it as skipped, not as failed."""

    def _render_traceback_(self) -> list[str]:
        """Show the reason instead of a traceback in the notebook."""
        return [f"本章未运行：{self}"]


@dataclass(frozen=True)
class Chapter:
    """One chapter at work; made by ``open_chapter``.

    ``run_dir`` is missing outside a run: tables and figures are then only shown.
    """

    parameters: Parameters
    run_dir: Path | None

    @cached_property
    def card(self) -> StageCard | None:
        """What a run tells the chapter; None outside a run."""
        return read_card(self.run_dir) if self.run_dir else None

    @cached_property
    def home(self) -> Path | None:
        """The run's own folder: ``run_dir``, or what it belongs to while the chapter is being made."""
        if self.run_dir is None or self.card is None:
            return self.run_dir
        return (self.run_dir / self.card.run).resolve()

    @cached_property
    def ledgers(self) -> Ledgers:
        """The district's ledgers: those the run has read, otherwise read from the data folder.

        In a run only what the chapter declared in graph.yaml can be looked at.
        """
        if self.home and ledgers_state(self.home).is_dir():
            ledgers = Ledgers.load(ledgers_state(self.home))
            open_to_all = self.card is None or self.card.reads is None
            return ledgers if open_to_all else declared_only(ledgers, self.card.reads)
        from louyu_lab.run.reading import read_data

        return read_data(data_folder(self.parameters.data_dir), self.parameters.year or None)

    @property
    def ended(self) -> list[tuple[str, str, str]]:
        """How the chapters before this one ended: title, ``done``, ``skipped`` or ``failed``, reason."""
        return [(title, status, reason) for title, status, reason in self.card.ended] if self.card else []

    def taken(self, name: str) -> pd.DataFrame | None:
        """Return a table of an earlier chapter, or what it handed on, typed; None where there is none.

        Outside a run there is none. Raises UndeclaredError for what comes from a chapter that graph.yaml
        does not put before this one.
        """
        takes = self.card.takes if self.card else None
        if takes is not None and not is_declared(name, takes):
            raise UndeclaredError(name)
        folders = (tables_state(self.home), self.home / HANDED) if self.home else ()
        found = (path for folder in folders if (path := folder / f"{name}.parquet").is_file())
        return next(map(pd.read_parquet, found), None)

    def hand_on(self, name: str, frame: pd.DataFrame) -> None:
        """Keep a frame in the run for later chapters alone, with its types and without its index.

        It is published nowhere; graph.yaml declares it under ``hands``. Raises ValueError for a name that
        is no plain one or is a published table's.
        """
        if not _PLAIN_NAME.fullmatch(name) or name in outputs.TABLES:
            raise ValueError(f"name {name!r}: small letters, digits and underscores, no published table's")
        if self.run_dir:
            write_handed(self.run_dir, name, frame)

    @cached_property
    def year(self) -> int:
        """The year of the study; raises InputError for one that the ledgers do not hold."""
        return resolved_year(self.ledgers, self.parameters.year)

    @property
    def seed(self) -> int:
        """Where random numbers start."""
        return self.parameters.seed

    def publish(self, name: str, frame: pd.DataFrame) -> None:
        """Check a table against its declaration and keep it in the run without showing it.

        ``tables/<name>.csv`` is UTF-8 with BOM, canonical columns and stored units; its typed copy
        lies in ``state/``. Raises KeyError and ValueError as ``outputs.declared``.
        """
        table = outputs.declared(name, frame)
        if self.run_dir:
            (_made(self.run_dir / "tables") / f"{name}.csv").write_bytes(outputs.as_csv(table))
            table.to_parquet(_made(tables_state(self.run_dir)) / f"{name}.parquet", index=False)

    def show(
        self,
        name: str,
        frame: pd.DataFrame,
        rows: int | None = None,
        by: str | None = None,
        *,
        said: bool = False,
    ) -> None:
        """Publish a table and show it, or its first ``rows``; an empty one is passed over with a word.

        ``by`` a column it is shown in parts, one for each of its values in their order. ``said``: the
        chapter's sentences have told why there is nothing, so that an empty one is passed over in silence.
        """
        from IPython.display import HTML, display

        self.publish(name, frame)
        if not len(frame):
            self.say("" if said else f"（{outputs.TABLES[name].zh}：没有可用的数据，从略。）")
        elif by is None:
            display(HTML(printing.display(name, frame, rows).to_html()))
        else:
            for value in frame[by].drop_duplicates():
                display(HTML(printing.display(name, frame[frame[by] == value], rows, of=value).to_html()))

    def say(self, *paragraphs: str) -> None:
        """Show paragraphs of the study's prose (Markdown); empty ones are left out."""
        from IPython.display import Markdown, display

        for text in paragraphs:
            if text:
                display(Markdown(text))

    def draw(
        self, name: str, make: Callable[..., Figure], frame: pd.DataFrame, *args: Any, **kwargs: Any
    ) -> None:
        """Draw ``make(frame, …)`` and keep it as ``figure`` does; without rows there is no figure."""
        if len(frame):
            self.figure(name, make(frame, *args, **kwargs))

    def figure(self, name: str, fig: Figure, alt: str = "") -> None:
        """Show a figure once and keep it in the run as ``figures/<name>.png``.

        ``alt`` describes it to those who cannot see it; by default its title does.
        """
        if not _PLAIN_NAME.fullmatch(name):
            raise ValueError(f"figure name {name!r}: small letters, digits and underscores only")
        png = _drawn(fig)
        if self.run_dir:
            (_made(self.run_dir / "figures") / f"{name}.png").write_bytes(png)
        from IPython.display import Image, display

        width = round(fig.get_size_inches()[0] * 100)
        display(Image(png, format="png", width=width, alt=alt or _title(fig) or name))

    def skip(self, reason: str) -> None:
        """End the chapter here: ``reason`` is shown, and recorded by the run. Raises ChapterSkipped."""
        raise ChapterSkipped(reason)


def open_chapter(
    data_dir: str = "",
    year: int | str = 0,
    run_dir: str = "",
    seed: int | str = 0,
    horizon_years: int | str = Parameters.horizon_years,
) -> Chapter:
    """Return the chapter's workbench and make the notebook ready to draw Chinese text.

    ``data_dir`` "" is the demonstration district, ``year`` 0 the latest year the ledgers hold,
    ``run_dir`` "" no run. A number given as text is repaired: use ``chapter.parameters`` from here on.
    Raises InputError for parameters that cannot be right, and for names that papermill has injected and
    the notebook's parameters cell does not hold.
    """
    refuse_unknown_injected()
    asked = {"data_dir": data_dir, "year": year, "seed": seed, "horizon_years": horizon_years}
    parameters = Parameters.from_mapping(asked, "本章的参数")
    if not isinstance(run_dir, str | Path):
        raise InputError(f"本章的参数：run_dir 应为文字，现为“{run_dir}”。请给它加上引号，手工运行请留空。")
    use_chinese_font()
    return Chapter(parameters, Path(run_dir).resolve() if run_dir else None)


def _drawn(fig: Figure) -> bytes:
    """Return the figure as PNG bytes that depend on nothing but the figure, and close it.

    A palette of 256 colours makes the file three times smaller and looks the same.
    """
    import matplotlib.pyplot as plt
    from PIL import Image

    drawn, kept = BytesIO(), BytesIO()
    # Read back at once: packing it would take as long as drawing it.
    fig.savefig(drawn, format="png", dpi=FIGURE_DPI, bbox_inches="tight", pil_kwargs={"compress_level": 0})
    plt.close(fig)
    with Image.open(drawn) as picture:
        few = picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    # The last level would take three times as long for two hundredths less.
    few.save(kept, format="png", compress_level=8)
    return kept.getvalue()


def _title(fig: Figure) -> str:
    titles = [fig.get_suptitle(), *(axes.get_title(loc) for axes in fig.axes for loc in ("center", "left"))]
    return next((title for title in titles if title), "")


def ledgers_state(run_dir: Path) -> Path:
    """Return the folder in which a run keeps the ledgers as read."""
    return run_dir / "state" / "ledgers"


def tables_state(run_dir: Path) -> Path:
    """Return the folder in which a run keeps its published tables with their types."""
    return run_dir / "state" / "tables"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
