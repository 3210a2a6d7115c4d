"""Genrejs: how a city withstands a shock, bounces back and emerges stronger."""
