"""What changed between two finished studies: tables, indicators, buildings and tenants.

Every function takes two frames, before and after, and knows nothing of files or runs.
"""

from louyu_lab.analysis.changes.buildings import ALERTS, Alert, alerts, building_changes, falls, tier_moves
from louyu_lab.analysis.changes.indicators import indicator_changes
from louyu_lab.analysis.changes.matching import told_apart
from louyu_lab.analysis.changes.restated import restated_buildings, restated_tenants, with_struck
from louyu_lab.analysis.changes.tables import TableChanges, row_changes, table_changes
from louyu_lab.analysis.changes.tenants import (
    TenantChanges,
    listed_streets,
    standing_tenants,
    tenant_changes,
)

__all__ = [
    "ALERTS",
    "Alert",
    "TableChanges",
    "TenantChanges",
    "alerts",
    "building_changes",
    "falls",
    "indicator_changes",
    "listed_streets",
    "restated_buildings",
    "restated_tenants",
    "row_changes",
    "standing_tenants",
    "table_changes",
    "tenant_changes",
    "tier_moves",
    "told_apart",
    "with_struck",
]
