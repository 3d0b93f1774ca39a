//! Asking the partner for a flash challenge while the card is held up, or the face.
//!
//! A challenge is given to a customer, so a customer nobody named is made at the partner first, under a name of ours:
//! the card, which has the real one, is not read yet. Invariant: the partner is asked only if the camera can see the
//! screen's light.

use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

use camera::Feed;
use engine::compose;
use gateway::{ChallengePurpose, ChallengeRequest, FlashChallenge, Gateway as _, NewCustomer, Rejection};

use super::{CustomerId, Tools};
use crate::controller::{ChallengeNews, Event, VisitEvent, VisitId};
use crate::view::{FlashSubject, LinkView};

/// The contract's longest time: a challenge is asked for before the card is found.
const TTL_MS: u32 = 300_000;
/// How long a camera may take to give its first frame.
const CAMERA_PATIENCE: Duration = Duration::from_secs(20);
/// The name of a customer whose card is not read yet.
const UNREAD_NAME: &str = "Nasabah baru";

/// Asks, if it is wanted; the visit is told.
pub(super) fn ask(
    tools: &Arc<Tools>,
    visit: VisitId,
    subject: FlashSubject,
    is_wanted: bool,
    customer: CustomerId,
) {
    let tell = move |tools: &Tools, news| tools.tell_visit(visit, VisitEvent::Challenge(subject, news));
    if !is_wanted {
        return tell(tools, ChallengeNews::NotWanted);
    }
    // Not held: a camera that is let go while it is waited for must be free at once.
    let (mine, feed) = (Arc::clone(tools), tools.frames.feed().as_ref().map(Arc::downgrade));
    tools.runtime.spawn(async move {
        let news = match feed {
            Some(feed) => challenge(&mine, feed, subject, &customer).await,
            None => ChallengeNews::NotPossible,
        };
        tell(&mine, news);
    });
}

async fn challenge(
    tools: &Tools,
    feed: Weak<Feed>,
    subject: FlashSubject,
    customer: &CustomerId,
) -> ChallengeNews {
    let can_be_lit = tokio::task::spawn_blocking(move || sees_light(&feed)).await;
    if !can_be_lit.unwrap_or(false) {
        return ChallengeNews::NotPossible;
    }
    match ask_partner(tools, subject, customer).await {
        Ok(Some((challenge, lives_ms))) => {
            tools.tell(Event::Link(LinkView::Online));
            ChallengeNews::Given { challenge, lives_ms }
        }
        Ok(None) => ChallengeNews::Offline,
        Err(rejection) => {
            tracing::info!(reason = rejection.code(), "no flash challenge");
            if let Rejection::Retryable { reason: gateway::RetryReason::Offline, .. } = rejection {
                tools.tell(Event::Link(LinkView::Offline));
            }
            ChallengeNews::Offline
        }
    }
}

/// Whether frames can show the screen's light; known once there is a frame.
fn sees_light(feed: &Weak<Feed>) -> bool {
    let started = Instant::now();
    while let Some(feed) = feed.upgrade().filter(|_| started.elapsed() < CAMERA_PATIENCE) {
        if feed.newer_than(0, Duration::from_millis(250)).is_some() {
            return feed.show(None);
        }
    }
    false
}

/// The challenge and how many milliseconds it lives from now; `None` without a gateway.
async fn ask_partner(
    tools: &Tools,
    subject: FlashSubject,
    customer: &CustomerId,
) -> Result<Option<(FlashChallenge, u64)>, Rejection> {
    let Ok(installation) = tools.desk.installation() else { return Ok(None) };
    let gateway = match installation.gateway() {
        Ok(gateway) => gateway,
        Err(error) => {
            tracing::info!(%error, "no gateway to ask for a challenge");
            return Ok(None);
        }
    };
    let known = || customer.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let id = match known() {
        Some(id) => id,
        None => {
            let new = NewCustomer {
                full_name: UNREAD_NAME.to_owned(),
                external_id: Some(compose::new_id().to_string()),
                ..NewCustomer::default()
            };
            let id = gateway.create_customer(&new).await?;
            *customer.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.clone());
            id
        }
    };
    let steps = installation.config.capture.challenge_steps;
    let purpose = match subject {
        FlashSubject::Card => ChallengePurpose::Card,
        FlashSubject::Face => ChallengePurpose::Face,
    };
    let request = ChallengeRequest { purpose, steps, ttl_ms: TTL_MS };
    let challenge = gateway.challenge(&id, request).await?;
    let lives_ms = challenge.expires_at.duration_since(gateway.now()).as_millis();
    Ok(Some((challenge, u64::try_from(lives_ms).unwrap_or(0))))
}
