//! The kiosks.
//!
//! Each enrols, then in every round begins a flow, has it judged, and waits for the result while the platform calls back
//! twice. Invariant: a kiosk reads on only from what it has.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use gateway::Endpoint;
use gateway::onekyc::Flow;
use kiosk::{ClientError, FlowRequest, KioskClient, KioskKey, ResultContent};
use reqwest::Client;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Shape;
use crate::api::{code_digest, new_code};
use crate::config::{Config, StorageConfig};
use crate::rehearsal::{Judged, Platform};
use crate::store::{NewCode, Store};
use crate::verdict::{Judgement, Status};

pub(super) const CALLBACK_KEY: &str = "synthetic-callback-key";
const CODE_LIFE_MS: i64 = 3_600_000;
const POLL_SECONDS: u32 = 20;
/// A kiosk that has heard nothing for so long counts its flow as lost.
const PATIENCE: Duration = Duration::from_secs(120);
const TRIES: usize = 5;

/// What the kiosks saw.
#[derive(Default)]
pub(super) struct Told {
    pub(super) requests: usize,
    pub(super) begin_ms: Vec<f64>,
    pub(super) callback_ms: Vec<f64>,
    pub(super) result_ms: Vec<f64>,
    pub(super) lost: usize,
    pub(super) doubled: usize,
    pub(super) repeated: usize,
}

impl Told {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.begin_ms.extend(other.begin_ms);
        self.callback_ms.extend(other.callback_ms);
        self.result_ms.extend(other.result_ms);
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.repeated += other.repeated;
    }
}

/// One code per kiosk, put into the store beside the running backend.
pub(super) async fn codes(config: &Config, url: &str, kiosks: usize) -> Result<Vec<String>> {
    let store = match &config.storage {
        StorageConfig::Sqlite { path } => Store::open_sqlite(path)?,
        StorageConfig::Postgres { .. } => Store::open_postgres(url, 2).await?,
    };
    let expires_ms = jiff::Timestamp::now().as_millisecond() + CODE_LIFE_MS;
    let mut codes = Vec::with_capacity(kiosks);
    for number in 0..kiosks {
        let code = new_code().context("the system gives no randomness")?;
        let digest = code_digest(&code).context("a fresh code is a code")?;
        store.add_code(&NewCode { digest, label: format!("kiosk {number}"), expires_ms }).await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Enrols all kiosks; their time is not measured, because it happens once in a kiosk's life.
pub(super) async fn enrol(
    shape: &Shape,
    base_url: &str,
    codes: Vec<String>,
    platform: &Arc<Platform>,
) -> Result<Vec<Kiosk>> {
    let http = Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(60)).build()?;
    let backend = Endpoint::parse(base_url)?;
    let mut kiosks = Vec::with_capacity(codes.len());
    for code in codes {
        let (key, _) = KioskKey::generate().context("the system gives no randomness")?;
        kiosks.push(Kiosk {
            client: KioskClient::enrol(http.clone(), &backend, key, &code).await?.0,
            http: http.clone(),
            base_url: base_url.to_owned(),
            platform: Arc::clone(platform),
            pause: shape.pause,
            after: 0,
            heard: HashMap::new(),
            told: Told::default(),
        });
    }
    Ok(kiosks)
}

/// Runs all kiosks to their end.
pub(super) async fn run(shape: &Shape, kiosks: Vec<Kiosk>) -> Result<Told> {
    let (mut lives, mut told) = (JoinSet::new(), Told::default());
    for kiosk in kiosks {
        lives.spawn(kiosk.live(shape.rounds));
    }
    while let Some(kiosk) = lives.join_next().await {
        told.add(kiosk??);
    }
    Ok(told)
}

/// One kiosk, enrolled.
pub(super) struct Kiosk {
    client: KioskClient,
    http: Client,
    base_url: String,
    platform: Arc<Platform>,
    pause: Duration,
    after: i64,
    /// How often each flow's result came.
    heard: HashMap<Uuid, usize>,
    told: Told,
}

impl Kiosk {
    async fn live(mut self, rounds: usize) -> Result<Told> {
        for _ in 0..rounds {
            self.rest().await;
            let session = Uuid::new_v4();
            self.begin(session).await?;
            self.rest().await;
            self.finish(session).await?;
        }
        // One more look, for what might have come twice.
        let after = self.after;
        self.read_on(after, 0).await?;
        self.told.doubled = self.heard.values().map(|times| times - 1).sum();
        Ok(self.told)
    }

    /// Uniform up to twice the average, so kiosks do not walk in step.
    async fn rest(&self) {
        let twice_ms = u64::try_from(self.pause.as_millis()).unwrap_or(u64::MAX).saturating_mul(2);
        let random = u64::try_from(Uuid::new_v4().as_u128() >> 96).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(random % (twice_ms + 1))).await;
    }

    async fn begin(&mut self, session: Uuid) -> Result<()> {
        let flow = FlowRequest {
            correlation_id: session,
            flow: Flow::KtpScan,
            user_id: format!("u-{session}"),
            locale: None,
            contact: None,
        };
        let mut last = None;
        for _ in 0..TRIES {
            let begun = Instant::now();
            self.told.requests += 1;
            match self.client.begin_flow(&flow).await {
                Ok(_) => {
                    self.told.begin_ms.push(millis(begun) - super::PLATFORM_LATENCY.as_secs_f64() * 1000.0);
                    return Ok(());
                }
                Err(error) => last = Some(error),
            }
            self.told.repeated += 1;
        }
        Err(last.map_or_else(|| anyhow::anyhow!("no try"), anyhow::Error::from))
    }

    /// The platform judges and calls back, twice; the kiosk waits meanwhile.
    async fn finish(&mut self, session: Uuid) -> Result<()> {
        let submission = Uuid::new_v4().to_string();
        let judged = Judged { session, status: Status::Completed, judgement: Some(Judgement::Valid) };
        self.platform.judge(&submission, judged.clone());
        let sent = Instant::now();
        let body = Platform::callback(&submission, &judged).to_string();
        let calls = tokio::spawn(call_back(self.http.clone(), self.base_url.clone(), body));
        let mut is_heard = false;
        while !is_heard && sent.elapsed() < PATIENCE {
            is_heard = match self.read_on(self.after, POLL_SECONDS).await {
                Ok(()) => self.heard.contains_key(&session),
                Err(_) => false,
            };
        }
        if is_heard {
            self.told.result_ms.push(millis(sent));
        } else {
            self.told.lost += 1;
        }
        let calls = calls.await??;
        self.told.requests += calls.len();
        self.told.callback_ms.extend(calls);
        Ok(())
    }

    async fn read_on(&mut self, after: i64, wait_seconds: u32) -> Result<(), ClientError> {
        self.told.requests += 1;
        let answer = self.client.results(after, wait_seconds).await;
        self.told.repeated += usize::from(answer.is_err());
        for result in answer?.results {
            self.after = result.seq;
            if let ResultContent::Submission { correlation_id, .. } = result.content {
                *self.heard.entry(correlation_id).or_default() += 1;
            }
        }
        Ok(())
    }
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

async fn call_back(http: Client, base_url: String, body: String) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    for _ in 0..2 {
        let begun = Instant::now();
        let request = http.post(format!("{base_url}/coe/submissions-callback"));
        let request = request.header("x-callback-key", CALLBACK_KEY).body(body.clone());
        request.send().await?.error_for_status()?;
        took.push(millis(begun));
    }
    Ok(took)
}
