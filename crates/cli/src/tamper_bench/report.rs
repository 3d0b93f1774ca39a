//! The report: the tables and one ROC curve a voter and attack, as inline SVG.
//!
//! Invariant: plain shapes and text, no script, nothing fetched. Deliberately absent: pictures.

use maud::{Markup, html};

use super::results::{AIMS, is_alike, suspicion};
use super::{Bench, GENUINE, tables};
use crate::lang::Lang;
use vision::tamper::Voter;

const SIDE_PX: f64 = 180.0;

/// The page.
pub fn render(bench: &Bench) -> String {
    let Bench { cards, seed, pictures, .. } = bench;
    let body = html! {
        p { (pictures) " pictures, " code { "--cards " (cards) " --seed " (seed) } }
        @for table in tables(bench, Lang::En) { (table.html()) }
        h2 { "ROC: attacks caught (up) over genuine cards suspected (right), all severities" }
        @for (voter, attacks) in AIMS {
            h3 { (voter.code()) }
            div style="display:flex;flex-wrap:wrap;gap:16px" { @for attack in attacks { (plot(bench, voter, attack)) } }
        }
    };
    crate::eval::report::page("Tamper signals", "", &body)
}

fn plot(bench: &Bench, voter: Voter, attack: &str) -> Markup {
    let points: Vec<String> = curve(bench, voter, attack)
        .iter()
        .map(|(x, y)| format!("{:.1},{:.1}", x * SIDE_PX, (1.0 - y) * SIDE_PX))
        .collect();
    html! {
        figure style="margin:0" {
            svg viewBox="-2 -2 184 184" width="184" height="184" role="img" aria-label=(format!("ROC of {attack}")) {
                rect x="0" y="0" width=(SIDE_PX) height=(SIDE_PX) fill="none" stroke="#999" {}
                line x1="0" y1=(SIDE_PX) x2=(SIDE_PX) y2="0" stroke="#ccc" {}
                polyline points=(points.join(" ")) fill="none" stroke="#1565c0" stroke-width="2" {}
            }
            figcaption { (attack) }
        }
    }
}

/// (false alarms, caught) from the strictest threshold to none.
fn curve(bench: &Bench, voter: Voter, attack: &str) -> Vec<(f64, f64)> {
    let attacked: Vec<_> = bench.judged.iter().filter(|one| one.group == attack).collect();
    let Some(first) = attacked.first() else { return Vec::new() };
    let honest: Vec<f64> = bench
        .judged
        .iter()
        .filter(|one| one.group == GENUINE && is_alike(&first.level, &one.level))
        .map(|one| suspicion(one, voter))
        .collect();
    let attacked: Vec<f64> = attacked.into_iter().map(|one| suspicion(one, voter)).collect();
    let mut limits: Vec<f64> = attacked.iter().chain(&honest).copied().collect();
    limits.sort_by(|a, b| b.total_cmp(a));
    limits.dedup();
    let share = |all: &[f64], limit: f64| {
        all.iter().filter(|v| **v >= limit).count() as f64 / all.len().max(1) as f64
    };
    let corner = std::iter::once((0.0, 0.0));
    corner.chain(limits.iter().map(|&limit| (share(&honest, limit), share(&attacked, limit)))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn a_curve_runs_from_corner_to_corner_and_never_back() {
        let curve = curve(&bench(), Voter::ScreenMoire, "screen");
        assert_eq!((curve[0], curve[curve.len() - 1]), ((0.0, 0.0), (1.0, 1.0)));
        assert!(curve.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
        assert!(render(&bench()).contains("polyline"));
    }
}
