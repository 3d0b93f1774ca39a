//! `bench ktp`: draw a benchmark, let everybody read it, and tell.
//!
//! Invariant: what would make the run useless at its end (a page without marks, a peer that is not there) is noticed before the
//! first picture is read. Deliberately absent: judging, which [`crate::ktp_bench`] does.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use python_env::Packages;

use crate::args::{KtpArgs, PeerArg};
use crate::exit::Exit;
use crate::ktp_bench::peers::{PACKAGES, Peer, PeerKind};
use crate::ktp_bench::set::{self, BenchSet, TRAINING};
use crate::ktp_bench::{self, Bench, Summary, docs, report};
use crate::terminal::Terminal;

/// Draws, reads, prints, writes what was asked for.
pub fn run(args: &KtpArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    if !Path::new(TRAINING).join(set::SCRIPT).exists() {
        bail!("run this in the repository's root: {TRAINING}/{} is not here", set::SCRIPT);
    }
    let kinds = kinds(&args.peers)?;
    if args.write_docs {
        docs::SECTION.around(&read(docs::PAGE)?)?;
    }
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => python_env::cache()?.join(format!("ktp-bench/seed-{}-cards-{}", args.seed, args.cards)),
    };
    draw(args, &folder, terminal)?;
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

fn draw(args: &KtpArgs, folder: &Path, terminal: &Terminal) -> anyhow::Result<()> {
    let python = environment(python_env::GENERATOR, terminal)?;
    terminal.note(
        format!("Menggambar kartu di {}", folder.display()),
        format!("Drawing cards in {}", folder.display()),
    );
    let progress = terminal.progress(set::expected(args.cards as usize));
    set::draw(&python, set::SCRIPT, folder, (args.seed, args.cards), || progress.inc(1))?;
    progress.finish_and_clear();
    Ok(())
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

pub(super) fn environment(packages: Packages<'_>, terminal: &Terminal) -> anyhow::Result<PathBuf> {
    let told = |folder: &Path| {
        terminal.note(
            format!("Memasang paket Python di {}", folder.display()),
            format!("Installing Python packages into {}", folder.display()),
        );
    };
    Ok(python_env::open(packages, told)?)
}

pub(super) fn read(path: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
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
