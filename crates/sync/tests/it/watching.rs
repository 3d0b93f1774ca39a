//! `watch`: wakes, stops, and sleeps in between.

use std::sync::Arc;
use std::time::Duration;

use gateway::{Rejection, RetryReason};
use sync::{LinkState, Progress, stop_signal};
use testkit::ManualClock;
use tokio::sync::mpsc;

use crate::support::{Heard, Scripted, enqueue, open_queue, plain, runner};

/// Reads progress until `wanted` says so.
async fn hear(heard: &mut mpsc::UnboundedReceiver<Progress>, wanted: impl Fn(&Progress) -> bool) -> Progress {
    let waiting = async {
        loop {
            let progress = heard.recv().await.unwrap();
            if wanted(&progress) {
                return progress;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap()
}

#[tokio::test]
async fn a_watcher_delivers_what_comes_in_and_stops_when_told() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let runner = Arc::new(runner(&outbox, partner, &clock));
    let (stopper, stop) = stop_signal();
    let (told, mut heard) = mpsc::unbounded_channel();
    let watching = {
        let runner = Arc::clone(&runner);
        tokio::spawn(async move { runner.watch(&move |progress| drop(told.send(progress)), &stop).await })
    };
    hear(&mut heard, |progress| matches!(progress, Progress::Finished(_))).await;

    let id = enqueue(&outbox, &plain("a", 1), clock.now());
    runner.wake();
    let delivered = hear(&mut heard, |progress| matches!(progress, Progress::Delivered { .. })).await;
    assert!(matches!(delivered, Progress::Delivered { id: of, recovered: false, .. } if of == id));

    stopper.stop();
    tokio::time::timeout(Duration::from_secs(30), watching).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_stopped_pass_leaves_the_rest_for_later() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    for seed in 0..5 {
        enqueue(&outbox, &plain(&seed.to_string(), seed), clock.now());
    }
    let runner = runner(&outbox, partner.clone(), &clock);
    let (stopper, stop) = stop_signal();
    let stop_after_first = move |progress| {
        if matches!(progress, Progress::Delivered { .. }) {
            stopper.stop();
        }
    };
    let summary = runner.once(&stop_after_first, &stop).await.unwrap();
    assert_eq!((summary.delivered, summary.counts.waiting), (1, 4));
    assert_eq!(crate::support::pass(&runner).await.delivered, 4, "nothing is left leased");
}

#[tokio::test]
async fn changes_of_the_connection_are_told_once() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let offline = Rejection::Retryable { reason: RetryReason::Offline, after: None };
    *partner.probe.lock().unwrap() = Some(offline);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    let (heard, (_stopper, stop)) = (Heard::default(), stop_signal());
    for _ in 0..3 {
        runner.once(&heard.listener(), &stop).await.unwrap();
    }
    *partner.probe.lock().unwrap() = None;
    for _ in 0..3 {
        runner.once(&heard.listener(), &stop).await.unwrap();
    }
    let told: Vec<_> = heard
        .0
        .lock()
        .unwrap()
        .iter()
        .filter_map(|progress| if let Progress::Link(state) = progress { Some(*state) } else { None })
        .collect();
    assert_eq!(told, [LinkState::Offline, LinkState::Online]);
}
