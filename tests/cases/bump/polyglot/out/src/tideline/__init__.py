"""Tide tables."""

__version__ = "0.2.0rc1"  # PEP 440
