//! Looking at the platforms: after a hint, or when nothing came for long.
//!
//! Invariant: what a hint says is never stored; what the platform answers when asked is. A look that fails is repeated, by
//! this replica or another; a look that takes longer than its lease counts for nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::app::App;
use crate::flow::Family;
use crate::partner::wire::Details;
use crate::partner::{OneKyc, PartnerError, Person, Which};
use crate::store::{Applied, Claimed, Finding, Finished, Flow, StoreError, Subject};
use crate::verdict::Status;

/// How often the queue is looked at without being told: another replica may have died.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(60);
const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Events are repeated for a day at most; the contract keeps their ids for seven.
const KEEP_HINTS_MS: i64 = 7 * 24 * HOUR_MS;

/// A day of failing looks: at most 64 s apart while the platform is away, ten minutes where it refuses.
const MOST_PASSING: i64 = 1_350;
const MOST_REFUSED: i64 = 144;

/// Works until told to stop, then finishes the looks under way.
pub async fn work(app: Arc<App>) {
    let mut looks = JoinSet::new();
    let most = app.config.work.looks_at_once;
    // Under load it is cheaper to claim several at once than each by itself.
    let worth_claiming = (most / 4).max(1);
    loop {
        while looks.try_join_next().is_some() {}
        let room = most.saturating_sub(looks.len());
        let has_room = room >= worth_claiming;
        let claimed = if has_room { claim(&app, room).await } else { Vec::new() };
        let may_be_more = !has_room || claimed.len() == room;
        for claimed in claimed {
            looks.spawn(look(Arc::clone(&app), claimed));
        }
        if *app.stopping.borrow() {
            break;
        }
        tokio::select! {
            () = app.stopped() => break,
            () = app.due.notified() => {}
            Some(_) = looks.join_next(), if may_be_more => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    while looks.join_next().await.is_some() {}
}

async fn claim(app: &App, room: usize) -> Vec<Claimed> {
    let now_ms = app.now_ms();
    let until_ms = now_ms + i64::from(app.config.work.lease_seconds) * SECOND_MS;
    match app.store.claim(now_ms, until_ms, i64::try_from(room).unwrap_or(1)).await {
        Ok(claimed) => claimed,
        Err(error) => {
            tracing::warn!(%error, "work cannot be claimed");
            Vec::new()
        }
    }
}

async fn look(app: Arc<App>, claimed: Claimed) {
    let lease = Duration::from_secs(u64::from(app.config.work.lease_seconds));
    let looked = tokio::time::timeout(lease, findings(&app, &claimed)).await;
    let outcome = match looked {
        Ok(Ok(look)) => store(&app, &claimed, look).await,
        Ok(Err(LookError::Partner(error))) => give_back(&app, &claimed, &error).await,
        Ok(Err(LookError::Store(error))) => Err(error),
        Err(_) => give_back(&app, &claimed, &PartnerError::Unreachable).await,
    };
    if let Err(error) = outcome {
        // The lease runs out and somebody looks again.
        tracing::warn!(%error, "a look was not stored");
        app.metrics.look("not_stored");
    }
}

/// What a look found and when to look next.
struct Look {
    findings: Vec<Finding>,
    next_ms: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Partner(#[from] PartnerError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn store(app: &App, claimed: &Claimed, look: Look) -> Result<(), StoreError> {
    match app.store.finish(claimed, &look.findings, app.now_ms(), look.next_ms).await? {
        Finished::LeaseLost => app.metrics.look("lease_lost"),
        Finished::Stored(applied) => {
            app.metrics.look("stored");
            for applied in applied {
                app.metrics.finding(applied);
                if let Applied::News { kiosk } = applied {
                    app.bells.ring(kiosk);
                }
            }
        }
    }
    Ok(())
}

async fn give_back(app: &App, claimed: &Claimed, error: &PartnerError) -> Result<(), StoreError> {
    app.metrics.look(if error.is_passing() { "unavailable" } else { "refused" });
    tracing::warn!(%error, attempts = claimed.attempts, "a look failed");
    match pause_ms(error.is_passing(), claimed.attempts) {
        Some(pause_ms) => app.store.retry_later(claimed, app.now_ms() + pause_ms).await,
        None => {
            tracing::error!(subject = %claimed.subject, "given up; a new hint makes it due again");
            store(app, claimed, Look { findings: Vec::new(), next_ms: None }).await
        }
    }
}

/// How long to rest after a look that failed; `None` after a day of them.
fn pause_ms(is_passing: bool, attempts: i64) -> Option<i64> {
    if is_passing {
        (attempts < MOST_PASSING).then(|| backoff_ms(attempts))
    } else {
        (attempts < MOST_REFUSED).then_some(10 * MINUTE_MS)
    }
}

/// 1 s, 2 s, 4 s … 64 s.
fn backoff_ms(attempts: i64) -> i64 {
    SECOND_MS << attempts.clamp(0, 6)
}

async fn findings(app: &App, claimed: &Claimed) -> Result<Look, LookError> {
    match &claimed.subject {
        Subject::Flow(id) => flow_findings(app, claimed, *id).await,
        Subject::Submission(id) => submission_findings(app, id).await,
        Subject::Customer(id) => {
            let Some(identity) = &app.identity else {
                return Ok(Look { findings: Vec::new(), next_ms: None });
            };
            let tier = match identity.tier(id).await {
                Err(PartnerError::NotFound) => None,
                other => Some(other?),
            };
            let finding = tier.map(|tier| Finding::Tier { customer_id: id.clone(), tier });
            Ok(Look { findings: finding.into_iter().collect(), next_ms: None })
        }
    }
}

async fn flow_findings(app: &App, claimed: &Claimed, id: Uuid) -> Result<Look, LookError> {
    let nothing = Look { findings: Vec::new(), next_ms: None };
    let (Some(onekyc), Some(flow)) = (&app.onekyc, app.store.flow(id).await?) else { return Ok(nothing) };
    let person = Person { user_id: flow.user_id.clone(), user_id_type: flow.user_id_type.clone() };
    let mut wanted: BTreeSet<String> = app.store.unsettled(id).await?.into_iter().collect();
    wanted.extend(claimed.hints.iter().filter_map(|hint| hint.submission_id.clone()));
    let mut findings = Vec::new();
    // The certificate family knows sessions only; so do we before the first hint.
    if flow.kind.family() == Family::Esign || wanted.is_empty() {
        findings.extend(ask(onekyc, &flow, &person, Which::Session(id)).await?);
    } else {
        for submission in &wanted {
            findings.extend(ask(onekyc, &flow, &person, Which::Submission(submission)).await?);
        }
    }
    let next_ms = next_look_ms(&findings, claimed.attempts, flow.begun_ms, app.now_ms());
    Ok(Look { findings, next_ms })
}

async fn ask(
    onekyc: &OneKyc,
    flow: &Flow,
    person: &Person,
    which: Which<'_>,
) -> Result<Option<Finding>, PartnerError> {
    let details = match onekyc.details(flow.kind.family(), which, Some(person)).await {
        // Nobody has uploaded yet.
        Err(PartnerError::NotFound) => return Ok(None),
        other => other?,
    };
    Ok(finding(details, which, Some(flow.id)))
}

async fn submission_findings(app: &App, id: &str) -> Result<Look, LookError> {
    let Some(onekyc) = &app.onekyc else { return Ok(Look { findings: Vec::new(), next_ms: None }) };
    let which = Which::Submission(id);
    let details = match onekyc.details(Family::Coe, which, None).await {
        Err(PartnerError::NotFound) => None,
        other => Some(other?),
    };
    let findings = details.and_then(|details| finding(details, which, None)).into_iter().collect();
    // If it is one of ours and not settled, its flow is looked at anyway.
    Ok(Look { findings, next_ms: None })
}

/// What an answer says, if it says enough and is about what was asked.
fn finding(details: Details, which: Which<'_>, flow: Option<Uuid>) -> Option<Finding> {
    let submission_id = match (which, details.submission_id) {
        (Which::Submission(asked), Some(told)) if asked != told => return None,
        // A system error may come without any id.
        (Which::Submission(asked), _) => asked.to_owned(),
        (Which::Session(_), told) => told?,
    };
    let told = details.session;
    if flow.is_some() && told.is_some() && flow != told {
        return None;
    }
    Some(Finding::Submission { flow: flow.or(told)?, submission_id, verdict: details.verdict? })
}

/// When to look again: soon while it is being judged, seldom later, never once it passed or a day has gone by.
fn next_look_ms(findings: &[Finding], attempts: i64, begun_ms: i64, now_ms: i64) -> Option<i64> {
    let age_ms = now_ms - begun_ms;
    let verdicts = findings.iter().filter_map(|finding| match finding {
        Finding::Submission { verdict, .. } => Some(verdict),
        Finding::Tier { .. } => None,
    });
    let (mut is_passed, mut is_open, mut is_any) = (false, false, false);
    for verdict in verdicts {
        is_any = true;
        is_passed |= verdict.is_passed();
        is_open |= !matches!(verdict.status, Status::Completed | Status::Error);
    }
    let is_old = age_ms >= 20 * MINUTE_MS;
    match (is_open, is_passed, is_any) {
        _ if age_ms >= 24 * HOUR_MS => None,
        (true, _, _) if !is_old => Some(now_ms + backoff_ms(attempts)),
        // Nothing is uploaded yet.
        (false, false, false) if !is_old => Some(now_ms + MINUTE_MS),
        (false, true, _) => None,
        // Rejected: the person may try again in the same session, for a while.
        (false, false, true) if age_ms >= HOUR_MS => None,
        (true, _, _) | (false, false, _) => Some(now_ms + 10 * MINUTE_MS),
    }
}

/// Forgets what is no longer needed, from time to time, until the task is dropped.
pub async fn tidy(app: Arc<App>) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        app.bells.tidy();
        let now_ms = app.now_ms();
        if let Err(error) = app.store.sweep(now_ms, now_ms - KEEP_HINTS_MS).await {
            tracing::warn!(%error, "old rows are not forgotten");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Judgement, Verdict};

    fn found(status: Status, judgement: Option<Judgement>) -> Finding {
        let verdict = Verdict { status, judgement, reason_code: None };
        Finding::Submission { flow: Uuid::nil(), submission_id: "s".to_owned(), verdict }
    }

    #[test]
    fn looks_become_rarer_and_end() {
        #[track_caller]
        fn check(findings: &[Finding], attempts: i64, age_ms: i64, expected_pause_ms: Option<i64>) {
            let next = next_look_ms(findings, attempts, 0, age_ms);
            assert_eq!(next.map(|next| next - age_ms), expected_pause_ms);
        }
        let judging = [found(Status::InProgress, None)];
        let passed = [found(Status::Completed, Some(Judgement::Valid))];
        let rejected = [found(Status::Completed, Some(Judgement::Invalid))];
        check(&judging, 0, 5_000, Some(1_000));
        check(&judging, 3, 5_000, Some(8_000));
        check(&judging, 40, 5_000, Some(64_000));
        check(&judging, 0, 30 * MINUTE_MS, Some(10 * MINUTE_MS));
        check(&judging, 0, 24 * HOUR_MS, None);
        check(&[], 0, 10 * MINUTE_MS, Some(MINUTE_MS));
        check(&[], 0, 25 * MINUTE_MS, Some(10 * MINUTE_MS));
        check(&passed, 0, 5_000, None);
        check(&rejected, 0, 5_000, Some(10 * MINUTE_MS));
        check(&rejected, 0, 2 * HOUR_MS, None);
        check(&[rejected[0].clone(), judging[0].clone()], 0, 5_000, Some(1_000));
        check(&[rejected[0].clone(), passed[0].clone()], 0, 5_000, None);
    }

    #[test]
    fn failing_looks_end_after_about_a_day() {
        for is_passing in [true, false] {
            let pauses: Vec<i64> = (0..).map_while(|attempts| pause_ms(is_passing, attempts)).collect();
            let all_ms: i64 = pauses.iter().sum();
            assert!((20 * HOUR_MS..=25 * HOUR_MS).contains(&all_ms), "{all_ms}");
            assert!(pauses.is_sorted());
        }
    }

    #[test]
    fn an_answer_about_something_else_is_no_finding() {
        let verdict = Verdict { status: Status::Error, judgement: None, reason_code: None };
        let details = |submission: Option<&str>, session: Option<Uuid>| Details {
            submission_id: submission.map(str::to_owned),
            session,
            verdict: Some(verdict.clone()),
            image_urls: Default::default(),
        };
        let (mine, other) = (Uuid::new_v4(), Uuid::new_v4());
        let by_id = Which::Submission("s");
        assert!(finding(details(Some("s"), Some(mine)), by_id, Some(mine)).is_some());
        assert!(finding(details(None, None), by_id, Some(mine)).is_some());
        assert!(finding(details(Some("t"), Some(mine)), by_id, Some(mine)).is_none());
        assert!(finding(details(Some("s"), Some(other)), by_id, Some(mine)).is_none());
        assert!(finding(details(Some("s"), None), by_id, None).is_none());
        assert!(finding(details(None, Some(mine)), Which::Session(mine), Some(mine)).is_none());
    }
}
