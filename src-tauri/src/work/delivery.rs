//! Sending what waits, in the background for as long as the application lives.
//!
//! Invariant: one task asks the partner, so that a capture just stored, a tap on "send now" and the timer never send
//! twice; whoever waits for a capture's fate is answered at the end of the pass that dealt with it. Deliberately lacks
//! the policy, which is `sync`'s.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::compose;
use outbox::{ItemId, Outbox, OutboxError, State};
use sync::{LinkState, PassSummary, Progress, Route, Runner, Stop, stop_signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Tools, outcome, queue};
use crate::controller::{Event, SubmitOrder, VisitEvent, VisitId};
use crate::view::{FlashOutcome, FlowView, LinkView, OutcomeResult, OutcomeView, SubmitStage};

/// The longest sleep: other processes may fill the queue, and the partner may come back.
const LONGEST: Duration = Duration::from_secs(30);
/// The shortest, so that an item another process holds does not make us spin.
const SHORTEST: Duration = Duration::from_millis(200);

/// How often it is looked for what the settings no longer want kept: they count in days.
const PURGE_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// How long a person waits for the partner's decision (contract A.4.4); then the result follows later.
const ON_SCREEN: Duration = Duration::from_secs(90);

/// Who waits for a capture's fate.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    /// The visit.
    visit: VisitId,
    /// What became of its flash.
    flash: FlashOutcome,
    /// What was captured.
    flow: FlowView,
    /// Since when.
    since: Instant,
}

impl Waiting {
    /// For what was just captured.
    pub(super) fn of(order: &SubmitOrder) -> Self {
        Self { visit: order.visit, flash: order.flash, flow: order.flow, since: Instant::now() }
    }
}

enum Wish {
    Deliver(ItemId, Waiting),
    SendNow,
    Reopen,
}

/// The sending task's ear.
#[derive(Clone)]
pub(super) struct Delivery(UnboundedSender<Wish>);

impl Delivery {
    /// Starts the task.
    pub(super) fn begin(tools: Arc<Tools>) -> Self {
        let (wishes, inbox) = unbounded_channel();
        let sending = Sending { tools: Arc::clone(&tools), inbox, waiting: Arc::default() };
        tools.runtime.spawn(sending.run());
        Self(wishes)
    }

    /// Sends this capture and tells its visit what came of it.
    pub(super) fn deliver(&self, item: ItemId, waiting: Waiting) {
        self.0.send(Wish::Deliver(item, waiting)).ok();
    }

    /// Sends what waits, now, and asks anew whether the partner is there.
    pub(super) fn send_now(&self) {
        self.0.send(Wish::SendNow).ok();
    }

    /// The settings changed: the partner may be another one.
    pub(super) fn reopen(&self) {
        self.0.send(Wish::Reopen).ok();
    }
}

type Waiters = Arc<Mutex<BTreeMap<ItemId, Waiting>>>;

struct Sending {
    tools: Arc<Tools>,
    inbox: UnboundedReceiver<Wish>,
    waiting: Waiters,
}

/// A partner and the queue that is sent to it.
struct Line {
    runner: Runner,
    outbox: Arc<Outbox>,
    route: Route,
}

impl Sending {
    async fn run(mut self) {
        let (_stopper, stop) = stop_signal();
        let mut line = None;
        let mut wait = Duration::ZERO;
        let mut purged: Option<Instant> = None;
        loop {
            let (wants_answer, is_over) = self.hear(wait, &mut line).await;
            if is_over {
                return;
            }
            if line.is_none() {
                line = self.open().await;
            }
            wait = match &line {
                Some(line) => self.pass(line, &stop, wants_answer).await,
                None => {
                    self.probe().await;
                    LONGEST
                }
            };
            self.answer_all(line.as_ref().map(|line| &*line.outbox));
            if purged.is_none_or(|at| at.elapsed() > PURGE_EVERY) {
                purged = Some(Instant::now());
                self.purge();
            }
        }
    }

    /// Waits for wishes or for the time. Answers whether somebody asked whether the partner is there, and whether
    /// nobody is left to ask.
    async fn hear(&mut self, wait: Duration, line: &mut Option<Line>) -> (bool, bool) {
        let mut wish = tokio::select! {
            wish = self.inbox.recv() => match wish {
                Some(wish) => Some(wish),
                None => return (false, true),
            },
            () = tokio::time::sleep(wait) => None,
        };
        let mut wants_answer = false;
        while let Some(said) = wish {
            match said {
                Wish::Deliver(item, waiting) => {
                    self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(item, waiting);
                }
                Wish::SendNow => wants_answer = true,
                Wish::Reopen => (*line, wants_answer) = (None, true),
            }
            wish = self.inbox.try_recv().ok();
        }
        (wants_answer, false)
    }

    /// The partner and the queue; `None` where either cannot be had, which the window is told.
    async fn open(&self) -> Option<Line> {
        let tools = Arc::clone(&self.tools);
        let opened = tokio::task::spawn_blocking(move || {
            let installation = tools.desk.installation().ok()?;
            if !installation.config.names_a_partner() {
                tools.tell(Event::Link(LinkView::NotSet));
                return None;
            }
            let outbox = tools.desk.existing_queue(&installation).ok().flatten()?;
            let opened = engine::runner(&installation, Arc::clone(&outbox))
                .and_then(|runner| Ok(Line { runner, outbox, route: installation.route()? }));
            opened.inspect_err(|error| tracing::warn!(%error, "nothing can be sent")).ok()
        });
        opened.await.ok().flatten()
    }

    /// Removes what the settings no longer want kept.
    fn purge(&self) {
        let tools = Arc::clone(&self.tools);
        tokio::task::spawn_blocking(move || {
            let Ok(installation) = tools.desk.installation() else { return };
            let Ok(Some(outbox)) = tools.desk.existing_queue(&installation) else { return };
            if let Err(error) = engine::purge(&outbox, &installation.config.retention, compose::now()) {
                tracing::warn!(%error, "what is past its time was not removed");
            }
        });
    }

    /// One pass over the queue. Answers how long to sleep.
    async fn pass(&self, line: &Line, stop: &Stop, wants_answer: bool) -> Duration {
        let (tools, waiting) = (Arc::clone(&self.tools), Arc::clone(&self.waiting));
        let listener = move |progress: Progress| hear_progress(&tools, &waiting, &progress);
        let summary = match line.runner.once(&listener, stop).await {
            Ok(summary) => summary,
            Err(error) => {
                tracing::warn!(%error, "the queue is in trouble; trying again later");
                PassSummary::default()
            }
        };
        self.tools.tell(Event::Sending(false));
        self.tell_link(line, summary.link, wants_answer).await;
        if summary.delivered + summary.parked + summary.postponed > 0 || wants_answer {
            let tools = Arc::clone(&self.tools);
            tokio::task::spawn_blocking(move || queue::look(&tools, None));
        }
        sleep_length(&summary, line)
    }

    /// Where nothing can be sent yet, because nothing was captured: whether the partner is there all the same.
    async fn probe(&self) {
        let tools = Arc::clone(&self.tools);
        let route = tokio::task::spawn_blocking(move || tools.desk.installation().ok()?.route().ok());
        if let Ok(Some(route)) = route.await {
            let is_there = route.probe().await.is_ok();
            self.tools.tell(Event::Link(if is_there { LinkView::Online } else { LinkView::Offline }));
        }
    }

    /// The link as the pass left it; where no call told, the partner is asked.
    async fn tell_link(&self, line: &Line, state: LinkState, wants_answer: bool) {
        let view = match state {
            LinkState::Online if !wants_answer => LinkView::Online,
            LinkState::Offline | LinkState::Blocked(_) if !wants_answer => LinkView::Offline,
            LinkState::Online | LinkState::Offline | LinkState::Blocked(_) | LinkState::Unknown => {
                if line.route.probe().await.is_ok() { LinkView::Online } else { LinkView::Offline }
            }
        };
        self.tools.tell(Event::Link(view));
    }

    /// Tells those who wait what came of their captures.
    fn answer_all(&self, outbox: Option<&Outbox>) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, one) in waiting {
            let Waiting { visit, flash, flow, since } = one;
            let view = match outbox.map(|outbox| outbox.show(id)) {
                Some(Ok(item)) => {
                    if let Some(refusal) = outcome::refusal(&item) {
                        self.tools.tell_visit(visit, VisitEvent::Refused(refusal));
                    }
                    outcome::of_item(item, flash, flow)
                }
                // Stored it is, whatever the queue says now.
                Some(Err(_)) | None => OutcomeView::queued(id.to_string(), flash),
            };
            if view.result == OutcomeResult::Processing
                && view.reference.is_none()
                && since.elapsed() < ON_SCREEN
            {
                // The partner is at work; the next pass asks again.
                self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, one);
                self.tools.tell_visit(visit, VisitEvent::Submitting(SubmitStage::Judging));
                continue;
            }
            self.tools.tell_visit(visit, VisitEvent::Submitted(Box::new(view)));
        }
    }
}

fn hear_progress(tools: &Tools, waiting: &Waiters, progress: &Progress) {
    let (id, news) = match progress {
        Progress::Sending { id, .. } => {
            tools.tell(Event::Sending(true));
            (id, VisitEvent::Submitting(SubmitStage::Sending))
        }
        Progress::Uploading { id, upload } => (id, VisitEvent::Uploading(*upload)),
        Progress::Link(_)
        | Progress::Stage { .. }
        | Progress::Started(_)
        | Progress::Delivered { .. }
        | Progress::Postponed { .. }
        | Progress::Parked { .. }
        | Progress::Finished(_) => return,
    };
    if let Some(Waiting { visit, .. }) = waiting.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
        tools.tell_visit(*visit, news);
    }
}

fn sleep_length(summary: &PassSummary, line: &Line) -> Duration {
    let now = compose::now();
    let due = summary.next_due.max(line.runner.link().paused_until(now));
    let until_due = due.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or_default());
    until_due.map_or(LONGEST, |wait| wait.clamp(SHORTEST, LONGEST))
}

/// Puts an item back into the line, due now.
pub(super) fn requeue(outbox: &Outbox, id: ItemId) -> Result<(), OutboxError> {
    let item = outbox.show(id)?;
    match item.state {
        State::Waiting | State::Sending | State::Parked => outbox.requeue(id, compose::now()),
        State::Delivered => Ok(()),
    }
}
