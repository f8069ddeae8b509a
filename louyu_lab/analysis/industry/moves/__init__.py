"""Tenants on the move: who changed building, came and left, with how much tax; and groups that grew here."""

from louyu_lab.analysis.industry.moves.doubts import Doubts, move_doubts
from louyu_lab.analysis.industry.moves.flows import move_balance, move_flows
from louyu_lab.analysis.industry.moves.groups import group_spinoffs, ungrouped_namesakes
from louyu_lab.analysis.industry.moves.tax_parts import move_tax_parts
from louyu_lab.analysis.industry.moves.tenant_moves import tenant_moves

__all__ = [
    "Doubts",
    "group_spinoffs",
    "move_balance",
    "move_doubts",
    "move_flows",
    "move_tax_parts",
    "tenant_moves",
    "ungrouped_namesakes",
]
