//! A guided selfie over a source of frames, in the source's own time: for benches and simulations.
//!
//! Invariant: the machine, the analysis and the light are those of the window. Deliberately lacks screens: a source that
//! can be lit or asked is told, one that cannot goes on as it is.

use std::sync::Arc;

use camera::{Colour, FrameSource, TimedFrame};
use gateway::FlashChallenge;
use liveness::FaceReader;
use session::{Gesture, SelfieEnd, SelfieInput, SelfieParams, SelfiePlan};

use super::guided::{GuidedSelfie, SelfieOrder};
use super::{TakeSelfieError, TakenSelfie};

/// What is asked of whoever sits before the camera.
#[derive(Clone, Debug, Default)]
pub struct SitOrder<'a> {
    /// Gestures, in order.
    pub gestures: Vec<Gesture>,
    /// Coloured light.
    pub challenge: Option<&'a FlashChallenge>,
    /// Thresholds.
    pub params: SelfieParams,
}

/// How a sitting ended.
#[derive(Debug)]
pub enum Sat {
    /// With a selfie.
    Taken(Box<TakenSelfie>),
    /// Without one.
    Ended(SelfieEnd),
    /// The source ran dry.
    RanDry,
}

/// Colours being shown.
struct Show {
    steps: Vec<([u8; 3], u32)>,
    /// The colour on the screen, and until when.
    now: Option<(usize, u64)>,
}

/// Plays one selfie to its end.
pub fn sit(
    source: &mut dyn FrameSource,
    reader: &Arc<FaceReader>,
    order: &SitOrder<'_>,
) -> Result<Sat, TakeSelfieError> {
    let plan = SelfiePlan { gestures: order.gestures.clone(), awaits_light: order.challenge.is_some() };
    let mut guided = GuidedSelfie::new(Arc::clone(reader), plan, order.params);
    let mut show = None;
    while let Some(TimedFrame { frame, at_ms }) = source.next_frame()? {
        let mut orders = guided.see(&frame, at_ms)?;
        if let Some(playing) = &mut show {
            orders.extend(play_on(playing, &mut guided, source, at_ms));
        }
        for order_ in orders {
            match order_ {
                SelfieOrder::Ask(gesture) => {
                    source.ask(gesture.map(camera_gesture));
                }
                SelfieOrder::AwaitLight => {
                    let steps = order.challenge.map(|challenge| guided.light(challenge)).unwrap_or_default();
                    show = Some(Show { steps, now: None });
                }
                SelfieOrder::Taken(taken) => return Ok(Sat::Taken(taken)),
                SelfieOrder::Ended(end) => return Ok(Sat::Ended(end)),
            }
        }
    }
    Ok(Sat::RanDry)
}

/// Shows the next colour once the present one's time is over.
fn play_on(
    show: &mut Show,
    guided: &mut GuidedSelfie,
    source: &mut dyn FrameSource,
    now_ms: u64,
) -> Vec<SelfieOrder> {
    let next = match show.now {
        None => 0,
        Some((_, until_ms)) if now_ms < until_ms => return Vec::new(),
        Some((index, _)) => index + 1,
    };
    let Some(([r, g, b], hold_ms)) = show.steps.get(next).copied() else {
        source.show(None);
        return guided.hear(SelfieInput::LightOver, now_ms);
    };
    source.show(Some(Colour { r, g, b }));
    guided.light_shown(next, now_ms);
    show.now = Some((next, now_ms + u64::from(hold_ms)));
    Vec::new()
}

/// The same gesture in the simulated camera's words.
pub(super) fn camera_gesture(gesture: Gesture) -> camera::Gesture {
    match gesture {
        Gesture::Blink => camera::Gesture::Blink,
        Gesture::TurnLeft => camera::Gesture::TurnLeft,
        Gesture::Smile => camera::Gesture::Smile,
    }
}
