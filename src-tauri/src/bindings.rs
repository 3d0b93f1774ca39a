//! The TypeScript side of [`crate::view`]: compared by a test, written by `cargo xtask bindings`.

use ts_rs::{Config, TS};

use crate::view::{CountsView, ModelView, ModelsView, QueueProblem, QueueView, StatusView};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/bindings.ts");

fn generated() -> String {
    let config = Config::default();
    let declarations = [
        StatusView::decl(&config),
        ModelsView::decl(&config),
        ModelView::decl(&config),
        QueueView::decl(&config),
        CountsView::decl(&config),
        QueueProblem::decl(&config),
    ];
    let mut text =
        "// Written by `cargo xtask bindings` from src-tauri/src/view.rs. Do not edit.\n".to_owned();
    for declaration in declarations {
        text.push_str("\nexport ");
        text.push_str(&declaration);
        text.push('\n');
    }
    text
}

#[test]
fn bindings_are_those_of_the_views() {
    if std::env::var_os("LOKET_WRITE_BINDINGS").is_some() {
        std::fs::write(PATH, generated()).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap().replace("\r\n", "\n");
    assert_eq!(committed, generated(), "run: cargo xtask bindings");
}
