//! One customer's visit: consent, card, flash, reading, review, selfie, submitting, outcome.
//!
//! Invariant: nothing of a customer exists before consent, and everything of a visit is in one value, so that dropping
//! it forgets it. Deliberately lacks work: it asks for it by effects.

use bundle::FlashSample;
use gateway::{Grant, Upload};

use super::effect::{Consent, Effect, SubmitOrder, VisitOrder};
use super::event::{CardEnd, CardSeen, CardStage, Now, VisitEvent, VisitId};
use super::face::FaceSittings;
use super::flash::FlashScreen;
use super::launched::Launched;
use super::light::{Light, LightEnd};
use super::review::Review;
use crate::taken::{TakenCard, TakenSelfie};
use crate::view::{
    FaceOutcomeView, FlashOutcome, FlashSubject, FlowView, Mode, OutcomeView, ReadingView, SelfieFailure,
    StepView, SubmitStage,
};

/// Version of the consent text in `ui/src/lib/messages/consent.ts`; to be raised whenever its meaning changes.
pub(crate) const CONSENT_VERSION: &str = "2026-11-22";

/// Times of a visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VisitParams {
    /// Submitting for longer than this is called slow: the guide's 5 s without progress.
    pub slow_ms: u64,
    /// A self-service outcome leaves by itself: time to read two sentences aloud.
    pub leave_s: u32,
    /// Captures in one visit at most: the contract's cap on a run.
    pub most_captures: u32,
}

/// What a visit begins with.
#[derive(Default)]
pub(crate) struct VisitPlan {
    /// The partner's id, if staff know it.
    pub customer_id: Option<String>,
    /// What is captured.
    pub flow: FlowView,
    /// Leave to run the flow, if it was launched.
    pub grant: Option<Grant>,
}

/// A step as people count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Card, light and reading.
    Card,
    /// Staff check.
    Review,
    /// The face.
    Selfie,
    /// Everything after.
    Send,
}

impl Default for VisitParams {
    fn default() -> Self {
        Self { slow_ms: 5_000, leave_s: 20, most_captures: 3 }
    }
}

/// Where the visit stands.
pub(crate) enum Stage {
    /// Asked to agree.
    Consent,
    /// In front of the camera.
    Card,
    /// The screen lights the card, or is about to.
    Flash(FlashScreen),
    /// Read or being read; nothing to do.
    Reading,
    /// Staff check.
    Review,
    /// The face before the camera, or a try that failed.
    Selfie,
    /// The screen lights the face, or is about to.
    SelfieLight(FlashScreen),
    /// What was captured of the face is looked at.
    SelfieCheck {
        /// Since when.
        since_ms: u64,
    },
    /// Too many tries failed.
    SelfieLocked,
    /// Signed, stored, sent.
    Submitting {
        /// What is being done.
        stage: SubmitStage,
        /// Since when.
        since_ms: u64,
        /// How much has left; `None` until it is known.
        upload: Option<Upload>,
    },
    /// What came of it.
    Outcome {
        /// What to show.
        view: Box<OutcomeView>,
        /// When it leaves by itself.
        leaves_at_ms: Option<u64>,
    },
}

/// One customer's visit.
pub(crate) struct Visit {
    pub id: VisitId,
    pub stage: Stage,
    pub plan: VisitPlan,
    /// The launch it answers, if a partner's front end began it.
    pub launch: Option<Launched>,
    consent: Option<Consent>,
    /// The last look at the card.
    pub seen: Option<CardSeen>,
    /// Why the guided capture ended without a card.
    pub ended: Option<CardEnd>,
    /// Whether coloured light is asked for.
    pub wants_light: bool,
    light: Light,
    taken: Option<Box<TakenCard>>,
    pub face: FaceSittings,
    pub selfie: Option<Box<TakenSelfie>>,
    /// Why the partner wants another capture: its reason code.
    pub again: Option<String>,
    /// Captures sent in this visit.
    captures: u32,
    pub review: Option<Review>,
    /// The queue's name for it, from when it was stored.
    item: Option<String>,
    /// What became of the flash of what is being submitted.
    submitted_flash: FlashOutcome,
    /// What staff are told of the face that is being submitted.
    submitted_face: Option<FaceOutcomeView>,
    mode: Mode,
    params: VisitParams,
}

impl Visit {
    /// A visit that begins with consent.
    pub(crate) fn new(id: VisitId, plan: VisitPlan, mode: Mode) -> Self {
        Self {
            id,
            stage: Stage::Consent,
            plan,
            launch: None,
            consent: None,
            seen: None,
            ended: None,
            wants_light: false,
            light: Light::default(),
            taken: None,
            face: FaceSittings::default(),
            selfie: None,
            again: None,
            captures: 0,
            review: None,
            item: None,
            submitted_flash: FlashOutcome::Offline,
            submitted_face: None,
            mode,
            params: VisitParams::default(),
        }
    }

    /// Whether staff check what was read.
    pub(crate) fn is_reviewed(&self) -> bool {
        match self.mode {
            Mode::Staff | Mode::Field => true,
            Mode::SelfService => false,
        }
    }

    /// Agreed: from here on the camera may see.
    pub(crate) fn agree(&mut self, now: Now, wants_light: bool) {
        self.consent = Some(Consent { text_version: CONSENT_VERSION, at: now.at, mode: self.mode });
        // A launched flow is judged by its own platform, which asks for no colours.
        self.wants_light = wants_light && self.launch.is_none();
    }

    /// From the beginning: to the card, or to the face where there is none.
    pub(crate) fn begin_capture(&mut self) -> Vec<Effect> {
        let VisitPlan { customer_id, flow, .. } = &self.plan;
        let has_card = flow.has_card();
        let order = VisitOrder {
            visit: self.id,
            customer_id: customer_id.clone(),
            flow: *flow,
            wants_flash: self.wants_light,
        };
        let mut effects = vec![Effect::CameraOn, Effect::BeginVisit(order)];
        if has_card {
            self.stage = Stage::Card;
        } else {
            effects.extend(self.sit());
        }
        effects
    }

    /// Takes news in.
    pub(crate) fn learn(&mut self, event: VisitEvent, now: Now) -> Vec<Effect> {
        match event {
            VisitEvent::Challenge(FlashSubject::Card, news) => self.light.learn(news, now.ms),
            VisitEvent::Challenge(FlashSubject::Face, news) => self.face.learn(news, now.ms),
            VisitEvent::Seen(seen) => return self.see(*seen, now),
            VisitEvent::Taken(taken) => return self.take(taken, now),
            VisitEvent::CardEnded(end) => self.end_card(end),
            VisitEvent::SelfieSeen(view) => self.face.see(view),
            VisitEvent::SelfieAwaitsLight => return self.await_light(now),
            VisitEvent::SelfieTaken(selfie) => return self.take_selfie(selfie, now),
            VisitEvent::SelfieEnded(failure) => return self.fail_selfie(failure),
            VisitEvent::FlashSeen(samples) => return self.end_flash(samples, now),
            VisitEvent::Stored(item) => self.item = Some(item),
            VisitEvent::Submitting(stage) => {
                if let Stage::Submitting { stage: shown, .. } = &mut self.stage {
                    *shown = stage;
                }
            }
            VisitEvent::Uploading(left) => {
                if let Stage::Submitting { stage, upload, .. } = &mut self.stage {
                    *upload = Some(left);
                    if left.sent_bytes == left.total_bytes {
                        *stage = SubmitStage::Judging;
                    }
                }
            }
            VisitEvent::Refused(refusal) => {
                if let Some(launch) = &mut self.launch {
                    launch.refusal = Some(refusal);
                }
            }
            VisitEvent::Submitted(outcome) => self.conclude(*outcome, now),
        }
        Vec::new()
    }

    fn see(&mut self, seen: CardSeen, now: Now) -> Vec<Effect> {
        let stage = seen.stage;
        self.seen = Some(seen);
        match (&self.stage, stage) {
            (Stage::Card, CardStage::Reading { .. }) => {
                self.stage = self.after_capture(now);
                Vec::new()
            }
            // The reading failed: back to the card, with advice. Light that was seen belonged to that try.
            (Stage::Reading | Stage::Flash(_), CardStage::Looking) => {
                self.stage = Stage::Card;
                self.light.reopen();
                vec![Effect::FlashDone]
            }
            _other => Vec::new(),
        }
    }

    /// The frames are there and being read; the light is the next thing, if it can be had.
    fn after_capture(&mut self, now: Now) -> Stage {
        if self.light.is_over() {
            return Stage::Reading;
        }
        match self.light.offer(now.ms) {
            Ok(challenge) => Stage::Flash(FlashScreen::announced(FlashSubject::Card, challenge, now.ms)),
            Err(outcome) => {
                self.light.end(outcome, Vec::new());
                Stage::Reading
            }
        }
    }

    fn take(&mut self, taken: Box<TakenCard>, now: Now) -> Vec<Effect> {
        if !matches!(self.stage, Stage::Card | Stage::Flash(_) | Stage::Reading) {
            return Vec::new();
        }
        if self.is_reviewed() {
            self.review =
                Some(Review::new(taken.reading(), &taken.card.scan.votes, now.today, taken.places()));
        }
        self.taken = Some(taken);
        if matches!(self.stage, Stage::Card) {
            self.stage = self.after_capture(now);
        }
        self.go_on_after_reading(now)
    }

    fn end_card(&mut self, end: CardEnd) {
        if matches!(self.stage, Stage::Card | Stage::Flash(_) | Stage::Reading) {
            self.ended = Some(end);
            self.stage = Stage::Card;
        }
    }

    /// Flash: begin now.
    pub(crate) fn begin_flash(&mut self) -> Vec<Effect> {
        let Some(challenge) = self.light.challenge() else { return Vec::new() };
        let Stage::Flash(screen) = &mut self.stage else { return Vec::new() };
        if !screen.begin() {
            return Vec::new();
        }
        // As it was asked for: samples stay on its own timeline, however much longer a colour is held.
        vec![Effect::FlashBegin(self.id, challenge.clone())]
    }

    /// Flash: go on without it.
    pub(crate) fn skip_flash(&mut self, now: Now) -> Vec<Effect> {
        let Stage::Flash(_) = &self.stage else { return Vec::new() };
        self.light.end(FlashOutcome::Declined, Vec::new());
        self.stage = Stage::Reading;
        let mut effects = vec![Effect::FlashDone];
        effects.extend(self.go_on_after_reading(now));
        effects
    }

    fn end_flash(&mut self, samples: Vec<FlashSample>, now: Now) -> Vec<Effect> {
        if !matches!(&self.stage, Stage::Flash(_)) {
            return Vec::new();
        }
        let outcome = if samples.is_empty() { FlashOutcome::NotSeen } else { FlashOutcome::Played };
        self.light.end(outcome, samples);
        self.stage = Stage::Reading;
        self.go_on_after_reading(now)
    }

    /// Read, and the light is over: to the review, or straight on where nobody reviews.
    fn go_on_after_reading(&mut self, now: Now) -> Vec<Effect> {
        if self.taken.is_none() || !matches!(self.stage, Stage::Reading) {
            return Vec::new();
        }
        if self.is_reviewed() {
            self.stage = Stage::Review;
            return vec![Effect::CameraOff];
        }
        self.go_on_after_card(now)
    }

    /// The card is done with: to the face, if the flow has one.
    pub(crate) fn go_on_after_card(&mut self, now: Now) -> Vec<Effect> {
        if !self.plan.flow.has_face() {
            return self.submit(now);
        }
        self.sit()
    }

    /// Everything that was captured goes on its way.
    pub(super) fn submit(&mut self, now: Now) -> Vec<Effect> {
        let (has_card, has_face) = (self.plan.flow.has_card(), self.plan.flow.has_face());
        let is_complete = self.taken.is_some() == has_card && self.selfie.is_some() == has_face;
        let Some(consent) = self.consent.clone().filter(|_| is_complete) else { return Vec::new() };
        let taken = self.taken.take();
        let LightEnd { challenge, outcome: flash, samples } = self.light.settle(now.ms);
        let selfie = self.selfie.take();
        let (face, told) = selfie.as_ref().map(|selfie| self.face.settle(selfie, now.ms)).unzip();
        let (values, corrections) = match (self.review.take(), &taken) {
            (Some(review), _) => (review.values().clone(), review.corrections().to_vec()),
            (None, Some(taken)) => (taken.reading().fields(), Vec::new()),
            (None, None) => Default::default(),
        };
        self.captures += 1;
        (self.submitted_flash, self.submitted_face) = (flash, told);
        self.stage = Stage::Submitting { stage: SubmitStage::Signing, since_ms: now.ms, upload: None };
        let order = SubmitOrder {
            visit: self.id,
            flow: self.plan.flow,
            taken,
            selfie,
            face,
            grant: self.plan.grant.clone(),
            values,
            corrections,
            consent,
            challenge,
            samples,
            flash,
        };
        vec![Effect::CameraOff, Effect::Submit(Box::new(order))]
    }

    /// Submitting: do not wait for the partner. Possible once it is stored.
    pub(crate) fn go_on(&mut self, now: Now) {
        if let (Stage::Submitting { .. }, Some(item)) = (&self.stage, &self.item) {
            let queued = OutcomeView::queued(item.clone(), self.submitted_flash);
            self.conclude(queued, now);
        }
    }

    fn conclude(&mut self, view: OutcomeView, now: Now) {
        if !matches!(self.stage, Stage::Submitting { .. } | Stage::Outcome { .. }) {
            return;
        }
        let may_retake = self.captures < self.params.most_captures;
        let face = self.face_told(view.face);
        let view = OutcomeView { retake: view.retake.filter(|_| may_retake), face, ..view };
        let leaves_in_s = (self.mode == Mode::SelfService).then_some(self.params.leave_s);
        let leaves_at_ms = leaves_in_s.map(|s| now.ms + u64::from(s) * 1000);
        self.stage = Stage::Outcome { view: Box::new(OutcomeView { leaves_in_s, ..view }), leaves_at_ms };
        self.seen = None;
        self.face.forget();
    }

    /// What the partner said of the face, with what this device knows of it.
    fn face_told(&self, partner: Option<FaceOutcomeView>) -> Option<FaceOutcomeView> {
        let mine = self.submitted_face.clone();
        match (mine, partner) {
            (Some(mine), Some(FaceOutcomeView { tier, check, .. })) => {
                Some(FaceOutcomeView { tier, check, ..mine })
            }
            (mine, partner) => mine.or(partner),
        }
    }

    /// The partner wants another capture: from the beginning, in the same visit, with the reason in sight.
    pub(crate) fn capture_again(&mut self) -> Vec<Effect> {
        let Stage::Outcome { view, .. } = &self.stage else { return Vec::new() };
        if view.retake.is_none() {
            return Vec::new();
        }
        let code = view.onekyc.as_ref().and_then(|onekyc| onekyc.reason_code.clone());
        self.again = code.or_else(|| view.reason.clone());
        self.light = Light::default();
        (self.item, self.ended) = (None, None);
        self.begin_capture()
    }

    /// The picture once more, from the review or after the guided capture ended without a card.
    pub(crate) fn retake(&mut self) -> Vec<Effect> {
        let may = matches!(self.stage, Stage::Review) || self.ended.is_some();
        if !may {
            return Vec::new();
        }
        self.stage = Stage::Card;
        self.light.reopen();
        (self.taken, self.review, self.seen, self.ended) = (None, None, None, None);
        vec![Effect::Forget, Effect::CameraOn, Effect::GuideAgain(self.id)]
    }

    /// What happens by itself. `None` where the visit is over.
    pub(crate) fn tick(&mut self, now: Now) -> Option<Vec<Effect>> {
        match &self.stage {
            Stage::Flash(screen) if screen.is_due(now.ms) => Some(self.begin_flash()),
            Stage::Flash(screen) if screen.is_overdue(now.ms) => Some(vec![Effect::FlashDone]),
            Stage::SelfieLight(screen) if screen.is_due(now.ms) => Some(self.begin_face_light()),
            Stage::SelfieLight(screen) if screen.is_overdue(now.ms) => {
                Some(self.end_face_light(FlashOutcome::NotSeen, now))
            }
            Stage::SelfieCheck { since_ms } if self.is_check_overdue(*since_ms, now) => {
                Some(self.fail_selfie(SelfieFailure::TimedOut))
            }
            Stage::Outcome { leaves_at_ms: Some(at_ms), .. } if now.ms >= *at_ms => None,
            Stage::Consent
            | Stage::Card
            | Stage::Flash(_)
            | Stage::Reading
            | Stage::Review
            | Stage::Selfie
            | Stage::SelfieLight(_)
            | Stage::SelfieCheck { .. }
            | Stage::SelfieLocked
            | Stage::Submitting { .. }
            | Stage::Outcome { .. } => Some(Vec::new()),
        }
    }

    /// Whether somebody is certainly there, touch or not.
    pub(crate) fn is_busy(&self) -> bool {
        match &self.stage {
            Stage::Flash(_)
            | Stage::Reading
            | Stage::SelfieLight(_)
            | Stage::SelfieCheck { .. }
            | Stage::Submitting { .. } => true,
            Stage::Card => self.seen.as_ref().is_some_and(|seen| seen.view.quad.is_some()),
            Stage::Selfie => !self.face.has_failed() && self.face.shows_somebody(),
            Stage::Consent | Stage::Review | Stage::SelfieLocked | Stage::Outcome { .. } => false,
        }
    }

    /// Whether giving up still gives something up.
    pub(crate) fn can_be_cancelled(&self) -> bool {
        !matches!(self.stage, Stage::Submitting { .. } | Stage::Outcome { .. })
    }

    /// Submitting for longer than expected.
    pub(crate) fn is_slow(&self, since_ms: u64, now_ms: u64) -> bool {
        now_ms.saturating_sub(since_ms) > self.params.slow_ms
    }

    /// The reading screen's numbers.
    pub(crate) fn reading(&self) -> ReadingView {
        let (done, of) = match self.seen.as_ref().map(|seen| seen.stage) {
            Some(CardStage::Reading { done, of }) => (done, of),
            Some(CardStage::Looking) | None => (0, 0),
        };
        ReadingView { step: self.step(Step::Card), done, of }
    }

    /// Steps as people count them: card, (check,) face, send; what the flow has of them.
    pub(crate) fn step(&self, at: Step) -> StepView {
        let flow = self.plan.flow;
        let steps = [
            (Step::Card, flow.has_card()),
            (Step::Review, flow.has_card() && self.is_reviewed()),
            (Step::Selfie, flow.has_face()),
            (Step::Send, true),
        ];
        let mine: Vec<Step> = steps.iter().filter(|(_, has)| *has).map(|(step, _)| *step).collect();
        let number = mine.iter().position(|step| *step == at).map_or(mine.len(), |place| place + 1);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        StepView { number: count(number), of: count(mine.len()) }
    }
}
