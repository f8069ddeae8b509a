"""The drivers as declared: every column exists, every word is there, groups and good practice as asked."""

from __future__ import annotations

from louyu_lab.analysis.industry import industry_map
from louyu_lab.analysis.vacancy.measures import cause_groups, declared_drivers, good_practice
from louyu_lab.analysis.vacancy.measures.declared import (
    KINDS,
    declared_shock,
    ordered_traits,
    scales,
    spellings,
)
from louyu_lab.ledgers.catalogue import catalogue


def test_every_column_is_in_the_catalogue() -> None:
    for driver in declared_drivers().values():
        for column in driver.columns:
            ledger, name = column.split(".")
            assert name in catalogue()[ledger].by_name, f"{driver.name}: {column}"


def test_every_driver_says_what_it_is() -> None:
    for driver in declared_drivers().values():
        assert driver.kind in KINDS and driver.sign in (-1, 0, 1)
        assert driver.zh and driver.group and driver.unit and driver.contrast and driver.source
        assert driver.instead_of in ("", *declared_drivers())


def test_names_in_tables_differ() -> None:
    names = [driver.zh for driver in declared_drivers().values()]
    assert len(set(names)) == len(names)


def test_groups_keep_the_declared_order_and_only_what_is_asked() -> None:
    groups = cause_groups(["metro_log2", "parking_fifths", "owners_log2", "grade_steps", "nobody"])
    assert groups == {
        "产权": ("owners_log2",),
        "设施与物业": ("grade_steps", "parking_fifths"),
        "区位与体量": ("metro_log2",),
    }


def test_good_practice_leaves_out_what_has_none() -> None:
    # One owner is log2(1) = 0; nobody says how large a building should be.
    assert good_practice(["owners_log2", "gross_area_log2", "year"]) == {"owners_log2": 0.0}


def test_the_grade_scale_is_the_catalogues() -> None:
    assert set(scales("grade")[0]) == set(catalogue()["buildings"]["grade"].choices)


def test_other_spellings_lead_to_labels_of_a_scale() -> None:
    for trait in ordered_traits():
        labels = {label for scale in scales(trait) for label in scale}
        assert set(spellings(trait).values()) <= labels
        # What is a label itself must not be read as another one.
        assert not labels & set(spellings(trait))
        assert all(other == other.upper() for other in spellings(trait))


def test_the_shock_hits_industries_there_are() -> None:
    assert set(declared_shock().industries) <= set(industry_map().names)
