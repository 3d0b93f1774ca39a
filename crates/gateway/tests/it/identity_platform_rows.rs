//! Statuses of every call of Identity Platform (contract B.2), row by row: what the client makes of each.

use gateway::identity_platform::FaceCall;
use gateway::{ChallengePurpose, ChallengeRequest, Gateway as _, NewCustomer, Rejection};
use simulator::{Endpoint, FaultKind, FaultRule};

use crate::rows::rows;
use crate::support::{client_with, plain, start, with_face};

/// The call is answered with the status; `expected` is the rejection's word.
async fn answered(row: &str, endpoint: Endpoint, code: u16, expected: &str) {
    let simulator = start(|_| {}).await;
    let customer = simulator.add_customer("CONTOH NAMA").unwrap();
    let client = client_with(&simulator.base_url, &simulator.api_key, |config| {
        if endpoint == Endpoint::FaceLiveness {
            config.face.call = FaceCall::Liveness;
        }
    });
    simulator.set_faults(vec![FaultRule::always(endpoint, FaultKind::Status { code })], 1);
    let outcome: Result<(), Rejection> = match endpoint {
        Endpoint::Me => client.probe().await,
        Endpoint::CreateCustomer => {
            let new = NewCustomer { full_name: "CONTOH NAMA".to_owned(), ..NewCustomer::default() };
            client.create_customer(&new).await.map(drop)
        }
        Endpoint::KycTier => client.customer_tier(&customer).await.map(drop),
        Endpoint::KtpChallenge => client.challenge(&customer, ChallengeRequest::default()).await.map(drop),
        Endpoint::KtpCapture => client.submit(&plain(&customer, 1)).await.map(drop),
        Endpoint::FaceChallenge => {
            let purpose = ChallengePurpose::Face;
            let ask = ChallengeRequest { purpose, ..ChallengeRequest::default() };
            client.challenge(&customer, ask).await.map(drop)
        }
        Endpoint::FaceLiveness | Endpoint::StepUp => {
            client.submit_face(&with_face(&customer, 1)).await.map(drop)
        }
        Endpoint::WebhookTest => unreachable!("no client calls it"),
    };
    let got = outcome.as_ref().map_or_else(Rejection::code, |()| "taken");
    assert_eq!(got, expected, "{row}");
    let asked = simulator.requests().unwrap().iter().filter(|row| row.endpoint == endpoint.as_str()).count();
    assert_eq!(asked, 1, "{row}: nothing is repeated within a call");
}

rows! { answered;
    b2_capture_400 => "B.2 400 capture", Endpoint::KtpCapture, 400, "invalid";
    b2_capture_401 => "B.2 401 capture", Endpoint::KtpCapture, 401, "not_authenticated";
    b2_capture_403 => "B.2 403 capture", Endpoint::KtpCapture, 403, "not_authorised";
    b2_capture_404 => "B.2 404 capture", Endpoint::KtpCapture, 404, "unknown_customer";
    b2_capture_408 => "B.2 408 capture", Endpoint::KtpCapture, 408, "partner_unavailable";
    b2_capture_409 => "B.2 409 capture", Endpoint::KtpCapture, 409, "conflict";
    b2_capture_413 => "B.2 413 capture", Endpoint::KtpCapture, 413, "too_large";
    b2_capture_415 => "B.2 415 capture", Endpoint::KtpCapture, 415, "refused";
    b2_capture_422 => "B.2 422 capture", Endpoint::KtpCapture, 422, "rule_violated";
    b2_capture_425 => "B.2 425 capture", Endpoint::KtpCapture, 425, "partner_unavailable";
    b2_capture_429 => "B.2 429 capture", Endpoint::KtpCapture, 429, "rate_limited";
    b2_capture_500 => "B.2 500 capture is in doubt", Endpoint::KtpCapture, 500, "partner_error";
    b2_capture_502 => "B.2 502 capture is in doubt", Endpoint::KtpCapture, 502, "partner_error";
    b2_capture_503 => "B.2 503 capture is in doubt", Endpoint::KtpCapture, 503, "partner_error";
    b2_capture_504 => "B.2 504 capture is in doubt", Endpoint::KtpCapture, 504, "partner_error";
    b2_challenge_400 => "B.2 400 challenge", Endpoint::KtpChallenge, 400, "invalid";
    b2_challenge_401 => "B.2 401 challenge", Endpoint::KtpChallenge, 401, "not_authenticated";
    b2_challenge_403 => "B.2 403 challenge", Endpoint::KtpChallenge, 403, "not_authorised";
    b2_challenge_404 => "B.2 404 challenge", Endpoint::KtpChallenge, 404, "unknown_customer";
    b2_challenge_429 => "B.2 429 challenge", Endpoint::KtpChallenge, 429, "rate_limited";
    b2_challenge_500 => "B.2 500 challenge does no harm", Endpoint::KtpChallenge, 500, "partner_unavailable";
    b2_challenge_503 => "B.2 503 challenge does no harm", Endpoint::KtpChallenge, 503, "partner_unavailable";
    b2_face_400 => "B.2 400 face", Endpoint::FaceLiveness, 400, "invalid";
    b2_face_401 => "B.2 401 face", Endpoint::FaceLiveness, 401, "not_authenticated";
    b2_face_403 => "B.2 403 face", Endpoint::FaceLiveness, 403, "not_authorised";
    b2_face_404 => "B.2 404 face", Endpoint::FaceLiveness, 404, "unknown_customer";
    b2_face_408 => "B.2 408 face", Endpoint::FaceLiveness, 408, "partner_unavailable";
    b2_face_409 => "B.2 409 face", Endpoint::FaceLiveness, 409, "conflict";
    b2_face_413 => "B.2 413 face", Endpoint::FaceLiveness, 413, "too_large";
    b2_face_422 => "B.2 422 face", Endpoint::FaceLiveness, 422, "rule_violated";
    b2_face_429 => "B.2 429 face", Endpoint::FaceLiveness, 429, "rate_limited";
    b2_face_500 => "B.2 500 face", Endpoint::FaceLiveness, 500, "partner_error";
    b2_face_503 => "B.2 503 face", Endpoint::FaceLiveness, 503, "partner_error";
    b2_step_up_400 => "B.2 400 step-up", Endpoint::StepUp, 400, "invalid";
    b2_step_up_401 => "B.2 401 step-up", Endpoint::StepUp, 401, "not_authenticated";
    b2_step_up_403 => "B.2 403 step-up", Endpoint::StepUp, 403, "not_authorised";
    b2_step_up_404 => "B.2 404 step-up", Endpoint::StepUp, 404, "unknown_customer";
    b2_step_up_408 => "B.2 408 step-up", Endpoint::StepUp, 408, "partner_unavailable";
    b2_step_up_409 => "B.2 409 step-up", Endpoint::StepUp, 409, "conflict";
    b2_step_up_413 => "B.2 413 step-up", Endpoint::StepUp, 413, "too_large";
    b2_step_up_422 => "B.2 422 step-up", Endpoint::StepUp, 422, "rule_violated";
    b2_step_up_429 => "B.2 429 step-up", Endpoint::StepUp, 429, "rate_limited";
    b2_step_up_500 => "B.2 500 step-up", Endpoint::StepUp, 500, "partner_error";
    b2_step_up_503 => "B.2 503 step-up", Endpoint::StepUp, 503, "partner_error";
    b2_face_challenge_400 => "B.2 400 face challenge", Endpoint::FaceChallenge, 400, "invalid";
    b2_face_challenge_403 => "B.2 403 face challenge", Endpoint::FaceChallenge, 403, "not_authorised";
    b2_face_challenge_429 => "B.2 429 face challenge", Endpoint::FaceChallenge, 429, "rate_limited";
    b2_face_challenge_500 => "B.2 500 face challenge", Endpoint::FaceChallenge, 500, "partner_unavailable";
    b2_tier_401 => "B.2 401 tier", Endpoint::KycTier, 401, "not_authenticated";
    b2_tier_403 => "B.2 403 tier", Endpoint::KycTier, 403, "not_authorised";
    b2_tier_404 => "B.2 404 tier", Endpoint::KycTier, 404, "unknown_customer";
    b2_tier_429 => "B.2 429 tier", Endpoint::KycTier, 429, "rate_limited";
    b2_tier_500 => "B.2 500 tier", Endpoint::KycTier, 500, "partner_unavailable";
    b2_tier_503 => "B.2 503 tier", Endpoint::KycTier, 503, "partner_unavailable";
    b2_customer_400 => "B.2 400 customer", Endpoint::CreateCustomer, 400, "invalid";
    b2_customer_401 => "B.2 401 customer", Endpoint::CreateCustomer, 401, "not_authenticated";
    b2_customer_403 => "B.2 403 customer", Endpoint::CreateCustomer, 403, "not_authorised";
    b2_customer_409 => "B.2 409 customer", Endpoint::CreateCustomer, 409, "conflict";
    b2_customer_429 => "B.2 429 customer", Endpoint::CreateCustomer, 429, "rate_limited";
    b2_customer_500 => "B.2 500 customer is in doubt", Endpoint::CreateCustomer, 500, "partner_error";
    b2_me_401 => "B.2 401 key", Endpoint::Me, 401, "not_authenticated";
    b2_me_403 => "B.2 403 key", Endpoint::Me, 403, "not_authorised";
    b2_me_404 => "B.2 404 is an answer of a partner", Endpoint::Me, 404, "taken";
    b2_me_429 => "B.2 429 key", Endpoint::Me, 429, "rate_limited";
    b2_me_503 => "B.2 503 key", Endpoint::Me, 503, "partner_unavailable";
}
