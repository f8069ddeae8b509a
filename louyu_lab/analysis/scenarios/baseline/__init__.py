"""The base year of a district, from which every scenario starts, and how it is learned from ledgers."""
