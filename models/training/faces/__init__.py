"""Synthetic faces: people from CC0 meshes, an own rasteriser, scenes with exact truth, and the three face nets.

Invariant: no photograph of a real person and no third-party weight enters; every picture is a function of its seed.
Deliberately lacks the meshes themselves: they are read from a folder outside the repository (see README.md).
"""
