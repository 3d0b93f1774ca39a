//! The benchmark's report: one self-contained HTML page.
//!
//! Invariant: nothing is fetched and nothing runs; the cards in it are of invented people. Deliberately absent: results of real
//! pictures.

use std::path::Path;

use maud::{Markup, html};

use super::{Bench, plots};
use crate::eval::plot::calibration_curve;
use crate::eval::report::{page, worst_cases};
use crate::ktp_bench::tables::tables;
use crate::ktp_bench::targets::{Target, targets};
use crate::lang::Lang;

const OWN_STYLE: &str = "h2{margin-top:2.5rem;border-top:1px solid #e5e7eb;padding-top:1.2rem}h3{margin:1.6rem 0 .4rem}\
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.7rem;margin:1.2rem 0}\
.tile{border:1px solid #e5e7eb;border-left:.35rem solid #dc2626;border-radius:.5rem;padding:.6rem .8rem}\
.tile.met{border-left-color:#16a34a}.tile b{display:block;font-size:1.35rem}.tile small{color:#6b7280}\
.wide{overflow-x:auto}.legend span{margin-right:1.2rem;font-size:13px}\
.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;margin-right:.35rem;vertical-align:-1px}\
.legend i.mark{width:2px;border-radius:0;background:#1f2937}table{font-size:13px}";

/// Renders the page; `folder` holds the pictures of the worst cases.
pub fn render(bench: &Bench, folder: &Path) -> String {
    let all = tables(bench, Lang::En);
    let body = html! {
        (overview(bench))
        div class="tiles" { @for target in targets(bench) { (tile(&target)) } }
        h2 { "Exact values by field, engine and severity, %" }
        div class="wide" { (plots::grid(bench)) }
        h2 { "Exact fields by group" }
        div class="wide" { (plots::groups(bench)) }
        h2 { "Time a card, one thread" }
        (plots::speed(bench))
        h2 { "Does our confidence mean what it says?" }
        (calibration_curve(&bench.ours().strict.curve))
        h2 { "Tables" }
        @for table in &all { div class="wide" { (table.html()) } }
        h2 { "Our worst cases" }
        (worst_cases(&bench.ours().strict, Some(folder)))
    };
    page("Reading KTPs: the benchmark", OWN_STYLE, &body)
}

fn overview(bench: &Bench) -> Markup {
    let names: Vec<&str> = bench.engines.iter().map(|engine| engine.name.as_str()).collect();
    html! {
        p {
            (bench.pictures) " synthetic pictures of invented people (" (bench.cards) " of each severity, seed "
            (bench.seed) "), read in one run by " (names.join(", ")) ", one thread each. "
            "Strict: the right value in the right field, compared by letters and digits. "
            "Kind, for readers without fields: the right value anywhere in all their text."
        }
    }
}

fn tile(target: &Target) -> Markup {
    let [bound, measured] = target.shown();
    html! {
        div class=(if target.is_met() { "tile met" } else { "tile" }) {
            small { (target.what) }
            b { (measured) }
            small { "target " (bound) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn the_page_stands_alone_and_tells_what_was_missed() {
        let page = render(&bench(), Path::new("nowhere"));
        for part in ["<svg", "rapidocr 1.0", "severity3", "tile met", "class=\"tile\"", "Our worst cases"] {
            assert!(page.contains(part), "{part}");
        }
        for foreign in ["<script", "http://", "https://", "src=\"/"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
