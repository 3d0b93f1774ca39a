//! Behind the counter: settings behind a PIN, and the queue's last resort.

use crate::bench::Bench;
use crate::visit::PIN;

/// From the start to the settings, choosing a PIN on the way.
async fn open_settings(bench: &Bench) {
    bench.screen("start").await;
    bench.ask_for_settings().await;
    bench.choose_pin().await;
}

#[tokio::test]
async fn settings_are_saved_and_take_effect() {
    let bench = Bench::open("").await;
    open_settings(&bench).await;
    bench.choose("select:has(option[value='selfService'])", "field").await;
    bench.choose("select:has(option[value='en'])", "en").await;
    bench.press_button("Simpan").await;
    bench.reads("The settings were saved").await;
    bench.press("[aria-label='Back']").await;
    bench.screen("start").await;
    bench.reads("Capture a new card").await;
    let written = std::fs::read_to_string(bench.data_dir().join("config.toml")).unwrap();
    assert!(written.contains("mode = \"field\"") && written.contains("language = \"en\""), "{written}");
    bench.close().await;
}

#[tokio::test]
async fn an_unsent_capture_is_discarded_with_the_pin_and_a_reason_only() {
    let bench = Bench::open("uses_flash = false").await;
    open_settings(&bench).await;
    bench.press("[aria-label='Kembali']").await;
    bench.capture_offline().await;
    bench.press_button("Buka antrean").await;
    bench.press(".list li button").await;
    discard(&bench, "314159").await;
    bench.reads("PIN salah").await;
    bench.find("section .button.danger").await;
    discard(&bench, PIN).await;
    bench.reads("Dibuang oleh petugas").await;
    bench.reads("salah orang").await;
    bench.close().await;
}

async fn discard(bench: &Bench, pin: &str) {
    bench.press("section .button.danger").await;
    bench.find("dialog[open] input[required]").await.send_keys("salah orang").await.unwrap();
    bench.find("dialog[open] input[type='password']").await.send_keys(pin).await.unwrap();
    bench.press("dialog[open] .button.danger").await;
}
