//! The nets compiled into the binary.
//!
//! Invariant: every file the manifest names is listed here (a test holds it). Deliberately lacks loading logic.

/// The text of `models/manifest.toml`.
pub(crate) const MANIFEST: &str = include_str!("../../../models/manifest.toml");

const FILES: [(&str, &[u8]); 9] = [
    ("localiser.onnx", include_bytes!("../../../models/localiser.onnx")),
    ("tracker.onnx", include_bytes!("../../../models/tracker.onnx")),
    ("line-finder.onnx", include_bytes!("../../../models/line-finder.onnx")),
    ("glancer.onnx", include_bytes!("../../../models/glancer.onnx")),
    ("recogniser.onnx", include_bytes!("../../../models/recogniser.onnx")),
    ("visibility.onnx", include_bytes!("../../../models/visibility.onnx")),
    ("face-detector.onnx", include_bytes!("../../../models/face-detector.onnx")),
    ("face-crop.onnx", include_bytes!("../../../models/face-crop.onnx")),
    ("face-passive.onnx", include_bytes!("../../../models/face-passive.onnx")),
];

/// The bytes of an embedded net by its file name.
pub(crate) fn file(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
