"""Answers: what simulated scenarios come to, where gaps come from, what decides and what it costs."""
