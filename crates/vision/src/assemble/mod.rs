//! From lines of text to the card's layout: which characters belong to which field.
//!
//! Invariant: a [`Span`] points into the readings given; every character belongs to at most one field. Where a value
//! should be but no line was found, the layout says where to look again. Deliberately lacks interpretation of the
//! characters; see `decode`.

mod labels;
mod rows;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(crate) use labels::Label;

use crate::lines::{Ribbon, TextLine, canvas_x, canvas_y};
use crate::recognise::{LineReading, LogProbs};
use rows::{Part, RowEvidence};
use shapes::Shape;
pub(crate) use shapes::first_looks;

/// Characters of one reading, by glyph index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub reading: usize,
    pub glyphs: Range<usize>,
}

impl Span {
    pub fn new(reading: usize, glyphs: Range<usize>) -> Self {
        Self { reading, glyphs }
    }
}

/// A place on the card whose text is not behind a label of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Value(Label),
    Province,
    City,
    /// The lines under the photograph: place and date of issue.
    Issue,
}

/// Where each field's text is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    pub slots: BTreeMap<Slot, Vec<Span>>,
    /// Labels whose print was read.
    pub labels: BTreeSet<Label>,
    /// Labels that were not read, or could not be, but whose ribbon lies and ends where theirs should: weaker evidence.
    pub label_shapes: BTreeSet<Label>,
    /// Places where text is expected and no line was found.
    pub unseen: Vec<(Slot, TextLine)>,
}

impl Layout {
    /// Whether a field's text is on this line.
    pub fn holds_value(&self, reading: usize) -> bool {
        self.slots.values().flatten().any(|span| span.reading == reading)
    }

    /// Adds what a second look read at one of the [`unseen`](Self::unseen) places.
    pub fn add_seen(&mut self, readings: &[LineReading], slot: Slot, span: Span) {
        let span = after_colon(readings, span, slot == Slot::Value(Label::Blood));
        self.slots.entry(slot).or_default().push(span);
    }
}

/// Where the left block ends: values start left of the photograph. Share of the card's width.
const LEFT_BLOCK: f32 = 0.68;
/// Lines that end left of this are labels or their fragments.
const LABEL_ZONE_END: f32 = 0.262;
/// Labels start left of this.
const LABEL_COLUMN: f32 = 0.20;
/// Where values start and end.
const VALUE_COLUMN: (f32, f32) = (0.252, 0.69);
/// Colons left of this stand between label and value.
const COLON_COLUMN: f32 = 0.285;
/// Values of the gender's row right of this are the blood type.
const BLOOD_COLUMN: f32 = 0.55;
/// Text under the photograph starts right of and below this.
const ISSUE_BLOCK: (f32, f32) = (0.62, 0.64);
/// Distances from the NIK row to other places, in shares of the card's height (measured on real cards).
mod below_nik {
    pub const PROVINCE: f32 = -0.132;
    pub const CITY: f32 = -0.079;
    pub const ISSUE_DATE: [f32; 4] = [0.510, 0.532, 0.554, 0.580];
}

/// One row of the left block.
struct Row {
    y: f32,
    label: Option<labels::LabelMatch>,
    /// The ribbon of a label that was not read.
    shape: Option<Shape>,
    values: Vec<Span>,
    blood: Vec<Span>,
    blood_label: bool,
    blood_shape: bool,
    blood_left: Option<f32>,
}

/// Lays out all readings of one card.
pub(crate) fn lay_out(readings: &[LineReading]) -> Layout {
    let slope = page_slope(readings);
    let column = shapes::column(readings.iter().map(|r| &r.line));
    let rows: Vec<Row> =
        clustered(readings, slope).iter().map(|row| parse_row(readings, row, slope, column)).collect();
    let evidence: Vec<RowEvidence> = rows.iter().map(|row| row_evidence(readings, row)).collect();
    let parts = rows::assign(&evidence);
    let mut layout = Layout::default();
    for (row, part) in rows.iter().zip(&parts) {
        layout.labels.extend(row.label.map(|found| found.label));
        if row.blood_label {
            layout.labels.insert(Label::Blood);
        }
        if let Some(part) = part {
            note_shapes(&mut layout, row, *part);
            place_row(&mut layout, readings, row, *part);
        }
    }
    let geometry = Geometry::of(readings, &rows, &parts, &evidence, slope);
    place_header(&mut layout, readings, &rows, &parts, &geometry);
    place_issue(&mut layout, readings, &geometry);
    geometry.note_unseen(&mut layout, &rows, &parts);
    layout
}

fn note_shapes(layout: &mut Layout, row: &Row, part: Part) {
    if part.continuation == 0 && row.shape.is_some_and(|shape| shape.fits(part.label)) {
        layout.label_shapes.insert(part.label);
    }
    if part.label == Label::Gender && row.blood_shape && !row.blood_label {
        layout.label_shapes.insert(Label::Blood);
    }
}

/// Length-weighted mean slope of the long lines.
fn page_slope(readings: &[LineReading]) -> f32 {
    let long = readings.iter().map(|r| &r.line).filter(|line| line.right - line.left > 60.0);
    let (sum, weight) = long.fold((0.0, 1e-6), |(sum, weight), line| {
        let length = line.right - line.left;
        (sum + line.slope * length, weight + length)
    });
    sum / weight
}

fn level_y(line: &TextLine, slope: f32) -> f32 {
    line.centre_y() - slope * (line.centre_x() - canvas_x(0.3))
}

/// Readings of the left block, grouped into rows from top to bottom, each from left to right.
fn clustered(readings: &[LineReading], slope: f32) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..readings.len())
        .filter(|&i| readings[i].line.left < canvas_x(LEFT_BLOCK) && !in_issue_block(&readings[i].line))
        .collect();
    let y = |i: usize| level_y(&readings[i].line, slope);
    order.sort_by(|&a, &b| y(a).total_cmp(&y(b)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in order {
        match rows.last_mut() {
            Some(row) if (mean_y(readings, row, slope) - y(i)).abs() < 0.5 * readings[i].line.height => {
                row.push(i)
            }
            _ => rows.push(vec![i]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| readings[a].line.left.total_cmp(&readings[b].line.left));
    }
    rows
}

fn mean_y(readings: &[LineReading], row: &[usize], slope: f32) -> f32 {
    row.iter().map(|&i| level_y(&readings[i].line, slope)).sum::<f32>() / row.len().max(1) as f32
}

fn in_issue_block(line: &TextLine) -> bool {
    line.left > canvas_x(ISSUE_BLOCK.0) && line.centre_y() > canvas_y(ISSUE_BLOCK.1)
}

fn parse_row(readings: &[LineReading], members: &[usize], slope: f32, column: f32) -> Row {
    let mut row = Row {
        y: mean_y(readings, members, slope),
        label: None,
        shape: None,
        values: Vec::new(),
        blood: Vec::new(),
        blood_label: false,
        blood_shape: false,
        blood_left: None,
    };
    let (in_label_zone, beyond): (Vec<usize>, Vec<usize>) =
        members.iter().partition(|&&i| readings[i].line.right < canvas_x(LABEL_ZONE_END));
    // Fragments of a label match together; nothing that ends left of the values is one.
    let fragments: Vec<char> = in_label_zone.iter().flat_map(|&i| chars(&readings[i], 0)).collect();
    if let Some(found) = labels::leading(&fragments, true).filter(|found| found.label != Label::Blood) {
        row.label = Some(found);
    }
    for i in beyond {
        let (line, chars) = (&readings[i].line, chars(&readings[i], 0));
        let may_begin_row =
            row.label.is_none() && row.values.is_empty() && line.left < canvas_x(LABEL_COLUMN);
        let found =
            labels::leading(&chars, true).filter(|found| may_begin_row && found.label != Label::Blood);
        let start = found.map_or(0, |found| found.end);
        row.label = row.label.or(found);
        split_blood(readings, &mut row, Span::new(i, start..chars.len()), column);
    }
    if row.label.is_none() {
        let lines = members.iter().map(|&i| &readings[i].line);
        row.shape = Shape::of_all(lines.filter(|line| shapes::is_row_label(line)), column);
    }
    row
}

/// Puts a span into the row, cut at a `Gol. Darah` inside it.
fn split_blood(readings: &[LineReading], row: &mut Row, span: Span, column: f32) {
    let line = &readings[span.reading].line;
    let text = chars(&readings[span.reading], span.glyphs.start);
    if line.right > canvas_x(0.46)
        && let Some(found) = labels::blood_inside(&text)
    {
        let (start, end) = (span.glyphs.start + found.start, span.glyphs.start + found.end);
        row.blood_label = true;
        row.blood_left = Some(line.right);
        push_if_inked(readings, &mut row.values, Span::new(span.reading, span.glyphs.start..start));
        let rest = Span::new(span.reading, end..span.glyphs.end);
        push_if_inked(readings, &mut row.blood, after_colon(readings, rest, true));
    } else if row.blood_label
        || row.blood_shape
        || (line.ribbon == Ribbon::Label && (canvas_x(0.44)..canvas_x(0.62)).contains(&line.left))
    {
        if line.ribbon == Ribbon::Label && !row.blood_label {
            row.blood_left = Some(line.right); // the blood label, too poor to read or not read
            row.blood_shape = Shape::of(line, column).fits(Label::Blood);
        } else {
            push_if_inked(readings, &mut row.blood, after_colon(readings, span, true));
        }
    } else {
        let right_of_gender = line.left > canvas_x(0.44);
        push_if_inked(readings, &mut row.values, after_colon(readings, span, right_of_gender));
    }
}

/// The span without a colon and what stands before it, if the colon is where the card prints one: beside the value
/// column, or anywhere before a blood type. A label's last letters are lost with it.
fn after_colon(readings: &[LineReading], span: Span, is_blood: bool) -> Span {
    let reading = &readings[span.reading];
    let line = &reading.line;
    let steps = reading.variants.first().map_or(1, LogProbs::steps).max(1) as f32;
    let start = line.left - 0.5 * line.height;
    let x_at = |step: usize| start + (line.right + 0.5 * line.height - start) * step as f32 / steps;
    let limit = if is_blood { f32::INFINITY } else { canvas_x(COLON_COLUMN) };
    let colon = span.glyphs.clone().rev().find(|&i| {
        reading.glyphs[i].ch == ':' && x_at(reading.glyphs[i].start) < limit && i + 1 < span.glyphs.end
    });
    match colon {
        Some(i) if is_inked(reading, i + 1..span.glyphs.end) => {
            Span { glyphs: i + 1..span.glyphs.end, ..span }
        }
        Some(_) | None => span,
    }
}

fn is_inked(reading: &LineReading, glyphs: Range<usize>) -> bool {
    reading.glyphs[glyphs]
        .iter()
        .any(|glyph| glyph.ch.is_ascii_alphanumeric() || matches!(glyph.ch, '-' | '/' | '+'))
}

fn push_if_inked(readings: &[LineReading], spans: &mut Vec<Span>, span: Span) {
    if is_inked(&readings[span.reading], span.glyphs.clone()) {
        spans.push(span);
    }
}

fn chars(reading: &LineReading, from: usize) -> Vec<char> {
    reading.glyphs[from..].iter().map(|glyph| glyph.ch).collect()
}

fn row_evidence(readings: &[LineReading], row: &Row) -> RowEvidence {
    let text = |span: &Span| -> String {
        readings[span.reading].glyphs[span.glyphs.clone()].iter().map(|glyph| glyph.ch).collect()
    };
    let value = row.values.iter().map(text).collect::<Vec<_>>().join(" ");
    RowEvidence {
        y: row.y,
        label: row.label,
        shape: row.shape,
        value: value.trim_matches([' ', ':', '.']).to_owned(),
    }
}

fn place_row(layout: &mut Layout, readings: &[LineReading], row: &Row, part: Part) {
    let is_gender = part.label == Label::Gender;
    let (blood, values): (Vec<&Span>, Vec<&Span>) = row
        .values
        .iter()
        .partition(|span| is_gender && readings[span.reading].line.left > canvas_x(BLOOD_COLUMN));
    layout.slots.entry(Slot::Value(part.label)).or_default().extend(values.into_iter().cloned());
    let beside = row.blood.iter().chain(blood).cloned();
    let slot = if is_gender { Label::Blood } else { part.label };
    layout.slots.entry(Slot::Value(slot)).or_default().extend(beside);
}

/// Where rows lie on this card.
struct Geometry {
    slope: f32,
    pitch: f32,
    body_height: f32,
    value_left: f32,
    nik_y: f32,
}

impl Geometry {
    fn of(
        readings: &[LineReading],
        rows: &[Row],
        parts: &[Option<Part>],
        evidence: &[RowEvidence],
        slope: f32,
    ) -> Self {
        let pitch = rows::measured_pitch(evidence);
        let known = rows.iter().zip(parts).filter_map(|(row, part)| Some((row.y, (*part)?)));
        let nik_y = known
            .clone()
            .find(|(_, part)| part.label == Label::Nik)
            .or_else(|| known.clone().find(|(_, part)| part.label == Label::Name && part.continuation == 0))
            .map(|(y, part)| if part.label == Label::Nik { y } else { y - 1.84 * pitch });
        let column = canvas_x(VALUE_COLUMN.0);
        let body = |line: &&TextLine| line.ribbon == Ribbon::Value && (line.left - column).abs() < 12.0;
        let lines: Vec<&TextLine> = readings.iter().map(|r| &r.line).filter(body).collect();
        Self {
            slope,
            pitch,
            body_height: median(lines.iter().map(|line| line.height)).unwrap_or(11.0),
            value_left: median(lines.iter().map(|line| line.left)).unwrap_or(column),
            nik_y: nik_y.unwrap_or(canvas_y(0.191)),
        }
    }

    /// A line at level height `y`.
    fn line(&self, y: f32, left: f32, right: f32, height: f32) -> TextLine {
        let offset = y - self.slope * canvas_x(0.3);
        TextLine { left, right, offset, slope: self.slope, height, ribbon: Ribbon::Value, weight: 0.0 }
    }

    fn value_line(&self, y: f32) -> TextLine {
        self.line(y, self.value_left, canvas_x(VALUE_COLUMN.1), self.body_height)
    }

    /// Rows with a label but no value, rows missing between known ones, and the blood type, whose dash is easily
    /// overlooked.
    fn note_unseen(&self, layout: &mut Layout, rows: &[Row], parts: &[Option<Part>]) {
        let known: Vec<(&Row, Part)> =
            rows.iter().zip(parts).filter_map(|(row, part)| Some((row, (*part)?))).collect();
        for (row, part) in &known {
            if row.values.is_empty() && row.blood.is_empty() && part.continuation == 0 {
                layout.unseen.push((Slot::Value(part.label), self.value_line(row.y)));
            }
            let seen_blood =
                layout.slots.get(&Slot::Value(Label::Blood)).is_some_and(|spans| !spans.is_empty());
            if part.label == Label::Gender && !seen_blood {
                let left = row.blood_left.map_or(canvas_x(0.605), |right| right + 0.3 * self.body_height);
                let line = self.line(row.y, left, canvas_x(VALUE_COLUMN.1), self.body_height);
                layout.unseen.push((Slot::Value(Label::Blood), line));
            }
        }
        for pair in known.windows(2) {
            self.note_gap(layout, (pair[0].0.y, pair[0].1.label), (pair[1].0.y, pair[1].1.label));
        }
    }

    fn note_gap(&self, layout: &mut Layout, (y0, above): (f32, Label), (y1, below): (f32, Label)) {
        let order: Vec<Label> = Label::ALL.into_iter().filter(|label| *label != Label::Blood).collect();
        let index = |label: Label| order.iter().position(|l| *l == label).unwrap_or(0);
        let (from, to) = (index(above), index(below));
        for (n, label) in order.iter().enumerate().take(to).skip(from + 1) {
            // Rows above a gap may have wrapped: count from below.
            let y = y1 - (to - n) as f32 * self.pitch;
            if y > y0 + 0.6 * self.pitch {
                layout.unseen.push((Slot::Value(*label), self.value_line(y)));
            }
        }
    }
}

fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn card_height_px() -> f32 {
    canvas_y(1.0) - canvas_y(0.0)
}

fn place_header(
    layout: &mut Layout,
    readings: &[LineReading],
    rows: &[Row],
    parts: &[Option<Part>],
    geometry: &Geometry,
) {
    let above = |row: &Row| row.y < geometry.nik_y - 0.04 * card_height_px();
    let header: Vec<&Row> = rows
        .iter()
        .zip(parts)
        .filter(|(row, part)| part.is_none() && above(row))
        .map(|(row, _)| row)
        .collect();
    let text = |row: &Row| row_evidence(readings, row).value;
    let expected = |share: f32| geometry.nik_y + share * card_height_px();
    let near = |row: &Row, share: f32| (row.y - expected(share)).abs() < 0.026 * card_height_px();
    let province = header
        .iter()
        .position(|row| is_province_line(&text(row)))
        .or_else(|| header.iter().position(|row| near(row, below_nik::PROVINCE)));
    let city = header
        .iter()
        .enumerate()
        .position(|(i, row)| province.is_none_or(|p| i > p) && near(row, below_nik::CITY))
        .or_else(|| province.map(|p| p + 1).filter(|p| *p < header.len()));
    let places = [(Slot::Province, province, below_nik::PROVINCE), (Slot::City, city, below_nik::CITY)];
    for (slot, found, share) in places {
        match found {
            Some(i) => {
                layout.slots.insert(slot, header[i].values.iter().chain(&header[i].blood).cloned().collect());
            }
            None => {
                let line = geometry.line(expected(share), canvas_x(0.12), canvas_x(0.75), 13.0);
                layout.unseen.push((slot, line));
            }
        }
    }
}

fn is_province_line(text: &str) -> bool {
    let first: String = text.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    strsim::levenshtein(&first, "PROVINSI") <= 3
}

fn place_issue(layout: &mut Layout, readings: &[LineReading], geometry: &Geometry) {
    let mut under: Vec<usize> = (0..readings.len())
        .filter(|&i| in_issue_block(&readings[i].line) && !readings[i].glyphs.is_empty())
        .collect();
    under.sort_by(|&a, &b| readings[a].line.centre_y().total_cmp(&readings[b].line.centre_y()));
    let spans: Vec<Span> = under.iter().map(|&i| Span::new(i, 0..readings[i].glyphs.len())).collect();
    let digits = |i: &usize| readings[*i].glyphs.iter().filter(|glyph| glyph.ch.is_ascii_digit()).count();
    if !under.iter().any(|i| digits(i) >= 6) {
        for share in below_nik::ISSUE_DATE {
            let y = geometry.nik_y + share * card_height_px();
            layout.unseen.push((Slot::Issue, geometry.line(y, canvas_x(0.745), canvas_x(0.915), 9.5)));
        }
    }
    layout.slots.insert(Slot::Issue, spans);
}

#[cfg(test)]
mod tests;
