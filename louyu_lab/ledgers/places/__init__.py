"""Places: which building a row speaks of, by number, name, alias or address."""

from louyu_lab.ledgers.places.directory import (
    Directory,
    directory,
    later_names,
    resolve,
    with_decisions,
)
from louyu_lab.ledgers.places.matching import match

__all__ = ["Directory", "directory", "later_names", "match", "resolve", "with_decisions"]
