"""``python -m louyu_lab.ledgers.demo data`` writes the example districts of the folder ``data`` anew."""

from __future__ import annotations

import sys
from pathlib import Path

from louyu_lab.ledgers.demo import write_demo, write_idle_survey

if len(sys.argv) != 2:
    sys.exit("用法：python -m louyu_lab.ledgers.demo data")
write_demo(Path(sys.argv[1]) / "demo")
write_idle_survey(Path(sys.argv[1]) / "idle_survey")
print(f"示范区台账已写入 {sys.argv[1]}")
