"""The tax model of tenants: who stays and pays more, who leaves, who comes; one-off taxes set aside."""

from louyu_lab.analysis.tax.tenants.breaks import tax_breaks
from louyu_lab.analysis.tax.tenants.forecast import TenantForecast, tenant_forecast
from louyu_lab.analysis.tax.tenants.origins import origin_errors, tenant_weight
from louyu_lab.analysis.tax.tenants.tables import (
    chances_of_leaving,
    one_off_taxes,
    tax_parts,
    top_taxpayer_loss,
)

__all__ = [
    "TenantForecast", "chances_of_leaving", "one_off_taxes", "origin_errors", "tax_breaks", "tax_parts",
    "tenant_forecast", "tenant_weight", "top_taxpayer_loss",
]  # fmt: skip
