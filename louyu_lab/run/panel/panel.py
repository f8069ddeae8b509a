"""The panel itself: widgets, what they do when moved, and nothing that is computed."""

from __future__ import annotations

import sys
import traceback
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any

import ipywidgets as widgets

from louyu_lab.analysis.scenarios.answers.comparing import Comparison
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.engine import Tape
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError
from louyu_lab.analysis.scenarios.simulation import play
from louyu_lab.run.panel.answer import answer_html, brief_html, problems_html
from louyu_lab.run.panel.drafts import Drafts, draft_text
from louyu_lab.run.panel.newest import Newest
from louyu_lab.run.panel.sliders import Slider, on_sliders, sliders_for

#: What the first entry of the drop-down says, and what a scenario is called until it has a name.
BASELINE, TITLE = "基准（什么都不改）", "滑杆情景"


class Panel(widgets.VBox):
    """Sliders over one baseline; every move is computed and shown.

    ``tape`` the random numbers all share, ``drafts`` the district's scenario files, ``source`` says in
    Chinese what the baseline is.
    """

    def __init__(self, tape: Tape, drafts: Drafts, source: str) -> None:
        """Lay out the widgets and compute the baseline."""
        self._tape, self._drafts = tape, drafts
        self._before = play(tape)
        self.starts = {scenario.title: scenario for scenario in drafts.held[0]}
        self.sliders: dict[str, Slider] = {each.name: each for each in sliders_for(tape.baseline)}
        self._at_start = on_sliders([*self.sliders.values()], None)
        self._newest, self._is_setting = Newest(self._compute), False
        self._build(source)
        super().__init__([self.head, self.brief, self.controls, self.result])
        self.add_class("louyu-panel")
        self._compute()

    def __repr__(self) -> str:
        """Say what it is to whoever has no widgets at hand."""
        return "滑杆要在 JupyterLab 里运行本笔记本，或用 louyu what-if --page 打开。"

    @property
    def baseline(self) -> Baseline:
        """What the sliders are moved over."""
        return self._tape.baseline

    @property
    def start(self) -> Scenario | None:
        """The scenario file started from."""
        return self.starts.get(self.choice.value)

    @property
    def moved(self) -> dict[str, float]:
        """Lever → stored value, of the sliders that no longer stand where the start put them."""
        now = {name: slider.stored(self.handles[name].value) for name, slider in self.sliders.items()}
        shown = {
            name: slider.stored(slider.read(self._at_start[name])) for name, slider in self.sliders.items()
        }
        return {name: value for name, value in now.items() if value != shown[name]}

    def reset(self, *_: object) -> None:
        """Put every slider back to where the start has it."""
        self._at_start = on_sliders([*self.sliders.values()], self.start)
        self._is_setting = True
        for name, handle in self.handles.items():
            handle.value = self.sliders[name].read(self._at_start[name])
        self._is_setting = False
        self._newest.ask()

    def _build(self, source: str) -> None:
        style = resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
        base = self._tape.baseline
        span = f"{base.years[0]}–{base.years[-1]}" if base.horizon > 1 else f"{base.years[0]}"
        words = f"{source}；基年 {base.year}，推演 {span} 年，模拟 {self._tape.draws} 次。松开滑杆即重算。"
        self.head = widgets.HTML(f"<style>{style}</style><p>{escape(words)}</p>")
        self.head.add_class("louyu-head")
        self.choice = widgets.Dropdown(options=[BASELINE, *self.starts], description="从哪个情景出发")
        self.choice.observe(self.reset, "value")
        self.handles = {name: _handle(slider) for name, slider in self.sliders.items()}
        for handle in self.handles.values():
            handle.observe(self._ask, "value")
        button = widgets.Button(description="全部复位", tooltip="所有滑杆回到出发的情景")
        button.on_click(self.reset)
        self.title = widgets.Text(value=TITLE, description="情景名称", continuous_update=False)
        self.title.observe(self._ask, "value")
        self.text = widgets.Textarea(description="情景文件", rows=9, disabled=True)
        self.save = widgets.HTML()
        off = [slider.off for slider in self.sliders.values() if slider.off]
        notes = [*off, *(str(error) for error in self._drafts.held[1])]
        self.notes = widgets.HTML("".join(f"<p>{escape(note)}</p>" for note in notes))
        controls = [self.choice, *self.handles.values(), button, self.notes, self.title, self.text, self.save]
        self.controls = widgets.VBox(controls)
        self.controls.add_class("louyu-controls")
        self.brief, self.result = widgets.HTML(), widgets.HTML()
        self.brief.add_class("louyu-brief")
        self.result.add_class("louyu-answer")

    def _ask(self, _: Mapping[str, Any]) -> None:
        if not self._is_setting:
            self._newest.ask()

    def _compute(self) -> None:
        try:
            self._show()
        except ScenarioError as error:
            self.result.value = problems_html(error.problems)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.result.value = problems_html(["程序出错，详情在运行滑杆的窗口里。"])

    def _show(self) -> None:
        text = draft_text(self.title.value, self.start, self.moved)
        scenario = self._drafts.read(text)
        compared = Comparison(self._before, play(self._tape, scenario))
        told = answer_html(compared), brief_html(compared)
        self.text.value, self.save.value = text, _save_link(scenario.title, text)
        self.result.value, self.brief.value = told


def _handle(slider: Slider) -> widgets.FloatSlider:
    step = slider.read(slider.step)
    places = len(f"{step:.10f}".rstrip("0").split(".")[1])
    # A slider tells its value only when it is let go: what lies between is nobody's question.
    return widgets.FloatSlider(
        value=slider.read(slider.rest),
        min=slider.read(slider.low),
        max=slider.read(slider.high),
        step=step,
        description=f"{slider.lever.title}（{slider.unit}）" if slider.unit else slider.lever.title,
        tooltip=f"{slider.lever.meaning}。范围 {slider.range_zh}",
        readout_format=f".{places}f",
        continuous_update=False,
        disabled=bool(slider.off),
    )


def _save_link(title: str, text: str) -> str:
    name = "".join("_" if sign in '\\/:*?"<>|' else sign for sign in title)
    source = b64encode(text.encode()).decode("ascii")
    return (
        f'<a class="louyu-save" download="{escape(name)}.yaml" href="data:text/yaml;base64,{source}">'
        "保存情景文件</a>"
        "<p>存到台账文件夹的 scenarios 里，下次运行就会算进第六章。</p>"
    )
