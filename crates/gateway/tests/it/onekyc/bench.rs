//! A simulator with both clients: the partner's server and the counter.

use std::sync::Arc;
use std::time::Duration;

use gateway::Endpoint;
use gateway::onekyc::{
    Advance, ContactKind, Direct, DirectConfig, Ending, Failure, Flow, FlowRun, Journey, JourneyStage,
    OneKyc, OneKycConfig, Pictures, PollParams, RetryParams, RunIds, Session, StepContext, UserTokenWay,
    VerifiedContact,
};
use jiff::Timestamp;
use simulator::onekyc::{Behaviour, Call, SubmissionRow};
use simulator::{FaultKind, FaultRule, Running, SimulatorConfig};
use uuid::Uuid;

/// The colour of a KTP's paper, and of skin.
pub const PAPER: [u8; 3] = [150, 186, 212];
pub const SKIN: [u8; 3] = [200, 150, 120];

pub struct Bench {
    pub server: Running,
    pub direct: Arc<Direct>,
    pub client: OneKyc,
}

/// As many tries as the contract says, without their waits.
pub fn eager() -> RetryParams {
    RetryParams { first: Duration::ZERO, longest: Duration::ZERO, ..RetryParams::default() }
}

pub fn fresh_ids() -> RunIds {
    RunIds { partner_session: Uuid::new_v4(), sdk_session: Uuid::new_v4() }
}

pub fn run(flow: Flow) -> FlowRun {
    Journey::planned(flow, "u-0001", fresh_ids()).run
}

pub fn siv_run() -> FlowRun {
    let contact = VerifiedContact {
        kind: ContactKind::Phone,
        value: "6280000000000".to_owned().into(),
        verification_reference_id: "otp-0001".to_owned(),
    };
    let flow = Flow::StandaloneIdentityVerification;
    Journey::planned(flow, "u-0001", fresh_ids()).with_contact(contact).run
}

impl Bench {
    pub async fn start(behaviour: Behaviour) -> Self {
        Self::with(behaviour, |_| {}, |_| {}).await
    }

    pub async fn with(
        behaviour: Behaviour,
        change_direct: impl FnOnce(&mut DirectConfig),
        change_client: impl FnOnce(&mut OneKycConfig),
    ) -> Self {
        let config = SimulatorConfig { onekyc: behaviour, ..SimulatorConfig::default() };
        let server = simulator::start(config).await.unwrap();
        let account = server.onekyc.account().clone();
        let base = Endpoint::parse(&server.onekyc.base_url).unwrap();
        let token_host = Endpoint::parse(&server.onekyc.token_url).unwrap();
        let (id, key) = (account.client_id.into(), account.pass_key.into());
        let mut config = DirectConfig::new(token_host, base.clone(), id, key);
        config.onboarding_partner = account.onboarding_partner;
        config.esign_onboarding_partner = account.esign_onboarding_partner;
        config.retry = eager();
        change_direct(&mut config);
        let direct = Direct::local_only(config, Arc::new(Timestamp::now), Arc::new(|| 0.0)).unwrap();
        let direct = Arc::new(direct);
        let mut config = OneKycConfig::new(base);
        config.retry = eager();
        config.upload.retry = eager();
        config.poll = PollParams::default();
        change_client(&mut config);
        let tokens = Arc::clone(&direct);
        let client = OneKyc::new(config, tokens, Arc::new(Timestamp::now), Arc::new(|| 0.0)).unwrap();
        Self { server, direct, client }
    }

    pub async fn v2(behaviour: Behaviour) -> Self {
        Self::with(behaviour, |config| config.way = UserTokenWay::V2, |_| {}).await
    }

    pub fn fault(&self, call: Call, kind: FaultKind) {
        self.server.onekyc.set_faults(vec![FaultRule::always(call, kind)], 1);
    }

    pub fn fault_times(&self, call: Call, kind: FaultKind, count: u32) {
        self.server.onekyc.set_faults(vec![FaultRule::times(call, kind, count)], 1);
    }

    /// Requests of a call so far.
    pub fn asked(&self, call: Call) -> usize {
        self.server.onekyc.requests().iter().filter(|row| row.call == call.as_str()).count()
    }

    pub fn confirmed(&self) -> Vec<SubmissionRow> {
        self.server.onekyc.submissions().into_iter().filter(|row| row.confirmed).collect()
    }

    pub fn session(&self, flow: Flow) -> Session {
        Session::new(run(flow), None)
    }

    /// Goes from stage to stage through what is written down, as a queue does.
    pub async fn travel(&self, journey: Journey, card: &[u8], selfie: &[u8]) -> Result<Ending, Failure> {
        self.travel_with(journey, Pictures { card: Some(card), selfie: Some(selfie), ..Pictures::default() })
            .await
    }

    pub async fn travel_with(&self, mut journey: Journey, pictures: Pictures<'_>) -> Result<Ending, Failure> {
        for _ in 0..4000 {
            let context = StepContext { pictures, recaptures_left: 0, fresh: fresh_ids() };
            let next = match self.client.step(&journey, context).await? {
                Advance::Done(ending) => return Ok(*ending),
                Advance::Next(next) | Advance::Later { journey: next, .. } | Advance::Recapture(next) => next,
            };
            journey = Journey::from_bytes(&next.to_bytes()).expect("what was written is read");
        }
        panic!("the journey has no end; it is at {}", journey.stage.code());
    }

    /// A whole card scan.
    pub async fn scan(&self, picture: &[u8]) -> Result<Ending, Failure> {
        self.travel(Journey::planned(Flow::KtpScan, "u-0001", fresh_ids()), picture, &[]).await
    }

    /// A journey up to the stage before its confirmation.
    pub async fn uploaded(&self, picture: &[u8]) -> Journey {
        let mut journey = Journey::planned(Flow::KtpScan, "u-0001", fresh_ids());
        let pictures = Pictures { card: Some(picture), ..Pictures::default() };
        while !matches!(journey.stage, JourneyStage::Uploaded { .. }) {
            let context = StepContext { pictures, recaptures_left: 0, fresh: fresh_ids() };
            match self.client.step(&journey, context).await.unwrap() {
                Advance::Next(next) => journey = next,
                Advance::Later { .. } | Advance::Recapture(_) | Advance::Done(_) => {
                    panic!("not yet confirmed")
                }
            }
        }
        journey
    }
}

pub fn card() -> Vec<u8> {
    testkit::plain_jpeg(PAPER)
}

pub fn selfie() -> Vec<u8> {
    testkit::plain_jpeg(SKIN)
}
