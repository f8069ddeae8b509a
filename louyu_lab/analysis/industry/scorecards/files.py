"""Scorecards: ``scorecards/*.yaml`` in the data folder, or the packaged examples where there are none.

A file that cannot be right is refused with every problem at once; the others are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from louyu_lab.analysis.industry.scorecards.cards import Scorecard
from louyu_lab.analysis.industry.scorecards.reading import read_card
from louyu_lab.ledgers.beside import scorecard_files

_EXAMPLES = resources.files(__package__) / "examples"


class ScorecardError(ValueError):
    """A scorecard that is not used: ``file`` names it, ``problems`` says everything that is wrong."""

    def __init__(self, file: str, problems: list[str]) -> None:
        """Make one message of all problems."""
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"评价办法 {file} 没有使用：{'；'.join(problems)}。")


@dataclass(frozen=True)
class Scorecards:
    """The scorecards of a study by file name, those refused, and whether they are the packaged examples."""

    cards: tuple[Scorecard, ...]
    refused: tuple[ScorecardError, ...] = ()
    are_packaged: bool = False


def load_scorecards(folder: Path | None) -> Scorecards:
    """Return the scorecards of a data folder; the packaged examples where it has none (or is None).

    Of two scorecards with one name the second is refused: their rows could not be told apart.
    """
    files = scorecard_files(folder) if folder is not None else []
    if not files:
        return packaged_scorecards()
    cards: list[Scorecard] = []
    refused: list[ScorecardError] = []
    for path in files:
        card, problems = read_card(path)
        same = next((other.file for other in cards if card and other.name == card.name), "")
        if same:
            card, problems = None, [f"名称与 {same} 相同，请改一个"]
        if card is not None:
            cards.append(card)
        else:
            refused.append(ScorecardError(path.name, problems))
    return Scorecards(tuple(cards), tuple(refused))


def packaged_scorecards() -> Scorecards:
    """Return the examples that come with the program, by file name."""
    with resources.as_file(_EXAMPLES) as folder:
        read = [read_card(path) for path in sorted(folder.glob("*.yaml"))]
    return Scorecards(tuple(card for card, _ in read if card is not None), (), are_packaged=True)
