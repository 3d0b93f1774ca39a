//! A benchmark's part of `docs/benchmarks.md`, between two marks.
//!
//! Invariant: what stands outside the marks is not touched, and the same results give the same text. Deliberately absent: dates
//! and machines, which whoever measures writes above the marks.

use anyhow::Context as _;

use super::Bench;
use super::tables::tables;
use crate::lang::Lang;

/// The page, from the repository's root.
pub const PAGE: &str = "docs/benchmarks.md";
/// This benchmark's part.
pub const SECTION: Section = Section("ktp");

/// The part between `<!-- bench NAME -->` and `<!-- /bench NAME -->`.
pub struct Section(pub &'static str);

impl Section {
    /// The page with a new text between the marks.
    pub fn replaced(&self, page: &str, text: &str) -> anyhow::Result<String> {
        let (before, after) = self.around(page)?;
        let [begin, end] = self.marks();
        Ok(format!("{before}{begin}\n{text}{end}{after}"))
    }

    /// What stands before and after the marked part; the marks must be there, in this order.
    pub fn around<'a>(&self, page: &'a str) -> anyhow::Result<(&'a str, &'a str)> {
        let [begin, end] = self.marks();
        let needed = || format!("{PAGE} needs the marks {begin} and {end}");
        let (before, rest) = page.split_once(&begin).with_context(needed)?;
        let (_, after) = rest.split_once(&end).with_context(needed)?;
        Ok((before, after))
    }

    fn marks(&self) -> [String; 2] {
        [format!("<!-- bench {} -->", self.0), format!("<!-- /bench {} -->", self.0)]
    }
}

/// The page with new results between its marks.
pub fn with_results(page: &str, bench: &Bench) -> anyhow::Result<String> {
    SECTION.replaced(page, &section(bench))
}

fn section(bench: &Bench) -> String {
    let Bench { cards, seed, pictures, engines, .. } = bench;
    let names: Vec<&str> = engines.iter().map(|engine| engine.name.as_str()).collect();
    let mut out = format!(
        "{pictures} pictures (`--cards {cards} --seed {seed}`), read by {} in one run. Written by `--write-docs`; do not edit.\n",
        names.join(", ")
    );
    for table in tables(bench, Lang::En) {
        out.push('\n');
        out.push_str(&table.markdown());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn only_the_marked_part_changes_and_only_once() {
        let [begin, end] = SECTION.marks();
        let page = format!("# Title\n{begin}\nold\n{end}\n\nrest\n");
        let once = with_results(&page, &bench()).unwrap();
        assert!(once.starts_with("# Title\n") && once.ends_with("\n\nrest\n") && !once.contains("old"));
        assert!(once.contains("| severity3 | 50.0 | 50.0 | 50.0 |"), "{once}");
        assert_eq!(with_results(&once, &bench()).unwrap(), once);
    }

    #[test]
    fn a_page_without_marks_is_refused() {
        let [begin, end] = SECTION.marks();
        for page in ["# Title".to_owned(), format!("{end}{begin}"), begin] {
            assert!(with_results(&page, &bench()).is_err(), "{page}");
        }
    }
}
