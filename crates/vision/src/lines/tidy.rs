//! Repairs that need more than one line: doubles, values that reach into labels, lost first letters.
//!
//! Invariant: lines only shrink away from others, grow to the common value column, or disappear into a longer one.
//! Deliberately lacks reading.

use super::{Ribbon, TextLine, canvas_x, canvas_y};

/// Two lines are one row if their centres differ by less than this many heights.
const SAME_ROW: f32 = 0.55;
/// A line covered by a longer one by more than this share of its length is a double.
const COVERED: f32 = 0.5;
/// Values start in this part of the card's width.
const VALUE_COLUMN: (f32, f32) = (0.19, 0.33);
/// The two header lines, which are centred, end above this part of the card's height.
const HEADER_END: f32 = 0.155;
/// Space kept between a label's end and the value beside it, in line heights: the crop's margin is added to it.
const LABEL_GAP: f32 = 0.45;

/// Drops doubles, ends overlaps, and starts values at their column.
pub(crate) fn tidy(mut lines: Vec<TextLine>) -> Vec<TextLine> {
    lines.retain(|line| !is_stray_label(line));
    drop_doubles(&mut lines);
    snap_to_column(&mut lines);
    part_from_labels(&mut lines);
    lines
}

/// A label ribbon where only values stand: between the label column and `Gol. Darah`.
fn is_stray_label(line: &TextLine) -> bool {
    line.ribbon == Ribbon::Label && line.left > canvas_x(0.22) && line.right < canvas_x(0.44)
}

fn same_row(a: &TextLine, b: &TextLine) -> bool {
    let x = (a.left.max(b.left) + a.right.min(b.right)) / 2.0;
    (a.y_at(x) - b.y_at(x)).abs() < SAME_ROW * a.height.min(b.height)
}

fn drop_doubles(lines: &mut Vec<TextLine>) {
    lines.sort_by(|a, b| (b.right - b.left).total_cmp(&(a.right - a.left)));
    let mut kept: Vec<TextLine> = Vec::with_capacity(lines.len());
    for line in lines.iter() {
        let double = kept.iter().any(|longer| {
            let common = line.right.min(longer.right) - line.left.max(longer.left);
            common > COVERED * (line.right - line.left) && same_row(line, longer)
        });
        if !double {
            kept.push(*line);
        }
    }
    *lines = kept;
}

/// Values start in one column: a line found to start a little right of it lost its first letter.
fn snap_to_column(lines: &mut [TextLine]) {
    let column = canvas_x(VALUE_COLUMN.0)..canvas_x(VALUE_COLUMN.1);
    let below_header = |line: &TextLine| line.centre_y() > canvas_y(HEADER_END);
    let is_value =
        |line: &TextLine| line.ribbon == Ribbon::Value && column.contains(&line.left) && below_header(line);
    let mut lefts: Vec<f32> = lines.iter().filter(|line| is_value(line)).map(|line| line.left).collect();
    if lefts.len() < 4 {
        return;
    }
    lefts.sort_by(f32::total_cmp);
    let usual = lefts[lefts.len() / 2];
    for line in lines.iter_mut().filter(|line| is_value(line)) {
        if line.left > usual && line.left < usual + 3.0 * line.height {
            line.left = usual;
        }
    }
}

/// A value that starts before the label beside it ends would be read with the label's last letters.
fn part_from_labels(lines: &mut [TextLine]) {
    let labels: Vec<TextLine> = lines.iter().copied().filter(|line| line.ribbon == Ribbon::Label).collect();
    for line in lines.iter_mut().filter(|line| line.ribbon == Ribbon::Value) {
        let before =
            |label: &&TextLine| label.left < line.left && label.right < line.right && same_row(label, line);
        let ends = labels.iter().filter(before).map(|label| label.right + LABEL_GAP * line.height);
        if let Some(end) = ends.max_by(f32::total_cmp)
            && end > line.left
            && end < line.left + 2.0 * line.height
            && end + line.height < line.right
        {
            line.left = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, right: f32, y: f32, ribbon: Ribbon) -> TextLine {
        TextLine { left, right, offset: y, slope: 0.0, height: 10.0, ribbon, weight: 1.0 }
    }

    #[test]
    fn doubles_disappear_into_the_longer_line() {
        let lines = vec![
            line(170.0, 300.0, 100.0, Ribbon::Value),
            line(168.0, 190.0, 102.0, Ribbon::Value),
            line(180.0, 230.0, 99.0, Ribbon::Label),
            line(168.0, 190.0, 118.0, Ribbon::Value),
        ];
        let kept = tidy(lines);
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[0].left, kept[1].offset), (170.0, 118.0));
    }

    #[test]
    fn a_late_start_goes_back_to_the_column() {
        let rows = [168.0, 168.0, 184.0, 168.0, 176.0];
        let lines = rows
            .iter()
            .enumerate()
            .map(|(i, left)| line(*left, 300.0, 100.0 + 18.0 * i as f32, Ribbon::Value));
        assert!(tidy(lines.collect()).iter().all(|l| l.left == 168.0));
    }

    #[test]
    fn values_begin_after_their_label() {
        let lines = vec![line(30.0, 172.0, 100.0, Ribbon::Label), line(168.0, 260.0, 101.0, Ribbon::Value)];
        assert_eq!(tidy(lines).iter().find(|l| l.ribbon == Ribbon::Value).unwrap().left, 176.5);
    }
}
