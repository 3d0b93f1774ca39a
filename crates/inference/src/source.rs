//! Where nets come from, and the check that they are the right ones.
//!
//! Invariant: bytes reach the runtime only after their digest matched the manifest. Deliberately lacks downloads.

use std::borrow::Cow;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::manifest::Manifest;
use crate::tract::TractModel;
use crate::{Model, embedded};

/// Names the directory whose nets replace the embedded ones.
const DIRECTORY_VARIABLE: &str = "LOKET_MODELS_DIR";

/// Where the nets are.
#[derive(Debug, Clone, Default)]
pub enum ModelSource {
    /// Compiled into this binary.
    #[default]
    Embedded,
    /// A directory holding `manifest.toml` and the files it names.
    Directory(PathBuf),
}

impl ModelSource {
    /// The directory named by `LOKET_MODELS_DIR`, else the embedded nets.
    #[must_use]
    pub fn from_env() -> Self {
        std::env::var_os(DIRECTORY_VARIABLE)
            .filter(|path| !path.is_empty())
            .map_or(Self::Embedded, |path| Self::Directory(path.into()))
    }
}

/// Why a net could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file of a model directory cannot be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The manifest is not valid.
    #[error("the model manifest is not valid: {0}")]
    BadManifest(#[from] toml::de::Error),
    /// The manifest names no such net, or its file is not part of this build.
    #[error("there is no net named {0:?}")]
    Missing(String),
    /// The file is not the one the manifest describes.
    #[error("the file of net {name:?} has sha256 {found}, the manifest says {wanted}")]
    WrongDigest {
        /// The net.
        name: String,
        /// Digest in the manifest.
        wanted: String,
        /// Digest of the bytes.
        found: String,
    },
    /// The bytes are not a net the runtime understands.
    #[error("net {name:?} is not usable: {reason}")]
    Unusable {
        /// The net.
        name: String,
        /// What the runtime said.
        reason: String,
    },
}

/// An opened set of nets.
#[derive(Debug)]
pub struct Models {
    source: ModelSource,
    manifest: Manifest,
}

impl Models {
    /// Reads the manifest; nets are read one by one with [`load`](Self::load).
    pub fn open(source: &ModelSource) -> Result<Self, LoadError> {
        let text = match source {
            ModelSource::Embedded => Cow::Borrowed(embedded::MANIFEST),
            ModelSource::Directory(directory) => {
                let bytes = read(directory.join("manifest.toml"))?;
                Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
            }
        };
        Ok(Self { source: source.clone(), manifest: Manifest::parse(&text)? })
    }

    /// What the manifest says.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads, checks and parses one net.
    pub fn load(&self, name: &str) -> Result<Box<dyn Model>, LoadError> {
        let bytes = self.checked_bytes(name)?;
        let model = TractModel::parse(&bytes)
            .map_err(|reason| LoadError::Unusable { name: name.to_owned(), reason })?;
        Ok(Box::new(model))
    }

    /// Reads and checks one net without parsing it: the size of its file.
    pub fn size_bytes(&self, name: &str) -> Result<u64, LoadError> {
        Ok(self.checked_bytes(name)?.len() as u64)
    }

    fn checked_bytes(&self, name: &str) -> Result<Cow<'static, [u8]>, LoadError> {
        let missing = || LoadError::Missing(name.to_owned());
        let entry = self.manifest.entry(name).ok_or_else(missing)?;
        let bytes = match &self.source {
            ModelSource::Embedded => Cow::Borrowed(embedded::file(&entry.file).ok_or_else(missing)?),
            ModelSource::Directory(directory) => Cow::Owned(read(directory.join(&entry.file))?),
        };
        let found = hex::encode(Sha256::digest(&bytes));
        if !found.eq_ignore_ascii_case(&entry.sha256) {
            return Err(LoadError::WrongDigest {
                name: name.to_owned(),
                wanted: entry.sha256.clone(),
                found,
            });
        }
        Ok(bytes)
    }
}

fn read(path: PathBuf) -> Result<Vec<u8>, LoadError> {
    std::fs::read(&path).map_err(|reason| LoadError::Unreadable { path, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(manifest: &str, net: &[u8]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("manifest.toml"), manifest).unwrap();
        std::fs::write(dir.path().join("n.onnx"), net).unwrap();
        dir
    }

    fn load(manifest: &str, net: &[u8]) -> LoadError {
        let dir = directory(manifest, net);
        let source = ModelSource::Directory(dir.path().to_owned());
        match Models::open(&source) {
            Ok(models) => models.load("n").err().expect("these nets are not usable"),
            Err(error) => error,
        }
    }

    #[test]
    fn wrong_files_are_refused() {
        let entry = |digest: &str| format!("[[model]]\nname=\"n\"\nfile=\"n.onnx\"\nsha256=\"{digest}\"");
        assert!(matches!(load("nonsense", b""), LoadError::BadManifest(_)));
        assert!(matches!(load("", b""), LoadError::Missing(_)));
        assert!(matches!(load(&entry("00"), b"x"), LoadError::WrongDigest { .. }));
        let digest = hex::encode(Sha256::digest(b"not a net"));
        assert!(matches!(load(&entry(&digest), b"not a net"), LoadError::Unusable { .. }));
        let nowhere = ModelSource::Directory("/nonexistent/models".into());
        assert!(matches!(Models::open(&nowhere), Err(LoadError::Unreadable { .. })));
    }

    #[test]
    fn embedded_nets_match_their_manifest_and_answer_in_its_shapes() {
        let models = Models::open(&ModelSource::Embedded).unwrap();
        let shapes: [(&str, &[usize], &[usize]); 9] = [
            ("localiser", &[1, 3, 256, 256], &[1, 5, 32, 32]),
            ("tracker", &[1, 3, 256, 256], &[1, 5, 32, 32]),
            ("line-finder", &[1, 1, 400, 640], &[1, 4, 100, 80]),
            ("glancer", &[1, 1, 32, 64], &[1, 16, 48]),
            ("recogniser", &[1, 1, 32, 64], &[1, 16, 48]),
            ("visibility", &[1, 3, 160, 256], &[1, 21, 40, 64]),
            ("face-detector", &[1, 3, 192, 192], &[1, 15, 24, 24]),
            ("face-crop", &[1, 3, 96, 96], &[1, 18]),
            ("face-passive", &[1, 3, 128, 128], &[1, 1]),
        ];
        assert_eq!(models.manifest().models.len(), shapes.len());
        for (name, input, output) in shapes {
            let model = models.load(name).unwrap();
            model.prepare(input).unwrap();
            let zeros = crate::Tensor::new(input, vec![0.0; input.iter().product()]).unwrap();
            assert_eq!(model.run(&zeros).unwrap().shape(), output, "{name}");
        }
    }

    #[test]
    fn a_wrong_shape_is_an_error_not_a_panic() {
        let model = Models::open(&ModelSource::Embedded).unwrap().load("localiser").unwrap();
        let odd = crate::Tensor::new(&[1, 2, 5], vec![0.0; 10]).unwrap();
        assert!(model.run(&odd).is_err());
    }
}
