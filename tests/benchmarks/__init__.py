"""Figures as ratios to a baseline of the same run; prints, and asserts no times."""
