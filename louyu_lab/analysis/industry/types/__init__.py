"""Types of buildings by what their tenants do: found, named, tested against chance, followed over years."""

from louyu_lab.analysis.industry.targets import target_industries
from louyu_lab.analysis.industry.types.clustering import BuildingTypes, cluster_buildings

__all__ = ["BuildingTypes", "cluster_buildings", "target_industries"]
