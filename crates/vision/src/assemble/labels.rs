//! The card's printed labels, found by fuzzy matching.
//!
//! Invariant: a match never claims a character twice, and says how far it is from the printed label. Deliberately
//! lacks positions: rows and columns are `rows`' business.

/// A printed label, in card order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    Nik,
    Name,
    Birth,
    Gender,
    Blood,
    Address,
    RtRw,
    Village,
    District,
    Religion,
    Marital,
    Occupation,
    Nationality,
    ValidUntil,
}

impl Label {
    pub const ALL: [Self; 14] = [
        Self::Nik,
        Self::Name,
        Self::Birth,
        Self::Gender,
        Self::Blood,
        Self::Address,
        Self::RtRw,
        Self::Village,
        Self::District,
        Self::Religion,
        Self::Marital,
        Self::Occupation,
        Self::Nationality,
        Self::ValidUntil,
    ];

    /// The label's letters as the recogniser writes them.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Nik => "NIK",
            Self::Name => "NAMA",
            Self::Birth => "TEMPATTGLLAHIR",
            Self::Gender => "JENISKELAMIN",
            Self::Blood => "GOLDARAH",
            Self::Address => "ALAMAT",
            Self::RtRw => "RTRW",
            Self::Village => "KELDESA",
            Self::District => "KECAMATAN",
            Self::Religion => "AGAMA",
            Self::Marital => "STATUSPERKAWINAN",
            Self::Occupation => "PEKERJAAN",
            Self::Nationality => "KEWARGANEGARAAN",
            Self::ValidUntil => "BERLAKUHINGGA",
        }
    }
}

/// A label found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LabelMatch {
    pub label: Label,
    /// Edits per letter of the label.
    pub distance: f32,
    /// The characters it covers, from `start` up to `end`.
    pub start: usize,
    pub end: usize,
    /// How far each label is, in the order of [`Label::ALL`]: fragments (`AMA`) resemble several.
    pub distances: [f32; Label::ALL.len()],
}

impl LabelMatch {
    /// Edits per letter of any label, not only the nearest.
    pub fn distance_of(&self, label: Label) -> f32 {
        Label::ALL.iter().position(|l| *l == label).map_or(1.0, |i| self.distances[i])
    }
}

/// Edits per letter a label may differ by: two in five for long labels, one letter for short ones.
fn tolerance(label: Label) -> f32 {
    match label.letters().len() {
        0..=3 => 0.0,
        4..=5 => 0.26,
        6..=8 => 0.34,
        _long => 0.4,
    }
}

/// The label a text begins with. In the label column (`in_column`) a three-letter label may miss a letter.
pub(crate) fn leading(text: &[char], in_column: bool) -> Option<LabelMatch> {
    let all = Label::ALL.map(|label| matched(text, label, false));
    let distances = all.map(|found| found.map_or(1.0, |found| found.distance));
    all.into_iter()
        .flatten()
        .filter_map(|found| {
            let found = LabelMatch { distances, ..found };
            let label = found.label;
            let slack = if in_column && label == Label::Nik { 0.34 } else { 0.0 };
            (found.distance <= tolerance(label) + slack).then_some(found)
        })
        .min_by(|a, b| {
            a.distance
                .total_cmp(&b.distance)
                .then_with(|| b.label.letters().len().cmp(&a.label.letters().len()))
        })
}

/// `Gol. Darah` anywhere in a text: on the gender's row it often merges with the value before it.
pub(crate) fn blood_inside(text: &[char]) -> Option<LabelMatch> {
    matched(text, Label::Blood, true).filter(|found| found.distance <= 0.26)
}

/// The stretch of the text nearest to a label, starting at the first letter or (`anywhere`) at any.
fn matched(text: &[char], label: Label, anywhere: bool) -> Option<LabelMatch> {
    let letters: Vec<char> = label.letters().chars().collect();
    let kept: Vec<(usize, char)> =
        text.iter().copied().enumerate().filter(|(_, c)| c.is_ascii_alphanumeric()).collect();
    if kept.is_empty() {
        return None;
    }
    // Rows of the edit table, one per letter of the label: (edits, first character used).
    let mut row: Vec<(usize, usize)> =
        (0..=kept.len()).map(|j| if anywhere { (0, j) } else { (j, 0) }).collect();
    for (i, letter) in letters.iter().enumerate() {
        let mut next = vec![(i + 1, row[0].1)];
        for (j, (_, ch)) in kept.iter().enumerate() {
            let replaced = (row[j].0 + usize::from(!alike(*letter, *ch)), row[j].1);
            let dropped = (row[j + 1].0 + 1, row[j + 1].1);
            let inserted = (next[j].0 + 1, next[j].1);
            next.push(replaced.min(dropped).min(inserted));
        }
        row = next;
    }
    let (end, &(edits, first)) = row.iter().enumerate().skip(1).min_by_key(|(_, cell)| cell.0)?;
    let start = kept.get(first)?.0;
    Some(LabelMatch {
        label,
        distance: edits as f32 / letters.len() as f32,
        start: if anywhere { start } else { 0 },
        end: kept[end - 1].0 + 1,
        distances: [1.0; Label::ALL.len()],
    })
}

/// The same letter, or the digit it is commonly misread as.
fn alike(letter: char, read: char) -> bool {
    letter == read
        || matches!(
            (letter, read),
            ('O', '0') | ('I', '1') | ('L', '1') | ('S', '5') | ('B', '8') | ('G', '6')
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(Label, &str)>) {
        let chars: Vec<char> = text.chars().collect();
        let found = leading(&chars, true).map(|m| (m.label, chars[m.end..].iter().collect::<String>()));
        let expected = expected.map(|(label, rest)| (label, rest.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn labels_are_found_through_noise() {
        check("NAMA", Some((Label::Name, "")));
        check("NAMA : CONTOH", Some((Label::Name, " : CONTOH")));
        check("TEMPAT/TGI LAHIR:", Some((Label::Birth, ":")));
        check("JENIS KE1AMIN", Some((Label::Gender, "")));
        check("GOL. DARAH :O", Some((Label::Blood, " :O")));
        check("RT/RW", Some((Label::RtRw, "")));
        check("STATUS PERKAWINAN:KAWIN", Some((Label::Marital, ":KAWIN")));
        check("KEWARGANEGARAAN: WNI", Some((Label::Nationality, ": WNI")));
        check("AGAMA ISLAM", Some((Label::Religion, " ISLAM")));
        // The doubtful last letter stays outside: it could be the value's first.
        check("NIX", Some((Label::Nik, "X")));
    }

    #[test]
    fn values_are_not_labels() {
        for text in ["SITI AMINAH", "JL. MAWAR NO 3", "ISLAM", "BELUM KAWIN", "WNI", "SEUMUR HIDUP", "-", ""]
        {
            check(text, None);
        }
    }

    #[test]
    fn the_blood_label_is_found_inside_a_row() {
        let text: Vec<char> = "LAKI-LAKI GOL. DARAH :AB".chars().collect();
        let found = blood_inside(&text).unwrap();
        assert_eq!(text[found.end..].iter().collect::<String>(), " :AB");
        assert_eq!(text[..found.start].iter().collect::<String>(), "LAKI-LAKI ");
        assert!(blood_inside(&"PEREMPUAN".chars().collect::<Vec<_>>()).is_none());
    }
}
