//! The report's plots as inline SVG: accuracy by field, engine and severity; bars by group; bars of time.
//!
//! Invariant: plain shapes and text, no script, nothing fetched. Deliberately absent: interaction but for tooltips.

use ktp::Field;
use maud::{Markup, html};

use super::tables::severities;
use super::{Bench, Engine};
use crate::eval::evaluation::Evaluation;
use crate::eval::plot::shade;

const LABEL_PX: usize = 120;
const CELL_PX: (usize, usize) = (44, 22);
const GAP_PX: usize = 14;
const HEAD_PX: usize = 104;
/// Room for the last slanted heading.
const TAIL_PX: usize = 70;

/// One column of the grid: an engine under one scoring.
struct Column<'a> {
    name: String,
    evaluation: &'a Evaluation,
}

fn columns(bench: &Bench) -> Vec<Column<'_>> {
    let of = |engine: &'_ Engine| engine.name.split(' ').next().unwrap_or_default().to_owned();
    let mut out = Vec::new();
    for engine in &bench.engines {
        out.push(Column { name: of(engine), evaluation: &engine.strict });
        if let Some(kindly) = &engine.kindly {
            out.push(Column { name: format!("{} kind", of(engine)), evaluation: kindly });
        }
    }
    out
}

/// Accuracy by field (rows) and by engine within each severity (columns).
pub fn grid(bench: &Bench) -> Markup {
    let (severities, columns) = (severities(bench), columns(bench));
    let block = columns.len() * CELL_PX.0 + GAP_PX;
    let (width, height) = (LABEL_PX + severities.len() * block + TAIL_PX, HEAD_PX + 18 * CELL_PX.1);
    html! {
        svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label="Share of exact values by field, engine and severity" {
            @for (place, severity) in severities.iter().enumerate() {
                @let left = LABEL_PX + place * block;
                text x=(left) y="14" font-weight="600" { (severity) }
                @for (k, column) in columns.iter().enumerate() {
                    @let x = left + k * CELL_PX.0 + CELL_PX.0 / 2;
                    text x=(x) y=(HEAD_PX - 6) transform=(format!("rotate(-35 {x} {})", HEAD_PX - 6)) font-size="10" {
                        (column.name)
                    }
                    @for (row, field) in Field::ALL.into_iter().enumerate() {
                        (cell(left + k * CELL_PX.0, HEAD_PX + row * CELL_PX.1, column, severity, field))
                    }
                }
            }
            @for (row, field) in Field::ALL.into_iter().enumerate() {
                text x=(LABEL_PX - 8) y=(HEAD_PX + row * CELL_PX.1 + 15) text-anchor="end" { (field.key()) }
            }
        }
    }
}

fn cell(x: usize, y: usize, column: &Column<'_>, severity: &str, field: Field) -> Markup {
    let share = column.evaluation.cell(severity, field).map(|view| view.exactness());
    html! {
        @if let Some(share) = share {
            rect x=(x + 1) y=(y + 1) width=(CELL_PX.0 - 2) height=(CELL_PX.1 - 2) rx="3" fill=(shade(share)) {
                title { (column.name) ", " (severity) ", " (field.key()) ": " (format!("{:.1} %", 100.0 * share)) }
            }
            text x=(x + CELL_PX.0 / 2) y=(y + 15) text-anchor="middle" font-size="11" {
                (format!("{:.0}", 100.0 * share))
            }
        }
    }
}

const COLOURS: [&str; 3] = ["#2563eb", "#f59e0b", "#9ca3af"];
const BAR_PX: usize = 11;
const SCALE_PX: f64 = 560.0;

/// Exact fields by group: a bar per engine, and a line where the kind scoring would put a peer.
pub fn groups(bench: &Bench) -> Markup {
    let block = bench.engines.len() * BAR_PX + 12;
    let height = bench.groups.len() * block + 26;
    let width = LABEL_PX as f64 + SCALE_PX + 60.0;
    let summaries: Vec<_> = bench
        .engines
        .iter()
        .map(|engine| (engine, engine.strict.summary(), engine.kindly.as_ref().map(Evaluation::summary)))
        .collect();
    html! {
        (legend(bench))
        svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label="Share of exact fields by group" {
            @for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
                @let x = bar_end(tick);
                line x1=(x) x2=(x) y1="0" y2=(height - 20) stroke="#e5e7eb" {}
                text x=(x) y=(height - 6) text-anchor="middle" { (format!("{:.0} %", 100.0 * tick)) }
            }
            @for (place, group) in bench.groups.iter().enumerate() {
                @let top = place * block;
                text x=(LABEL_PX - 8) y=(top + block / 2 + 1) text-anchor="end" { (group) }
                @for (k, (_, strict, kindly)) in summaries.iter().enumerate() {
                    @let share = strict.kinds.get(group).map_or(0.0, |view| view.exactness());
                    (bar(top + k * BAR_PX, share, COLOURS[k % COLOURS.len()]))
                    @if let Some(view) = kindly.as_ref().and_then(|it| it.kinds.get(group)) {
                        @let x = bar_end(view.exactness());
                        line x1=(x) x2=(x) y1=(top + k * BAR_PX) y2=(top + k * BAR_PX + BAR_PX - 2)
                            stroke="#1f2937" stroke-width="2" {}
                    }
                }
            }
        }
    }
}

fn bar_end(share: f64) -> f64 {
    LABEL_PX as f64 + SCALE_PX * share
}

fn bar(top: usize, share: f64, colour: &str) -> Markup {
    html! {
        rect x=(LABEL_PX) y=(top) width=(format!("{:.1}", SCALE_PX * share)) height=(BAR_PX - 2) rx="2" fill=(colour) {}
        text x=(format!("{:.1}", bar_end(share) + 4.0)) y=(top + BAR_PX - 2) font-size="9" {
            (format!("{:.1}", 100.0 * share))
        }
    }
}

fn legend(bench: &Bench) -> Markup {
    html! {
        p class="legend" {
            @for (k, engine) in bench.engines.iter().enumerate() {
                span { i style=(format!("background:{}", COLOURS[k % COLOURS.len()])) {} (engine.name) }
            }
            @if bench.engines.len() > 1 { span { i class="mark" {} "kind scoring" } }
        }
    }
}

/// Median time a card, with a whisker to the 90th percentile.
pub fn speed(bench: &Bench) -> Markup {
    let times: Vec<_> =
        bench.engines.iter().map(|engine| (engine.name.as_str(), engine.strict.summary().ms.total)).collect();
    let longest = times.iter().map(|(_, ms)| ms.p90).fold(1.0, f64::max);
    let row = 30;
    let (width, height) = (LABEL_PX as f64 + SCALE_PX + 170.0, times.len() * row);
    html! {
        svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label="Time a card" {
            @for (k, (name, ms)) in times.iter().enumerate() {
                @let (top, p50, p90) = (k * row, bar_end(ms.p50 / longest), bar_end(ms.p90 / longest));
                text x=(LABEL_PX - 8) y=(top + 19) text-anchor="end" { (name) }
                rect x=(LABEL_PX) y=(top + 6) width=(format!("{:.1}", p50 - LABEL_PX as f64)) height="18" rx="3"
                    fill=(COLOURS[k % COLOURS.len()]) {}
                line x1=(format!("{p50:.1}")) x2=(format!("{p90:.1}")) y1=(top + 15) y2=(top + 15) stroke="#1f2937" {}
                line x1=(format!("{p90:.1}")) x2=(format!("{p90:.1}")) y1=(top + 10) y2=(top + 20) stroke="#1f2937" {}
                text x=(format!("{:.1}", p90 + 6.0)) y=(top + 19) {
                    (format!("{:.0} ms (90 %: {:.0})", ms.p50, ms.p90))
                }
            }
        }
    }
}
