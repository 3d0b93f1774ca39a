//! The face of the demo: an invented person who sits before a simulated camera.
//!
//! Invariant: gestures are drawn anew and colours are the partner's, so the person cannot know either before. Deliberately
//! lacks a window: the machine, the analysis and the light are the window's all the same.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use camera::sitter::{Sitter, SitterParams, SitterSet};
use engine::live::{Sat, SitOrder, TakenSelfie, sit};
use engine::{CaptureConfig, compose};
use gateway::{FlashChallenge, Gateway};
use inference::ModelSource;
use jiff::Timestamp;
use liveness::FaceReader;
use session::Cue;

use super::demo;
use crate::args::DemoArgs;
use crate::terminal::Terminal;

/// The people that come with the sources.
const SITTERS: &str = "tests/data/sitters";
/// Gestures asked for.
const GESTURES: usize = 2;

/// A face that sat, and the challenge that lit it.
pub struct Seated {
    pub taken: TakenSelfie,
    pub captured_at: Timestamp,
    pub challenge: Option<FlashChallenge>,
}

/// Asks for colours, and has somebody sit.
pub async fn seat(
    gateway: &dyn Gateway,
    customer_id: &str,
    config: &CaptureConfig,
    args: &DemoArgs,
) -> anyhow::Result<Seated> {
    let set = SitterSet::open(&demo::chosen(args.sitters.as_deref(), SITTERS, "--sitters")?)?;
    let name = set.names().first().context("nobody is in the folder of sitters")?;
    let portrait = Arc::new(set.portrait(name)?);
    let reader = Arc::new(FaceReader::load(&ModelSource::from_env())?);
    let challenge = engine::face_challenge(gateway, customer_id, config).await?;
    let cues = Cue::draw(GESTURES, compose::random);
    let order = SitOrder { cues, challenge: challenge.as_ref(), ..SitOrder::default() };
    let captured_at = compose::now();
    let mut sitter = Sitter::new(portrait, SitterParams::default(), rand::random());
    match sit(&mut sitter, &reader, &order)? {
        Sat::Taken(taken) => Ok(Seated { taken: *taken, captured_at, challenge }),
        Sat::Ended(end) => bail!("nobody could be seen to sit: {end:?}"),
        Sat::RanDry => bail!("the simulated camera ran dry"),
    }
}

/// What was seen of the face.
pub fn tell(seated: &Seated, terminal: &Terminal) {
    let life = &seated.taken.life;
    let done = life.responses.iter().filter(|(_, is_seen)| *is_seen).count();
    let (asked, colours) = (life.responses.len(), life.flash_samples.len());
    terminal.tell(
        format!("2. wajah: {done} dari {asked} gerakan terlihat, {colours} warna terpantul"),
        format!("2. face: {done} of {asked} gestures seen, {colours} colours reflected"),
    );
    for vote in &life.judgement.votes {
        let mark = match vote.outcome {
            liveness::Outcome::Passed => "✓",
            liveness::Outcome::Failed => "✗",
            liveness::Outcome::Abstained => "–",
        };
        terminal.say(format!("     {mark} {:<18} {}", vote.voter.code(), vote.reason));
    }
}
