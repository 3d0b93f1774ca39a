//! The reports as a drawing: what a kiosk costs, by how many there are.
//!
//! Invariant: each panel begins at zero, so what looks flat is flat.

use maud::{Markup, html};

use super::report::Report;

const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 150.0;
/// Room around a panel for its words.
const MARGIN: f64 = 48.0;
const STEP: f64 = WIDTH + 2.0 * MARGIN;

/// A panel's title and what it shows of a report.
type Panel = (&'static str, fn(&Report) -> Option<f64>);

const PANELS: [Panel; 4] = [
    ("requests per second and kiosk", |report| Some(report.requests_per_second / report.kiosks as f64)),
    ("processor, ms per flow", |report| report.cpu_ms_per_flow),
    ("beginning a flow, p99 in ms", |report| Some(report.begin_ms.p99)),
    ("callback to result, p99 in ms", |report| Some(report.result_ms.p99)),
];

/// The SVG document.
pub(super) fn draw(reports: &[Report]) -> String {
    let (width, height) = (STEP * PANELS.len() as f64, HEIGHT + 2.0 * MARGIN);
    let document = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}"))
            font-family="system-ui, sans-serif" font-size="12" {
            rect width="100%" height="100%" fill="white" {}
            @for (number, (title, of)) in PANELS.iter().enumerate() {
                g transform=(format!("translate({} {MARGIN})", STEP * number as f64 + MARGIN)) {
                    (panel(title, &points(reports, *of)))
                }
            }
        }
    };
    document.into_string()
}

fn points(reports: &[Report], of: fn(&Report) -> Option<f64>) -> Vec<(f64, f64)> {
    reports.iter().filter_map(|report| Some((report.kiosks as f64, of(report)?))).collect()
}

fn panel(title: &str, points: &[(f64, f64)]) -> Markup {
    let most = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).fold(f64::MIN_POSITIVE, f64::max);
    let (right, top) = (most(|point| point.0), most(|point| point.1) * 1.25);
    let place = |(x, y): &(f64, f64)| (x / right * WIDTH, HEIGHT - y / top * HEIGHT);
    let line: Vec<String> = points.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    html! {
        text x="0" y="-14" font-weight="600" { (title) }
        path d=(format!("M0 0 V{HEIGHT} H{WIDTH}")) fill="none" stroke="#6b7280" {}
        polyline points=(line.join(" ")) fill="none" stroke="#0f766e" stroke-width="2" {}
        @for point in points {
            @let (x, y) = place(point);
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" fill="#0f766e" {}
            text x=(format!("{x:.1}")) y=(format!("{:.1}", y - 8.0)) text-anchor="middle" { (short(point.1)) }
            text x=(format!("{x:.1}")) y=(HEIGHT + 16.0) text-anchor="middle" { (point.0) }
        }
        text x=(WIDTH / 2.0) y=(HEIGHT + 34.0) text-anchor="middle" { "kiosks" }
    }
}

fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_begins_at_zero_and_shows_every_point() {
        let drawn = panel("cost", &[(100.0, 4.0), (200.0, 4.0)]).into_string();
        // 4 of 5 (a quarter of head room) from the top, at half and at full width.
        assert!(drawn.contains("points=\"130.0,30.0 260.0,30.0\""), "{drawn}");
        assert_eq!(drawn.matches("<circle").count(), 2);
    }
}
