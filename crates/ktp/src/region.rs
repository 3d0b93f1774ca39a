//! Kemendagri region codes and names: provinces, regencies and cities, districts.
//!
//! Invariant: the table is sorted by code within each level (a test holds it), so the children of a region are one
//! contiguous slice. Codes no longer issued stay in the table, marked `retired`, because old NIKs carry them.
//! Deliberately lacking: villages, and codes given up before 2016.
//!
//! The table is text in the binary; it is split on first use (about 8,400 lines, under a millisecond).

use std::sync::LazyLock;

use crate::text::{compact, distance, squeeze};

const TABLE: &str = include_str!("../../../assets/regions/regions.txt");

/// One province, regency, city or district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// 2 digits for a province, 4 for a regency or city, 6 for a district.
    pub code: u32,
    /// Upper case, as card headers print it: `JAWA BARAT`, `KABUPATEN BOGOR`, `JAKARTA SELATAN`, `PAL MERAH`.
    pub name: &'static str,
    /// No longer issued; valid inside NIKs given out before.
    pub retired: bool,
    key: Key,
}

impl Region {
    fn new(code: u32, name: &'static str, retired: bool) -> Region {
        Region { code, name, retired, key: Key::of(Level::of(code), name) }
    }

    /// Edits between this region's name and a printed one, comparing letters and digits only and ignoring the word for
    /// its kind (`PROVINSI`, `KABUPATEN`, `KOTA`). `None` for a text that is empty or far too long.
    pub fn edits(&self, printed: &str) -> Option<usize> {
        self.key.edits(&Key::of(Level::of(self.code), &squeeze(printed)))
    }

    /// Whether a printed name is this region's, allowing the spelling differences seen on cards (`PALMERAH`, `PAL
    /// MERAH`; `MUSTIKA JAYA`, `MUSTIKAJAYA`): spaces do not count, and about one edit in eight letters is forgiven. A
    /// city is not the regency of the same name.
    pub fn is_called(&self, printed: &str) -> bool {
        let printed = Key::of(Level::of(self.code), &squeeze(printed));
        let letters = self.key.name.chars().count();
        let tolerated_edits = if letters < 4 { 0 } else { 1 + letters / 8 };
        !self.key.other_kind(&printed)
            && self.key.edits(&printed).is_some_and(|edits| edits <= tolerated_edits)
    }
}

/// The level a code's length stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Province,
    Regency,
    District,
}

impl Level {
    fn of(code: u32) -> Level {
        match code {
            0..=99 => Level::Province,
            100..=9_999 => Level::Regency,
            10_000.. => Level::District,
        }
    }

    /// Words a printed name of this level may start with that are not part of the name.
    fn kinds(self) -> &'static [&'static str] {
        match self {
            Level::Province => &["PROVINSI"],
            Level::Regency => &["KABUPATEN", "KOTA"],
            Level::District => &["KECAMATAN"],
        }
    }
}

/// What names are compared by: the word for the kind, and the name's letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    kind: Option<&'static str>,
    name: String,
}

impl Key {
    /// The key of an upper-case name; the kind may be misread in a quarter of its letters, or shortened to `KAB.`.
    fn of(level: Level, name: &str) -> Key {
        let (first, rest) = name.trim().split_once(' ').unwrap_or((name, ""));
        let first = compact(first);
        let read_as = |kind: &&&str| distance(&first, kind).is_some_and(|edits| edits <= kind.len() / 4);
        let kind = match first.as_str() {
            "KAB" => level.kinds().iter().find(|kind| **kind == "KABUPATEN"),
            _ => level.kinds().iter().find(read_as),
        };
        let rest =
            ["ADMINISTRASI ", "ADM. ", "ADM "].iter().fold(rest, |rest, word| rest.trim_start_matches(word));
        match kind.filter(|_| !compact(rest).is_empty()) {
            Some(kind) => Key { kind: Some(kind), name: compact(rest) },
            None => Key { kind: None, name: compact(name) },
        }
    }

    fn edits(&self, printed: &Key) -> Option<usize> {
        if printed.name.is_empty() { None } else { distance(&self.name, &printed.name) }
    }

    fn other_kind(&self, printed: &Key) -> bool {
        self.kind.zip(printed.kind).is_some_and(|(own, other)| own != other)
    }
}

struct Tables {
    provinces: Vec<Region>,
    regencies: Vec<Region>,
    districts: Vec<Region>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { provinces: vec![], regencies: vec![], districts: vec![] };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else { continue };
        let Ok(number) = code.parse() else { continue };
        let region = Region::new(number, name, cells.next().is_some());
        match code.len() {
            2 => tables.provinces.push(region),
            4 => tables.regencies.push(region),
            _ => tables.districts.push(region),
        }
    }
    tables
});

fn find(table: &'static [Region], code: u32) -> Option<&'static Region> {
    table.binary_search_by_key(&code, |region| region.code).ok().map(|at| &table[at])
}

/// The slice of a sorted table whose codes start with `parent`, two digits fewer.
fn children(table: &'static [Region], parent: u32) -> &'static [Region] {
    let from = table.partition_point(|region| region.code / 100 < parent);
    let to = table.partition_point(|region| region.code / 100 <= parent);
    &table[from..to]
}

/// The province of a 2-digit code.
pub fn province(code: u32) -> Option<&'static Region> {
    find(&TABLES.provinces, code)
}

/// The regency or city of a 4-digit code.
pub fn regency(code: u32) -> Option<&'static Region> {
    find(&TABLES.regencies, code)
}

/// The district of a 6-digit code.
pub fn district(code: u32) -> Option<&'static Region> {
    find(&TABLES.districts, code)
}

/// All provinces, by code.
pub fn provinces() -> &'static [Region] {
    &TABLES.provinces
}

/// All regencies and cities, by code.
pub fn regencies() -> &'static [Region] {
    &TABLES.regencies
}

/// All districts, by code.
pub fn districts() -> &'static [Region] {
    &TABLES.districts
}

/// The regencies and cities of a province, by code; empty for an unknown one.
pub fn regencies_of(province: u32) -> &'static [Region] {
    children(&TABLES.regencies, province)
}

/// The districts of a regency or city, by code; empty for an unknown one.
pub fn districts_of(regency: u32) -> &'static [Region] {
    children(&TABLES.districts, regency)
}

/// The region among `candidates` whose name is nearest to a printed one, and how many edits away it is. A tie goes to
/// the kind that was printed (`KOTA BOGOR`, not `KABUPATEN BOGOR`), then to the code still issued, then to the first.
///
/// Give it one of the slices of this module: `closest(regencies_of(32), "KABUPATEN B0GOR")`. About a microsecond a
/// candidate.
pub fn closest<'a>(
    candidates: impl IntoIterator<Item = &'a Region>,
    printed: &str,
) -> Option<(&'a Region, usize)> {
    let printed = squeeze(printed);
    let keys = [Level::Province, Level::Regency, Level::District].map(|level| Key::of(level, &printed));
    let score = |region: &'a Region| {
        let key = &keys[Level::of(region.code) as usize];
        Some((region, region.key.edits(key)?, region.key.other_kind(key)))
    };
    let scored = candidates.into_iter().filter_map(score);
    let best = scored.min_by_key(|(region, edits, other_kind)| (*edits, *other_kind, region.retired));
    best.map(|(region, edits, _)| (region, edits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbering_is_kemendagris() {
        for (region, name) in [
            (province(32), "JAWA BARAT"),
            (province(34), "DAERAH ISTIMEWA YOGYAKARTA"),
            (regency(3174), "JAKARTA SELATAN"),
            (regency(3201), "KABUPATEN BOGOR"),
            (district(317409), "JAGAKARSA"),
        ] {
            assert_eq!(region.map(|r| r.name), Some(name));
        }
        assert_eq!(district(999_999), None);
        assert_eq!(province(0), None);
    }

    #[test]
    fn tables_are_sorted_whole_and_rooted() {
        assert_eq!((provinces().len(), regencies().len(), districts().len()), (38, 540, 7873));
        for table in [provinces(), regencies(), districts()] {
            assert!(table.is_sorted_by(|a, b| a.code < b.code));
            assert!(table.iter().all(|r| !r.key.name.is_empty()));
        }
        assert!(regencies().iter().all(|r| province(r.code / 100).is_some()));
        assert!(districts().iter().all(|d| regency(d.code / 100).is_some()));
        assert_eq!(districts().iter().filter(|d| d.retired).count(), 588);
    }

    #[test]
    fn papuas_old_codes_stay() {
        let merauke = regency(9101).expect("in the table");
        assert!(merauke.retired);
        assert!(!regency(9301).expect("in the table").retired);
    }

    #[test]
    fn names_match_as_cards_spell_them() {
        for (code, printed, expected) in [
            (317307, "PALMERAH", true),
            (327511, "MUSTIKA JAYA", true),
            (317409, "JAGAKARS4", true),
            (317409, "TEBET", false),
            (317409, "", false),
        ] {
            let district = district(code).expect("in the table");
            assert_eq!(district.is_called(printed), expected, "{code}");
        }
        assert!(regency(3174).expect("in the table").is_called("KOTA ADMINISTRASI JAKARTA SELATAN"));
        assert!(province(32).expect("in the table").is_called("PROVINSI JAWA BARAT"));
    }

    #[test]
    fn closest_respects_the_hierarchy() {
        let (found, edits) = closest(regencies_of(32), "kabupaten b0gor").expect("candidates");
        assert_eq!((found.code, edits), (3201, 1));
        assert_eq!(
            closest(districts_of(3174), "KEBAYORANLAMA").map(|(r, e)| (r.name, e)),
            Some(("KEBAYORAN LAMA", 0))
        );
        assert_eq!(closest(regencies(), "MERAUKE").map(|(r, _)| r.code), Some(9301));
        assert_eq!(closest(provinces(), " : "), None);
    }

    #[test]
    fn a_city_is_not_the_regency_around_it() {
        for (printed, code) in
            [("KOTA BOGOR", 3271), ("KABUPATEN BOGOR", 3201), ("KAB. BOGOR", 3201), ("K0TA BOGOR", 3271)]
        {
            assert_eq!(closest(regencies_of(32), printed).map(|(r, _)| r.code), Some(code), "{printed}");
        }
        assert!(!regency(3201).expect("in the table").is_called("KOTA BOGOR"));
        let kota_juang = closest(districts(), "KOTA JUANG").expect("candidates");
        assert_eq!((kota_juang.0.name, kota_juang.1), ("KOTA JUANG", 0));
    }
}
