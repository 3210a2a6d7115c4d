"""Stresses over decades: what the climate of a later year adds."""
