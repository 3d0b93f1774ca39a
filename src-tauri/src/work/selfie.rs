//! The guided selfie, in the window's words.
//!
//! Invariant: no picture is in what is shown while guiding.

use std::sync::Arc;

use engine::compose;
use engine::live::{SelfieCapture, SelfieEvent, SelfieNets, SharedFaceReader, TakenSelfie};
use inference::ModelSource;
use session::{SelfieEnd, SelfieHint, SelfieParams, SelfiePlan, SelfieSessionView};

use super::Tools;
use crate::controller::{VisitEvent, VisitId};
use crate::taken;
use crate::view::{SelfieHintCode, SelfieView};

/// Guides to a selfie over the running camera. `None` where none runs or no thread can be had; the visit is told.
pub(super) fn guide(tools: &Arc<Tools>, visit: VisitId) -> Option<SelfieCapture> {
    let feed = tools.frames.feed()?;
    let (mine, clock) = (Arc::clone(tools), Arc::clone(&feed));
    let told = move |event| hear(&mine, visit, event, clock.now_ms());
    let nets = SelfieNets { reader: Arc::new(SharedFaceReader::new(ModelSource::from_env())) };
    match SelfieCapture::start(feed, nets, SelfiePlan::default(), SelfieParams::default(), told) {
        Ok(capture) => Some(capture),
        Err(error) => {
            tracing::error!(%error, "no thread to guide in");
            tools.tell_visit(visit, VisitEvent::SelfieEnded);
            None
        }
    }
}

fn hear(tools: &Tools, visit: VisitId, event: SelfieEvent, now_ms: u64) {
    let news = match event {
        SelfieEvent::Changed(view) => VisitEvent::SelfieSeen(seen(&view)),
        SelfieEvent::Taken(selfie) => VisitEvent::SelfieTaken(Box::new(with_time(*selfie, now_ms))),
        SelfieEvent::Ended(SelfieEnd::TimedOut | SelfieEnd::Taken | SelfieEnd::Missed) => {
            VisitEvent::SelfieEnded
        }
        SelfieEvent::Failed(_) => VisitEvent::SelfieEnded,
        SelfieEvent::Asked(_) | SelfieEvent::AwaitsLight => return,
        SelfieEvent::Ended(SelfieEnd::Cancelled) => return,
    };
    tools.tell_visit(visit, news);
}

fn with_time(selfie: TakenSelfie, now_ms: u64) -> taken::TakenSelfie {
    let ago = std::time::Duration::from_millis(now_ms.saturating_sub(selfie.at_ms));
    taken::TakenSelfie { selfie, captured_at: compose::now() - ago }
}

/// Step, camera and the partner's wish are the controller's.
fn seen(session: &SelfieSessionView) -> SelfieView {
    SelfieView {
        hold: session.hold,
        offers_help: session.offers_help,
        offers_shutter: session.offers_shutter,
        has_timed_out: session.end == Some(SelfieEnd::TimedOut),
        ..SelfieView::nothing_seen(code(session.hint))
    }
}

fn code(hint: SelfieHint) -> SelfieHintCode {
    match hint {
        SelfieHint::CameraLost => SelfieHintCode::CameraLost,
        SelfieHint::NobodyThere
        | SelfieHint::ManyFaces
        | SelfieHint::TooFar
        | SelfieHint::TooClose
        | SelfieHint::OffCentre
        | SelfieHint::TurnToCamera
        | SelfieHint::Covered => SelfieHintCode::NobodyThere,
        SelfieHint::TooDark | SelfieHint::Backlit => SelfieHintCode::TooDark,
        SelfieHint::TooBright => SelfieHintCode::TooBright,
        SelfieHint::Blurry => SelfieHintCode::Blurry,
        SelfieHint::Moving => SelfieHintCode::Moving,
        SelfieHint::Hold => SelfieHintCode::Hold,
        SelfieHint::Captured => SelfieHintCode::Captured,
    }
}
