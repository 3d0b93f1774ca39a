//! Kemendagri region codes and names: provinces, regencies and cities, districts.
//!
//! Invariant: the table is sorted by code within each level (a test holds it), so the children of a region are one
//! contiguous slice. Codes no longer issued stay in the table, marked `retired`, because old NIKs carry them.
//! Deliberately lacking: villages, and codes given up before 2016.
//!
//! The table is text in the binary; it is split on first use (about 8,400 lines, under a millisecond).

use std::sync::LazyLock;

use crate::text::{compact, distance};

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
    /// The name's letters and digits without `KOTA` or `KABUPATEN`: what spellings are compared by.
    key: String,
}

impl Region {
    /// Edits between this region's name and a printed one, comparing letters and digits only and ignoring a leading
    /// `PROVINSI`, `KABUPATEN` or `KOTA`. `None` for a text that is empty or far too long.
    pub fn edits(&self, printed: &str) -> Option<usize> {
        let read = key_of(printed);
        if read.is_empty() { None } else { distance(&self.key, &read) }
    }

    /// Whether a printed name is this region's, allowing the spelling differences seen on cards (`PALMERAH`, `PAL MERAH`;
    /// `MUSTIKA JAYA`, `MUSTIKAJAYA`): spaces do not count, and one edit in eight letters is forgiven.
    pub fn is_called(&self, printed: &str) -> bool {
        self.edits(printed).is_some_and(|edits| edits <= tolerated_edits(&self.key))
    }
}

fn tolerated_edits(key: &str) -> usize {
    if key.len() < 4 { 0 } else { 1 + key.len() / 8 }
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
        let region = Region { code: number, name, retired: cells.next().is_some(), key: key_of(name) };
        match code.len() {
            2 => tables.provinces.push(region),
            4 => tables.regencies.push(region),
            _ => tables.districts.push(region),
        }
    }
    tables
});

/// Letters and digits of a name without the word for its kind.
fn key_of(name: &str) -> String {
    let mut rest = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    for kind in ["PROVINSI ", "KABUPATEN ", "KAB. ", "KOTA ", "ADMINISTRASI ", "ADM. "] {
        rest = rest.strip_prefix(kind).unwrap_or(rest);
    }
    compact(rest)
}

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

/// The region among `candidates` whose name is nearest to a printed one, and how many edits away it is; a tie goes to
/// the code still issued, then to the first.
///
/// Give it one of the slices of this module: `closest(regencies_of(32), "KABUPATEN B0GOR")`.
pub fn closest<'a>(
    candidates: impl IntoIterator<Item = &'a Region>,
    printed: &str,
) -> Option<(&'a Region, usize)> {
    let read = key_of(&crate::text::squeeze(printed));
    if read.is_empty() {
        return None;
    }
    let scored = candidates.into_iter().filter_map(|region| Some((region, distance(&region.key, &read)?)));
    scored.min_by_key(|(region, edits)| (*edits, region.retired))
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
            assert!(table.iter().all(|r| !r.key.is_empty()));
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
}
