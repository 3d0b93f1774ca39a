//! A capture ready to be handed to a partner, and its form at rest.
//!
//! Invariant: a challenge's secret is at rest only inside these bytes, which the queue seals; it
//! is gone with them. `Debug` shows ids only.
//! Lacks on purpose: the device's own secret. It is provisioned once and asked for when needed.

use std::fmt;

use bundle::{JpegFrame, SignedBundle, SignedFace, SigningProfile};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::endpoint::Endpoint;
use crate::onekyc::VerifiedContact;

const VERSION: u8 = 1;

/// The secret that came with a flash challenge and signed the bundle.
#[derive(Clone)]
pub struct ChallengeSecret {
    /// `hmacSecret` of the challenge.
    pub hmac_secret: SecretString,
    /// By the partner's clock.
    pub expires_at: Timestamp,
}

/// Pictures of a face, best first.
#[derive(Clone, PartialEq, Eq)]
pub struct Selfie {
    /// The best one.
    pub best: JpegFrame,
    /// Another of the same sitting, where the partner wants two.
    pub additional: Option<JpegFrame>,
}

/// Leave to run one flow, brought by whoever launched it. The token is good for that flow alone.
#[derive(Clone)]
pub struct Grant {
    /// `baseUrl`: the platform that gave the token.
    pub base_url: Endpoint,
    /// `correlationId`.
    pub correlation_id: Uuid,
    /// `token`, a user token.
    pub token: SecretString,
    /// Whom the token was made for, by the launcher's name; identity verification asks for it.
    pub user_id: Option<String>,
}

/// The parts of a capture that are signed, each under a challenge of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The card.
    Card,
    /// The living face.
    Face,
}

/// What was captured of a customer, and whose it is: a card, a face, or both.
#[derive(Clone)]
pub struct Submission {
    /// Our name for it; also the queue's.
    pub id: Uuid,
    /// The partner's id of the customer.
    pub customer_id: String,
    /// The signed card.
    pub bundle: Option<SignedBundle>,
    /// Set if a challenge's secret signed the card, `None` if the device's own did.
    pub challenge: Option<ChallengeSecret>,
    /// The signed face, for partners that take signed documents. It follows the card.
    pub face: Option<SignedFace>,
    /// Set if a challenge's secret signed the face, `None` if the device's own did.
    pub face_challenge: Option<ChallengeSecret>,
    /// The face's pictures, for partners that take pictures.
    pub selfie: Option<Selfie>,
    /// Where the customer can be reached, if the flow asks for that.
    pub contact: Option<VerifiedContact>,
    /// Set if the flow was launched by the partner's front end.
    pub grant: Option<Grant>,
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why stored bytes are not a submission, or one cannot be signed anew.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SubmissionError {
    /// Written by a newer version of this software.
    #[error("submission stored in format {0}, which this version does not know")]
    UnknownVersion(u8),
    /// Not a submission. Where it fails is told, what stands there is not.
    #[error("not a stored submission (line {line}, column {column})")]
    Malformed {
        /// Of the JSON.
        line: usize,
        /// Of the JSON.
        column: usize,
    },
    /// The document could not be signed.
    #[error("the document could not be signed anew")]
    Unsignable,
    /// There is no card in it.
    #[error("there is no card in this capture")]
    NoCard,
    /// There is no signed face in it.
    #[error("there is no signed face in this capture")]
    NoFace,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored<B, F> {
    id: Uuid,
    customer_id: String,
    #[serde(skip_serializing_if = "Option::is_none", default = "nothing")]
    bundle: Option<B>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    challenge: Option<StoredChallenge>,
    #[serde(skip_serializing_if = "Option::is_none", default = "nothing")]
    face: Option<F>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    face_challenge: Option<StoredChallenge>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    selfie: Option<StoredSelfie>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    contact: Option<VerifiedContact>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    grant: Option<StoredGrant>,
}

fn nothing<T>() -> Option<T> {
    None
}

#[derive(Serialize, Deserialize)]
struct StoredSelfie {
    best: JpegFrame,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    additional: Option<JpegFrame>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredGrant {
    base_url: Endpoint,
    correlation_id: Uuid,
    token: Zeroizing<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    user_id: Option<String>,
}

impl From<&Grant> for StoredGrant {
    fn from(grant: &Grant) -> Self {
        let token = Zeroizing::new(grant.token.expose_secret().to_owned());
        let Grant { base_url, correlation_id, user_id, .. } = grant.clone();
        Self { base_url, correlation_id, token, user_id }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredChallenge {
    hmac_secret: Zeroizing<String>,
    expires_at: Timestamp,
}

impl From<&ChallengeSecret> for StoredChallenge {
    fn from(challenge: &ChallengeSecret) -> Self {
        let hmac_secret = Zeroizing::new(challenge.hmac_secret.expose_secret().to_owned());
        Self { hmac_secret, expires_at: challenge.expires_at }
    }
}

impl From<StoredChallenge> for ChallengeSecret {
    fn from(stored: StoredChallenge) -> Self {
        Self { hmac_secret: stored.hmac_secret.as_str().into(), expires_at: stored.expires_at }
    }
}

impl Submission {
    /// A signed card alone.
    #[must_use]
    pub fn of_card(
        id: Uuid,
        customer_id: &str,
        bundle: SignedBundle,
        challenge: Option<ChallengeSecret>,
    ) -> Self {
        Self { bundle: Some(bundle), challenge, ..Self::of_nobody(id, customer_id) }
    }

    /// Nothing yet, of somebody: a face alone begins here.
    #[must_use]
    pub fn of_nobody(id: Uuid, customer_id: &str) -> Self {
        Self {
            id,
            customer_id: customer_id.to_owned(),
            bundle: None,
            challenge: None,
            face: None,
            face_challenge: None,
            selfie: None,
            contact: None,
            grant: None,
        }
    }

    /// The form that is sealed and queued. The bytes hold the card and the challenge's secret.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SubmissionError> {
        let stored = Stored {
            id: self.id,
            customer_id: self.customer_id.clone(),
            bundle: self.bundle.as_ref(),
            challenge: self.challenge.as_ref().map(Into::into),
            face: self.face.as_ref(),
            face_challenge: self.face_challenge.as_ref().map(Into::into),
            selfie: self.selfie.as_ref().map(|selfie| StoredSelfie {
                best: selfie.best.clone(),
                additional: selfie.additional.clone(),
            }),
            contact: self.contact.clone(),
            grant: self.grant.as_ref().map(StoredGrant::from),
        };
        let mut bytes = Zeroizing::new(vec![VERSION]);
        serde_json::to_writer(&mut *bytes, &stored).map_err(|error| malformed(&error))?;
        Ok(bytes)
    }

    /// Reads [`Self::to_bytes`] back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SubmissionError> {
        let (version, json) = bytes.split_first().ok_or(SubmissionError::UnknownVersion(0))?;
        if *version != VERSION {
            return Err(SubmissionError::UnknownVersion(*version));
        }
        let stored: Stored<SignedBundle, SignedFace> =
            serde_json::from_slice(json).map_err(|error| malformed(&error))?;
        Ok(Self {
            id: stored.id,
            customer_id: stored.customer_id,
            bundle: stored.bundle,
            challenge: stored.challenge.map(Into::into),
            face: stored.face,
            face_challenge: stored.face_challenge.map(Into::into),
            selfie: stored.selfie.map(|StoredSelfie { best, additional }| Selfie { best, additional }),
            contact: stored.contact,
            grant: stored.grant.map(|StoredGrant { base_url, correlation_id, token, user_id }| Grant {
                base_url,
                correlation_id,
                token: token.as_str().into(),
                user_id,
            }),
        })
    }

    /// The challenge whose secret signed a part, `None` if the device's own did.
    #[must_use]
    pub fn challenge_of(&self, part: Part) -> Option<&ChallengeSecret> {
        match part {
            Part::Card => self.challenge.as_ref(),
            Part::Face => self.face_challenge.as_ref(),
        }
    }

    /// Whether the flash challenge of a part has run out by `partner_now`.
    #[must_use]
    pub fn is_expired(&self, part: Part, partner_now: Timestamp) -> bool {
        self.challenge_of(part).is_some_and(|challenge| challenge.expires_at <= partner_now)
    }

    /// The same capture with one part without its flash evidence, signed with the device's own secret. The
    /// partner will trust it less; whoever calls this says so in receipt and audit.
    pub fn without_flash(
        &self,
        part: Part,
        profile: SigningProfile,
        device_secret: &SecretString,
    ) -> Result<Self, SubmissionError> {
        let unsignable = |_| SubmissionError::Unsignable;
        match part {
            Part::Card => {
                let card = self.bundle.as_ref().ok_or(SubmissionError::NoCard)?;
                let bundle = card.without_flash(profile, device_secret).map_err(unsignable)?;
                Ok(Self { bundle: Some(bundle), challenge: None, ..self.clone() })
            }
            Part::Face => {
                let face = self.face.as_ref().ok_or(SubmissionError::NoFace)?;
                let face = face.without_flash(profile, device_secret).map_err(unsignable)?;
                Ok(Self { face: Some(face), face_challenge: None, ..self.clone() })
            }
        }
    }

    /// The same capture with the best frame of a part alone, signed with the secret that signed it before; `None` if it
    /// has no other frame to leave out. For partners that take less than their contract says.
    pub fn with_best_frame_alone(
        &self,
        part: Part,
        profile: SigningProfile,
        device_secret: &SecretString,
    ) -> Result<Option<Self>, SubmissionError> {
        let secret = self.challenge_of(part).map_or(device_secret, |challenge| &challenge.hmac_secret);
        let unsignable = |_| SubmissionError::Unsignable;
        match part {
            Part::Card => {
                let card = self.bundle.as_ref().ok_or(SubmissionError::NoCard)?;
                let card = card.with_best_frame_alone(profile, secret).map_err(unsignable)?;
                Ok(card.map(|bundle| Self { bundle: Some(bundle), ..self.clone() }))
            }
            Part::Face => {
                let face = self.face.as_ref().ok_or(SubmissionError::NoFace)?;
                let face = face.with_best_frame_alone(profile, secret).map_err(unsignable)?;
                Ok(face.map(|face| Self { face: Some(face), ..self.clone() }))
            }
        }
    }
}

fn malformed(error: &serde_json::Error) -> SubmissionError {
    SubmissionError::Malformed { line: error.line(), column: error.column() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    fn submission() -> Submission {
        let secret = SecretString::from("qe_whsec_EXAMPLEONLY");
        let document = testkit::document(1, now(), Some("nonce-1"));
        let bundle = document.sign(SigningProfile::default(), &secret).unwrap();
        let challenge = ChallengeSecret { hmac_secret: secret, expires_at: now() };
        Submission::of_card(Uuid::from_u128(7), "cus_0001", bundle, Some(challenge))
    }

    fn signed(submission: &Submission) -> &SignedBundle {
        submission.bundle.as_ref().unwrap()
    }

    #[test]
    fn stored_bytes_round_trip() {
        let stored = submission().to_bytes().unwrap();
        let back = Submission::from_bytes(&stored).unwrap();
        assert_eq!((back.id, back.customer_id.as_str()), (Uuid::from_u128(7), "cus_0001"));
        assert!(back.bundle == submission().bundle);
        assert_eq!(back.challenge.as_ref().unwrap().hmac_secret.expose_secret(), "qe_whsec_EXAMPLEONLY");
        assert_eq!(back.to_bytes().unwrap(), stored);
    }

    #[test]
    fn a_face_with_leave_to_run_its_flow_round_trips_and_stays_hidden() {
        let picture = |seed| JpegFrame::try_from(testkit::jpeg(seed)).unwrap();
        let grant = Grant {
            base_url: Endpoint::parse("https://onekyc.example.test").unwrap(),
            correlation_id: Uuid::from_u128(8),
            token: "eyJUSER".into(),
            user_id: Some("u-0001".to_owned()),
        };
        let face = Submission {
            bundle: None,
            challenge: None,
            selfie: Some(Selfie { best: picture(1), additional: Some(picture(2)) }),
            grant: Some(grant),
            ..submission()
        };
        let back = Submission::from_bytes(&face.to_bytes().unwrap()).unwrap();
        assert!(back.selfie == face.selfie && back.bundle.is_none());
        let grant = back.grant.as_ref().unwrap();
        assert_eq!((grant.correlation_id, grant.token.expose_secret()), (Uuid::from_u128(8), "eyJUSER"));
        assert_eq!(grant.user_id.as_deref(), Some("u-0001"));
        assert_eq!(grant.base_url, face.grant.as_ref().unwrap().base_url);
        assert!(!format!("{face:?}").contains("eyJ"));
        let device = SecretString::from("qe_whsec_DEVICE");
        let unsigned = face.without_flash(Part::Card, SigningProfile::default(), &device);
        assert_eq!(unsigned.unwrap_err(), SubmissionError::NoCard);
    }

    #[test]
    fn card_and_face_have_challenges_of_their_own() {
        let (profile, device) = (SigningProfile::default(), SecretString::from("qe_whsec_DEVICE"));
        let secret = SecretString::from("qe_whsec_FACE");
        let later = now() + std::time::Duration::from_secs(60);
        let face = testkit::face_document(1, now(), Some("nonce-2")).sign(profile, &secret).unwrap();
        let face_challenge = Some(ChallengeSecret { hmac_secret: secret, expires_at: later });
        let both = Submission { face: Some(face), face_challenge, ..submission() };

        let stored = both.to_bytes().unwrap();
        let back = Submission::from_bytes(&stored).unwrap();
        assert!(back.face == both.face && back.bundle == both.bundle);
        assert_eq!(back.to_bytes().unwrap(), stored);

        assert!(both.is_expired(Part::Card, now()) && !both.is_expired(Part::Face, now()));
        let dark = both.without_flash(Part::Card, profile, &device).unwrap();
        assert!(dark.face == both.face && dark.face_challenge.is_some());
        let dark = both.without_flash(Part::Face, profile, &device).unwrap();
        assert!(dark.bundle == both.bundle && dark.challenge.is_some());
        let face = dark.face.unwrap();
        assert!(face.verify(profile, &device) && face.document().flash.is_none());
        assert!(dark.face_challenge.is_none());
        let alone = submission().without_flash(Part::Face, profile, &device);
        assert_eq!(alone.unwrap_err(), SubmissionError::NoFace);
    }

    #[test]
    fn what_was_stored_before_there_were_faces_is_read() {
        let stored = submission().to_bytes().unwrap();
        assert!(!String::from_utf8_lossy(&stored).contains("face"));
        assert!(Submission::from_bytes(&stored).unwrap().face.is_none());
    }

    #[test]
    fn expiry_is_the_challenges() {
        let submission = submission();
        assert!(submission.is_expired(Part::Card, now()));
        assert!(!submission.is_expired(Part::Card, now() - std::time::Duration::from_millis(1)));
        let device = SecretString::from("qe_whsec_DEVICE");
        let without = submission.without_flash(Part::Card, SigningProfile::default(), &device).unwrap();
        assert!(!without.is_expired(Part::Card, Timestamp::MAX));
    }

    #[test]
    fn without_flash_means_no_nonce_and_the_devices_signature() {
        let device = SecretString::from("qe_whsec_DEVICE");
        let without = submission().without_flash(Part::Card, SigningProfile::default(), &device).unwrap();
        assert!(signed(&without).verify(SigningProfile::default(), &device));
        assert_eq!(signed(&without).document().flash, None);
        assert_eq!(signed(&without).document().frames, signed(&submission()).document().frames);
        assert!(without.challenge.is_none());
    }

    #[test]
    fn the_best_frame_alone_keeps_flash_and_secret() {
        let (profile, device) = (SigningProfile::default(), SecretString::from("qe_whsec_DEVICE"));
        let alone =
            |submission: &Submission| submission.with_best_frame_alone(Part::Card, profile, &device).unwrap();
        assert!(alone(&submission()).is_none(), "one frame is all there is");

        let mut whole = submission();
        let mut document = signed(&whole).document().clone();
        document.frames.extend(testkit::document(2, now(), None).frames);
        let secret = whole.challenge.as_ref().unwrap().hmac_secret.clone();
        whole.bundle = Some(document.sign(profile, &secret).unwrap());
        let smaller = alone(&whole).unwrap();
        assert_eq!(signed(&smaller).document(), signed(&submission()).document());
        assert!(signed(&smaller).verify(profile, &secret) && smaller.challenge.is_some());

        whole.challenge = None;
        assert!(signed(&alone(&whole).unwrap()).verify(profile, &device));
    }

    #[test]
    fn debug_and_errors_show_no_card() {
        let nik = signed(&submission()).document().ocr_fields["nik"].clone();
        assert!(!format!("{:?}", submission()).contains(&nik));
        let mut broken = submission().to_bytes().unwrap().to_vec();
        let at = broken.len() - 3;
        broken[at] = b'{';
        let error = Submission::from_bytes(&broken).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&nik));
    }

    #[test]
    fn newer_forms_are_refused() {
        assert_eq!(Submission::from_bytes(&[9, b'{']).unwrap_err(), SubmissionError::UnknownVersion(9));
        assert_eq!(Submission::from_bytes(&[]).unwrap_err(), SubmissionError::UnknownVersion(0));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let mut bytes = bytes;
            bytes.insert(0, VERSION);
            prop_assert!(Submission::from_bytes(&bytes).is_err());
        }
    }
}
