"""Figures a district has published: read as printed, with where each is found and how they tie."""
