//! The TypeScript side of [`crate::view`] and [`crate::action`]: compared by a test, written by `cargo xtask bindings`.

use std::any::TypeId;

use ts_rs::{Config, TS, TypeVisitor};

use crate::action::Action;
use crate::view::AppView;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/bindings.ts");

/// Every type reachable from the roots. The order they are met in changes from build to build, so they are sorted.
struct Declarations {
    config: Config,
    seen: Vec<TypeId>,
    declarations: Vec<String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only our own types have a file to be written to.
        if T::output_path().is_none() || self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        self.declarations.push(format!("\nexport {}\n", T::decl(&self.config)));
        T::visit_dependencies(self);
    }
}

fn generated() -> String {
    let mut all = Declarations { config: Config::default(), seen: Vec::new(), declarations: Vec::new() };
    all.visit::<AppView>();
    all.visit::<Action>();
    all.declarations.sort();
    let header = "// Written by `cargo xtask bindings` from src-tauri/src/view and action.rs. Do not edit.\n";
    format!("{header}{}", all.declarations.concat())
}

#[test]
fn bindings_are_those_of_the_views() {
    if std::env::var_os("LOKET_WRITE_BINDINGS").is_some() {
        std::fs::write(PATH, generated()).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap().replace("\r\n", "\n");
    assert_eq!(committed, generated(), "run: cargo xtask bindings");
}
