//! Nets that answer from a script.
//!
//! The line finder paints ribbons of distinct lengths; the recogniser knows a line by the width of its crop.

use inference::{Model, RunError, Tensor};
use vision::Nets;

const CHARS: &str = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./,:'()&+";
const ROWS: usize = 100;
const COLS: usize = 80;
const HEIGHT_PX: f32 = 11.0;

/// One line on the card: where, what, and how it is known again.
#[derive(Clone)]
pub struct Line {
    pub is_label: bool,
    /// Share of the card's height.
    pub y: f32,
    /// First cell (8 px) and length in cells; lengths are distinct.
    pub first: usize,
    pub cells: usize,
    pub text: String,
}

struct Localiser {
    seen: bool,
}

impl Model for Localiser {
    fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
        Ok(())
    }

    fn run(&self, _input: &Tensor) -> Result<Tensor, RunError> {
        let mut values = vec![0.0; 5 * 32 * 32];
        if self.seen {
            // The refinement's own corners, to the cell.
            for (map, (col, row)) in [(4, 8), (27, 8), (27, 22), (4, 22)].into_iter().enumerate() {
                values[map * 1024 + row * 32 + col] = 14.0;
            }
        }
        Ok(Tensor::new(&[1, 5, 32, 32], values).expect("filled"))
    }
}

struct LineFinder(Vec<Line>);

impl Model for LineFinder {
    fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
        Ok(())
    }

    fn run(&self, _input: &Tensor) -> Result<Tensor, RunError> {
        let cells = ROWS * COLS;
        let mut values = vec![-9.0; 2 * cells];
        values.resize(4 * cells, 0.0);
        for line in &self.0 {
            let y = (line.y * 0.95 + 0.025) * 400.0;
            let row = (y / 4.0) as usize;
            for col in line.first..line.first + line.cells {
                values[if line.is_label { 0 } else { cells } + row * COLS + col] = 9.0;
                values[2 * cells + row * COLS + col] = (HEIGHT_PX / 12.0).ln();
                values[3 * cells + row * COLS + col] = (y - (row as f32 + 0.5) * 4.0) / 8.0;
            }
        }
        Ok(Tensor::new(&[1, 4, ROWS, COLS], values).expect("filled"))
    }
}

struct Recogniser(Vec<Line>);

impl Recogniser {
    /// The line whose crop is this wide: 0.45 heights on both sides, 1.66 heights to 32 px.
    fn text(&self, width: usize) -> &str {
        let expected = |line: &Line| {
            let length = line.cells as f32 * 8.0 + 0.9 * HEIGHT_PX;
            (length / (1.66 * HEIGHT_PX) * 32.0) as usize
        };
        self.0.iter().find(|line| expected(line).abs_diff(width) <= 2).map_or("", |line| &line.text)
    }
}

impl Model for Recogniser {
    fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
        Ok(())
    }

    fn run(&self, input: &Tensor) -> Result<Tensor, RunError> {
        let padded = input.shape()[3];
        let row = &input.values()[..padded];
        let width = row.iter().rposition(|v| *v != 0.0).map_or(0, |last| last + 1);
        let mut values = vec![0.0; padded / 4 * 48];
        // As sure as the real net on clear print, between characters too.
        values.iter_mut().step_by(48).for_each(|blank| *blank = 14.0);
        for (i, ch) in self.text(width).chars().enumerate() {
            let step = 2 * i + 1;
            values[step * 48] = 0.0;
            values[step * 48 + 1 + CHARS.find(ch).expect("known character")] = 14.0;
        }
        Ok(Tensor::new(&[1, padded / 4, 48], values).expect("filled"))
    }
}

/// A net that always fails.
struct Broken;

impl Model for Broken {
    fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
        Ok(())
    }

    fn run(&self, _input: &Tensor) -> Result<Tensor, RunError> {
        Err(RunError::Failed("scripted".to_owned()))
    }
}

pub fn nets(lines: Vec<Line>) -> Nets {
    Nets {
        localiser: Box::new(Localiser { seen: true }),
        line_finder: Box::new(LineFinder(lines.clone())),
        glancer: Box::new(Recogniser(lines.clone())),
        recogniser: Box::new(Recogniser(lines)),
    }
}

pub fn blind_nets() -> Nets {
    Nets {
        localiser: Box::new(Localiser { seen: false }),
        line_finder: Box::new(LineFinder(Vec::new())),
        glancer: Box::new(Recogniser(Vec::new())),
        recogniser: Box::new(Recogniser(Vec::new())),
    }
}

pub fn broken_nets() -> Nets {
    Nets {
        localiser: Box::new(Broken),
        line_finder: Box::new(Broken),
        glancer: Box::new(Broken),
        recogniser: Box::new(Broken),
    }
}
