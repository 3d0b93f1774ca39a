//! The report's plots as inline SVG: a grid of accuracies and the calibration curve.
//!
//! Invariant: plain shapes and text, no script, nothing fetched. Deliberately absent: interaction.

use ktp::Field;
use maud::{Markup, html};

use super::calibration::Curve;
use super::evaluation::{Evaluation, Summary};

const CELL_WIDTH_PX: usize = 96;
const CELL_HEIGHT_PX: usize = 24;
const LABEL_WIDTH_PX: usize = 130;

/// Accuracy by field (rows) and kind (columns); the shade is the share of exact fields.
pub fn accuracy_grid(evaluation: &Evaluation, summary: &Summary) -> Markup {
    let kinds: Vec<&str> = summary.kinds.keys().map(String::as_str).collect();
    let width = LABEL_WIDTH_PX + CELL_WIDTH_PX * (kinds.len() + 1);
    let height = CELL_HEIGHT_PX * (summary.fields.len() + 1);
    html! {
        svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label="Share of exact fields by field and kind" {
            @for (column, kind) in kinds.iter().chain([&"all"]).enumerate() {
                text x=(column_x(column) + CELL_WIDTH_PX / 2) y="16" text-anchor="middle" { (kind) }
            }
            @for (row, (field, all)) in summary.fields.iter().enumerate() {
                @let y = CELL_HEIGHT_PX * (row + 1);
                text x=(LABEL_WIDTH_PX - 8) y=(y + 16) text-anchor="end" { (field.key()) }
                @for (column, kind) in kinds.iter().enumerate() {
                    (cell(column, y, share(evaluation, kind, *field)))
                }
                (cell(kinds.len(), y, Some(all.exactness())))
            }
        }
    }
}

fn share(evaluation: &Evaluation, kind: &str, field: Field) -> Option<f64> {
    evaluation.cell(kind, field).map(|view| view.exactness())
}

fn column_x(column: usize) -> usize {
    LABEL_WIDTH_PX + CELL_WIDTH_PX * column
}

fn cell(column: usize, y: usize, share: Option<f64>) -> Markup {
    let x = column_x(column);
    html! {
        @if let Some(share) = share {
            rect x=(x + 1) y=(y + 1) width=(CELL_WIDTH_PX - 2) height=(CELL_HEIGHT_PX - 2) rx="3"
                fill=(shade(share)) {}
            text x=(x + CELL_WIDTH_PX / 2) y=(y + 16) text-anchor="middle" {
                (format!("{:.1} %", 100.0 * share))
            }
        }
    }
}

/// Red at half and below, amber at 80 %, green at all right: the differences that matter are at the top.
pub fn shade(share: f64) -> String {
    let hue = 130.0 * ((share - 0.5) / 0.5).clamp(0.0, 1.0).powi(2);
    format!("hsl({hue:.0} 65% 78%)")
}

const SIDE_PX: f64 = 320.0;
const MARGIN_PX: f64 = 44.0;

/// Exactness against confidence; a dot on the diagonal means what it says. Dots grow with their count.
pub fn calibration_curve(curve: &Curve) -> Markup {
    let total: usize = curve.bins.iter().map(|bin| bin.count).sum();
    let size = SIDE_PX + 2.0 * MARGIN_PX;
    html! {
        svg viewBox=(format!("0 0 {size} {size}")) width=(size) height=(size) role="img"
            aria-label="Calibration curve: share right against confidence" {
            rect x=(MARGIN_PX) y=(MARGIN_PX) width=(SIDE_PX) height=(SIDE_PX) fill="none" stroke="#999" {}
            line x1=(x(0.0)) y1=(y(0.0)) x2=(x(1.0)) y2=(y(1.0)) stroke="#999" stroke-dasharray="4 4" {}
            @for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
                text x=(x(tick)) y=(y(0.0) + 18.0) text-anchor="middle" { (tick) }
                text x=(x(0.0) - 6.0) y=(y(tick) + 4.0) text-anchor="end" { (tick) }
            }
            text x=(x(0.5)) y=(y(0.0) + 36.0) text-anchor="middle" { "confidence" }
            text x=(x(0.5)) y=(y(1.0) - 10.0) text-anchor="middle" {
                (format!("share right of {total} answers, error {:.3}", curve.ece()))
            }
            @for bin in curve.bins.iter().filter(|bin| bin.count > 0) {
                circle cx=(format!("{:.1}", x(bin.confidence()))) cy=(format!("{:.1}", y(bin.exactness())))
                    r=(format!("{:.1}", 3.0 + 14.0 * (bin.count as f64 / total as f64).sqrt()))
                    fill="#2563eb" fill-opacity="0.65" {
                    title { (bin.exact) " of " (bin.count) " right" }
                }
            }
        }
    }
}

fn x(share: f64) -> f64 {
    MARGIN_PX + SIDE_PX * share
}

fn y(share: f64) -> f64 {
    MARGIN_PX + SIDE_PX * (1.0 - share)
}
