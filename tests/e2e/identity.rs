//! Card and face in one visit, at Identity Platform.
//!
//! Invariant: whoever sits before the camera does what the screen asks and reflects what it shows; the platform judges by
//! what it receives.

use crate::bench::Bench;

const SETTINGS: &str = "flow = \"identity-verification\"";

#[tokio::test]
async fn card_and_face_in_coloured_light_are_verified_with_high_assurance() {
    let bench = Bench::open(SETTINGS).await;
    bench.begin().await;
    bench.screen("card").await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("selfie").await;
    bench.find("[data-prompt]").await;
    bench.sit_until("flash").await;
    bench.screen("outcome").await;
    bench.press("summary").await;
    bench.reads("Keyakinan: Tinggi").await;
    let told = bench.text().await;
    assert!(told.contains("Tingkat keyakinan"), "{told}");
    bench.press(".choices .primary").await;
    bench.screen("start").await;
    bench.close().await;
}

#[tokio::test]
async fn without_coloured_light_the_assurance_is_standard_and_says_why() {
    let bench = Bench::open(&format!("{SETTINGS}\nuses_flash = false")).await;
    bench.begin().await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("selfie").await;
    bench.sit_until("outcome").await;
    bench.press("summary").await;
    bench.reads("Keyakinan: Standar").await;
    bench.close().await;
}

#[tokio::test]
async fn card_and_face_of_the_field_wait_for_the_link_and_are_sent_without_light() {
    let bench = Bench::open(SETTINGS).await;
    bench.screen("start").await;
    bench.switch_link().await;
    bench.reads("Offline").await;
    bench.begin().await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("selfie").await;
    bench.sit_until("outcome").await;
    bench.reads("Tersimpan, akan dikirim saat online").await;
    bench.press(".choices .primary").await;
    bench.screen("start").await;
    bench.press_button("Buka antrean").await;
    bench.reads("Nasabah baru").await;
    bench.switch_link().await;
    bench.reads("Lolos").await;
    bench.press(".list li button").await;
    bench.reads("Keyakinan wajah: Standar").await;
    bench.close().await;
}
