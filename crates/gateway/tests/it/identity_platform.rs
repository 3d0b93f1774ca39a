//! The client against the strict simulator.

use std::sync::atomic::{AtomicU64, Ordering};

use gateway::identity_platform::{IdentityPlatform, RateLimits};
use gateway::{
    AssuranceTier, BlockReason, ChallengeRequest, Gateway, KycLevel, NewCustomer, PermanentReason, Rejection,
    RetryReason, Submission, VerificationStatus,
};
use jiff::Timestamp;
use simulator::{Endpoint, FaultKind, FaultRule, Running};

use crate::conformance::{self, Partner};
use crate::support::{client, client_with, flashed, plain, start};

struct Simulated {
    simulator: Running,
    client: IdentityPlatform,
    seed: AtomicU64,
}

impl Simulated {
    async fn new(skew_ms: i64) -> Self {
        let simulator = start(|config| config.skew_ms = skew_ms).await;
        let client = client(&simulator);
        Self { simulator, client, seed: AtomicU64::new(1) }
    }

    fn once(&self, endpoint: Endpoint, kind: FaultKind) {
        self.simulator.set_faults(vec![FaultRule::times(endpoint, kind, 1)], 1);
    }
}

impl Partner for Simulated {
    fn gateway(&self) -> &dyn Gateway {
        &self.client
    }
    fn customer(&self) -> String {
        self.simulator.add_customer("CONTOH NAMA").unwrap()
    }
    fn plain_submission(&self, customer: &str) -> Submission {
        plain(customer, self.seed.fetch_add(1, Ordering::Relaxed))
    }
    fn clock(&self) -> Timestamp {
        self.simulator.now()
    }
    fn held(&self) -> usize {
        self.simulator.captures().unwrap().len()
    }
    fn lose_next_answer(&self) {
        self.once(Endpoint::KtpCapture, FaultKind::DropAfterCommit);
    }
    fn lose_next_submission(&self) {
        self.once(Endpoint::KtpCapture, FaultKind::DropBefore);
    }
    fn fail_next_submission(&self, code: u16) {
        self.once(Endpoint::KtpCapture, FaultKind::Status { code });
    }
    fn throttle_next_submission(&self, retry_after_s: u64) {
        self.once(Endpoint::KtpCapture, FaultKind::TooManyRequests { retry_after_s });
    }
    fn fail_next_read(&self, code: u16) {
        self.once(Endpoint::KycTier, FaultKind::Status { code });
    }
}

#[tokio::test]
async fn conforms() {
    conformance::suite(&Simulated::new(0).await).await;
}

#[tokio::test]
async fn conforms_with_the_partners_clock_an_hour_ahead() {
    conformance::suite(&Simulated::new(3_600_000).await).await;
}

#[tokio::test]
async fn conforms_with_the_partners_clock_behind() {
    // By less than a capture may lie in the partner's future.
    conformance::suite(&Simulated::new(-600_000).await).await;
}

#[tokio::test]
async fn a_flashed_capture_is_taken_once() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let challenge = client.challenge(&customer, ChallengeRequest::default()).await.unwrap();
    assert_eq!(challenge.steps.len(), 5);
    let submission = flashed(&customer, 3, &challenge);
    let receipt = client.submit(&submission).await.unwrap();
    assert!(receipt.verdict.is_some() && receipt.assurance_tier.is_some());
    let voters = &receipt.anti_spoof.as_ref().unwrap().voters;
    let flash = voters.iter().find(|voter| voter.name == "flash_reflectance").unwrap();
    assert!(flash.passed, "the colours were reflected exactly");

    let again = client.submit(&submission).await.unwrap_err();
    assert!(matches!(again, Rejection::ChallengeSpent { .. }), "{again:?}");
    assert_eq!(simulator.captures().unwrap().len(), 1);
    let tier = client.customer_tier(&customer).await.unwrap();
    assert_eq!(tier.verifications[0].id, receipt.verification_id);
}

#[tokio::test]
async fn expired_and_foreign_challenges_are_spent() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let [ours, theirs] = ["A CONTOH", "B CONTOH"].map(|name| simulator.add_customer(name).unwrap());
    let ask = ChallengeRequest { steps: 3, ttl_ms: 60_000, ..ChallengeRequest::default() };
    let challenge = client.challenge(&ours, ask).await.unwrap();
    simulator.set_clock_skew_ms(61_000);
    let refused = client.submit(&flashed(&ours, 1, &challenge)).await.unwrap_err();
    assert!(matches!(refused, Rejection::ChallengeSpent { .. }), "{refused:?}");

    let challenge = client.challenge(&ours, ask).await.unwrap();
    let refused = client.submit(&flashed(&theirs, 2, &challenge)).await.unwrap_err();
    assert!(!matches!(refused, Rejection::Retryable { .. } | Rejection::NeedsRecovery { .. }), "{refused:?}");
    assert!(simulator.captures().unwrap().is_empty());
}

#[tokio::test]
async fn wrong_keys_and_missing_scopes_block() {
    let simulator = start(|_| {}).await;
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let stranger = client_with(&simulator.base_url, "qe_sk_sandbox_NOSUCHKEY", |_| {});
    let check = |rejection: Rejection, expected: BlockReason| {
        assert!(
            matches!(&rejection, Rejection::Blocked { reason, .. } if *reason == expected),
            "{rejection:?}"
        );
    };
    check(stranger.probe().await.unwrap_err(), BlockReason::NotAuthenticated);
    check(stranger.submit(&plain(&customer, 1)).await.unwrap_err(), BlockReason::NotAuthenticated);

    let viewers_key = simulator::generate_api_key("sandbox");
    simulator.add_api_key(&viewers_key, &["customers:view"]).unwrap();
    let viewer = client_with(&simulator.base_url, &viewers_key, |_| {});
    let refused = viewer.submit(&plain(&customer, 1)).await.unwrap_err();
    assert_eq!(refused.detail().unwrap().reveal(), "missing scope: verifications:view");
    check(refused, BlockReason::NotAuthorised);
    viewer.customer_tier(&customer).await.unwrap();
}

#[tokio::test]
async fn customers_are_made_and_read() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let new = NewCustomer { full_name: "CONTOH NAMA".into(), ..NewCustomer::default() };
    let id = client.create_customer(&new).await.unwrap();
    let tier = client.customer_tier(&id).await.unwrap();
    assert_eq!((tier.kyc_level, tier.verifications.len()), (KycLevel::None, 0));
    client.submit(&plain(&id, 1)).await.unwrap();
    let tier = client.customer_tier(&id).await.unwrap();
    assert_eq!(tier.verifications.len(), 1);
    assert!(matches!(
        tier.verifications[0].status,
        VerificationStatus::Verified | VerificationStatus::Failed | VerificationStatus::Pending
    ));
}

#[tokio::test]
async fn signatures_of_strangers_are_refused_for_good() {
    let simulator = start(|config| config.device_secrets = vec!["qe_whsec_ANOTHER".into()]).await;
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let refused = client(&simulator).submit(&plain(&customer, 1)).await.unwrap_err();
    assert!(matches!(refused, Rejection::Permanent { reason: PermanentReason::Invalid, .. }), "{refused:?}");
    assert!(refused.detail().unwrap().reveal().contains("signature"));
}

#[tokio::test]
async fn every_envelope_is_understood() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    for (seed, envelope) in
        (1..).zip([simulator::Envelope::Documented, simulator::Envelope::Data, simulator::Envelope::DataOk])
    {
        let mut settings = simulator.settings();
        settings.envelope = envelope;
        simulator.set_settings(settings);
        let new = NewCustomer { full_name: "CONTOH NAMA".into(), ..NewCustomer::default() };
        let customer = client.create_customer(&new).await.unwrap();
        let challenge = client.challenge(&customer, ChallengeRequest::default()).await.unwrap();
        let receipt = client.submit(&flashed(&customer, seed, &challenge)).await.unwrap();
        assert!(!matches!(receipt.assurance_tier, None | Some(AssuranceTier::Other(_))));
        assert_eq!(client.customer_tier(&customer).await.unwrap().verifications.len(), 1);
    }
}

#[tokio::test]
async fn a_dead_partner_is_offline() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    simulator.shutdown().await.unwrap();
    let offline = Rejection::Retryable { reason: RetryReason::Offline, after: None };
    assert_eq!(client.probe().await.unwrap_err(), offline);
    assert_eq!(client.submit(&plain(&customer, 1)).await.unwrap_err(), offline, "nothing can have left");
}

/// The client's own bucket: even if we ask for more, the partner never sees its limit broken.
#[tokio::test]
async fn the_partners_limit_is_never_reached() {
    let limits = simulator::RateLimits { read_per_minute: 50, ..simulator::RateLimits::unlimited() };
    let simulator = start(|config| config.settings.rate_limits = limits).await;
    let ours = RateLimits { reads_per_minute: 50, ..crate::support::UNLIMITED };
    let client = client_with(&simulator.base_url, &simulator.api_key, |config| config.limits = ours);
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let before = std::time::Instant::now();
    for _ in 0..13 {
        client.customer_tier(&customer).await.unwrap();
    }
    // Ten at once, then one each 1.5 s.
    assert!(before.elapsed() > std::time::Duration::from_secs(4), "{:?}", before.elapsed());
}
