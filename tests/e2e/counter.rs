//! Staff at a counter.

use crate::bench::Bench;

#[tokio::test]
async fn a_card_is_read_checked_and_verified() {
    let bench = Bench::open("").await;
    bench.begin().await;
    bench.screen("card").await;
    bench.screen("flash").await;
    bench.reach_review().await;
    let review = bench.text().await;
    assert!(review.contains("5102 •••• •••• 0000"), "the NIK is masked:\n{review}");
    bench.accept().await;
    bench.screen("outcome").await;
    bench.reads("KTP terverifikasi").await;
    bench.press(".choices .primary").await;
    bench.screen("start").await;
    bench.close().await;
}

#[tokio::test]
async fn the_same_in_english_without_colours() {
    let bench = Bench::open("language = \"en\"").await;
    bench.begin().await;
    bench.skip_flash().await;
    bench.screen("review").await;
    bench.reads("Check the data").await;
    bench.reads("Date of birth").await;
    bench.close().await;
}

#[tokio::test]
async fn a_correction_is_shown_beside_what_was_read_and_can_be_undone() {
    let bench = Bench::open("uses_flash = false").await;
    bench.begin().await;
    bench.reach_review().await;
    bench.correct_text("fullName", "CONTOH LAIN").await;
    bench.reads("CONTOH LAIN").await;
    assert!(bench.text().await.contains("ZAINAB TANOTO"), "what was read stays beside it");
    bench.press_button("Urungkan").await;
    bench.gone("CONTOH LAIN").await;
    bench.correct_text("dateOfBirth", "31-02-1990").await;
    bench.find(".field-error").await;
    bench.close().await;
}

#[tokio::test]
async fn a_picture_can_be_taken_again() {
    let bench = Bench::open("uses_flash = false").await;
    bench.begin().await;
    bench.screen("review").await;
    bench.press_button("Ambil ulang").await;
    bench.screen("card").await;
    bench.reach_review().await;
    bench.accept().await;
    bench.reads("KTP terverifikasi").await;
    bench.close().await;
}

#[tokio::test]
async fn what_is_captured_offline_is_sent_when_the_link_is_back() {
    let bench = Bench::open("").await;
    bench.capture_offline().await;
    bench.press_button("Buka antrean").await;
    bench.reads("Nasabah baru").await;
    bench.switch_link().await;
    bench.reads("cus_").await;
    bench.close().await;
}

#[tokio::test]
async fn who_declines_or_gives_up_leaves_nothing_behind() {
    let bench = Bench::open("").await;
    bench.screen("start").await;
    bench.press("main .button.primary").await;
    bench.screen("consent").await;
    bench.press(".choices button:first-child").await;
    bench.screen("start").await;
    bench.begin().await;
    bench.screen("card").await;
    bench.press_button("Batal").await;
    bench.press("dialog .danger").await;
    bench.screen("start").await;
    bench.press_button("Buka antrean").await;
    bench.find(".empty").await;
    bench.close().await;
}
