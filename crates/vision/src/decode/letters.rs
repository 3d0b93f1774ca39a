//! How letters follow one another in names, addresses and places: an n-gram model in `letters.bin`.
//!
//! Invariant: every text has a probability, however odd. Within words only: a word's neighbours say nothing about it. The model
//! is written by `models/training/make_letters.py`. Deliberately lacks whole words: it knows what looks like a name, not who.

use std::sync::OnceLock;

use ktp::Field;

static PACKED: &[u8] = include_bytes!("letters.bin");

const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ#.,-/'():&+";
/// The end of a word, and what words begin with: in a name, first and later in an address, in a place.
const END: u32 = SYMBOLS.len() as u32 + 1;
const NAME: u32 = END + 1;
const STREET: u32 = END + 2;
const ON: u32 = END + 3;
const PLACE: u32 = END + 4;
const BITS: u32 = 6;
const ORDERS: usize = 5;
/// Bytes are this many steps a nat.
const STEPS: f32 = 20.0;
/// No symbol is less likely than this (ln): what was never counted may still be printed.
const LEAST: f32 = -7.0;

/// The n-grams of one length, sorted by key.
struct Order {
    keys: Vec<u32>,
    costs: &'static [u8],
    /// What a context leaves to shorter ones; empty at the longest length.
    left: &'static [u8],
}

/// The letters of one field.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    first: u32,
    further: u32,
}

/// What was written of the word so far, packed.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Written(u32);

impl Spelling {
    /// `None` for fields that have lists or digits instead.
    pub fn of(field: Field) -> Option<Self> {
        match field {
            Field::FullName => Some(Self { first: NAME, further: NAME }),
            Field::Address => Some(Self { first: STREET, further: ON }),
            Field::Kelurahan | Field::PlaceOfBirth => Some(Self { first: PLACE, further: PLACE }),
            Field::Nik
            | Field::DateOfBirth
            | Field::Gender
            | Field::BloodType
            | Field::RtRw
            | Field::Kecamatan
            | Field::Religion
            | Field::MaritalStatus
            | Field::Occupation
            | Field::Nationality
            | Field::ValidUntil
            | Field::IssueDate
            | Field::Province
            | Field::City => None,
        }
    }

    pub fn start(self) -> Written {
        Written(self.first)
    }

    /// The log-probability of the next character, and what is written then.
    pub fn next(self, written: Written, ch: char) -> (Written, f32) {
        if ch == ' ' {
            return (Written(self.further), symbol_after(written.0, END));
        }
        let (symbol, of_ten) = match ch {
            '0'..='9' => ('#', 10.0f32),
            other => (other, 1.0),
        };
        let Some(at) = SYMBOLS.find(symbol) else { return (written, LEAST) };
        let code = at as u32 + 1;
        let longer = (written.0 << BITS | code) & ((1 << (BITS * (ORDERS as u32 - 1))) - 1);
        (Written(longer), symbol_after(written.0, code) - of_ten.ln())
    }

    /// The log-probability of a whole text.
    pub fn score(self, text: &str) -> f32 {
        let begin = (self.start(), 0.0);
        let (written, sum) = text.chars().fold(begin, |(written, sum), ch| {
            let (written, p) = self.next(written, ch);
            (written, sum + p)
        });
        sum + symbol_after(written.0, END)
    }
}

fn symbol_after(mut context: u32, symbol: u32) -> f32 {
    let orders = orders();
    let mut sum = 0.0;
    loop {
        let length = symbols_in(context);
        if let Some(at) = orders[length].at(context << BITS | symbol) {
            return (sum - f32::from(orders[length].costs[at]) / STEPS).max(LEAST);
        }
        if length == 0 {
            return LEAST;
        }
        let shorter = &orders[length - 1];
        sum -= shorter.at(context).map_or(0.0, |at| f32::from(shorter.left[at]) / STEPS);
        context &= (1 << (BITS * (length as u32 - 1))) - 1;
    }
}

/// No symbol is 0, so the highest bit tells.
fn symbols_in(context: u32) -> usize {
    (u32::BITS - context.leading_zeros()).div_ceil(BITS) as usize
}

impl Order {
    fn at(&self, key: u32) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }

    /// The next order of the file and what follows it.
    fn unpacked(packed: &'static [u8], has_left: bool) -> Option<(Self, &'static [u8])> {
        let (count, mut rest) = packed.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let mut keys = Vec::with_capacity(count);
        let mut key = 0;
        for _ in 0..count {
            let (step, after) = leb128(rest)?;
            key += step;
            keys.push(key);
            rest = after;
        }
        let (costs, rest) = rest.split_at_checked(count)?;
        let (left, rest) = rest.split_at_checked(if has_left { count } else { 0 })?;
        Some((Self { keys, costs, left }, rest))
    }
}

fn leb128(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let end = bytes.iter().position(|byte| byte & 128 == 0)?;
    let value = bytes[..=end].iter().rev().fold(0, |sum, byte| sum << 7 | u32::from(byte & 127));
    Some((value, &bytes[end + 1..]))
}

fn orders() -> &'static [Order] {
    static ALL: OnceLock<Vec<Order>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut rest = PACKED;
        let order = |n: usize| {
            let (order, after) = Order::unpacked(rest, n + 1 < ORDERS).expect("the file is whole");
            rest = after;
            order
        };
        (0..ORDERS).map(order).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_and_sorted() {
        assert_eq!(orders().len(), ORDERS);
        assert!(orders().iter().all(|order| order.keys.is_sorted() && order.costs.len() == order.keys.len()));
    }

    #[test]
    fn what_looks_like_its_field_is_likelier() {
        let check = |field: Field, likelier: &str, than: &str| {
            let spelling = Spelling::of(field).unwrap();
            assert!(spelling.score(likelier) > spelling.score(than) + 1.0, "{likelier} {than}");
        };
        check(Field::FullName, "SITI ROHANI", "S1TI ROHANI");
        check(Field::FullName, "NURHAYATI", "NURHAYAT1");
        check(Field::FullName, "SULASTRI", "SULASTRL");
        check(Field::Address, "JL. MAWAR NO.15", "JL. MAWAR NO.I5");
        check(Field::Address, "BLOK A3", "BL0K A3");
        check(Field::Kelurahan, "SUKAMAJU", "5UKAMAJU");
        assert!(Spelling::of(Field::FullName).unwrap().score("ÄQX XQ' ").is_finite());
    }

    #[test]
    fn chances_after_a_context_sum_to_one() {
        for context in [NAME, STREET, PLACE, NAME << BITS | 1, 19 << BITS | 21] {
            let sum: f32 = (1..=END).map(|symbol| symbol_after(context, symbol).exp()).sum();
            assert!((0.9..1.1).contains(&sum), "{context}: {sum}");
        }
    }
}
