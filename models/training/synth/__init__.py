"""Synthetic KTP pictures with exact truth: people, printed cards, the world a camera sees, short captures.

Everything is drawn from `random.Random` instances passed in: the same seed gives the same bytes.
It deliberately holds no real person's data, no copied artwork and no network code.
"""
