//! A visit that a partner's front end began: when it may begin, and how it is told that it is over.
//!
//! Invariant: every launch is told its end exactly once, whatever happens to the visit. Deliberately lacks the way back,
//! which the work holds under the launch's number.

use gateway::Grant;
use launch::{Ending, PlatformRefusal};

use super::Controller;
use super::aside::Aside;
use super::effect::Effect;
use super::event::Now;
use super::visit::{Stage, Visit, VisitPlan};
use crate::theme::Theme;
use crate::view::{
    Appearance, CameraProblem, CameraView, FlowView, Language, Notice, OutcomeResult, OutcomeView,
};

/// Numbers a launch since the application began.
pub(crate) type LaunchId = u64;

/// A camera that is lost for so long ends a launched visit, because a program waits for it: time to plug one in.
const CAMERA_PATIENCE_MS: u64 = 20_000;

/// What was launched, checked and ready to begin.
pub(crate) struct LaunchOrder {
    /// Its number.
    pub id: LaunchId,
    /// Which flow.
    pub flow: FlowView,
    /// Leave to run it.
    pub grant: Grant,
    /// Who gets what is captured, where no theme names it.
    pub host: String,
    /// In which language; `None` is the window's own.
    pub language: Option<Language>,
    /// Light or dark; `None` is the window's own.
    pub appearance: Option<Appearance>,
    /// The partner's look, if it is installed; `None` is the window's own.
    pub theme: Option<Theme>,
    /// Whether a tap on help ends the flow.
    pub ends_on_help: bool,
}

/// What a visit keeps of its launch.
pub(crate) struct Launched {
    id: LaunchId,
    /// The platform's host.
    pub host: String,
    /// The partner's look.
    pub theme: Option<Theme>,
    ends_on_help: bool,
    is_told: bool,
    camera_lost_at_ms: Option<u64>,
    /// What the platform said when it refused.
    pub refusal: Option<PlatformRefusal>,
}

impl Launched {
    /// The end, if it was not told before.
    fn tell(&mut self, ending: Ending) -> Option<Effect> {
        (!std::mem::replace(&mut self.is_told, true)).then_some(Effect::TellLaunch(self.id, ending))
    }
}

impl Controller {
    /// A launch: begins a visit, waits until the window is ready, or is refused.
    pub(super) fn hear_launch(&mut self, order: Box<LaunchOrder>) -> Vec<Effect> {
        let refuse = |id, ending| vec![Effect::Raise, Effect::RefuseLaunch(id, ending)];
        if self.waiting_launch.is_some() {
            return refuse(order.id, Ending::Busy);
        }
        if self.status.is_none() {
            self.waiting_launch = Some(order);
            return vec![Effect::Raise];
        }
        if !self.is_ready() || self.trouble().is_some() {
            return refuse(order.id, Ending::NotReady);
        }
        let is_over = |visit: &Visit| matches!(visit.stage, Stage::Outcome { .. });
        let is_between = self.visit.as_ref().is_none_or(is_over);
        let is_undisturbed =
            self.asides.iter().all(|aside| matches!(aside, Aside::Help(_) | Aside::Queue(_)));
        if !is_between || !is_undisturbed {
            // Nobody in front of the window is disturbed by what cannot begin.
            return vec![Effect::RefuseLaunch(order.id, Ending::Busy)];
        }
        self.begin_launched(*order)
    }

    fn begin_launched(&mut self, order: LaunchOrder) -> Vec<Effect> {
        let mut effects =
            if self.visit.is_some() { self.leave_everything(Ending::Cancelled) } else { Vec::new() };
        self.asides.clear();
        self.notice = None;
        self.language = order.language.unwrap_or(self.settings.values.language);
        self.appearance = order.appearance.unwrap_or(self.settings.values.appearance);
        effects.push(Effect::Raise);
        if let Some(theme) = &order.theme {
            effects.push(Effect::ShowLogo(theme.logo.clone()));
        }
        self.visits += 1;
        let plan = VisitPlan { customer_id: None, flow: order.flow, grant: Some(order.grant) };
        let mut visit = Visit::new(self.visits, plan, self.mode());
        visit.launch = Some(Launched {
            id: order.id,
            host: order.host,
            theme: order.theme,
            ends_on_help: order.ends_on_help,
            is_told: false,
            camera_lost_at_ms: None,
            refusal: None,
        });
        self.visit = Some(visit);
        effects
    }

    /// The window is ready, or never will be: what waited begins.
    pub(super) fn begin_waiting(&mut self) -> Vec<Effect> {
        self.waiting_launch.take().map(|order| self.hear_launch(order)).unwrap_or_default()
    }

    /// What was launched could not even be asked for; somebody followed a link and looks at the window.
    pub(super) fn hear_failed_launch(&mut self, now: Now) -> Vec<Effect> {
        self.notify(Notice::LaunchRefused, now);
        vec![Effect::Raise]
    }

    /// Whether help is the partner's to give: then the flow ends, as long as it can be given up.
    pub(super) fn help_is_partners(&self) -> bool {
        let visit = self.visit.as_ref().filter(|visit| visit.can_be_cancelled());
        visit.and_then(|visit| visit.launch.as_ref()).is_some_and(|launch| launch.ends_on_help)
    }

    /// Tells the end of a launched visit that has its outcome. One that another capture may change is told when the
    /// customer leaves.
    pub(super) fn tell_outcome(&mut self) -> Option<Effect> {
        let visit = self.visit.as_mut()?;
        let Stage::Outcome { view, .. } = &visit.stage else { return None };
        if view.retake.is_some() {
            return None;
        }
        let launch = visit.launch.as_mut()?;
        let ending = of_outcome(view, launch.refusal.clone());
        launch.tell(ending)
    }

    /// The visit is given up: tells its launch why, and that it may go on elsewhere.
    pub(super) fn leave_launch(&mut self, why: Ending) -> Vec<Effect> {
        let ending = self.why_given_up(why);
        let Some(launch) = self.visit.as_mut().and_then(|visit| visit.launch.as_mut()) else {
            return Vec::new();
        };
        let told = launch.tell(ending);
        let id = launch.id;
        let had_theme = launch.theme.is_some();
        self.language = self.settings.values.language;
        self.appearance = self.settings.values.appearance;
        let logo = self.settings.theme.as_ref().and_then(|theme| theme.logo.clone());
        let logo = had_theme.then_some(Effect::ShowLogo(logo));
        told.into_iter().chain([Effect::LeaveLaunch(id)]).chain(logo).collect()
    }

    /// Whoever leaves a camera that does not work, or a capture that does not succeed, leaves because of it.
    fn why_given_up(&self, why: Ending) -> Ending {
        let Some(visit) = &self.visit else { return why };
        let has_failed = match &visit.stage {
            Stage::Card => visit.ended.is_some(),
            Stage::Selfie => visit.face.has_failed(),
            Stage::SelfieLocked => true,
            Stage::Outcome { view, .. } => {
                let refusal = visit.launch.as_ref().and_then(|launch| launch.refusal.clone());
                return of_outcome(view, refusal);
            }
            Stage::Consent
            | Stage::Flash(_)
            | Stage::Reading
            | Stage::Review
            | Stage::SelfieLight(_)
            | Stage::SelfieCheck { .. }
            | Stage::Submitting { .. } => return why,
        };
        if why == Ending::HelpClicked {
            return why;
        }
        match &self.camera {
            CameraView::Lost { problem: CameraProblem::Denied, .. } => Ending::CameraDenied,
            CameraView::Lost { .. } => Ending::CameraMissing,
            CameraView::Starting | CameraView::Live { .. } if has_failed => Ending::NeverPassed,
            CameraView::Starting | CameraView::Live { .. } => why,
        }
    }

    /// A launched visit does not wait for a camera for ever.
    pub(super) fn watch_camera(&mut self, now: Now) -> Vec<Effect> {
        let Some(visit) = self.visit.as_mut() else { return Vec::new() };
        let needs_camera = matches!(visit.stage, Stage::Card | Stage::Selfie);
        let Some(launch) = visit.launch.as_mut() else { return Vec::new() };
        if !needs_camera || !matches!(self.camera, CameraView::Lost { .. }) {
            launch.camera_lost_at_ms = None;
            return Vec::new();
        }
        let since_ms = *launch.camera_lost_at_ms.get_or_insert(now.ms);
        if now.ms.saturating_sub(since_ms) < CAMERA_PATIENCE_MS {
            return Vec::new();
        }
        self.notify(Notice::Cancelled, now);
        self.leave_everything(Ending::CameraMissing)
    }
}

fn of_outcome(view: &OutcomeView, refusal: Option<PlatformRefusal>) -> Ending {
    let word = || view.reason.clone().unwrap_or_default();
    match (view.result, &view.reference) {
        (OutcomeResult::Processing, reference) => Ending::Pending { submission_id: reference.clone() },
        (_, Some(reference)) => Ending::Decided { submission_id: reference.clone() },
        (OutcomeResult::Queued | OutcomeResult::Verified | OutcomeResult::Review, None) => {
            Ending::Pending { submission_id: None }
        }
        (OutcomeResult::Refused, None) => refusal.map_or_else(|| Ending::NotTaken(word()), Ending::Refused),
        (OutcomeResult::Failed, None) => Ending::NotKept(word()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::FlashOutcome;

    #[test]
    fn the_outcome_decides_what_is_told() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut OutcomeView), refusal: Option<&str>, expected: Ending) {
            let mut view = OutcomeView::queued("item".into(), FlashOutcome::Offline);
            change(&mut view);
            let refusal = refusal.and_then(PlatformRefusal::parse);
            assert_eq!(of_outcome(&view, refusal), expected);
        }
        let decided = |view: &mut OutcomeView, result| {
            view.result = result;
            view.reference = Some("sub_1".into());
        };
        let refused = |view: &mut OutcomeView| {
            view.result = OutcomeResult::Refused;
            view.reason = Some("token_spent".into());
        };
        let expected = Ending::Decided { submission_id: "sub_1".into() };
        check(|view| decided(view, OutcomeResult::Verified), None, expected.clone());
        check(|view| decided(view, OutcomeResult::Refused), None, expected);
        check(|_| {}, None, Ending::Pending { submission_id: None });
        check(refused, None, Ending::NotTaken("token_spent".into()));
        let said = PlatformRefusal { http: 401, code: "110".into(), cause: "UNAUTHORIZED".into() };
        check(refused, Some("401:110:UNAUTHORIZED"), Ending::Refused(said));
        let unkept = |view: &mut OutcomeView| {
            view.result = OutcomeResult::Failed;
            view.reason = Some("disk_full".into());
        };
        check(unkept, None, Ending::NotKept("disk_full".into()));
    }
}
