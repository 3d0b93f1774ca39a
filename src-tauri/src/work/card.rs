//! The guided capture of a card, in the window's words.
//!
//! Invariant: places are shares of the frame; no value and no picture is in what is shown while guiding.

use std::sync::Arc;

use engine::compose;
use engine::live::{CardCapture, CardEvent, CardNets, GuidedParams, GuidedView, TakenCard};
use frame::Point;
use ktp::Field;
use session::{CardPhase, End, Hint, Retry};
use vision::live::Analysis;

use super::Tools;
use crate::controller::{CardEnd, CardSeen, CardStage, VisitEvent, VisitId};
use crate::taken;
use crate::view::{
    CameraView, CardView, Direction, HintCode, HintView, MeasuresView, PointView, RegionKind, RegionView,
    RetryView, StepView,
};

/// JPEG quality of the straightened card in the review: letters stay crisp.
const CARD_QUALITY: u8 = 90;

/// Guides to a card over the running camera. `None` where none runs or no thread can be had; the visit is told.
pub(super) fn guide(tools: &Arc<Tools>, visit: VisitId) -> Option<CardCapture> {
    let feed = tools.frames.feed()?;
    let nets = CardNets { reader: Arc::clone(&tools.reader) };
    let mine = Arc::clone(tools);
    let clock = Arc::clone(&feed);
    let told = move |event| hear(&mine, visit, event, &clock);
    match CardCapture::start(feed, nets, compose::today(), GuidedParams::default(), told) {
        Ok(capture) => Some(capture),
        Err(error) => {
            tracing::error!(%error, "no thread to guide in");
            tools.tell_visit(visit, VisitEvent::CardEnded(CardEnd::Broken));
            None
        }
    }
}

fn hear(tools: &Tools, visit: VisitId, event: CardEvent, feed: &camera::Feed) {
    let news = match event {
        CardEvent::Changed(view) => VisitEvent::Seen(Box::new(seen(&view))),
        CardEvent::Taken(card) => {
            let picture = card.scan.reading.rectified.as_ref();
            tools.frames.show_card(picture.map(|card| frame::encode_jpeg(card, CARD_QUALITY)));
            VisitEvent::Taken(Box::new(with_time(*card, feed.now_ms())))
        }
        CardEvent::Ended(End::TimedOut) => VisitEvent::CardEnded(CardEnd::TimedOut),
        CardEvent::Ended(End::Broken | End::Taken) => VisitEvent::CardEnded(CardEnd::Broken),
        CardEvent::Ended(End::Cancelled) => return,
        CardEvent::Failed(detail) => {
            tracing::error!(detail, "the nets cannot be used");
            VisitEvent::CardEnded(CardEnd::Broken)
        }
    };
    tools.tell_visit(visit, news);
}

fn with_time(card: TakenCard, now_ms: u64) -> taken::TakenCard {
    let ago = std::time::Duration::from_millis(now_ms.saturating_sub(card.first_at_ms));
    taken::TakenCard { card, captured_at: compose::now() - ago }
}

fn seen(view: &GuidedView) -> CardSeen {
    let session = &view.session;
    let stage = match session.phase {
        // Taken: the card itself follows.
        CardPhase::Reading | CardPhase::Ended(End::Taken) => {
            let progress = session.reading.unwrap_or_default();
            CardStage::Reading { done: progress.done, of: progress.of }
        }
        CardPhase::Looking
        | CardPhase::Holding
        | CardPhase::Burst
        | CardPhase::Captured
        | CardPhase::Advice
        | CardPhase::Ended(End::Cancelled | End::TimedOut | End::Broken) => CardStage::Looking,
    };
    let places = Places::of(view.frame_px);
    let analysis = view.analysis.as_deref();
    let card = CardView {
        again: None,
        step: StepView { number: 1, of: 1 },
        camera: CameraView::Starting,
        hint: hint(&session.hint),
        quad: analysis.and_then(|seen| seen.quad).map(|quad| quad.0.map(|corner| places.point(corner))),
        regions: analysis.map(|seen| places.regions(seen)).unwrap_or_default(),
        hold: session.hold,
        offers_help: session.offers_help,
        offers_shutter: session.offers_shutter,
        failed_tries: session.failed_tries,
        retry: session.retry.as_ref().map(retry),
        measures: analysis.map(measures),
    };
    CardSeen { view: card, stage }
}

/// Pixels as shares of a frame.
struct Places {
    width: f32,
    height: f32,
}

impl Places {
    fn of((width, height): (u32, u32)) -> Self {
        Self { width: width.max(1) as f32, height: height.max(1) as f32 }
    }

    fn point(&self, at: Point) -> PointView {
        PointView { x: at.x / self.width, y: at.y / self.height }
    }

    fn regions(&self, seen: &Analysis) -> Vec<RegionView> {
        let Some(quad) = &seen.quad else { return Vec::new() };
        let of_kind = |kind, map: &vision::live::CardMap| -> Vec<RegionView> {
            let outlines = map.outlines(quad).into_iter();
            let region = |outline: Vec<Point>| RegionView {
                kind,
                outline: outline.into_iter().map(|at| self.point(at)).collect(),
            };
            outlines.map(region).collect()
        };
        let mut regions = of_kind(RegionKind::Glare, &seen.glare);
        regions.extend(of_kind(RegionKind::Obstruction, &seen.cover));
        regions
    }
}

fn keys(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.key().to_owned()).collect()
}

fn hint(hint: &Hint) -> HintView {
    let direction = hint.direction.map(|direction| match direction {
        session::Direction::Left => Direction::Left,
        session::Direction::Right => Direction::Right,
        session::Direction::Up => Direction::Up,
        session::Direction::Down => Direction::Down,
    });
    HintView { code: code(hint.code), direction, fields: keys(&hint.fields) }
}

fn retry(retry: &Retry) -> RetryView {
    RetryView { reasons: retry.reasons.iter().copied().map(code).collect(), fields: keys(&retry.fields) }
}

fn measures(seen: &Analysis) -> MeasuresView {
    MeasuresView {
        analysis_ms: seen.took.as_secs_f32() * 1000.0,
        width_share: seen.width_share,
        tilt_degrees: seen.perspective_degrees,
        sharpness: seen.sharpness,
        brightness: seen.brightness,
        glare: seen.glare.share(),
        covered: seen.cover.share(),
    }
}

fn code(code: session::HintCode) -> HintCode {
    match code {
        session::HintCode::CameraLost => HintCode::CameraLost,
        session::HintCode::NoCard => HintCode::NoCard,
        session::HintCode::OtherDocument => HintCode::OtherDocument,
        session::HintCode::BackSide => HintCode::BackSide,
        session::HintCode::UpsideDown => HintCode::UpsideDown,
        session::HintCode::CutOff => HintCode::CutOff,
        session::HintCode::TooFar => HintCode::TooFar,
        session::HintCode::TooClose => HintCode::TooClose,
        session::HintCode::Tilted => HintCode::Tilted,
        session::HintCode::Obstructed => HintCode::Obstructed,
        session::HintCode::Glare => HintCode::Glare,
        session::HintCode::TooDark => HintCode::TooDark,
        session::HintCode::TooBright => HintCode::TooBright,
        session::HintCode::Blurry => HintCode::Blurry,
        session::HintCode::Moving => HintCode::Moving,
        session::HintCode::Hold => HintCode::Hold,
        session::HintCode::Captured => HintCode::Captured,
    }
}
