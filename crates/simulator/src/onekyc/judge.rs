//! The end of a submission, computed from the pictures it holds.
//! Invariant: nothing is approved that was not looked at; a picture of something else is called so.
//! Deliberately lacks a comparison of faces and a registry: those blocks stay absent from results.

use std::collections::BTreeMap;
use std::sync::Arc;

use image::RgbImage;
use serde_json::{Value, json};
use uuid::Uuid;

use super::callback;
use super::card_reader::CardReading;
use super::platform::Platform;
use super::results::decided_at;
use super::state::{End, Progress};
use crate::check;

/// Smaller pictures show nothing.
const MIN_SIDE_PX: u32 = 8;
const REFERENCE_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// Whether the bytes are a JPEG or PNG that opens.
pub fn is_picture(bytes: &[u8]) -> bool {
    open(bytes).is_some()
}

fn open(bytes: &[u8]) -> Option<RgbImage> {
    let format = image::guess_format(bytes).ok()?;
    if !matches!(format, image::ImageFormat::Jpeg | image::ImageFormat::Png) {
        return None;
    }
    let picture = image::load_from_memory_with_format(bytes, format).ok()?.into_rgb8();
    (picture.width() >= MIN_SIDE_PX && picture.height() >= MIN_SIDE_PX).then_some(picture)
}

/// What a submission is judged by.
struct Case {
    flow: String,
    pictures: BTreeMap<String, Vec<u8>>,
    reference: Option<Vec<u8>>,
    /// A face is judged alone or against a picture.
    looks_at_faces: bool,
    /// …and not without that picture.
    wants_reference: bool,
}

/// Whose case it is, as the partner is asked.
struct Person {
    user_id: String,
    user_id_type: String,
    partner_session: String,
    reference_image_url: Option<String>,
}

/// Judges a confirmed submission and tells the result.
pub async fn judge(platform: Arc<Platform>, id: Uuid, origin: String) {
    callback::tell_progress(&platform, id, &origin);
    let Some((mut case, person)) = case_of(&platform, id) else { return };
    if case.looks_at_faces {
        let url = match person.reference_image_url.clone() {
            Some(url) => Some(url),
            None => ask_partner(&platform, &person).await,
        };
        if let Some(url) = url {
            case.reference = fetch(&platform, &url).await;
        }
    }
    let looking = Arc::clone(&platform);
    let end =
        tokio::task::spawn_blocking(move || forced(&looking).unwrap_or_else(|| look(&looking, &case))).await;
    let end = end.unwrap_or_else(|error| {
        tracing::error!(%error, "judging broke");
        End { status: "ERROR".to_owned(), reason: Some("SYSTEM_ERROR".to_owned()), ..End::default() }
    });
    {
        let mut state = platform.state();
        let now = decided_at(&platform);
        let Some(submission) = state.submission(id) else { return };
        submission.completed_at = Some(now);
        submission.progress = Progress::Ended(Box::new(end));
    }
    callback::tell_end(&platform, id, &origin);
}

fn case_of(platform: &Platform, id: Uuid) -> Option<(Case, Person)> {
    let mut state = platform.state();
    let (flow, documents, person) = {
        let submission = state.submission(id)?;
        let documents: Vec<_> =
            submission.documents.iter().map(|document| (document.key.clone(), document.object)).collect();
        let person = Person {
            user_id: submission.user_id.clone(),
            user_id_type: submission.user_id_type.clone(),
            partner_session: submission.partner_session.clone(),
            reference_image_url: submission.reference_image_url.clone(),
        };
        (submission.flow.clone(), documents, person)
    };
    let bytes = |object: Uuid| state.objects.get(&object).and_then(|object| object.bytes.clone());
    let pictures = documents.into_iter().filter_map(|(key, object)| Some((key, bytes(object)?))).collect();
    let wants_reference = matches!(flow.as_str(), "FACE_VERIFICATION" | "FACE_MATCH");
    let looks_at_faces = wants_reference || flow == "STANDALONE_LIVENESS";
    Some((Case { flow, pictures, reference: None, looks_at_faces, wants_reference }, person))
}

/// The partner's own word on where the person's card is, if it has one.
async fn ask_partner(platform: &Platform, person: &Person) -> Option<String> {
    let source = platform.behaviour().reference?;
    let body = json!({"partnerUserId": person.user_id, "partnerUserIdType": person.user_id_type,
        "partnerSessionId": person.partner_session});
    let mut request = platform.http.post(&source.url).json(&body);
    for (name, value) in &source.headers {
        request = request.header(name, value);
    }
    let answer: Value = request.send().await.ok()?.error_for_status().ok()?.json().await.ok()?;
    answer["data"]["referenceImageUrl"].as_str().map(str::to_owned)
}

/// The reference picture, as the real platform fetches it.
async fn fetch(platform: &Platform, url: &str) -> Option<Vec<u8>> {
    let answer = platform.http.get(url).send().await.ok()?.error_for_status().ok()?;
    let bytes = answer.bytes().await.ok()?;
    (bytes.len() <= REFERENCE_LIMIT_BYTES).then(|| bytes.to_vec())
}

fn forced(platform: &Platform) -> Option<End> {
    let forced = platform.behaviour().forced?;
    let mut state = platform.state();
    if forced.count.is_some_and(|count| state.forced >= count) {
        return None;
    }
    state.forced += 1;
    Some(End { status: forced.status, result: forced.result, reason: forced.reason_code, ..End::default() })
}

fn look(platform: &Platform, case: &Case) -> End {
    let mut end = End { status: "COMPLETED".to_owned(), result: Some("VALID".to_owned()), ..End::default() };
    let reject = |end: &mut End, reason: &str| {
        end.result = Some("INVALID".to_owned());
        end.reason.get_or_insert_with(|| reason.to_owned());
    };
    let card = case.pictures.iter().find(|(key, _)| matches!(key.as_str(), "KTP" | "KTP_FRONT"));
    if let Some((_, bytes)) = card {
        match read_card(platform, bytes) {
            CardReading::Card(values) => end.card = values,
            CardReading::NotACard => reject(&mut end, "NOT_EKTP"),
            CardReading::Unreadable => reject(&mut end, "INVALID_DOCUMENT"),
        }
    }
    if let Some(selfie) = case.pictures.get("SELFIE") {
        let live = is_live(selfie, case.pictures.get("ADDITIONAL_SELFIE").map(Vec::as_slice));
        end.liveness = Some(live);
        if !live {
            reject(
                &mut end,
                if case.flow.starts_with("STANDALONE_IDENTITY") {
                    "LIVENESS_CHECK_FAILED"
                } else {
                    "NOT_LIVE"
                },
            );
        }
    }
    let has_something_to_look_at = case.wants_reference || case.reference.is_some();
    if has_something_to_look_at && end.liveness == Some(true) {
        let refused = reference_refused(platform, case);
        if refused.is_some() {
            reject(&mut end, "REFERENCE_IMAGE_VALIDATION_FAILED");
        }
        end.reference = Some((refused.is_none(), refused.map(str::to_owned)));
    }
    end
}

/// Why the reference picture cannot be used.
fn reference_refused(platform: &Platform, case: &Case) -> Option<&'static str> {
    match case.reference.as_deref() {
        None => Some("DOCUMENT_NOT_FOUND"),
        Some(bytes) if read_card(platform, bytes) == CardReading::NotACard => Some("NOT_EKTP"),
        Some(_) => None,
    }
}

fn read_card(platform: &Platform, bytes: &[u8]) -> CardReading {
    if let Some(reader) = &platform.reader {
        return reader.read(bytes);
    }
    // Without a reader there are no values, and "a card" means: it looks like one.
    match open(bytes) {
        Some(picture) if check::looks_like_a_card(&picture) => CardReading::Card(BTreeMap::new()),
        Some(_) | None => CardReading::NotACard,
    }
}

/// Two pictures of a living person differ; a picture of nobody has no skin in it.
fn is_live(selfie: &[u8], additional: Option<&[u8]>) -> bool {
    additional.is_none_or(|additional| additional != selfie)
        && open(selfie).is_some_and(|picture| check::shows_skin(&picture))
}
