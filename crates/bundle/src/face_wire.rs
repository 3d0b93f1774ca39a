//! The contract's JSON of a face's bundle.
//!
//! Invariant: key names, their order and the absent-when-unknown rule are the contract's (a snapshot holds them).
//! Deliberately lacking: tolerance for other versions, and for gestures nobody here can ask for.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::{DecimalWire, FlashSampleWire, flash, frame, milliseconds};
use crate::{BundleError, FaceChallenge, FaceDocument, FaceResponse, RppgSample, VERSION};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FaceWire<'a> {
    pub(crate) version: Cow<'a, str>,
    pub(crate) sdk_version: Cow<'a, str>,
    pub(crate) platform: Cow<'a, str>,
    pub(crate) frames: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) challenges: Vec<FaceChallenge>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) responses: Vec<FaceResponseWire>,
    #[serde(serialize_with = "milliseconds")]
    pub(crate) captured_at: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) passive_liveness_scores: Vec<DecimalWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flash_challenge_nonce: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flash_samples: Option<Vec<FlashSampleWire>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rppg_samples: Vec<RppgSampleWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaceResponseWire {
    challenge: FaceChallenge,
    satisfied: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RppgSampleWire {
    t_ms: u32,
    mean_r: DecimalWire,
    mean_g: DecimalWire,
    mean_b: DecimalWire,
}

impl<'a> FaceWire<'a> {
    /// The document as it is signed: without a signature.
    pub(crate) fn unsigned(document: &'a FaceDocument) -> FaceWire<'a> {
        let flash = document.flash.as_ref();
        let responses = document.responses.iter();
        FaceWire {
            version: VERSION.into(),
            sdk_version: document.sdk_version.as_str().into(),
            platform: document.platform.as_str().into(),
            frames: document.frames.iter().map(|frame| STANDARD.encode(frame.as_bytes())).collect(),
            challenges: responses.clone().map(|response| response.challenge).collect(),
            responses: responses.copied().map(Into::into).collect(),
            captured_at: document.captured_at,
            passive_liveness_scores: document.passive_scores.iter().copied().map(DecimalWire).collect(),
            flash_challenge_nonce: flash.map(|flash| flash.nonce.as_str().into()),
            flash_samples: flash.map(|flash| flash.samples.iter().copied().map(Into::into).collect()),
            rppg_samples: document.rppg.iter().copied().map(Into::into).collect(),
            signature: None,
        }
    }

    /// The document, its limits not yet checked.
    pub(crate) fn into_document(self) -> Result<FaceDocument, BundleError> {
        if self.version != VERSION {
            return Err(BundleError::Version { found: self.version.into_owned() });
        }
        let asked = self.challenges.iter();
        if !asked.eq(self.responses.iter().map(|response| &response.challenge)) {
            return Err(BundleError::Gestures);
        }
        Ok(FaceDocument {
            sdk_version: self.sdk_version.into_owned(),
            platform: self.platform.into_owned(),
            frames: self.frames.iter().enumerate().map(frame).collect::<Result<_, _>>()?,
            captured_at: self.captured_at,
            responses: self.responses.into_iter().map(Into::into).collect(),
            passive_scores: self.passive_liveness_scores.into_iter().map(|score| score.0).collect(),
            flash: flash(self.flash_challenge_nonce, self.flash_samples)?,
            rppg: self.rppg_samples.into_iter().map(Into::into).collect(),
        })
    }
}

impl From<FaceResponse> for FaceResponseWire {
    fn from(response: FaceResponse) -> FaceResponseWire {
        let FaceResponse { challenge, satisfied } = response;
        FaceResponseWire { challenge, satisfied }
    }
}

impl From<FaceResponseWire> for FaceResponse {
    fn from(wire: FaceResponseWire) -> FaceResponse {
        let FaceResponseWire { challenge, satisfied } = wire;
        FaceResponse { challenge, satisfied }
    }
}

impl From<RppgSample> for RppgSampleWire {
    fn from(sample: RppgSample) -> RppgSampleWire {
        let RppgSample { t_ms, mean_r, mean_g, mean_b } = sample;
        let [mean_r, mean_g, mean_b] = [mean_r, mean_g, mean_b].map(DecimalWire);
        RppgSampleWire { t_ms, mean_r, mean_g, mean_b }
    }
}

impl From<RppgSampleWire> for RppgSample {
    fn from(wire: RppgSampleWire) -> RppgSample {
        let RppgSampleWire { t_ms, mean_r, mean_g, mean_b } = wire;
        RppgSample { t_ms, mean_r: mean_r.0, mean_g: mean_g.0, mean_b: mean_b.0 }
    }
}
