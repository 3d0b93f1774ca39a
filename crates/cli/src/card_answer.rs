//! One picture through the reader, as an answer that can be judged.
//!
//! Invariant: a picture that cannot be opened is an [`Ending`], not an error; the time is that of everything from the file to
//! the fields. Deliberately absent: judging, which [`crate::eval`] does.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use engine::picture::{self, PictureError};
use ktp::Field;
use vision::{FieldReading, ReadError, Reader, Reading, Verdict};

use crate::eval::evaluation::{Answered, Ending, Spent};
use crate::eval::score::Answer;

/// Opens and reads a picture. Without a reading it could not be opened.
pub fn read(reader: &Reader, path: &Path) -> Result<(Answered, Option<Reading>), ReadError> {
    let started = Instant::now();
    let picture = match picture::open(path) {
        Ok(picture) => picture,
        Err(error) => {
            let ending = Ending::Unreadable(reason(&error));
            return Ok((Answered { ending, answers: BTreeMap::new(), spent: None }, None));
        }
    };
    let reading = reader.read(&picture)?;
    let total_ms = started.elapsed().as_secs_f64() * 1e3;
    let vision::Timings { localise_ms, read_ms, .. } = reading.timings;
    let spent = Some(Spent { localise_ms, read_ms, total_ms });
    Ok((Answered { spent, ..of_reading(&reading) }, Some(reading)))
}

fn reason(error: &PictureError) -> String {
    match error {
        PictureError::Io { source, .. } => source.to_string(),
        PictureError::NotAFile(_) => "not a file".to_owned(),
        PictureError::Decode { source, .. } => source.to_string(),
    }
}

/// What a reading answers; it took no time of its own.
pub fn of_reading(reading: &Reading) -> Answered {
    let (ending, answers) = match reading.verdict {
        Verdict::Ktp => (Ending::Read, reading.fields.iter().map(|(f, r)| (*f, to_answer(*f, r))).collect()),
        Verdict::NoCard | Verdict::OtherDocument => (Ending::NotFound, BTreeMap::new()),
    };
    Answered { ending, answers, spent: None }
}

/// The best guess of an abstention is what was printed, normalised where that is possible.
fn to_answer(field: Field, reading: &FieldReading) -> Answer {
    let guess = || ktp::normalise(field, &reading.printed).unwrap_or_else(|_| reading.printed.clone());
    Answer {
        best: Some(reading.value.clone().unwrap_or_else(guess)).filter(|text| !text.is_empty()),
        answered: reading.value.is_some(),
        confidence: f64::from(reading.confidence),
    }
}
