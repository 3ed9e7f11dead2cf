"""How who stands above this app hears, in the transaction of the write, that something seen has moved."""

from django.dispatch import Signal

seen = Signal()
"""Findings or verdicts of some promises were written: ``commitments``, their ids. The last thing a write does."""
