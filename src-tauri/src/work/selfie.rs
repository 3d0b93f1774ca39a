//! The guided selfie, in the window's words.
//!
//! Invariant: no picture is in what is shown while guiding; the simulated room is dark again when a sitting ends.

use std::sync::Arc;

use camera::{Colour, Feed};
use engine::compose;
use engine::live::{SelfieCapture, SelfieEvent, TakenSelfie, Wish};
use gateway::Rgb;
use session::{SelfieEnd, SelfieHint, SelfieParams, SelfieSessionView};

use super::Tools;
use crate::controller::{SelfieLight, SelfieOrder, VisitEvent, VisitId};
use crate::taken;
use crate::view::{FaceVerdict, SelfieFailure, SelfieHintCode, SelfieView};

/// A sitting under way. Dropping it ends it.
pub(super) struct SelfieErrand {
    capture: SelfieCapture,
    feed: Arc<Feed>,
    colours: Vec<Rgb>,
}

impl SelfieErrand {
    /// Guides to a selfie over the running camera. `None` where none runs or no thread can be had; the visit is told.
    pub(super) fn begin(tools: &Arc<Tools>, order: SelfieOrder) -> Option<Self> {
        let feed = tools.frames.feed()?;
        let (mine, clock) = (Arc::clone(tools), Arc::clone(&feed));
        let told = move |event| hear(&mine, order.visit, event, clock.now_ms());
        match SelfieCapture::start(Arc::clone(&feed), SelfieParams::default(), told) {
            Ok(capture) => Some(Self { capture, feed, colours: Vec::new() }),
            Err(error) => {
                tracing::error!(%error, "no thread to guide in");
                tools.tell_visit(order.visit, VisitEvent::SelfieEnded(SelfieFailure::TimedOut));
                None
            }
        }
    }

    /// Take the picture now.
    pub(super) fn press(&self) {
        self.capture.wish(Wish::Shutter);
    }

    /// The light that the face waits for.
    pub(super) fn light(&mut self, light: SelfieLight) {
        match light {
            SelfieLight::Begin(challenge) => {
                self.colours = challenge.steps.iter().map(|(colour, _)| *colour).collect();
            }
            SelfieLight::Shown(index) => {
                let colour =
                    self.colours.get(index as usize).map(|Rgb([r, g, b])| Colour { r: *r, g: *g, b: *b });
                self.feed.show(colour);
            }
            SelfieLight::Over => {
                self.feed.show(None);
            }
        }
    }
}

impl Drop for SelfieErrand {
    fn drop(&mut self) {
        self.feed.show(None);
    }
}

fn hear(tools: &Tools, visit: VisitId, event: SelfieEvent, now_ms: u64) {
    let news = match event {
        SelfieEvent::Changed(view) => VisitEvent::SelfieSeen(seen(&view)),
        SelfieEvent::Taken(selfie) => VisitEvent::SelfieTaken(Box::new(with_time(*selfie, now_ms))),
        SelfieEvent::Ended(SelfieEnd::TimedOut | SelfieEnd::Taken) => {
            VisitEvent::SelfieEnded(SelfieFailure::TimedOut)
        }
        SelfieEvent::Ended(SelfieEnd::Cancelled) => return,
    };
    tools.tell_visit(visit, news);
}

fn with_time(selfie: TakenSelfie, now_ms: u64) -> taken::TakenSelfie {
    let ago = std::time::Duration::from_millis(now_ms.saturating_sub(selfie.at_ms));
    let captured_at = compose::now() - ago;
    // Nothing on this device looks for life yet.
    taken::TakenSelfie {
        selfie,
        captured_at,
        verdict: FaceVerdict::Unclear,
        votes: Vec::new(),
        has_light: false,
    }
}

/// Step, camera and the partner's wish are the controller's.
fn seen(session: &SelfieSessionView) -> SelfieView {
    SelfieView {
        hold: session.hold,
        offers_help: session.offers_help,
        offers_shutter: session.offers_shutter,
        ..SelfieView::nothing_seen(code(session.hint))
    }
}

fn code(hint: SelfieHint) -> SelfieHintCode {
    match hint {
        SelfieHint::CameraLost => SelfieHintCode::CameraLost,
        SelfieHint::NobodyThere => SelfieHintCode::NobodyThere,
        SelfieHint::TooDark => SelfieHintCode::TooDark,
        SelfieHint::TooBright => SelfieHintCode::TooBright,
        SelfieHint::Blurry => SelfieHintCode::Blurry,
        SelfieHint::Moving => SelfieHintCode::Moving,
        SelfieHint::Hold => SelfieHintCode::Hold,
        SelfieHint::Captured => SelfieHintCode::Captured,
    }
}
