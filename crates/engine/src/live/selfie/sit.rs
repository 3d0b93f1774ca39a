//! A guided selfie over a source of frames, in the source's own time: for benches and simulations.
//!
//! Invariant: the machine, the analysis and the light are those of the window, and whoever sits presses the button once it is
//! offered. Deliberately lacks screens: a source that can be lit or asked is told, one that cannot goes on as it is.

use std::sync::Arc;

use camera::{Colour, FrameSource, TimedFrame};
use gateway::FlashChallenge;
use liveness::FaceReader;
use session::{Cue, Gesture, SelfieEnd, SelfieInput, SelfieParams, SelfiePlan};

use super::guided::{GuidedSelfie, SelfieOrder};
use super::{TakeSelfieError, TakenSelfie};

/// What is asked of whoever sits before the camera.
#[derive(Clone, Debug, Default)]
pub struct SitOrder<'a> {
    /// Gestures, in order.
    pub cues: Vec<Cue>,
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

/// From the last gesture to the first colour: the window says that it is going to flash.
const READY_MS: u64 = 2_000;

/// Colours being shown.
struct Show {
    steps: Vec<([u8; 3], u32)>,
    /// The colour on the screen; none before the first.
    now: Option<usize>,
    /// When the next one follows.
    until_ms: u64,
}

/// Plays one selfie to its end.
pub fn sit(
    source: &mut dyn FrameSource,
    reader: &Arc<FaceReader>,
    order: &SitOrder<'_>,
) -> Result<Sat, TakeSelfieError> {
    let plan = SelfiePlan { cues: order.cues.clone(), awaits_light: order.challenge.is_some() };
    let mut guided = GuidedSelfie::new(Arc::clone(reader), plan, order.params);
    let (mut show, mut has_pressed) = (None, false);
    while let Some(TimedFrame { frame, at_ms }) = source.next_frame()? {
        let mut orders = guided.see(&frame, at_ms)?;
        if guided.view().offers_shutter && !has_pressed {
            has_pressed = true;
            orders.extend(guided.hear(SelfieInput::Shutter, at_ms));
        }
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
                    show = Some(Show { steps, now: None, until_ms: at_ms + READY_MS });
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
    if now_ms < show.until_ms {
        return Vec::new();
    }
    let next = show.now.map_or(0, |index| index + 1);
    let Some(([r, g, b], hold_ms)) = show.steps.get(next).copied() else {
        source.show(None);
        return guided.hear(SelfieInput::LightOver, now_ms);
    };
    source.show(Some(Colour { r, g, b }));
    guided.light_shown(next, now_ms);
    (show.now, show.until_ms) = (Some(next), now_ms + u64::from(hold_ms));
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
