//! The client's calls about faces against the strict simulator.

use bundle::{RppgSample, SigningProfile};
use gateway::identity_platform::{FaceCall, IdentityPlatform};
use gateway::{
    AssuranceTier, ChallengePurpose, ChallengeRequest, FlashChallenge, Gateway, KycLevel, LossReason,
    PermanentReason, ReceiptOrigin, Rejection, Standing, Submission, VerificationStatus,
};
use serde_json::json;
use simulator::{Endpoint, FaceSettings, FaultKind, FaultRule, Running, Settings};

use crate::support::{client, client_with, flashed, plain, start, with_face, with_lit_face};

fn for_face() -> ChallengeRequest {
    ChallengeRequest { purpose: ChallengePurpose::Face, ..ChallengeRequest::default() }
}

/// A customer whose card an analyst found in order, so that there is a face to compare with.
async fn known_customer(simulator: &Running, client: &IdentityPlatform) -> String {
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let card = client.submit(&plain(&customer, 1)).await.unwrap();
    let url = format!("{}/verifications/{}/override", simulator.control_url, card.verification_id);
    let found = json!({"toStatus": "verified", "actorUserId": "usr_1", "reason": "looked at"});
    // The client under test has installed the TLS provider that any client needs.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(url).header("content-type", "application/json").body(found.to_string());
    assert!(answer.send().await.unwrap().status().is_success());
    customer
}

async fn lit(client: &IdentityPlatform, customer: &str, seed: u64) -> Submission {
    let challenge = client.challenge(customer, for_face()).await.unwrap();
    with_lit_face(customer, seed, &challenge)
}

/// As by [`with_lit_face`], with a pulse.
fn with_pulse(customer: &str, challenge: &FlashChallenge) -> Submission {
    let mut submission = with_lit_face(customer, 5, challenge);
    let mut document = submission.face.take().unwrap().into_document();
    let beat = |at: u32| 110.0 + 0.6 * (f64::from(at) / 30.0 * 1.3 * std::f64::consts::TAU).sin();
    let sample = |at: u32| RppgSample { t_ms: at * 33, mean_r: 150.0, mean_g: beat(at), mean_b: 90.0 };
    document.rppg = (0..300).map(sample).collect();
    let face = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    Submission { face: Some(face), ..submission }
}

#[tokio::test]
async fn a_lit_face_is_stepped_up_once_and_lifts_the_customer() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let customer = known_customer(&simulator, &client).await;
    let (since, challenge) = (client.now(), client.challenge(&customer, for_face()).await.unwrap());
    let submission = with_pulse(&customer, &challenge);
    let receipt = client.submit_face(&submission).await.unwrap();
    assert_eq!((receipt.allow, receipt.standing()), (Some(true), Standing::Accepted));
    assert_eq!(receipt.assurance_tier, Some(AssuranceTier::High), "{receipt:?}");
    assert_eq!(receipt.match_verdict.as_deref(), Some("match"));
    let voters = receipt.liveness.as_ref().unwrap().voters.iter();
    let voters: Vec<_> = voters.map(|voter| (voter.name.as_str(), voter.passed)).collect();
    let expected = ["flash_reflectance", "challenge_response", "silent_passive", "rppg"];
    assert_eq!(voters, expected.map(|name| (name, true)));

    let again = client.submit_face(&submission).await.unwrap_err();
    assert!(matches!(again, Rejection::ChallengeSpent { .. }), "{again:?}");
    assert_eq!(simulator.faces().unwrap().len(), 1);
    assert_eq!(client.customer_tier(&customer).await.unwrap().kyc_level, KycLevel::Premium);

    let found = client.recover_face(&submission, since).await.unwrap();
    assert_eq!(found.len(), 1, "two records were left, one of them is the call's");
    assert_eq!(found[0].verification_id, receipt.verification_id);
    assert_eq!((found[0].origin, found[0].standing()), (ReceiptOrigin::Recovered, Standing::Accepted));
    let cards = client.recover(&submission, since).await.unwrap();
    assert!(cards.iter().all(|card| card.verification_id != receipt.verification_id), "a face is no card");
}

#[tokio::test]
async fn liveness_alone_decides_nothing() {
    let simulator = start(|_| {}).await;
    let client = client_with(&simulator.base_url, &simulator.api_key, |config| {
        config.face.call = FaceCall::Liveness;
    });
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let (since, dark) = (client.now(), with_face(&customer, 2));
    let receipt = client.submit_face(&dark).await.unwrap();
    assert_eq!((receipt.allow, receipt.match_verdict.as_deref()), (None, None));
    assert_eq!(receipt.assurance_tier, Some(AssuranceTier::Standard), "no light, no high");
    assert_eq!(receipt.liveness.as_ref().unwrap().fused, "live");
    assert_eq!(receipt.standing(), Standing::Accepted);
    let found = client.recover_face(&dark, since).await.unwrap();
    assert_eq!(found[0].verification_id, receipt.verification_id);
}

#[tokio::test]
async fn challenges_are_good_for_what_they_were_given_for() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let for_card = client.challenge(&customer, ChallengeRequest::default()).await.unwrap();
    let for_face = client.challenge(&customer, for_face()).await.unwrap();
    let purposes: Vec<_> = simulator.challenges().unwrap().iter().map(|row| row.purpose.as_str()).collect();
    assert_eq!(purposes, ["ktp", "face"]);
    let face = client.submit_face(&with_lit_face(&customer, 1, &for_card)).await.unwrap_err();
    let card = client.submit(&flashed(&customer, 1, &for_face)).await.unwrap_err();
    for refused in [face, card] {
        let is_refused = matches!(
            refused,
            Rejection::Permanent { reason: PermanentReason::Invalid, .. } | Rejection::ChallengeSpent { .. }
        );
        assert!(is_refused, "{refused:?}");
    }
    assert!(simulator.faces().unwrap().is_empty() && simulator.captures().unwrap().is_empty());
    client.submit_face(&with_lit_face(&customer, 1, &for_face)).await.unwrap();
}

#[tokio::test]
async fn lost_answers_are_recovered_and_lost_faces_leave_nothing() {
    for call in [FaceCall::StepUp, FaceCall::Liveness] {
        let simulator = start(|_| {}).await;
        let client = client_with(&simulator.base_url, &simulator.api_key, |config| config.face.call = call);
        let customer = simulator.add_customer("CONTOH NAMA").unwrap();
        let endpoint = match call {
            FaceCall::StepUp => Endpoint::StepUp,
            FaceCall::Liveness => Endpoint::FaceLiveness,
        };
        let (since, submission) = (client.now(), with_face(&customer, 3));
        let once = |kind| simulator.set_faults(vec![FaultRule::times(endpoint, kind, 1)], 1);
        once(FaultKind::DropBefore);
        let lost = client.submit_face(&submission).await.unwrap_err();
        assert!(matches!(lost, Rejection::NeedsRecovery { reason: LossReason::Interrupted, .. }), "{lost:?}");
        assert!(client.recover_face(&submission, since).await.unwrap().is_empty());
        once(FaultKind::DropAfterCommit);
        let lost = client.submit_face(&submission).await.unwrap_err();
        assert!(matches!(lost, Rejection::NeedsRecovery { .. }), "{lost:?}");
        assert_eq!(client.recover_face(&submission, since).await.unwrap().len(), 1, "{call:?}");
    }
}

#[tokio::test]
async fn every_envelope_is_understood() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    for (seed, envelope) in
        (1..).zip([simulator::Envelope::Documented, simulator::Envelope::Data, simulator::Envelope::DataOk])
    {
        simulator.set_settings(Settings { envelope, ..simulator.settings() });
        let customer = simulator.add_customer("CONTOH NAMA").unwrap();
        let receipt = client.submit_face(&lit(&client, &customer, seed).await).await.unwrap();
        assert_eq!(receipt.allow, Some(false), "there is no card to compare with");
        assert_eq!(receipt.status, VerificationStatus::Pending);
        assert_eq!(receipt.standing(), Standing::Review);
    }
}

#[tokio::test]
async fn the_decision_is_the_platforms() {
    let simulator = start(|_| {}).await;
    let client = client(&simulator);
    let customer = known_customer(&simulator, &client).await;
    let with = |face: FaceSettings| simulator.set_settings(Settings { face, ..simulator.settings() });
    let check = async |seed: u64, allow: bool, standing: Standing, word: &str| {
        let receipt = client.submit_face(&lit(&client, &customer, seed).await).await.unwrap();
        assert_eq!((receipt.allow, receipt.standing()), (Some(allow), standing), "{receipt:?}");
        assert_eq!(receipt.match_verdict.as_deref(), Some(word));
    };
    check(1, true, Standing::Accepted, "match").await;
    with(FaceSettings { deny: true, ..FaceSettings::default() });
    check(2, false, Standing::Refused, "match").await;
    with(FaceSettings { doubt: true, ..FaceSettings::default() });
    check(3, false, Standing::Review, "match").await;
    with(FaceSettings { similarity: 0.5, ..FaceSettings::default() });
    check(4, false, Standing::Refused, "no_match").await;
    with(FaceSettings { reference_minutes: 0, ..FaceSettings::default() });
    simulator.set_clock_skew_ms(61_000);
    check(5, false, Standing::Review, "stale_reference").await;
    assert_eq!(client.customer_tier(&customer).await.unwrap().kyc_level, KycLevel::Premium);
}

#[tokio::test]
async fn a_capture_without_a_face_has_none_to_hand_in() {
    let simulator = start(|_| {}).await;
    let refused = client(&simulator).submit_face(&plain("cus_1", 1)).await.unwrap_err();
    assert!(
        matches!(refused, Rejection::Permanent { reason: PermanentReason::Unsendable, .. }),
        "{refused:?}"
    );
    assert!(simulator.requests().unwrap().is_empty());
}
