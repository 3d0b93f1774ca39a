//! The layer table: dependencies point downwards only, and some foreign crates have one home.

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

use crate::report;

/// Every package and what of ours it may use. A package may use only what stands before it, so there is no circle.
const LAYERS: [(&str, &str); 22] = [
    ("ktp", ""),
    ("frame", ""),
    ("inference", "frame"),
    ("vision", "frame inference ktp"),
    ("liveness", "frame inference"),
    ("session", "ktp"),
    ("bundle", "ktp"),
    ("camera", "frame ktp"),
    ("vault", ""),
    ("outbox", "vault"),
    ("gateway", "ktp bundle"),
    ("launch", "gateway"),
    ("kiosk", "gateway launch"),
    ("sync", "ktp outbox gateway bundle"),
    (
        "engine",
        "ktp frame inference vision liveness session bundle camera vault outbox gateway launch kiosk sync",
    ),
    ("simulator", "ktp"),
    ("testkit", "ktp frame bundle camera vault gateway simulator"),
    ("python-env", ""),
    (
        "cli",
        "python-env ktp frame inference vision liveness session bundle camera vault outbox gateway launch kiosk sync engine simulator testkit",
    ),
    (
        "loket",
        "ktp frame inference vision liveness session bundle camera vault outbox gateway launch kiosk sync engine",
    ),
    ("backend", "gateway kiosk"),
    ("xtask", "python-env"),
];

/// What tests, and features that no release has, may use besides. The simulator is a partner at the other end of a
/// socket, hence no layer of ours.
const FOR_TESTS: [&str; 2] = ["testkit", "simulator"];

/// Foreign crates, by the start of their name, that only one package may name.
const AT_HOME: [(&str, &str); 4] =
    [("tauri", "loket"), ("wry", "loket"), ("tract", "inference"), ("nokhwa", "camera")];

fn packages() -> Vec<Package> {
    MetadataCommand::new().no_deps().exec().expect("cargo reads the workspace").packages
}

fn is_ours(name: &str) -> bool {
    LAYERS.iter().any(|(package, _)| *package == name)
}

/// What is wrong with `package` depending on `dependency`, if anything.
fn breach(package: &str, dependency: &str, is_for_tests: bool) -> Option<String> {
    if let Some((_, home)) =
        AT_HOME.iter().find(|(start, home)| dependency.starts_with(start) && package != *home)
    {
        return Some(format!("{package} names {dependency}; only {home} may"));
    }
    if !is_ours(dependency) || is_for_tests && FOR_TESTS.contains(&dependency) {
        return None;
    }
    let Some((_, may_use)) = LAYERS.iter().find(|(name, _)| *name == package) else {
        return Some(format!("{package} is missing from the layer table"));
    };
    let is_allowed =
        may_use.split(' ').any(|name| name == dependency) || is_for_tests && is_below(dependency, package);
    (!is_allowed).then(|| format!("{package} uses {dependency}, which its layer may not"))
}

fn is_below(lower: &str, upper: &str) -> bool {
    let place = |package: &str| LAYERS.iter().position(|(name, _)| *name == package);
    place(lower) < place(upper)
}

#[test]
fn the_table_itself_points_downwards() {
    for (package, may_use) in LAYERS {
        for used in may_use.split(' ').filter(|used| !used.is_empty()) {
            assert!(is_below(used, package), "{package} stands before {used}");
        }
    }
}

#[test]
fn breaches_are_recognised() {
    #[track_caller]
    fn check(package: &str, dependency: &str, is_for_tests: bool, is_breach: bool) {
        assert_eq!(
            breach(package, dependency, is_for_tests).is_some(),
            is_breach,
            "{package} -> {dependency}"
        );
    }
    check("vision", "ktp", false, false);
    check("vision", "serde", false, false);
    check("ktp", "vision", false, true);
    check("outbox", "gateway", false, true);
    check("loket", "simulator", false, true);
    check("sync", "simulator", true, false);
    check("sync", "simulator", false, true);
    check("engine", "tauri", false, true);
    check("vision", "tract-onnx", true, true);
    check("newcomer", "ktp", false, true);
}

#[test]
fn dependencies_point_downwards() {
    let mut breaches = Vec::new();
    for package in packages() {
        if !is_ours(&package.name) {
            breaches.push(format!("{} is missing from the layer table", package.name));
        }
        let of_tests =
            |dependency: &Dependency| dependency.kind == DependencyKind::Development || dependency.optional;
        breaches.extend(
            package.dependencies.iter().filter_map(|it| breach(&package.name, &it.name, of_tests(it))),
        );
    }
    report("Dependencies point downwards only (docs/architecture.md).", &breaches);
}
