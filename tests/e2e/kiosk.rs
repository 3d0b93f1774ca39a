//! A customer alone.

use crate::bench::Bench;

#[tokio::test]
async fn nobody_there_any_more_wipes_the_screen() {
    let bench = Bench::open("mode = \"self-service\"\nidle_s = 15").await;
    bench.screen("start").await;
    bench.press("main .button.primary").await;
    bench.screen("consent").await;
    bench.find("dialog[open]").await;
    bench.screen("start").await;
    bench.reads("dihapus").await;
    bench.close().await;
}

#[tokio::test]
async fn a_customer_alone_gets_an_answer_without_review_or_scores() {
    let bench = Bench::open("mode = \"self-service\"").await;
    bench.begin().await;
    bench.screen("outcome").await;
    let said = bench.text().await;
    assert!(said.contains("Terima kasih") && !said.contains("Rincian"), "{said}");
    bench.screen("start").await;
    bench.close().await;
}
