"""Runs `postroomctl` from anywhere: Python finds the package beside this file."""

from __future__ import annotations

from postroom import control

if __name__ == "__main__":
    control.main()
