//! The steps of a visit that tests share.

use std::time::Duration;

use thirtyfour::By;

use crate::bench::Bench;

/// The PIN that tests choose.
pub const PIN: &str = "271828";

impl Bench {
    /// Plays a scene from the next visit on.
    pub async fn play(&self, scene: &str) {
        self.choose("aside select", scene).await;
    }

    /// From the start to the camera.
    pub async fn begin(&self) {
        self.screen("start").await;
        self.press("main[data-screen='start'] .button.primary").await;
        self.agree().await;
    }

    /// From the question for consent to the camera.
    pub async fn agree(&self) {
        self.screen("consent").await;
        self.press(".choices button:last-child").await;
    }

    /// Gives a visit up, back to the start.
    pub async fn give_up(&self) {
        let is_english = self.driver.find(By::Css("html[lang='en']")).await.is_ok();
        let mut is_at_start = false;
        while !is_at_start {
            // A card that is read meanwhile takes the question with it; then it is asked again.
            self.press_button(if is_english { "Cancel" } else { "Batal" }).await;
            if let Ok(sure) = self.driver.find(By::Css("dialog .danger")).await {
                sure.click().await.ok();
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            is_at_start = self.driver.find(By::Css("main[data-screen='start']")).await.is_ok();
        }
    }

    /// Waits until the camera's screen gives this hint.
    pub async fn hint(&self, code: &str) {
        self.find(&format!("[data-hint='{code}']")).await;
    }

    /// From the camera to the review; fills what could not be read, as staff would.
    pub async fn reach_review(&self) {
        self.screen("review").await;
        for (key, value) in [("religion", "ISLAM"), ("bloodType", "O")] {
            let is_missing = self.text().await.contains("Isi dulu") && self.lacks(key).await;
            if is_missing {
                self.correct_choice(key, value).await;
            }
        }
    }

    async fn lacks(&self, key: &str) -> bool {
        let row = format!("li.missing button[data-field='{key}']");
        self.driver.find(By::Css(row.as_str())).await.is_ok()
    }

    /// Chooses another value of a field with a list.
    pub async fn correct_choice(&self, key: &str, value: &str) {
        self.edit(key).await;
        self.choose(".editor select", value).await;
        self.press(".editor button").await;
        self.reads(value).await;
    }

    /// Types another value of a field; whether it is taken is not looked at.
    pub async fn correct_text(&self, key: &str, value: &str) {
        self.edit(key).await;
        let input = self.find(".editor input").await;
        input.clear().await.unwrap();
        input.send_keys(value).await.unwrap();
        self.press(".editor button").await;
    }

    async fn edit(&self, key: &str) {
        self.press(&format!("li:has(button[data-field='{key}']) > .icon-button:last-of-type")).await;
    }

    /// Goes on without colours, before they begin or while they play.
    pub async fn skip_flash(&self) {
        self.screen("flash").await;
        self.press(".announced .choice-card:first-child, .playing .button").await;
    }

    /// All is right: send it.
    pub async fn accept(&self) {
        self.press(".review .button.primary").await;
    }

    /// A whole visit while the link is cut, back at the start: its capture waits in the queue.
    pub async fn capture_offline(&self) {
        self.screen("start").await;
        self.switch_link().await;
        self.reads("Offline").await;
        self.begin().await;
        self.reach_review().await;
        self.accept().await;
        self.screen("outcome").await;
        self.reads("Tersimpan, akan dikirim saat online").await;
        self.press(".choices .primary").await;
        self.screen("start").await;
    }

    /// From the start to the question for a PIN, which a fresh installation lets choose.
    pub async fn ask_for_settings(&self) {
        self.press("header [aria-label='Pengaturan'], header [aria-label='Settings']").await;
        self.screen("pin").await;
    }

    /// Chooses [`PIN`], typed twice as it must be; the settings open.
    pub async fn choose_pin(&self) {
        for digit in PIN.repeat(2).chars() {
            self.press_button(&digit.to_string()).await;
        }
        self.screen("settings").await;
    }

    /// Cuts the link to the partner, or mends it.
    pub async fn switch_link(&self) {
        self.press("aside [role='switch']").await;
    }
}
