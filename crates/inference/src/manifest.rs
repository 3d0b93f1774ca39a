//! `manifest.toml`: which file is which net, and the digest it must have.
//!
//! Invariant: parsing is the only way to a [`Manifest`]. Unknown keys (licence, training commit, measures) are
//! kept out: they are for readers of the file. Deliberately lacks signatures; the manifest travels with the binary.

use serde::Deserialize;

/// The nets of one release.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// One entry per net.
    #[serde(rename = "model", default)]
    pub models: Vec<ManifestEntry>,
}

/// One net.
#[derive(Debug, Clone, Deserialize)]
pub struct ManifestEntry {
    /// What the net is for: `localiser`, `linefinder`, `recogniser`.
    pub name: String,
    /// File name beside the manifest.
    pub file: String,
    /// Hex sha256 of the file.
    pub sha256: String,
}

impl Manifest {
    /// Parses the text of a `manifest.toml`.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The entry of one net.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&ManifestEntry> {
        self.models.iter().find(|entry| entry.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_name_and_extra_keys_ignored() {
        let text = "made = \"today\"\n[[model]]\nname = \"localiser\"\nfile = \"l.onnx\"\nsha256 = \"00\"\nlicence = \"MIT\"\n";
        let manifest = Manifest::parse(text).unwrap();
        assert_eq!(manifest.entry("localiser").unwrap().file, "l.onnx");
        assert!(manifest.entry("other").is_none());
        assert!(Manifest::parse("[[model]]\nname = 1").is_err());
    }
}
