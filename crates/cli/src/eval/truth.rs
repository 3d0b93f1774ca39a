//! The truth file of a labelled set: `DIR/truth.json`.
//!
//! Invariant: every listed card names a file inside `DIR`; keys that are no KTP field are ignored and a
//! missing key is not scored. Deliberately absent: opening the pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use frame::{Point, Quad};
use ktp::Field;
use serde::Deserialize;

/// One labelled picture.
pub struct Card {
    /// The name as written in the truth file.
    pub file: String,
    /// Where the picture lies.
    pub path: PathBuf,
    /// The group it is counted under.
    pub kind: String,
    /// The right values, in the format of normalised fields.
    pub truth: BTreeMap<Field, String>,
    /// The card's corners in the picture, where the set gives them.
    pub quad: Option<Quad>,
    /// The burst of one held card that the picture belongs to, if any.
    pub sequence: Option<String>,
    /// Fields that light or things hide, where the set tells.
    pub hidden: Option<HiddenFields>,
}

/// What hides which fields.
#[derive(Debug, Default)]
pub struct HiddenFields {
    /// Burnt or veiled by light.
    pub glare: Hiding,
    /// Under a finger or a thing.
    pub covered: Hiding,
}

/// Fields by what one cause does to them; those in neither set are plainly visible.
#[derive(Debug, Default)]
pub struct Hiding {
    /// Plainly hidden.
    pub hidden: BTreeSet<Field>,
    /// Touched too much to be visible and too little to be hidden, or cut off: they count neither way.
    pub unsure: BTreeSet<Field>,
}

#[derive(Deserialize)]
struct TruthFile {
    cards: Vec<CardRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardRow {
    file: String,
    #[serde(default)]
    kind: Option<String>,
    truth: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    quad: Option<[[f32; 2]; 4]>,
    #[serde(default)]
    sequence: Option<String>,
    #[serde(default)]
    glare_fields: Option<Vec<String>>,
    #[serde(default)]
    covered_fields: Option<Vec<String>>,
    #[serde(default)]
    glare_unsure: Vec<String>,
    #[serde(default)]
    covered_unsure: Vec<String>,
}

/// Reads the truth file of the set in `dir`.
pub fn load(dir: &Path) -> anyhow::Result<Vec<Card>> {
    let path = dir.join("truth.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(dir, &text).with_context(|| format!("{} is not a truth file", path.display()))
}

fn parse(dir: &Path, text: &str) -> anyhow::Result<Vec<Card>> {
    let file: TruthFile = serde_json::from_str(text)?;
    if file.cards.is_empty() {
        bail!("it lists no cards");
    }
    file.cards.into_iter().map(|row| card(dir, row)).collect()
}

fn card(dir: &Path, row: CardRow) -> anyhow::Result<Card> {
    let relative = Path::new(&row.file);
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
        bail!("the file {:?} is not inside the folder", row.file);
    }
    let truth = row
        .truth
        .into_iter()
        .filter_map(|(key, value)| Some((Field::from_key(&key)?, value.as_str()?.to_owned())))
        .collect();
    let kind = row.kind.unwrap_or_else(|| "unspecified".to_owned());
    let quad = row.quad.map(|corners| Quad(corners.map(|[x, y]| Point::new(x, y))));
    let fields = |keys: Vec<String>| keys.iter().filter_map(|key| Field::from_key(key)).collect();
    let hidden = match (row.glare_fields, row.covered_fields) {
        (Some(glare), Some(covered)) => Some(HiddenFields {
            glare: Hiding { hidden: fields(glare), unsure: fields(row.glare_unsure) },
            covered: Hiding { hidden: fields(covered), unsure: fields(row.covered_unsure) },
        }),
        (Some(_) | None, Some(_) | None) => None,
    };
    Ok(Card { path: dir.join(relative), file: row.file, kind, truth, quad, sequence: row.sequence, hidden })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_ignored_and_missing_ones_not_scored() {
        let text = r#"{"cards":[{"file":"images/a.jpg","kind":"photo",
            "truth":{"nik":"3174095207900000","shoeSize":"42","bloodType":null}}]}"#;
        let cards = parse(Path::new("set"), text).unwrap();
        assert_eq!(cards[0].path, Path::new("set/images/a.jpg"));
        assert_eq!(cards[0].truth.keys().copied().collect::<Vec<_>>(), [Field::Nik]);
    }

    #[test]
    fn a_truth_file_that_misleads_is_refused() {
        for text in [
            r#"{"cards":[]}"#,
            r#"{"cards":[{"file":"../../etc/passwd","truth":{}}]}"#,
            r#"{"cards":[{"file":"/etc/passwd","truth":{}}]}"#,
            r#"{"cards":[{"truth":{}}]}"#,
            "[]",
        ] {
            assert!(parse(Path::new("set"), text).is_err(), "{text}");
        }
    }
}
