"""Figures already published against the ledgers: where each is found in the tables, and whether it agrees."""
