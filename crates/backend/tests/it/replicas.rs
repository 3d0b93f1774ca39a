//! Two replicas, one killed in the middle of callbacks that come twice and in any order.

use std::collections::{BTreeMap, HashMap};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use backend::flow::FlowKind;
use backend::rehearsal::{Judged, Platform};
use backend::verdict::{Judgement, Status};
use kiosk::KioskClient;
use reqwest::Client;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::common::{CALLBACK_KEY, Database, endpoint, enrol, flow, http, judged, platform, told, write};
use crate::on_both;

on_both! { no_result_is_lost_doubled_or_moved_back_when_a_replica_is_killed }

const KIOSKS: usize = 6;
const FLOWS_EACH: usize = 8;
/// Far more than it takes; only a hang runs into it.
const PATIENCE: Duration = Duration::from_secs(120);
/// Short, so that what the killed replica held is free soon.
const WORK: &str = "[work]\nlease_seconds = 2\nfirst_look_seconds = 600\n";

/// A replica in its own process; killed when dropped.
struct Replica {
    process: Child,
    base_url: String,
}

impl Replica {
    async fn start(database: &Database, platform: &Platform, name: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let path = database.folder.path().join(name);
        write(&path, &database.config(platform, listen, WORK));
        let replica = Self { process: spawn(&path), base_url: format!("http://{listen}") };
        let begun = Instant::now();
        let ready = format!("{}/readyz", replica.base_url);
        while !http().get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(begun.elapsed() < PATIENCE, "{name} does not become ready");
            tokio::task::yield_now().await;
        }
        replica
    }
}

fn spawn(config: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loket-backend"));
    command.arg("--config").arg(config).arg("serve").env("LOKET_BACKEND_LOG", "error");
    command.stdin(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
}

impl Drop for Replica {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// What will be said of one submission, in the order in which it becomes true.
struct Story {
    submission: String,
    steps: Vec<Judged>,
}

fn story(session: Uuid, number: usize) -> Story {
    let verdict = if number.is_multiple_of(3) { Judgement::Invalid } else { Judgement::Valid };
    let mut steps = vec![judged(session, Status::InProgress, None)];
    if number.is_multiple_of(2) {
        steps.push(judged(session, Status::PartiallyCompleted, Some(Judgement::Valid)));
    }
    if number.is_multiple_of(5) {
        steps.push(judged(session, Status::Error, None));
    }
    steps.push(judged(session, Status::Completed, Some(verdict)));
    Story { submission: format!("sub-{session}"), steps }
}

/// A small generator, so that the order is the same in every run.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for at in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(seed >> 33).unwrap() % (at + 1);
        items.swap(at, other);
    }
}

/// As a platform does: until somebody answers with 200, at one address or the other.
async fn deliver(http: Client, urls: [String; 2], first: usize, body: String, answered: Arc<AtomicUsize>) {
    for turn in first.. {
        let request = http.post(format!("{}/coe/submissions-callback", urls[turn % 2]));
        let sent = request.header("x-callback-key", CALLBACK_KEY).body(body.clone()).send().await;
        if sent.is_ok_and(|answer| answer.status().is_success()) {
            answered.fetch_add(1, Ordering::Relaxed);
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Reads on until every flow has its judgement; goes to the other replica when one does not answer.
async fn listen(mut kiosk: KioskClient, urls: [String; 2]) -> Vec<(i64, String, Status, Option<Judgement>)> {
    let (begun, mut heard, mut turn) = (Instant::now(), Vec::new(), 0);
    let is_judged = |heard: &[(i64, String, Status, Option<Judgement>)]| {
        heard.iter().filter(|(_, _, status, _)| *status == Status::Completed).count() >= FLOWS_EACH
    };
    while !is_judged(&heard) {
        assert!(begun.elapsed() < PATIENCE, "results are missing: {} came", heard.len());
        let after = heard.last().map_or(0, |(seq, ..)| *seq);
        match kiosk.results(after, 2).await {
            Ok(answer) => heard.extend(answer.results.into_iter().map(|result| {
                let (submission, status, judgement) = told(&result.content);
                (result.seq, submission, status, judgement)
            })),
            Err(_) => {
                turn += 1;
                kiosk.talk_to(&endpoint(&urls[turn % 2]));
            }
        }
    }
    // Whatever might still come twice had its chance while a late answer was waited for.
    let after = heard.last().map_or(0, |(seq, ..)| *seq);
    kiosk.talk_to(&endpoint(&urls[1]));
    let late = kiosk.results(after, 3).await.unwrap().results;
    heard.extend(late.into_iter().map(|result| {
        let (submission, status, judgement) = told(&result.content);
        (result.seq, submission, status, judgement)
    }));
    heard
}

async fn no_result_is_lost_doubled_or_moved_back_when_a_replica_is_killed(database: Database) {
    let platform = Arc::new(platform().await);
    let doomed = Replica::start(&database, &platform, "one.toml").await;
    let survivor = Replica::start(&database, &platform, "two.toml").await;
    let urls = [doomed.base_url.clone(), survivor.base_url.clone()];
    let store = database.open().await;
    let (mut listeners, mut stories) = (JoinSet::new(), Vec::new());
    for number in 0..KIOSKS {
        let kiosk = enrol(&store, &urls[number % 2]).await;
        for _ in 0..FLOWS_EACH {
            let request = flow(FlowKind::KtpScan);
            kiosk.begin_flow(&request).await.unwrap();
            stories.push(story(request.correlation_id, stories.len()));
        }
        listeners.spawn(listen(kiosk, urls.clone()));
    }
    let deliveries = tell(&platform, &stories, &urls, doomed).await;
    let mut heard = Vec::new();
    while let Some(listener) = listeners.join_next().await {
        heard.push(listener.unwrap());
    }
    let callbacks: usize = stories.iter().map(|story| 2 * story.steps.len()).sum();
    assert_eq!(deliveries.join_all().await.len(), callbacks);
    check(&stories, &heard);
}

/// Tells everything twice, shuffled, and kills a replica when half of it was answered.
async fn tell(
    platform: &Arc<Platform>,
    stories: &[Story],
    urls: &[String; 2],
    doomed: Replica,
) -> JoinSet<()> {
    let mut calls: Vec<(usize, usize)> = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        calls.extend((0..story.steps.len()).flat_map(|step| [(number, step), (number, step)]));
    }
    shuffle(&mut calls, 20_260_901);
    let (mut deliveries, answered, mut reached) =
        (JoinSet::new(), Arc::new(AtomicUsize::new(0)), HashMap::new());
    let mut doomed = Some(doomed);
    for (turn, (number, step)) in calls.iter().copied().enumerate() {
        let story = &stories[number];
        // The platform is where its latest step is, whatever it says late about earlier ones.
        let furthest = reached.entry(number).or_insert(step);
        *furthest = step.max(*furthest);
        platform.judge(&story.submission, story.steps[*furthest].clone());
        let body = Platform::callback(&story.submission, &story.steps[step]).to_string();
        deliveries.spawn(deliver(http(), urls.clone(), turn, body, Arc::clone(&answered)));
        if turn == calls.len() / 2 {
            while answered.load(Ordering::Relaxed) < turn / 2 {
                tokio::task::yield_now().await;
            }
            // SIGKILL: no chance to finish anything.
            drop(doomed.take());
        }
    }
    deliveries
}

fn check(stories: &[Story], heard: &[Vec<(i64, String, Status, Option<Judgement>)>]) {
    let mut told: BTreeMap<&str, Vec<(Status, Option<Judgement>)>> = BTreeMap::new();
    for results in heard {
        for (expected, (seq, submission, status, judgement)) in (1..).zip(results) {
            assert_eq!(*seq, expected, "numbers have no gap and none comes twice");
            told.entry(submission).or_default().push((*status, *judgement));
        }
    }
    assert_eq!(told.len(), stories.len(), "every submission was told of");
    for story in stories {
        let told = &told[story.submission.as_str()];
        let last = story.steps.last().unwrap();
        assert_eq!(told.last(), Some(&(last.status, last.judgement)), "the last word is the platform's");
        let statuses: Vec<Status> = told.iter().map(|(status, _)| *status).collect();
        assert!(statuses.is_sorted_by(|a, b| a < b), "forwards only, each once: {statuses:?}");
    }
}
