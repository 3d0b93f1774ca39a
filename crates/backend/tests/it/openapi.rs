//! The committed OpenAPI document is the one that the code makes.

use std::path::Path;

#[test]
fn the_committed_document_is_made_from_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/backend-openapi.json");
    let committed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let made = serde_json::to_value(backend::api::document()).unwrap();
    assert!(committed == made, "run: cargo run -p backend -- openapi > docs/backend-openapi.json");
}

#[test]
fn every_kiosk_route_but_enrolment_asks_for_a_signature() {
    let document = serde_json::to_value(backend::api::document()).unwrap();
    let mut signed = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let is_signed = operation["security"][0].get("kiosk").is_some();
            let is_for_kiosks = path.starts_with("/kiosk/v1/") && path != "/kiosk/v1/enrolment";
            assert_eq!(is_signed, is_for_kiosks, "{path}");
            signed += usize::from(is_signed);
        }
    }
    assert_eq!(signed, 5);
}
