"""Tide tables."""

__version__ = "0.1.0"  # PEP 440
