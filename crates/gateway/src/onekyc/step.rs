//! The calls between the stages of a journey.
//!
//! Invariant: a step makes at most one kind of call, and its result is the next stage; nothing else is remembered.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::client::{Family, OneKyc, Session, Upload};
use super::ending::Ending;
use super::failure::{Failure, FailureClass};
use super::journey::{
    Advance, Journey, JourneyStage, KeptSlot, KeptToken, MAX_RESTARTS, Pictures, RunIds, ToldStatus,
};
use super::next_action::{NextAction, Observation, next_action};
use super::words::{ExitReason, SubmissionStatus};

/// What a step may use.
#[derive(Clone, Copy)]
pub struct StepContext<'a> {
    /// The capture.
    pub pictures: Pictures<'a>,
    /// How often somebody could take the picture again; 0 in a queue.
    pub recaptures_left: u32,
    /// Names for a run that must begin anew.
    pub fresh: RunIds,
}

impl OneKyc {
    /// One step from `journey`. After a failure the same step may be made again.
    pub async fn step(&self, journey: &Journey, context: StepContext<'_>) -> Result<Advance, Failure> {
        let session = Session::new(journey.run.clone(), journey.token.as_ref().map(KeptToken::token));
        let next = match &journey.stage {
            JourneyStage::Planned => self.start(journey, &session, context).await,
            JourneyStage::Started => self.ask_for_addresses(journey, &session, context, false).await,
            JourneyStage::Uploading { submission_id, slots } => {
                self.upload_next(journey, &session, context, submission_id, slots).await
            }
            JourneyStage::Uploaded { submission_id } => {
                self.confirm_upload(journey, &session, context, submission_id).await
            }
            JourneyStage::Polling { submission_id, polls, confirmed_at } => {
                self.poll(journey, &session, context, submission_id, *polls, *confirmed_at).await
            }
            JourneyStage::Deciding { submission_id, exit, told } => {
                self.read_details(journey, &session, submission_id, exit, told).await
            }
        }?;
        Ok(with_token(next, session.token().await.as_ref().map(KeptToken::of)))
    }

    async fn start(
        &self,
        journey: &Journey,
        session: &Session,
        context: StepContext<'_>,
    ) -> Result<Advance, Failure> {
        match self.authenticate(session).await {
            Ok(_) => Ok(Advance::Next(journey.clone().at(JourneyStage::Started))),
            Err(failure) if failure.class == FailureClass::SessionTaken => restart(journey, context, failure),
            Err(failure) => Err(failure),
        }
    }

    async fn ask_for_addresses(
        &self,
        journey: &Journey,
        session: &Session,
        context: StepContext<'_>,
        renewed: bool,
    ) -> Result<Advance, Failure> {
        let ticket = match self.upload_ticket(session).await {
            Ok(ticket) => ticket,
            Err(failure) if failure.class == FailureClass::SessionTaken => {
                return restart(journey, context, failure);
            }
            Err(failure) => return Err(failure),
        };
        if ticket.slots.iter().any(|slot| slot.expires_in <= self.config.upload.margin) {
            // No address of this kind can be used; asking again at once would go round in circles.
            return Err(Failure::of(FailureClass::AddressExpired));
        }
        let expiry_of = |lifetime| self.expiry_of(lifetime);
        let now = (self.clock)();
        let next = journey.clone().ticketed(ticket, context.pictures, now, expiry_of, renewed)?;
        Ok(Advance::Next(next))
    }

    async fn upload_next(
        &self,
        journey: &Journey,
        session: &Session,
        context: StepContext<'_>,
        submission_id: &str,
        slots: &[KeptSlot],
    ) -> Result<Advance, Failure> {
        let Some(nth) = slots.iter().position(|slot| !slot.stored) else {
            let submission_id = submission_id.to_owned();
            return Ok(Advance::Next(journey.clone().at(JourneyStage::Uploaded { submission_id })));
        };
        let slot = &slots[nth];
        let picture = context.pictures.of(&slot.key).ok_or_else(|| Failure::of(FailureClass::Unsendable))?;
        let address = SecretString::from(slot.url.as_str());
        let upload = Upload { address: &address, expires_at: slot.expires_at, picture };
        match self.upload(&upload).await {
            Ok(()) => {
                let mut slots = slots.to_vec();
                slots[nth].stored = true;
                let submission_id = submission_id.to_owned();
                let stage = if slots.iter().all(|slot| slot.stored) {
                    JourneyStage::Uploaded { submission_id }
                } else {
                    JourneyStage::Uploading { submission_id, slots }
                };
                Ok(Advance::Next(journey.clone().at(stage)))
            }
            // Once, if the storage refused it before its time; as often as needed, if it ran out while we were away.
            Err(failure) if failure.class == FailureClass::AddressExpired => {
                let ran_out = slot.expires_at <= (self.clock)() + self.config.upload.margin;
                if slot.renewed && !ran_out {
                    return Err(failure);
                }
                self.ask_for_addresses(journey, session, context, !ran_out).await
            }
            Err(failure) => Err(failure),
        }
    }

    async fn confirm_upload(
        &self,
        journey: &Journey,
        session: &Session,
        context: StepContext<'_>,
        submission_id: &str,
    ) -> Result<Advance, Failure> {
        match self.confirm(session, submission_id).await {
            Ok(_) => {
                let confirmed_at = (self.clock)();
                let submission_id = submission_id.to_owned();
                let stage = JourneyStage::Polling { submission_id, polls: 0, confirmed_at };
                let after = self.config.poll.wait(0, Duration::ZERO, (self.jitter)()).unwrap_or_default();
                Ok(Advance::Later { journey: journey.clone().at(stage), after })
            }
            Err(failure) if failure.class == FailureClass::UnknownSubmission => {
                restart(journey, context, failure)
            }
            Err(failure) if failure.class == FailureClass::PictureRefused => {
                match next_action(Observation::PictureRefused, context.recaptures_left) {
                    NextAction::Retry => Ok(Advance::Recapture(journey.clone().at(JourneyStage::Started))),
                    NextAction::Status | NextAction::Exit(_) => Err(failure),
                }
            }
            Err(failure) => Err(failure),
        }
    }

    async fn poll(
        &self,
        journey: &Journey,
        session: &Session,
        context: StepContext<'_>,
        submission_id: &str,
        polls: u32,
        confirmed_at: Timestamp,
    ) -> Result<Advance, Failure> {
        if journey.run.flow.family() == Family::Esign {
            return self.poll_details(journey, session, submission_id, polls, confirmed_at).await;
        }
        let report = self.status(session, submission_id).await?;
        // A technical failure needs no new picture; anything else does.
        let attempts_left = match report.status {
            SubmissionStatus::Error => self.config.captures_per_run.saturating_sub(journey.captures),
            SubmissionStatus::Initiated
            | SubmissionStatus::InProgress
            | SubmissionStatus::PartiallyCompleted
            | SubmissionStatus::Completed
            | SubmissionStatus::Other(_) => context.recaptures_left,
        };
        match next_action(Observation::Status(&report), attempts_left) {
            NextAction::Status => Ok(self.later(journey, submission_id, polls, confirmed_at)),
            NextAction::Retry if report.status == SubmissionStatus::Error => {
                Ok(Advance::Next(journey.clone().at(JourneyStage::Started)))
            }
            NextAction::Retry => Ok(Advance::Recapture(journey.clone().at(JourneyStage::Started))),
            NextAction::Exit(exit) => {
                let (submission_id, told) = (submission_id.to_owned(), ToldStatus::of(&report));
                let stage = JourneyStage::Deciding { submission_id, exit, told };
                Ok(Advance::Next(journey.clone().at(stage)))
            }
        }
    }

    /// The other family has no status call: its result is polled.
    async fn poll_details(
        &self,
        journey: &Journey,
        session: &Session,
        submission_id: &str,
        polls: u32,
        confirmed_at: Timestamp,
    ) -> Result<Advance, Failure> {
        let details = self.details(session, submission_id).await?;
        if details.status.is_final() {
            return Ok(Advance::Done(Box::new(Ending::of_details(&journey.run, submission_id, &details))));
        }
        Ok(self.later(journey, submission_id, polls, confirmed_at))
    }

    /// Polls again, or ends as pending when nobody asks any more.
    fn later(&self, journey: &Journey, submission_id: &str, polls: u32, confirmed_at: Timestamp) -> Advance {
        let since = Duration::try_from((self.clock)().duration_since(confirmed_at)).unwrap_or_default();
        let Some(after) = self.config.poll.wait(polls + 1, since, (self.jitter)()) else {
            return Advance::Done(Box::new(Ending::pending(&journey.run, submission_id)));
        };
        let submission_id = submission_id.to_owned();
        let stage = JourneyStage::Polling { submission_id, polls: polls + 1, confirmed_at };
        Advance::Later { journey: journey.clone().at(stage), after }
    }

    async fn read_details(
        &self,
        journey: &Journey,
        session: &Session,
        submission_id: &str,
        exit: &ExitReason,
        told: &ToldStatus,
    ) -> Result<Advance, Failure> {
        let ending = match self.details(session, submission_id).await {
            Ok(details) if details.status.is_final() => {
                Ending::of_details(&journey.run, submission_id, &details).with_status(exit, told)
            }
            Ok(_) => {
                let after = self.config.poll.longest;
                return Ok(Advance::Later { journey: journey.clone(), after });
            }
            // The pages disagree about whose token may read this; the status has told the decision already.
            Err(failure)
                if matches!(
                    failure.class,
                    FailureClass::NotAuthenticated
                        | FailureClass::NotAuthorised
                        | FailureClass::UnknownSubmission
                        | FailureClass::Invalid
                ) =>
            {
                Ending::of_status(&journey.run, submission_id, exit, told)
            }
            Err(failure) => return Err(failure),
        };
        Ok(Advance::Done(Box::new(ending)))
    }
}

fn restart(journey: &Journey, context: StepContext<'_>, failure: Failure) -> Result<Advance, Failure> {
    if journey.restarts >= MAX_RESTARTS {
        return Err(failure);
    }
    Ok(Advance::Next(journey.clone().restarted(context.fresh)))
}

/// The token travels with the stage, unless the run began anew.
fn with_token(advance: Advance, token: Option<KeptToken>) -> Advance {
    let keep = |journey: Journey| match journey.stage {
        JourneyStage::Planned => journey,
        JourneyStage::Started
        | JourneyStage::Uploading { .. }
        | JourneyStage::Uploaded { .. }
        | JourneyStage::Polling { .. }
        | JourneyStage::Deciding { .. } => Journey { token, ..journey },
    };
    match advance {
        Advance::Next(journey) => Advance::Next(keep(journey)),
        Advance::Later { journey, after } => Advance::Later { journey: keep(journey), after },
        Advance::Recapture(journey) => Advance::Recapture(keep(journey)),
        Advance::Done(ending) => Advance::Done(ending),
    }
}
