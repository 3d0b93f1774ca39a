//! What an operator does beside the server, by the program itself.

use std::process::{Command, Output};

use kiosk::{KioskClient, KioskKey};

use crate::common::{Backend, Database, endpoint, http, platform, write};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loket-backend"));
    command.args(arguments).env_remove("LOKET_BACKEND_CONFIG").env("LOKET_BACKEND_LOG", "error");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_enrols_lists_and_revokes_beside_the_running_server() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let path = database.folder.path().join("backend.toml");
    write(&path, &database.config(&platform, ([127, 0, 0, 1], 0).into(), ""));
    let config = path.to_str().unwrap();

    let code = said(&run(&["--config", config, "enrol", "--label", "counter 12"]));
    let (key, _) = KioskKey::generate().unwrap();
    let kiosk = KioskClient::enrol(http(), &endpoint(&backend.base_url), key, &code).await.unwrap().0;
    let listed = said(&run(&["--config", config, "kiosks"]));
    assert!(listed.contains(&kiosk.id().to_string()) && listed.ends_with("enrolled  counter 12"), "{listed}");

    assert!(kiosk.results(0, 0).await.unwrap().results.is_empty());
    said(&run(&["--config", config, "revoke", &kiosk.id().to_string()]));
    kiosk.results(0, 0).await.unwrap_err();
    assert!(said(&run(&["--config", config, "kiosks"])).contains("revoked "));
    let again = run(&["--config", config, "revoke", &kiosk.id().to_string()]);
    assert!(!again.status.success());
}

#[test]
fn what_keeps_it_from_starting_is_said_and_no_secret_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backend.toml");
    let config = path.to_str().unwrap();
    let complaint = |text: &str| {
        write(&path, text);
        let output = run(&["--config", config, "serve"]);
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let postgres =
        "listen = \"127.0.0.1:0\"\n[storage.postgres]\nurl = { env = \"LOKET_NO_SUCH_VARIABLE\" }\n";
    assert!(complaint(postgres).contains("LOKET_NO_SUCH_VARIABLE: it is not set"));
    let url = folder.path().join("url");
    write(&url, "postgres://loket:synthetic-password@127.0.0.1:1/loket");
    let unreachable = format!("listen = \"127.0.0.1:0\"\n[storage.postgres]\nurl = {{ file = {url:?} }}\n");
    let unreachable = complaint(&unreachable);
    assert!(unreachable.contains("cannot be reached") && !unreachable.contains("synthetic"), "{unreachable}");
    assert!(complaint("lisen = 1").contains("backend.toml"));
}

#[test]
fn measuring_with_a_few_kiosks_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, plot) = (folder.path().join("report.json"), folder.path().join("plot.svg"));
    let mut arguments =
        vec!["bench", "--kiosks", "2,5", "--rounds", "2", "--pause-ms", "10", "--storage", "sqlite"];
    arguments.extend(["--json", path.to_str().unwrap(), "--plot", plot.to_str().unwrap()]);
    said(&run(&arguments));
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for (report, kiosks) in reports.iter().zip([2, 5]) {
        let count = |name: &str| report[name].as_u64().unwrap();
        assert_eq!((count("lost"), count("doubled"), count("kiosks")), (0, 0, kiosks));
        // In each round a flow, two callbacks and at least one look at the results; one more look in the end.
        assert!(count("requests") > kiosks * 2 * 4, "{report}");
        assert!(report["result_ms"]["p99"].as_f64().unwrap() > 0.0);
    }
    assert_eq!(reports.len(), 2);
    assert!(std::fs::read_to_string(plot).unwrap().starts_with("<svg"));
}
