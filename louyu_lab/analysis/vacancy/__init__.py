"""Vacancy: where the vacant area sits, and which traits of a building go with it."""
