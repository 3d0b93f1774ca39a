//! Checking what was read: corrections beside what the nets saw, with a way back.
//!
//! Invariant: what was read is never changed; every correction is kept with who made it and when, also those that were
//! corrected again. Deliberately lacks pictures and the decision what happens next.

use std::collections::BTreeMap;

use engine::REQUIRED;
use jiff::Timestamp;
use jiff::civil::Date;
use ktp::{
    BirthContext, Field, FieldError, Fields, Issue, IssueCode, Nik, Severity, Sex, normalise, vocabulary,
};
use vision::tamper::{self, Vote, Voter};
use vision::{FieldReading, Reading};
use zeroize::Zeroize as _;

use crate::view::{
    FieldProblem, FieldView, FixView, IssueView, PointView, ReviewView, SignCode, SignView, StepView,
};

/// When a person should look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReviewParams {
    /// Confidence below which a value is marked. Of values at 0.9 and above about 1 in 50 was wrong on the evaluation
    /// set (docs/benchmarks.md); marking more would teach people to ignore the marks.
    pub sure: f32,
    /// Confidence a NIK needs before another field is proposed from it.
    pub certain_nik: f32,
}

impl Default for ReviewParams {
    fn default() -> Self {
        Self { sure: 0.9, certain_nik: 0.97 }
    }
}

/// One change by a person. No operator is known by name: it is whoever sits in front of this mode's window.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Correction {
    /// Which field.
    pub field: Field,
    /// What stood there before.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What was read, and what became of it.
pub(crate) struct Review {
    params: ReviewParams,
    today: Date,
    read: BTreeMap<Field, FieldReading>,
    values: Fields,
    corrections: Vec<Correction>,
    rejected: Option<(Field, FieldProblem)>,
    is_nik_shown: bool,
    places: BTreeMap<Field, [PointView; 4]>,
    signs: Vec<SignView>,
}

impl Review {
    /// A review of a reading; `places` are the fields' outlines on the straightened card, `votes` what was looked for on it.
    pub(crate) fn new(
        reading: &Reading,
        votes: &[Vote],
        today: Date,
        places: BTreeMap<Field, [PointView; 4]>,
    ) -> Self {
        Self {
            params: ReviewParams::default(),
            today,
            read: reading.fields.clone(),
            values: reading.fields(),
            corrections: Vec::new(),
            rejected: None,
            is_nik_shown: false,
            places,
            signs: votes.iter().filter_map(sign).collect(),
        }
    }

    /// Takes a correction, or says in the next view why not.
    pub(crate) fn correct(&mut self, field: Field, typed: &str, at: Timestamp) {
        self.rejected = None;
        match accepted(field, typed) {
            Ok(after) => self.set(field, after, at),
            Err(problem) => self.rejected = Some((field, problem)),
        }
    }

    fn set(&mut self, field: Field, after: Option<String>, at: Timestamp) {
        let before = self.values.get(field).map(str::to_owned);
        if before == after {
            return;
        }
        self.put(field, after.as_deref());
        self.corrections.push(Correction { field, before, after, at });
    }

    fn put(&mut self, field: Field, value: Option<&str>) {
        match value {
            Some(value) => drop(self.values.insert(field, value)),
            None => drop(self.values.remove(field)),
        }
    }

    /// Takes the last correction back.
    pub(crate) fn undo(&mut self) {
        self.rejected = None;
        if let Some(last) = self.corrections.pop() {
            self.put(last.field, last.before.as_deref());
        }
    }

    /// Shows or masks the NIK.
    pub(crate) fn show_nik(&mut self, is_shown: bool) {
        self.is_nik_shown = is_shown;
    }

    /// Required fields without a value.
    pub(crate) fn missing(&self) -> Vec<Field> {
        REQUIRED.into_iter().filter(|field| self.values.get(*field).is_none()).collect()
    }

    /// The values as they will be sent.
    pub(crate) fn values(&self) -> &Fields {
        &self.values
    }

    /// All corrections, oldest first.
    pub(crate) fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// The screen.
    pub(crate) fn view(&self, step: StepView) -> ReviewView {
        let issues = ktp::check(&self.values, self.today);
        ReviewView {
            step,
            fields: Field::ALL.into_iter().map(|field| self.field_view(field, &issues)).collect(),
            issues: issues.iter().map(|issue| self.issue_view(issue)).collect(),
            signs: self.signs.clone(),
            is_nik_shown: self.is_nik_shown,
            missing: self.missing().into_iter().map(|field| field.key().to_owned()).collect(),
            undo_steps: u32::try_from(self.corrections.len()).unwrap_or(u32::MAX),
        }
    }

    fn field_view(&self, field: Field, issues: &[Issue]) -> FieldView {
        let value = self.values.get(field);
        let read = self.read.get(&field).and_then(|reading| reading.value.as_deref());
        let is_masked = field == Field::Nik && !self.is_nik_shown;
        let masked = |value: &str| if is_masked { mask(value) } else { value.to_owned() };
        FieldView {
            key: field.key().to_owned(),
            value: value.map(masked),
            original: read.filter(|read| value != Some(*read)).map(masked),
            needs_check: self.needs_check(field, issues),
            is_required: REQUIRED.contains(&field),
            choices: choices(field),
            place: self.places.get(&field).copied(),
            rejected: self.rejected.filter(|(about, _)| *about == field).map(|(_, problem)| problem),
        }
    }

    fn needs_check(&self, field: Field, issues: &[Issue]) -> bool {
        let blames = |issue: &&Issue| issue.severity() == Severity::Warning && issue.fields.contains(&field);
        if issues.iter().any(|issue| blames(&issue)) {
            return true;
        }
        if self.corrections.iter().any(|correction| correction.field == field) {
            return false;
        }
        let is_unsure = |reading: &FieldReading| reading.confidence < self.params.sure;
        match (self.values.get(field), self.read.get(&field)) {
            (Some(_), reading) => reading.is_some_and(is_unsure),
            (None, Some(_)) => true,
            (None, None) => REQUIRED.contains(&field),
        }
    }

    fn issue_view(&self, issue: &Issue) -> IssueView {
        IssueView {
            code: issue.code.as_str().to_owned(),
            is_warning: issue.severity() == Severity::Warning,
            fields: issue.fields.iter().map(|field| field.key().to_owned()).collect(),
            fix: self.fix(issue.code),
        }
    }

    /// What a certain NIK says about a field that was read with less certainty.
    fn fix(&self, code: IssueCode) -> Option<FixView> {
        let nik = Nik::parse(self.certain_nik()?).ok()?;
        let (field, value) = if code == IssueCode::NikGenderDiffers {
            (Field::Gender, gender_word(nik.sex(), self.values.get(Field::Gender)?).to_owned())
        } else if code == IssueCode::NikBirthDateDiffers {
            let printed = self.values.get(Field::DateOfBirth).and_then(|date| date.parse().ok());
            let issued = self.values.get(Field::IssueDate).and_then(|date| date.parse().ok());
            let date = nik.birth_date(&BirthContext { printed, issued, today: self.today });
            (Field::DateOfBirth, date.to_string())
        } else {
            return None;
        };
        let is_doubtful = self.read.get(&field).is_none_or(|reading| reading.confidence < self.params.sure);
        is_doubtful.then(|| FixView { key: field.key().to_owned(), value })
    }

    /// The NIK, if the nets were certain of it and nobody changed it.
    fn certain_nik(&self) -> Option<&str> {
        let reading = self.read.get(&Field::Nik)?;
        let value = reading.value.as_deref()?;
        let is_certain = reading.confidence >= self.params.certain_nik;
        (is_certain && self.values.get(Field::Nik) == Some(value)).then_some(value)
    }
}

impl Drop for Review {
    /// Values of a card do not linger in freed memory.
    fn drop(&mut self) {
        for reading in self.read.values_mut() {
            reading.value.zeroize();
            reading.printed.zeroize();
        }
        for correction in &mut self.corrections {
            correction.before.zeroize();
            correction.after.zeroize();
        }
        for field in Field::ALL {
            self.values.remove(field).zeroize();
        }
    }
}

/// What staff are told of a vote: suspicions alone, and not the NIK's contradictions, which are issues already.
fn sign(vote: &Vote) -> Option<SignView> {
    let code = match vote.voter {
        Voter::FontMatch => SignCode::FontMatch,
        Voter::ScreenMoire => SignCode::ScreenMoire,
        Voter::Photocopy => SignCode::Photocopy,
        Voter::SpecularCheck => SignCode::SpecularCheck,
        Voter::Backdrop => SignCode::Backdrop,
        Voter::NikConsistency | Voter::HologramCheck => return None,
    };
    let field = vote.field.map(|field| field.key().to_owned());
    (vote.outcome == tamper::Outcome::Suspect).then_some(SignView { code, field })
}

/// `3174••••••••0000`: enough to tell two customers apart, not enough to use.
fn mask(nik: &str) -> String {
    let count = nik.chars().count();
    let hide = |(at, digit)| if at >= 4 && at + 4 < count { '•' } else { digit };
    nik.chars().enumerate().map(hide).collect()
}

fn gender_word(sex: Sex, printed: &str) -> &'static str {
    let is_english = matches!(printed, "MALE" | "FEMALE");
    match (sex, is_english) {
        (Sex::Male, false) => "LAKI-LAKI",
        (Sex::Female, false) => "PEREMPUAN",
        (Sex::Male, true) => "MALE",
        (Sex::Female, true) => "FEMALE",
    }
}

/// Words a field is chosen from. Occupations are too many to choose from and not closed.
fn choices(field: Field) -> Vec<String> {
    let closed = [Field::Gender, Field::BloodType, Field::Religion, Field::MaritalStatus, Field::Nationality];
    let words = if closed.contains(&field) { vocabulary::words(field) } else { None };
    words.unwrap_or_default().iter().map(|word| (*word).to_owned()).collect()
}

/// The normal form of what was typed; `None` empties a field that may be empty.
fn accepted(field: Field, typed: &str) -> Result<Option<String>, FieldProblem> {
    let printable = |ch: char| ch.is_alphanumeric() || ch.is_ascii_punctuation() || ch == ' ';
    if typed.trim().is_empty() {
        return if REQUIRED.contains(&field) { Err(FieldProblem::Empty) } else { Ok(None) };
    }
    if !typed.trim().chars().all(printable) {
        return Err(FieldProblem::NotPrintable);
    }
    match normalise(field, typed) {
        Ok(value) if field == Field::Nik && Nik::parse(&value).is_err() => {
            Err(FieldProblem::NotSixteenDigits)
        }
        Ok(value) => Ok(Some(value)),
        Err(FieldError::Empty { .. }) => Err(FieldProblem::Empty),
        Err(FieldError::TooLong { .. }) => Err(FieldProblem::NotPrintable),
        Err(FieldError::Malformed { field, .. }) => Err(malformed(field)),
    }
}

fn malformed(field: Field) -> FieldProblem {
    match field {
        Field::Nik => FieldProblem::NotSixteenDigits,
        Field::DateOfBirth | Field::IssueDate | Field::ValidUntil => FieldProblem::NotADate,
        Field::RtRw => FieldProblem::NotRtRw,
        Field::Gender | Field::BloodType | Field::Religion | Field::MaritalStatus | Field::Nationality => {
            FieldProblem::UnknownWord
        }
        Field::FullName
        | Field::PlaceOfBirth
        | Field::Address
        | Field::Kelurahan
        | Field::Kecamatan
        | Field::Occupation
        | Field::Province
        | Field::City => FieldProblem::NotPrintable,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use vision::{CardEvidence, Timings, Trust, Verdict};

    use super::*;

    const NIK: &str = "3174095207900000";

    fn quality() -> vision::Quality {
        vision::Quality {
            card_width_px: 800.0,
            glare_share: 0.0,
            edge_per_cap: Some(0.1),
            brightness: 0.6,
            tilt_degrees: 0.0,
            corners_inside: 1.0,
        }
    }

    fn found(value: &str, confidence: f32) -> FieldReading {
        let trust = Trust { log_likelihood: 0.0, log_posterior: 0.0, length: value.len(), supported: true };
        FieldReading { value: Some(value.to_owned()), printed: value.to_owned(), confidence, trust }
    }

    /// A complete card of a synthetic person whose values are read with `confidence`.
    pub(crate) fn reading(confidence: f32) -> Reading {
        let values = [
            (Field::Nik, NIK),
            (Field::FullName, "CONTOH NAMA"),
            (Field::DateOfBirth, "1990-07-12"),
            (Field::Gender, "PEREMPUAN"),
            (Field::RtRw, "001/002"),
            (Field::Religion, "ISLAM"),
            (Field::MaritalStatus, "KAWIN"),
            (Field::Nationality, "WNI"),
            (Field::ValidUntil, "SEUMUR HIDUP"),
        ];
        Reading {
            verdict: Verdict::Ktp,
            quad: None,
            rectified: None,
            fields: values.into_iter().map(|(field, value)| (field, found(value, confidence))).collect(),
            lines: BTreeMap::new(),
            quality: quality(),
            timings: Timings::default(),
            evidence: CardEvidence::default(),
        }
    }

    fn review_of(reading: &Reading) -> Review {
        Review::new(reading, &[], jiff::civil::date(2026, 11, 21), BTreeMap::new())
    }

    fn step() -> StepView {
        StepView { number: 2, of: 3 }
    }

    fn field(review: &Review, field: Field) -> FieldView {
        let view = review.view(step());
        view.fields.into_iter().find(|view| view.key == field.key()).unwrap()
    }

    fn at() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn a_correction_keeps_what_was_read_and_can_be_taken_back() {
        let mut review = review_of(&reading(0.95));
        review.correct(Field::FullName, "contoh  nama, s.h.", at());
        let view = field(&review, Field::FullName);
        assert_eq!(view.value.as_deref(), Some("CONTOH NAMA, S.H."));
        assert_eq!(view.original.as_deref(), Some("CONTOH NAMA"));
        assert_eq!((review.view(step()).undo_steps, review.corrections().len()), (1, 1));
        review.undo();
        let view = field(&review, Field::FullName);
        assert_eq!((view.value.as_deref(), view.original), (Some("CONTOH NAMA"), None));
    }

    #[test]
    fn what_cannot_be_printed_on_a_card_is_not_taken() {
        #[track_caller]
        fn check(about: Field, typed: &str, expected: Option<FieldProblem>) {
            let mut review = review_of(&reading(0.95));
            review.show_nik(true);
            let before = field(&review, about).value;
            review.correct(about, typed, at());
            let view = field(&review, about);
            assert_eq!(view.rejected, expected, "{about} {typed:?}");
            assert_eq!(view.value == before, expected.is_some(), "{about} {typed:?}");
        }
        check(Field::Nik, "317409520790000", Some(FieldProblem::NotSixteenDigits));
        check(Field::Nik, "3174099907900000", Some(FieldProblem::NotSixteenDigits));
        check(Field::Nik, "3174091207900000", None);
        check(Field::DateOfBirth, "31-02-1990", Some(FieldProblem::NotADate));
        check(Field::DateOfBirth, "13-07-1990", None);
        check(Field::RtRw, "satu", Some(FieldProblem::NotRtRw));
        check(Field::RtRw, "3/4", None);
        check(Field::Religion, "QWERTY", Some(FieldProblem::UnknownWord));
        check(Field::FullName, "", Some(FieldProblem::Empty));
        check(Field::FullName, "NAMA ☺", Some(FieldProblem::NotPrintable));
        check(Field::FullName, &"A".repeat(300), Some(FieldProblem::NotPrintable));
    }

    #[test]
    fn a_field_that_may_be_empty_can_be_emptied() {
        let mut reading = reading(0.95);
        reading.fields.insert(Field::Address, found("JL. MAWAR", 0.95));
        let mut review = review_of(&reading);
        review.correct(Field::Address, " ", at());
        assert_eq!(field(&review, Field::Address).value, None);
        assert!(review.missing().is_empty());
    }

    #[test]
    fn the_nik_is_masked_until_asked_for() {
        let mut review = review_of(&reading(0.99));
        assert_eq!(field(&review, Field::Nik).value.as_deref(), Some("3174••••••••0000"));
        review.show_nik(true);
        assert_eq!(field(&review, Field::Nik).value.as_deref(), Some(NIK));
    }

    #[test]
    fn doubtful_and_absent_values_are_marked_and_corrected_ones_are_not() {
        let mut reading = reading(0.95);
        reading.fields.insert(Field::Religion, found("ISLAM", 0.6));
        reading.fields.remove(&Field::RtRw);
        let mut review = review_of(&reading);
        let marked = |review: &Review| -> Vec<String> {
            let fields = review.view(step()).fields;
            fields.into_iter().filter(|field| field.needs_check).map(|field| field.key).collect()
        };
        assert_eq!(marked(&review), ["rtRw", "religion"]);
        assert_eq!(review.view(step()).missing, ["rtRw"]);
        review.correct(Field::Religion, "HINDU", at());
        review.correct(Field::RtRw, "001/002", at());
        assert!(marked(&review).is_empty() && review.missing().is_empty());
    }

    #[test]
    fn a_certain_nik_settles_a_doubtful_gender_with_one_tap() {
        let mut reading = reading(0.98);
        reading.fields.insert(Field::Gender, found("LAKI-LAKI", 0.5));
        let mut review = review_of(&reading);
        let issue =
            review.view(step()).issues.into_iter().find(|issue| issue.code == "nik-gender-differs").unwrap();
        let fix = issue.fix.unwrap();
        assert_eq!((fix.key.as_str(), fix.value.as_str()), ("gender", "PEREMPUAN"));
        review.correct(Field::Gender, &fix.value, at());
        assert!(review.view(step()).issues.iter().all(|issue| issue.code != "nik-gender-differs"));
    }

    #[test]
    fn no_fix_is_offered_where_the_nik_may_be_wrong() {
        let mut reading = reading(0.9);
        reading.fields.insert(Field::Gender, found("LAKI-LAKI", 0.5));
        assert!(review_of(&reading).view(step()).issues.iter().all(|issue| issue.fix.is_none()));
    }

    #[test]
    fn staff_are_told_of_suspicions_and_of_the_niks_contradictions_as_issues() {
        let vote = |voter, outcome, field| Vote {
            voter,
            outcome,
            suspicion: Some(1.0),
            field,
            reason: String::new(),
        };
        let votes = [
            vote(Voter::NikConsistency, tamper::Outcome::Suspect, None),
            vote(Voter::FontMatch, tamper::Outcome::Suspect, Some(Field::Nik)),
            vote(Voter::ScreenMoire, tamper::Outcome::Passed, None),
            vote(Voter::SpecularCheck, tamper::Outcome::NotJudged, None),
        ];
        let today = jiff::civil::date(2026, 11, 21);
        let review = Review::new(&reading(0.99), &votes, today, BTreeMap::new());
        let expected = SignView { code: SignCode::FontMatch, field: Some("nik".to_owned()) };
        assert_eq!(review.view(step()).signs, [expected]);
    }
}
