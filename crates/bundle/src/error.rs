//! Why a document cannot be signed or a bundle not be read.
//!
//! Invariant: messages name fields, counts and sizes, never values of a card. Deliberately lacking: HTTP.

/// Why bytes are not a frame that may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JpegError {
    /// No JPEG start marker, or a broken marker structure.
    #[error("not a JPEG picture")]
    NotJpeg,
    /// The file ends inside the picture.
    #[error("the JPEG is cut off")]
    Truncated,
    /// A segment that can carry metadata: any application segment but JFIF and Adobe's colour note, or a comment.
    #[error("the JPEG carries metadata (segment FF{marker:02X}); encode it afresh")]
    Metadata {
        /// Second byte of the segment's marker.
        marker: u8,
    },
    /// Bytes after the end-of-image marker.
    #[error("the JPEG carries bytes after its end")]
    TrailingBytes,
}

/// Why a capture document cannot be signed, or JSON is not a signed bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// A document needs at least one frame.
    #[error("the document has no frame")]
    NoFrames,
    /// More frames than the platform takes.
    #[error("the document has {count} frames, at most {} are allowed", crate::MAX_FRAMES)]
    TooManyFrames {
        /// How many there are.
        count: usize,
    },
    /// The frames together, or one alone, are too large once in base64.
    #[error(
        "the frames take {base64_bytes} bytes in base64, at most {} are allowed",
        crate::MAX_BASE64_BYTES
    )]
    FramesTooLarge {
        /// Their size in base64.
        base64_bytes: usize,
    },
    /// A frame that is not a clean JPEG.
    #[error("frame {index}: {source}")]
    Frame {
        /// Which, from 0.
        index: usize,
        /// What is wrong with it.
        source: JpegError,
    },
    /// A frame that is not base64.
    #[error("frame {index} is not base64")]
    Base64 {
        /// Which, from 0.
        index: usize,
    },
    /// An OCR key the contract does not know.
    #[error("{key:?} is not a field of the contract")]
    UnknownField {
        /// The key.
        key: String,
    },
    /// A confidence outside 0 to 1.
    #[error("the confidence of {key} is not between 0 and 1")]
    Confidence {
        /// The field's key.
        key: String,
    },
    /// The software's name is not `name@version`.
    #[error("sdkVersion is not of the form name@version")]
    SdkVersion,
    /// The platform word is empty or not lower-case letters and dashes.
    #[error("platform is not a word of lower-case letters and dashes")]
    Platform,
    /// Flash evidence without nonce or samples, or with samples out of time order.
    #[error("flash evidence needs a nonce and samples in order of time")]
    Flash,
    /// A gesture asked for twice, or answers to other gestures than those asked for.
    #[error("each gesture is asked for and answered once")]
    Gestures,
    /// Passive scores outside 0 to 1, or too many.
    #[error("passive scores are between 0 and 1, at most {} of them", crate::MAX_PASSIVE_SCORES)]
    PassiveScores,
    /// Samples of the skin's colour out of time order, outside 0 to 255, or too many.
    #[error("pulse samples are levels in order of time, at most {} of them", crate::MAX_RPPG_SAMPLES)]
    Rppg,
    /// A time finer than milliseconds or a confidence finer than two decimals, which would not survive being written.
    #[error("the document is more precise than its written form")]
    Precision,
    /// A document version this software does not know.
    #[error("document version {found:?} is not {}", crate::VERSION)]
    Version {
        /// What was found.
        found: String,
    },
}

/// A signing profile's name that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown signing profile {0:?}; known are {known}", known = crate::SigningProfile::names().join(", "))]
pub struct UnknownProfile(pub String);
