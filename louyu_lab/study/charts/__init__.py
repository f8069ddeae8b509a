"""Figures of the study: one function a figure, from a declared table to a matplotlib Figure."""
