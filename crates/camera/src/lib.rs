//! Sources of frames: devices, replayed folders, and a simulated scene.
