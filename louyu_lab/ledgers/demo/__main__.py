"""``python -m louyu_lab.ledgers.demo FOLDER`` writes the demonstration district anew."""

from __future__ import annotations

import sys
from pathlib import Path

from louyu_lab.ledgers.demo import write_demo

if len(sys.argv) != 2:
    sys.exit("用法：python -m louyu_lab.ledgers.demo 文件夹")
write_demo(Path(sys.argv[1]))
print(f"示范区台账已写入 {sys.argv[1]}")
