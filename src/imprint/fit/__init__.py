"""Gradient fits of a memory against the frozen model: rows, losses, the loop, and runs that survive Ctrl-C."""
