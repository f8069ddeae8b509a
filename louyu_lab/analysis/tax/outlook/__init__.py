"""The chapter's forecast: series and tenants combined, for buildings, streets and the district."""

from louyu_lab.analysis.tax.outlook.outlook import TaxOutlook, tax_outlook

__all__ = ["TaxOutlook", "tax_outlook"]
