//! Reading one picture: what it says, whether it agrees with itself, whether a person should look.
//!
//! Invariant: a picture without a card is an outcome, not an error; nothing is stored. Deliberately absent:
//! opening files, printing.

use jiff::civil::Date;
use ktp::{Field, Issue, Severity};
use vision::tamper::{Marks, TamperParams, Vote, judge};
use vision::{ReadError, Reader, Reading, Verdict};

/// Fields the partner checks; an onboarding without one of them is not complete.
pub const REQUIRED: [Field; 9] = [
    Field::Nik,
    Field::FullName,
    Field::DateOfBirth,
    Field::Gender,
    Field::RtRw,
    Field::Religion,
    Field::MaritalStatus,
    Field::Nationality,
    Field::ValidUntil,
];

/// What came of reading a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All required fields were read and nothing contradicts.
    Read,
    /// Read, but a person should look: required fields are missing, or values disagree.
    NeedsReview,
    /// No card in the picture.
    NoCard,
    /// A card or document, but no KTP.
    OtherDocument,
}

/// A picture's reading with its checks.
pub struct Scan {
    /// What the reader saw.
    pub reading: Reading,
    /// What the checks found, warnings first.
    pub issues: Vec<Issue>,
    /// Signs of tampering, one vote a voter; none without a card. They annotate and never refuse.
    pub votes: Vec<Vote>,
}

impl Scan {
    /// Checks a reading, and judges the marks of the pictures it comes from.
    pub fn of(reading: Reading, marks: &[Marks], today: Date) -> Self {
        let issues = ktp::check(&reading.fields(), today);
        let has_card = reading.verdict == Verdict::Ktp;
        let votes =
            if has_card { judge(marks, &reading, today, &TamperParams::default()) } else { Vec::new() };
        Self { reading, issues, votes }
    }

    /// Required fields the reader did not stand by.
    pub fn missing(&self) -> Vec<Field> {
        let answered = self.reading.fields();
        REQUIRED.into_iter().filter(|field| answered.get(*field).is_none()).collect()
    }

    /// What came of it.
    pub fn outcome(&self) -> Outcome {
        let disagrees = || self.issues.iter().any(|issue| issue.severity() == Severity::Warning);
        match self.reading.verdict {
            Verdict::NoCard => Outcome::NoCard,
            Verdict::OtherDocument => Outcome::OtherDocument,
            Verdict::Ktp if disagrees() || !self.missing().is_empty() => Outcome::NeedsReview,
            Verdict::Ktp => Outcome::Read,
        }
    }
}

/// Reads one picture.
pub fn scan(reader: &Reader, picture: &frame::Frame, today: Date) -> Result<Scan, ReadError> {
    let reading = reader.read(picture)?;
    let marks = Marks::of(picture, &reading, &TamperParams::default());
    Ok(Scan::of(reading, marks.as_slice(), today))
}
