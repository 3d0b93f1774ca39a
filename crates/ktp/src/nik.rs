//! The NIK: province · regency · district · birth date (day + 40 for women) · serial, sixteen digits, no check digit.
//!
//! Invariant: a [`Nik`] has sixteen digits and a birth date that exists in some century. `Debug` shows the region
//! digits only. Deliberately lacking: any judgement of the region code (old ones stay valid, see [`crate::region`]) and
//! of agreement with the rest of the card (see [`crate::check`]).

use std::fmt;

use jiff::civil::Date;

/// Age at which a KTP is first issued; earlier only to the married.
const KTP_AGE_YEARS: i16 = 17;
/// A woman's day of birth is written this much higher.
const FEMALE_DAY_OFFSET: i8 = 40;

/// A structurally valid population number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nik([u8; 16]);

/// Why a text is not a NIK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NikError {
    /// Not sixteen characters.
    #[error("a NIK has 16 digits")]
    Length,
    /// Sixteen characters, not all of them digits 0–9.
    #[error("a NIK has digits only")]
    NotDigits,
    /// Digits 7–12 are no date in any century.
    #[error("digits 7 to 12 of the NIK are not a birth date")]
    BirthDate,
}

/// What the NIK's day of birth says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Day as it is.
    Male,
    /// Day + 40.
    Female,
}

impl Sex {
    /// The sex a card's word stands for, in Indonesian or English.
    pub fn from_word(word: &str) -> Option<Sex> {
        match word {
            "LAKI-LAKI" | "MALE" => Some(Sex::Male),
            "PEREMPUAN" | "FEMALE" => Some(Sex::Female),
            _ => None,
        }
    }
}

/// What decides the century of a NIK's two-digit year.
#[derive(Debug, Clone, Copy)]
pub struct BirthContext {
    /// The birth date printed on the same card, if read: its century wins where the years agree.
    pub printed: Option<Date>,
    /// The card's issue date, if read: the holder was of age by then.
    pub issued: Option<Date>,
    /// The day of the question.
    pub today: Date,
}

impl BirthContext {
    /// A context that knows nothing of the card.
    pub fn on(today: Date) -> BirthContext {
        BirthContext { printed: None, issued: None, today }
    }
}

impl Nik {
    /// Parse sixteen ASCII digits; surrounding white space is ignored.
    ///
    /// # Errors
    /// See [`NikError`]. An unknown region code is no error.
    pub fn parse(text: &str) -> Result<Nik, NikError> {
        let text = text.trim();
        if text.chars().take(17).count() != 16 {
            return Err(NikError::Length);
        }
        let digits: [u8; 16] = text.as_bytes().try_into().map_err(|_| NikError::NotDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NikError::NotDigits);
        }
        let nik = Nik(digits);
        if nik.candidates().next().is_none() {
            return Err(NikError::BirthDate);
        }
        Ok(nik)
    }

    /// The sixteen digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("parse lets only ASCII digits in")
    }

    /// The 2-digit province code.
    pub fn province(&self) -> u32 {
        self.number(0, 2)
    }

    /// The 4-digit regency or city code.
    pub fn regency(&self) -> u32 {
        self.number(0, 4)
    }

    /// The 6-digit district code.
    pub fn district(&self) -> u32 {
        self.number(0, 6)
    }

    /// Man or woman.
    pub fn sex(&self) -> Sex {
        if self.number(6, 8) > 40 { Sex::Female } else { Sex::Male }
    }

    /// Day, month and two-digit year of birth.
    pub fn birth_digits(&self) -> (i8, i8, i8) {
        let day = self.small(6);
        (if day > FEMALE_DAY_OFFSET { day - FEMALE_DAY_OFFSET } else { day }, self.small(8), self.small(10))
    }

    /// The last four digits; `0000` is never issued.
    pub fn serial(&self) -> u32 {
        self.number(12, 16)
    }

    /// The birth date in its likeliest century: the printed date's, else the latest one in which the holder was of
    /// age when the card was issued (or is today), else the latest one not in the future.
    pub fn birth_date(&self, context: &BirthContext) -> Date {
        let (.., short_year) = self.birth_digits();
        if let Some(printed) = context.printed
            && printed.year().rem_euclid(100) == i16::from(short_year)
            && let Some(date) = self.candidates().find(|date| date.year() == printed.year())
        {
            return date;
        }
        let by = context.issued.unwrap_or(context.today);
        let of_age = |date: &Date| date.year() + KTP_AGE_YEARS <= by.year();
        let latest = |accept: &dyn Fn(&Date) -> bool| self.candidates().filter(|date| accept(date)).last();
        latest(&of_age)
            .or_else(|| latest(&|date| *date <= context.today))
            .or_else(|| self.candidates().next())
            .expect("parse lets only dates in that exist in some century")
    }

    /// The birth dates the digits can mean, oldest first.
    fn candidates(&self) -> impl Iterator<Item = Date> {
        let (day, month, short_year) = self.birth_digits();
        [1800, 1900, 2000]
            .into_iter()
            .filter_map(move |century: i16| Date::new(century + i16::from(short_year), month, day).ok())
    }

    fn number(&self, from: usize, to: usize) -> u32 {
        self.0[from..to].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }

    fn small(&self, at: usize) -> i8 {
        i8::try_from(self.number(at, at + 2)).expect("two digits are below 100")
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nik({:06}**********)", self.district())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn takes_a_number_apart() {
        let nik = Nik::parse(" 3174095207900000 ").expect("well formed");
        assert_eq!((nik.province(), nik.regency(), nik.district()), (31, 3174, 317409));
        assert_eq!((nik.sex(), nik.birth_digits(), nik.serial()), (Sex::Female, (12, 7, 90), 0));
        assert_eq!(format!("{nik:?}"), "Nik(317409**********)");
        assert_eq!(Nik::parse("3174091207900000").map(|n| n.sex()), Ok(Sex::Male));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for (text, expected) in [
            ("", NikError::Length),
            ("317409520790000", NikError::Length),
            ("31740952079000000", NikError::Length),
            ("317409520790000O", NikError::NotDigits),
            ("３174095207900000", NikError::NotDigits),
            ("3174093207900000", NikError::BirthDate),
            ("3174097207900000", NikError::BirthDate),
            ("3174090007900000", NikError::BirthDate),
            ("3174094007900000", NikError::BirthDate),
            ("3174091213900000", NikError::BirthDate),
            ("3174093002900000", NikError::BirthDate),
            ("3174092902990000", NikError::BirthDate),
        ] {
            assert_eq!(Nik::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_century_comes_from_the_context() {
        let today = date(2026, 11, 21);
        let on = |printed, issued| BirthContext { printed, issued, today };
        for (digits, context, expected) in [
            ("120790", on(None, None), date(1990, 7, 12)),
            ("120705", on(None, None), date(2005, 7, 12)),
            ("120715", on(None, None), date(1915, 7, 12)),
            ("120715", on(Some(date(2015, 7, 12)), None), date(2015, 7, 12)),
            ("120705", on(None, Some(date(2012, 3, 1))), date(1905, 7, 12)),
            ("120730", on(Some(date(1930, 7, 12)), None), date(1930, 7, 12)),
            // A printed date with another year says nothing about the century.
            ("120790", on(Some(date(2001, 7, 12)), None), date(1990, 7, 12)),
            // 29 February 1900 did not exist.
            ("290200", on(None, None), date(2000, 2, 29)),
        ] {
            let nik = Nik::parse(&format!("317409{digits}0000")).expect("well formed");
            assert_eq!(nik.birth_date(&context), expected, "{digits}");
        }
    }
}
