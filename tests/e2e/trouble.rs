//! What goes wrong in front of a camera, and the word that mends it.

use crate::bench::Bench;

async fn check(scene: &str, hint: &str) {
    let bench = Bench::open("uses_flash = false").await;
    bench.screen("start").await;
    bench.play(scene).await;
    bench.begin().await;
    bench.hint(hint).await;
    bench.screen("review").await;
    bench.close().await;
}

#[tokio::test]
async fn glare_is_named_and_the_card_is_read_when_it_is_gone() {
    check("glare", "glare").await;
}

#[tokio::test]
async fn a_finger_is_named_and_the_card_is_read_when_it_is_gone() {
    check("finger", "obstructed").await;
}

#[tokio::test]
async fn a_card_too_far_away_is_called_closer() {
    check("far", "tooFar").await;
}

#[tokio::test]
async fn a_camera_that_is_pulled_out_goes_on_when_it_is_back() {
    let bench = Bench::open("uses_flash = false").await;
    bench.screen("start").await;
    bench.play("unplugged").await;
    bench.begin().await;
    bench.reads("Kamera terputus").await;
    bench.screen("review").await;
    bench.close().await;
}
