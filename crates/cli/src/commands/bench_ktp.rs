//! `bench ktp`: draw a benchmark, let everybody read it, and tell.
//!
//! Invariant: what would make the run useless at its end (a page without marks, a peer that is not there) is noticed before the
//! first picture is read. Deliberately absent: judging, which [`crate::ktp_bench`] does.

use std::path::Path;

use anyhow::bail;

use super::benchmark::{Pictures, environment, read, write};
use crate::args::{KtpArgs, PeerArg};
use crate::exit::Exit;
use crate::ktp_bench::peers::{PACKAGES, Peer, PeerKind};
use crate::ktp_bench::set::{self, BenchSet};
use crate::ktp_bench::{self, Bench, Summary, docs, report};
use crate::terminal::Terminal;

/// Draws, reads, prints, writes what was asked for.
pub fn run(args: &KtpArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let pictures = Pictures {
        script: set::SCRIPT,
        name: "ktp-bench",
        folder: args.folder.as_deref(),
        seed: args.seed,
        cards: args.cards,
        expected: set::expected(args.cards as usize),
    };
    pictures.require_generator()?;
    let kinds = kinds(&args.peers)?;
    if args.write_docs {
        docs::SECTION.around(&read(docs::PAGE)?)?;
    }
    let folder = pictures.draw(terminal)?;
    let bench = measure(args, &folder, &kinds, terminal)?;
    for table in ktp_bench::tables(&bench, terminal.lang) {
        table.lines().iter().for_each(|line| terminal.say(line));
        terminal.say("");
    }
    terminal.emit(&Summary::of(&bench))?;
    if let Some(path) = &args.report {
        write(path, &report::render(&bench, &folder))?;
    }
    if args.write_docs {
        write(Path::new(docs::PAGE), &docs::with_results(&read(docs::PAGE)?, &bench)?)?;
    }
    Ok(Exit::Done)
}

/// Each peer once, in the order given; `none` stands alone.
fn kinds(peers: &[PeerArg]) -> anyhow::Result<Vec<PeerKind>> {
    let mut out = Vec::new();
    for peer in peers {
        match peer {
            PeerArg::Rapidocr => out.push(PeerKind::Rapidocr),
            PeerArg::Tesseract => out.push(PeerKind::Tesseract),
            PeerArg::None if peers.len() == 1 => {}
            PeerArg::None => bail!("--peers none cannot stand beside other peers"),
        }
    }
    if out.len() > 1 && out[0] == out[1] || out.len() > 2 {
        bail!("--peers names a peer twice");
    }
    Ok(out)
}

fn measure(args: &KtpArgs, folder: &Path, kinds: &[PeerKind], terminal: &Terminal) -> anyhow::Result<Bench> {
    let set = BenchSet::load(folder)?;
    let mut peers = Vec::with_capacity(kinds.len());
    if !kinds.is_empty() {
        let python = environment(PACKAGES, terminal)?;
        for kind in kinds {
            peers.push(Peer::start(*kind, &python)?);
        }
    }
    terminal
        .note(format!("Membaca {} gambar", set.pictures()), format!("Reading {} pictures", set.pictures()));
    let progress = terminal.progress(set.pictures());
    let bench = ktp_bench::run((args.cards, args.seed), &set, &mut peers, || progress.inc(1))?;
    progress.finish_and_clear();
    Ok(bench)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_each_named_once_or_not_at_all() {
        use PeerArg::{None, Rapidocr, Tesseract};
        let check = |peers: &[PeerArg], expected: Option<&[PeerKind]>| {
            assert_eq!(kinds(peers).ok().as_deref(), expected);
        };
        check(&[Tesseract, Rapidocr], Some(&[PeerKind::Tesseract, PeerKind::Rapidocr]));
        check(&[None], Some(&[]));
        check(&[None, Rapidocr], Option::None);
        check(&[Rapidocr, Rapidocr], Option::None);
    }
}
