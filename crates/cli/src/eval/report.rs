//! The report of an evaluation: one self-contained HTML page.
//!
//! Invariant: without thumbnails the page holds counts, field names and file names only, so a report on
//! private pictures can be passed on. Deliberately absent: scripts, fonts or anything else from elsewhere.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::evaluation::{Ending, Evaluation, Item, Outcome, Summary};
use super::plot;
use super::score::TallyView;

/// As many worst cases as one looks through in a sitting.
const WORST_CASES: usize = 24;
const THUMBNAIL_EDGE_PX: u32 = 360;
const THUMBNAIL_QUALITY: u8 = 70;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1f2937}\
svg text{font:12px system-ui,sans-serif;fill:#1f2937}table{border-collapse:collapse}\
td,th{padding:.15rem .7rem;text-align:right;border-bottom:1px solid #e5e7eb}\
td:first-child,th:first-child{text-align:left}\
.cases{display:grid;grid-template-columns:repeat(auto-fill,minmax(22rem,1fr));gap:1rem}\
.case{border:1px solid #e5e7eb;border-radius:.5rem;padding:.7rem;overflow-wrap:anywhere}.case img{max-width:100%}\
.case dl{margin:.4rem 0 0;font-size:13px}dt{font-weight:600}dd{margin:0 0 .3rem}";

/// Renders the page; `pictures` is the set's folder where thumbnails are wanted.
pub fn render(title: &str, evaluation: &Evaluation, pictures: Option<&Path>) -> String {
    let summary = evaluation.summary();
    let body = html! {
        (overview(&summary))
        h2 { "Exact, by field and kind" }
        (plot::accuracy_grid(evaluation, &summary))
        h2 { "Does the confidence mean what it says?" }
        (plot::calibration_curve(&evaluation.curve))
        h2 { "Counts" }
        (counts(&summary))
        h2 { "Worst cases" }
        (worst_cases(evaluation, pictures))
    };
    page(&format!("Reading {title}"), "", &body)
}

/// A whole page in our look, with what it adds to it.
pub fn page(title: &str, own_style: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(own_style)) }
            }
            body {
                h1 { (title) }
                (body)
            }
        }
    };
    page.into_string()
}

fn overview(summary: &Summary) -> Markup {
    html! {
        p {
            (summary.cards) " cards, " (summary.not_found) " not found, " (summary.unreadable)
            " unreadable pictures. " b { (percent(summary.all.exactness())) } " of "
            (summary.all.scored) " fields exact; " (percent(summary.all.coverage())) " answered, "
            (percent(summary.all.answered_exactness())) " of those right. "
            (summary.confidently_wrong_nik) " confidently wrong NIKs."
        }
        p {
            "Median (90th percentile) ms: localise " (summary.ms.localise.p50) " ("
            (summary.ms.localise.p90) "), read " (summary.ms.read.p50) " (" (summary.ms.read.p90)
            "), in all " (summary.ms.total.p50) " (" (summary.ms.total.p90) ")."
        }
    }
}

fn counts(summary: &Summary) -> Markup {
    let fields = summary.fields.iter().map(|(field, view)| (field.key(), view));
    let kinds = summary.kinds.iter().map(|(kind, view)| (kind.as_str(), view));
    html! {
        table {
            tr { th { "" } th { "scored" } th { "exact" } th { "CER" } th { "answered" } th { "right of those" } }
            @for (name, view) in fields.chain(kinds).chain([("all", &summary.all)]) { (count_row(name, view)) }
        }
    }
}

fn count_row(name: &str, view: &TallyView) -> Markup {
    html! {
        tr {
            td { (name) }
            td { (view.scored) }
            td { (percent(view.exactness())) }
            td { (percent(view.cer)) }
            td { (percent(view.coverage())) }
            td { (percent(view.answered_exactness())) }
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// The pictures with the gravest mistakes; with their looks and values where the set's folder is given.
pub fn worst_cases(evaluation: &Evaluation, pictures: Option<&Path>) -> Markup {
    let mut worst: Vec<&Outcome> = evaluation.outcomes.iter().filter(|o| o.wrong() > 0).collect();
    worst.sort_by(|a, b| b.badness().total_cmp(&a.badness()).then_with(|| a.file.cmp(&b.file)));
    worst.truncate(WORST_CASES);
    html! {
        @if worst.is_empty() { p { "Every field is exact." } }
        div class="cases" {
            @for outcome in worst { (case(outcome, pictures)) }
        }
    }
}

fn case(outcome: &Outcome, pictures: Option<&Path>) -> Markup {
    let picture = pictures.and_then(|dir| thumbnail(&dir.join(&outcome.file)));
    html! {
        div class="case" {
            @if let Some(data) = picture { img alt="" src=(format!("data:image/jpeg;base64,{data}")); }
            div { b { (outcome.file) } " · " (outcome.kind) " · " (outcome.wrong()) " wrong" (ending(outcome)) }
            dl {
                @for item in outcome.items.iter().filter(|item| !item.judged.exact) {
                    (mistake(item, pictures.is_some()))
                }
            }
        }
    }
}

fn ending(outcome: &Outcome) -> &'static str {
    match outcome.ending {
        Ending::Read => "",
        Ending::NotFound => " · card not found",
        Ending::Unreadable(_) => " · unreadable picture",
    }
}

fn mistake(item: &Item, show_values: bool) -> Markup {
    let stance = if item.answer.answered { "answered" } else { "abstained" };
    html! {
        dt { (item.field.key()) " · " (stance) " · " (format!("{:.2}", item.answer.confidence)) }
        @if show_values {
            dd { (item.truth) " ≠ " (item.answer.best.as_deref().unwrap_or("(nothing)")) }
        }
    }
}

fn thumbnail(path: &Path) -> Option<String> {
    let picture = engine::picture::open(path).ok()?;
    let small = engine::picture::shrink(picture, THUMBNAIL_EDGE_PX);
    let jpeg = frame::encode_jpeg(&small, THUMBNAIL_QUALITY);
    Some(STANDARD.encode(jpeg))
}
