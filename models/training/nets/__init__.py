"""The three reading nets of Loket: their data, training, measurement and export.

Purpose: train localiser, line finder and recogniser from scratch, seeded and resumable, on a CPU.
Invariant: every picture comes from generators in this folder or in `synth`; no photograph of a real card is read.
Deliberately lacks anything used at run time: the product runs the exported ONNX files in Rust.
"""
