//! Every screen of the real application into a folder: both languages, the smallest and the largest display, light and
//! dark. Run by `cargo xtask screenshots DIR`; with `--only`, those whose folder's name contains this.
//!
//! What is on the screens comes from visits that really happen, with the demo's camera, nets and partner.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod bench;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
mod visit;

use std::path::PathBuf;
use std::time::Duration;

use bench::Bench;

/// Screens fade in, and a picture may lag the page by a frame.
const SETTLED: Duration = Duration::from_millis(700);
/// Scenes whose hint is worth a picture, with the hint.
const HINTS: [(&str, &str); 4] =
    [("empty", "noCard"), ("glare", "glare"), ("finger", "obstructed"), ("far", "tooFar")];

/// Numbered pictures of one kind of window.
struct Album {
    folder: PathBuf,
    size: (u32, u32),
    settings: String,
    taken: usize,
}

impl Album {
    async fn open(&self, mode: &str) -> Bench {
        let bench = Bench::open_at(self.size, &format!("{}mode = \"{mode}\"", self.settings)).await;
        bench.screen("start").await;
        bench
    }

    async fn take(&mut self, bench: &Bench, name: &str) {
        tokio::time::sleep(SETTLED).await;
        self.taken += 1;
        let file = self.folder.join(format!("{:02}-{name}.png", self.taken));
        bench.photograph(&file);
    }

    /// A screen that passes by itself: as soon as it is seen, if it is.
    async fn take_passing(&mut self, bench: &Bench, screen: &str, next: &str) {
        let either = format!("main[data-screen='{screen}'], main[data-screen='{next}']");
        let found = bench.find(&either).await.attr("data-screen").await.ok().flatten();
        if found.as_deref() == Some(screen) {
            self.taken += 1;
            bench.photograph(&self.folder.join(format!("{:02}-{screen}.png", self.taken)));
        }
    }

    /// A counter's visit, and everything beside it.
    async fn counter(&mut self) {
        let bench = self.open("staff").await;
        self.take(&bench, "start").await;
        for (scene, hint) in HINTS {
            bench.play(scene).await;
            bench.begin().await;
            bench.hint(hint).await;
            self.take(&bench, &format!("card-{scene}")).await;
            bench.give_up().await;
        }
        bench.play("unplugged").await;
        bench.begin().await;
        bench.find(".lost").await;
        self.take(&bench, "card-unplugged").await;
        bench.give_up().await;
        bench.play("happy").await;
        bench.press("main .button.primary").await;
        bench.screen("consent").await;
        self.take(&bench, "consent").await;
        bench.press(".choices button:last-child").await;
        bench.screen("flash").await;
        self.take(&bench, "flash-announced").await;
        bench.find(".playing").await;
        self.take(&bench, "flash-playing").await;
        self.take_passing(&bench, "reading", "review").await;
        bench.screen("review").await;
        self.take(&bench, "review").await;
        bench.reach_review().await;
        bench.accept().await;
        self.take_passing(&bench, "submitting", "outcome").await;
        bench.screen("outcome").await;
        self.take(&bench, "outcome").await;
        bench.press("summary").await;
        self.take(&bench, "outcome-details").await;
        bench.press(".choices .primary").await;
        bench.screen("start").await;
        bench.press("header [aria-label^='Antrean'], header [aria-label^='Queue']").await;
        bench.screen("queue").await;
        self.take(&bench, "queue").await;
        bench.press(".list li button").await;
        self.take(&bench, "queue-item").await;
        bench.close().await;
    }

    async fn settings(&mut self) {
        let bench = self.open("staff").await;
        bench.ask_for_settings().await;
        self.take(&bench, "pin").await;
        bench.choose_pin().await;
        self.take(&bench, "settings").await;
        bench.close().await;
    }

    async fn kiosk(&mut self) {
        let bench = self.open("self-service").await;
        self.take(&bench, "kiosk-start").await;
        bench.begin().await;
        bench.screen("outcome").await;
        self.take(&bench, "kiosk-outcome").await;
        bench.screen("start").await;
        bench.press("main .button.primary").await;
        bench.find("dialog[open]").await;
        self.take(&bench, "kiosk-idle").await;
        bench.close().await;
    }

    async fn field(&mut self) {
        let bench = self.open("field").await;
        self.take(&bench, "field-empty").await;
        bench.begin().await;
        bench.skip_flash().await;
        bench.reach_review().await;
        bench.accept().await;
        bench.screen("outcome").await;
        bench.press(".choices .primary").await;
        bench.screen("start").await;
        bench.find("form li button").await;
        self.take(&bench, "field-start").await;
        bench.press("[aria-label='Bantuan'], [aria-label='Help']").await;
        bench.screen("help").await;
        self.take(&bench, "help").await;
        bench.close().await;
    }
}

async fn take_all(folder: PathBuf, only: &str) {
    for size in [(1024, 600), (1920, 1080)] {
        for language in ["id", "en"] {
            for appearance in ["light", "dark"] {
                let name = format!("{language}-{}x{}-{appearance}", size.0, size.1);
                if !name.contains(only) {
                    continue;
                }
                let folder = folder.join(&name);
                std::fs::create_dir_all(&folder).unwrap();
                let settings = format!("language = \"{language}\"\nappearance = \"{appearance}\"\n");
                let mut album = Album { folder, size, settings, taken: 0 };
                album.counter().await;
                album.settings().await;
                album.kiosk().await;
                album.field().await;
                eprintln!("{name}: {} pictures", album.taken);
            }
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("the folder to write to is named");
    let only = arguments.next().unwrap_or_default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(take_all(PathBuf::from(folder), &only));
}
