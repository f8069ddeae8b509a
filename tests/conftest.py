"""Settings that every test shares."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says more about the machine at that moment than about the code.
settings.register_profile("louyu", deadline=None)
settings.load_profile("louyu")
