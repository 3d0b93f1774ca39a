//! The store, the same on both databases.

use std::sync::Arc;

use backend::flow::FlowKind;
use backend::store::{
    Admission, Applied, Begun, Enrolled, Finding, Finished, NewCode, NewFlow, NewHint, NewKiosk, Store,
    Subject,
};
use backend::verdict::{Judgement, Status, Verdict};
use uuid::Uuid;

use crate::common::Database;
use crate::on_both;

on_both! {
    a_code_enrols_one_kiosk_and_only_in_time,
    a_nonce_passes_once_and_never_after_revocation,
    a_flow_belongs_to_whoever_began_it,
    the_same_hint_twice_is_one_and_makes_its_subject_due,
    work_is_held_by_one_and_lost_with_its_lease,
    a_hint_that_comes_during_a_look_is_looked_after,
    verdicts_never_go_back_and_results_are_numbered_without_gaps,
    whatever_order_two_replicas_look_in_the_results_are_the_same,
    the_tier_of_a_customer_is_told_when_it_changes,
    opening_again_keeps_everything,
}

async fn kiosk(store: &Store) -> Uuid {
    let (id, digest) = (Uuid::new_v4(), Uuid::new_v4().to_string());
    let code = NewCode { digest: digest.clone(), label: "counter".to_owned(), expires_ms: 1_000 };
    store.add_code(&code).await.unwrap();
    let enrolled = store.enrol(&digest, &NewKiosk { id, public_key: vec![7; 32] }, 10).await.unwrap();
    assert_eq!(enrolled, Enrolled::Done { label: "counter".to_owned() });
    id
}

async fn flow(store: &Store, kiosk: Uuid, first_look_ms: i64) -> Uuid {
    let flow = NewFlow {
        id: Uuid::new_v4(),
        kiosk,
        kind: FlowKind::KtpScan,
        user_id: "u-1".to_owned(),
        user_id_type: "KIOSK_USER_ID".to_owned(),
    };
    assert_eq!(store.begin_flow(&flow, 20, first_look_ms).await.unwrap(), Begun::Fresh);
    flow.id
}

fn hint(key: &str, flow: Uuid, submission: &str) -> NewHint {
    let submission_id = Some(submission.to_owned());
    NewHint::Submission { dedupe_key: key.to_owned(), flow: Some(flow), submission_id }
}

fn found(flow: Uuid, submission: &str, status: Status, judgement: Option<Judgement>) -> Finding {
    let verdict = Verdict { status, judgement, reason_code: None };
    Finding::Submission { flow, submission_id: submission.to_owned(), verdict }
}

async fn a_code_enrols_one_kiosk_and_only_in_time(database: Database) {
    let store = database.open().await;
    let code = NewCode { digest: "d".to_owned(), label: "counter".to_owned(), expires_ms: 100 };
    store.add_code(&code).await.unwrap();
    let new = || NewKiosk { id: Uuid::new_v4(), public_key: vec![1; 32] };
    assert_eq!(store.enrol("x", &new(), 10).await.unwrap(), Enrolled::UnknownCode);
    assert_eq!(store.enrol("d", &new(), 100).await.unwrap(), Enrolled::CodeExpired);
    let (one, two) = (new(), new());
    let (first, second) = tokio::join!(store.enrol("d", &one, 50), store.enrol("d", &two, 50));
    let outcomes = [first.unwrap(), second.unwrap()];
    assert!(outcomes.contains(&Enrolled::CodeUsed), "{outcomes:?}");
    assert!(outcomes.contains(&Enrolled::Done { label: "counter".to_owned() }), "{outcomes:?}");
    assert_eq!(store.kiosks().await.unwrap().len(), 1);
}

async fn a_nonce_passes_once_and_never_after_revocation(database: Database) {
    let store = database.open().await;
    let kiosk = kiosk(&store).await;
    let nonce = Uuid::new_v4().to_string();
    let tries = futures_of(8, || store.admit(kiosk, &nonce, 500)).await;
    let admitted = tries.iter().filter(|admission| **admission == Admission::Admitted).count();
    let replayed = tries.iter().filter(|admission| **admission == Admission::Replayed).count();
    assert_eq!((admitted, replayed), (1, 7));
    assert_eq!(store.admit(Uuid::new_v4(), "n", 500).await.unwrap(), Admission::Unknown);
    store.sweep(501, 0).await.unwrap();
    assert_eq!(store.admit(kiosk, &nonce, 900).await.unwrap(), Admission::Admitted);
    assert!(store.revoke(kiosk, 600).await.unwrap());
    assert!(!store.revoke(kiosk, 601).await.unwrap());
    assert_eq!(store.admit(kiosk, "another", 900).await.unwrap(), Admission::Revoked);
    assert_eq!(store.kiosks().await.unwrap()[0].revoked_ms, Some(600));
    assert_eq!(store.kiosk_key(kiosk).await.unwrap(), Some(vec![7; 32]));
}

/// Runs the same call several times at once.
async fn futures_of<T, F>(count: usize, call: impl Fn() -> F) -> Vec<T>
where
    F: Future<Output = Result<T, backend::store::StoreError>>,
{
    let mut calls: Vec<_> = (0..count).map(|_| Box::pin(call())).collect();
    let mut answers = Vec::new();
    std::future::poll_fn(|context| {
        calls.retain_mut(|call| match call.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                answers.push(answer.unwrap());
                false
            }
            std::task::Poll::Pending => true,
        });
        if calls.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers
}

async fn a_flow_belongs_to_whoever_began_it(database: Database) {
    let store = database.open().await;
    let (mine, other) = (kiosk(&store).await, kiosk(&store).await);
    let id = flow(&store, mine, 100).await;
    let stored = store.flow(id).await.unwrap().unwrap();
    assert_eq!((stored.kiosk, stored.kind, stored.begun_ms), (mine, FlowKind::KtpScan, 20));
    let again = |kiosk, kind| NewFlow {
        id,
        kiosk,
        kind,
        user_id: "u-1".to_owned(),
        user_id_type: "KIOSK_USER_ID".to_owned(),
    };
    let begin = async |flow| store.begin_flow(&flow, 30, 100).await.unwrap();
    assert_eq!(begin(again(mine, FlowKind::KtpScan)).await, Begun::Again);
    assert_eq!(begin(again(mine, FlowKind::KycLite)).await, Begun::Taken);
    assert_eq!(begin(again(other, FlowKind::KtpScan)).await, Begun::Taken);
    assert_eq!(store.flow(Uuid::new_v4()).await.unwrap(), None);
}

async fn the_same_hint_twice_is_one_and_makes_its_subject_due(database: Database) {
    let store = database.open().await;
    let kiosk = kiosk(&store).await;
    let flow = flow(&store, kiosk, 10_000).await;
    assert!(store.claim(100, 200, 10).await.unwrap().is_empty());
    assert!(store.keep_hint(&hint("k", flow, "s"), 100).await.unwrap());
    assert!(!store.keep_hint(&hint("k", flow, "s"), 101).await.unwrap());
    assert_eq!(store.backlog(100).await.unwrap(), (1, Some(100)));
    let claimed = store.claim(100, 200, 10).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].subject, Subject::Flow(flow));
    assert_eq!(claimed[0].hints.len(), 1);
    assert_eq!(claimed[0].hints[0].submission_id.as_deref(), Some("s"));
}

async fn work_is_held_by_one_and_lost_with_its_lease(database: Database) {
    let (store, other) = (database.open().await, database.open().await);
    let kiosk = kiosk(&store).await;
    for number in 0..20 {
        let flow = flow(&store, kiosk, 10_000).await;
        store.keep_hint(&hint(&format!("k{number}"), flow, &format!("s{number}")), 100).await.unwrap();
    }
    let (mine, theirs) = tokio::join!(store.claim(100, 200, 15), other.claim(100, 200, 15));
    let (mine, theirs) = (mine.unwrap(), theirs.unwrap());
    assert_eq!(mine.len() + theirs.len(), 20);
    assert!(mine.iter().all(|mine| theirs.iter().all(|theirs| mine.subject != theirs.subject)));
    // Before the lease ends nobody else gets it; afterwards whoever asks.
    let lost = &mine[0];
    assert!(store.claim(199, 300, 100).await.unwrap().is_empty());
    let again = other.claim(200, 300, 100).await.unwrap();
    let taken = again.iter().find(|again| again.subject == lost.subject).unwrap();
    let Subject::Flow(flow) = lost.subject else { panic!("{:?}", lost.subject) };
    let finding = [found(flow, "x", Status::Completed, Some(Judgement::Valid))];
    assert_eq!(store.finish(lost, &finding, 210, None).await.unwrap(), Finished::LeaseLost);
    assert!(store.results(kiosk, 0, 10).await.unwrap().is_empty());
    let stored = other.finish(taken, &finding, 211, None).await.unwrap();
    assert_eq!(stored, Finished::Stored(vec![Applied::News { kiosk }]));
    // What was given back is due again when it was said to be.
    let back = again.iter().find(|again| again.subject != lost.subject).unwrap();
    other.retry_later(back, 250).await.unwrap();
    assert!(store.claim(249, 999, 1).await.unwrap().is_empty());
    let retried = store.claim(250, 999, 1).await.unwrap();
    assert_eq!((&retried[0].subject, retried[0].attempts, retried[0].hints.len()), (&back.subject, 1, 1));
}

async fn a_hint_that_comes_during_a_look_is_looked_after(database: Database) {
    let store = database.open().await;
    let kiosk = kiosk(&store).await;
    let flow = flow(&store, kiosk, 10_000).await;
    store.keep_hint(&hint("one", flow, "s"), 100).await.unwrap();
    let claimed = store.claim(100, 200, 1).await.unwrap().remove(0);
    store.keep_hint(&hint("two", flow, "s"), 110).await.unwrap();
    let finding = [found(flow, "s", Status::InProgress, None)];
    let finished = store.finish(&claimed, &finding, 120, None).await.unwrap();
    assert_eq!(finished, Finished::Stored(vec![Applied::Quiet]));
    let again = store.claim(120, 220, 1).await.unwrap();
    assert_eq!(again.len(), 1, "the second hint is still open");
    store.finish(&again[0], &[], 130, None).await.unwrap();
    assert!(store.claim(1_000_000, 2_000_000, 1).await.unwrap().is_empty());
}

async fn verdicts_never_go_back_and_results_are_numbered_without_gaps(database: Database) {
    let store = database.open().await;
    let kiosk = kiosk(&store).await;
    let id = flow(&store, kiosk, 0).await;
    let foreign = Uuid::new_v4();
    let steps = [
        (found(id, "s", Status::PartiallyCompleted, Some(Judgement::Valid)), Applied::News { kiosk }),
        (found(id, "s", Status::InProgress, None), Applied::Known),
        (found(id, "s", Status::Error, None), Applied::News { kiosk }),
        (found(id, "s", Status::Completed, Some(Judgement::Invalid)), Applied::News { kiosk }),
        (found(id, "s", Status::Completed, Some(Judgement::Valid)), Applied::Contradiction),
        (found(id, "s", Status::Error, None), Applied::Known),
        (found(id, "t", Status::Initiated, None), Applied::Quiet),
        (found(foreign, "u", Status::Completed, None), Applied::Foreign),
    ];
    for (now_ms, (finding, expected)) in (100..).zip(&steps) {
        let claimed = store.claim(now_ms, now_ms + 50, 1).await.unwrap().remove(0);
        let stored = store.finish(&claimed, std::slice::from_ref(finding), now_ms, Some(now_ms)).await;
        assert_eq!(stored.unwrap(), Finished::Stored(vec![*expected]), "{finding:?}");
    }
    let results = store.results(kiosk, 0, 10).await.unwrap();
    let statuses: Vec<(i64, Status)> = results
        .iter()
        .map(|result| match &result.kind {
            Finding::Submission { verdict, .. } => (result.seq, verdict.status),
            Finding::Tier { .. } => panic!("{result:?}"),
        })
        .collect();
    assert_eq!(statuses, [(1, Status::PartiallyCompleted), (2, Status::Error), (3, Status::Completed)]);
    assert_eq!(store.results(kiosk, 2, 10).await.unwrap().len(), 1);
    assert_eq!(store.unsettled(id).await.unwrap(), ["t"]);
    let latest = store.latest_valid("u-1", "KIOSK_USER_ID", FlowKind::KtpScan).await.unwrap();
    assert_eq!(latest, None, "it was rejected");
}

async fn whatever_order_two_replicas_look_in_the_results_are_the_same(database: Database) {
    use Status::{Completed, InProgress, PartiallyCompleted};
    let stores = [Arc::new(database.open().await), Arc::new(database.open().await)];
    let kiosk = kiosk(&stores[0]).await;
    let mut flows = Vec::new();
    for _ in 0..10 {
        flows.push(flow(&stores[0], kiosk, 0).await);
    }
    // Two replicas look at everything again and again, each seeing the platform at another moment.
    let replica = |store: Arc<Store>, begin_ms: i64, statuses: [Status; 3]| async move {
        for (now_ms, status) in (begin_ms..).zip(statuses) {
            loop {
                let claimed = store.claim(now_ms, now_ms + 50_000, 3).await.unwrap();
                if claimed.is_empty() {
                    break;
                }
                for claimed in claimed {
                    let Subject::Flow(flow) = claimed.subject else { panic!("{claimed:?}") };
                    let judgement = (status == Completed).then_some(Judgement::Valid);
                    let finding = found(flow, &format!("s-{flow}"), status, judgement);
                    store.finish(&claimed, &[finding], now_ms, Some(now_ms + 1)).await.unwrap();
                }
            }
        }
    };
    let one = tokio::spawn(replica(Arc::clone(&stores[0]), 100, [PartiallyCompleted, Completed, InProgress]));
    let two = tokio::spawn(replica(Arc::clone(&stores[1]), 100, [InProgress, PartiallyCompleted, Completed]));
    one.await.unwrap();
    two.await.unwrap();
    // What the platform says in the end is seen by somebody.
    replica(Arc::clone(&stores[1]), 200, [Completed, Completed, InProgress]).await;
    let results = stores[0].results(kiosk, 0, 1000).await.unwrap();
    assert!((1..).zip(&results).all(|(seq, result)| result.seq == seq), "{results:?}");
    for flow in flows {
        let of_flow: Vec<Status> = results
            .iter()
            .filter_map(|result| match &result.kind {
                Finding::Submission { flow: of, verdict, .. } if *of == flow => Some(verdict.status),
                Finding::Submission { .. } | Finding::Tier { .. } => None,
            })
            .collect();
        assert!(of_flow.is_sorted(), "{of_flow:?}");
        assert_eq!(of_flow.iter().filter(|status| **status == Completed).count(), 1, "{of_flow:?}");
    }
}

async fn the_tier_of_a_customer_is_told_when_it_changes(database: Database) {
    let store = database.open().await;
    let (kiosk, other) = (kiosk(&store).await, kiosk(&store).await);
    store.claim_customer("cus_1", kiosk).await.unwrap();
    store.claim_customer("cus_1", other).await.unwrap();
    assert_eq!(store.customer_owner("cus_1").await.unwrap(), Some(kiosk));
    let mut told = Vec::new();
    for (number, tier) in ["basic", "basic", "standard", "basic"].into_iter().enumerate() {
        let key = format!("webhook:{number}");
        let hint = NewHint::Customer { dedupe_key: key, customer_id: "cus_1".to_owned() };
        assert!(store.keep_hint(&hint, 100).await.unwrap());
        let claimed = store.claim(100, 200, 1).await.unwrap().remove(0);
        assert_eq!(claimed.subject, Subject::Customer("cus_1".to_owned()));
        let finding = Finding::Tier { customer_id: "cus_1".to_owned(), tier: tier.to_owned() };
        let Finished::Stored(applied) = store.finish(&claimed, &[finding], 100, None).await.unwrap() else {
            panic!("the lease is ours");
        };
        told.extend(applied);
    }
    let news = Applied::News { kiosk };
    assert_eq!(told, [news, Applied::Known, news, news]);
    let results = store.results(kiosk, 0, 10).await.unwrap();
    assert_eq!(results.len(), 3);
    let last = Finding::Tier { customer_id: "cus_1".to_owned(), tier: "basic".to_owned() };
    assert_eq!(results[2].kind, last);
}

async fn opening_again_keeps_everything(database: Database) {
    let store = database.open().await;
    let kiosk = kiosk(&store).await;
    let flow = flow(&store, kiosk, 0).await;
    drop(store);
    let store = database.open().await;
    assert_eq!(store.flow(flow).await.unwrap().unwrap().kiosk, kiosk);
    store.ping().await.unwrap();
}
