//! Decoders on hostile JSON: they never panic, never lose what they do not know, and never show it.

use gateway::onekyc::{
    Failure, Journey, decode_confirmation, decode_details, decode_launch, decode_status, decode_ticket,
    decode_token,
};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NAMES: [&str; 32] = [
    "data",
    "success",
    "errors",
    "code",
    "cause",
    "entity",
    "token",
    "launchUrl",
    "expiry_seconds",
    "expirySeconds",
    "expires_at",
    "submissionId",
    "status",
    "documents",
    "KTP",
    "documentUrl",
    "expiryInSeconds",
    "uiMessages",
    "title",
    "verificationResult",
    "isApproved",
    "confidence",
    "submissionDetails",
    "ktpData",
    "imageUrls",
    "verificationResults",
    "liveness",
    "faceMatch",
    "referenceImageValidation",
    "reasonCode",
    "result",
    "certificateRegistration",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
        Just(Value::from("COMPLETED")),
        Just(Value::from("2026-09-01T03:00:00Z")),
    ];
    leaf.prop_recursive(5, 80, 6, |inner| {
        let name = prop_oneof![prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), ".{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..8).prop_map(|members| json!(members)),
        ]
    })
}

fn now() -> Timestamp {
    "2026-09-01T03:00:00Z".parse().unwrap()
}

fn decode_all(bytes: &[u8]) -> String {
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        decode_ticket(bytes),
        decode_confirmation(bytes),
        decode_status(bytes),
        decode_details(bytes),
        decode_token(bytes, now()),
        decode_launch(bytes, now()).map(drop),
    );
    let failure = Failure::from_answer(500, bytes, None);
    drop(Journey::from_bytes(bytes));
    format!("{shown} {failure:?} {failure} {:?}", failure.rejection())
}

/// A payload with the members of `extra` beside the known ones.
fn with_extra(known: Value, extra: &Map<String, Value>) -> Vec<u8> {
    let Value::Object(mut members) = known else { unreachable!("made as an object") };
    members.extend(extra.clone());
    json!({"success": true, "data": members}).to_string().into_bytes()
}

fn extra_members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("x-[a-z]{1,8}", any_json(), 0..5)
        .prop_map(|members| members.into_iter().collect())
}

/// JSON's numbers do not all survive a second writing; compare what a reader would see.
fn read_again(members: &Map<String, Value>) -> Value {
    serde_json::from_str(&Value::Object(members.clone()).to_string()).unwrap()
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        decode_all(&bytes);
    }

    #[test]
    fn any_json_is_survived(value in any_json()) {
        decode_all(value.to_string().as_bytes());
    }

    #[test]
    fn any_answer_in_an_envelope_is_survived(value in any_json(), id in "[a-z0-9-]{1,8}") {
        let mut data = json!({"submissionId": id, "status": "COMPLETED"});
        data["submissionDetails"] = value.clone();
        data["documents"] = value;
        decode_all(json!({"success": true, "data": data}).to_string().as_bytes());
    }

    #[test]
    fn tickets_keep_what_they_do_not_know(extra in extra_members()) {
        let ticket = decode_ticket(&with_extra(json!({"submissionId": "s", "documents": {}}), &extra)).unwrap();
        prop_assert_eq!(Value::Object(ticket.unknown.reveal().clone()), read_again(&extra));
    }

    #[test]
    fn statuses_keep_what_they_do_not_know(extra in extra_members()) {
        let status = decode_status(&with_extra(json!({"submissionId": "s", "status": "ERROR"}), &extra)).unwrap();
        prop_assert_eq!(Value::Object(status.unknown.reveal().clone()), read_again(&extra));
    }

    #[test]
    fn confirmations_keep_what_they_do_not_know(extra in extra_members()) {
        let confirmation = decode_confirmation(&with_extra(json!({"submissionId": "s"}), &extra)).unwrap();
        prop_assert_eq!(Value::Object(confirmation.unknown.reveal().clone()), read_again(&extra));
    }

    #[test]
    fn details_keep_what_they_do_not_know(extra in extra_members(), inner in extra_members()) {
        let known = json!({"status": "COMPLETED", "submissionDetails": inner});
        let details = decode_details(&with_extra(known, &extra)).unwrap();
        prop_assert_eq!(Value::Object(details.unknown.reveal().clone()), read_again(&extra));
        prop_assert_eq!(Value::Object(details.unknown_details.reveal().clone()), read_again(&inner));
    }

    #[test]
    fn words_survive_as_they_are(word in "[A-Z_]{1,40}") {
        let body = json!({"data": {"submissionId": "s", "status": word, "submissionType": word}}).to_string();
        let status = decode_status(body.as_bytes()).unwrap();
        prop_assert_eq!(status.status.as_str(), word.as_str());
        let flow = status.flow.unwrap();
        prop_assert_eq!(flow.as_str(), word.as_str());
    }

    /// Whatever a refusal says, sixteen digits and a name do not reach a log.
    #[test]
    fn no_number_of_a_card_is_shown(serial in 0u64..10_000_000_000, status in 400u16..600) {
        let nik = format!("317409{serial:010}");
        let body = json!({"success": false, "errors": [{"code": nik, "cause": nik, "entity": nik}],
            "data": {"submissionId": "s", "status": "ERROR", "errorMessage": nik, "ktpData": {"nik": nik},
                "submissionDetails": {"ktpData": {"nik": nik}, "x": nik}, "y": nik}});
        let bytes = body.to_string().into_bytes();
        let failure = Failure::from_answer(status, &bytes, None);
        prop_assert!(!decode_all(&bytes).contains(&nik));
        let shown = format!("{failure} {failure:?} {:?}", failure.rejection());
        prop_assert!(!shown.contains(&nik));
    }
}
