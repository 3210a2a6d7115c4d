"""Embedded cities, as plain text."""
