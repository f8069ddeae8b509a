"""``python -m louyu_lab`` is ``louyu``."""

from louyu_lab.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
