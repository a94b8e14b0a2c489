//! What an operator is given is right: alerts that fire, a dashboard of metrics that there are, secrets
//! that nobody else reads, a container that gets the time it needs, lines of shell that work.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use plancheck_server_tests::{Host, Live, Redis, door, ready, root};
use serde_json::{Value, json};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// promtool, docker-compose and the rest; says itself what it skips, and that CI may not.
#[test]
fn what_is_in_deploy_is_right() {
    let output = Command::new("sh")
        .arg(root().join("deploy/check.sh"))
        .output()
        .unwrap();
    eprintln!("{}", said(&output));
    assert!(output.status.success());
}

fn make_secrets(folder: &Path) -> Output {
    let script = root().join("deploy/make-secrets.sh");
    Command::new("sh").arg(script).arg(folder).output().unwrap()
}

fn secrets(folder: &Path) -> Vec<(String, String)> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files
        .map(|path| {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn secrets_are_made_once_and_are_what_the_program_takes() {
    if !ready("secrets_are_made_once_and_are_what_the_program_takes") {
        return;
    }
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("secrets");
    assert!(make_secrets(&folder).status.success());
    let first = secrets(&folder);
    // Each of those that docker-compose.yml mounts, and no two alike.
    let compose = read("docker-compose.yml");
    for (name, _) in &first {
        assert!(
            compose.contains(&format!("  {name}: {{ file: ./deploy/secrets/{name} }}")),
            "{name}"
        );
    }
    assert_eq!(
        compose.matches("{ file: ./deploy/secrets/").count(),
        first.len()
    );
    let values: BTreeSet<&str> = first.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(values.len(), first.len());
    assert!(make_secrets(&folder).status.success());
    assert_eq!(secrets(&folder), first);
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (mut command, _data) = Host::command(&["--token-keys-file", &path("token-keys")]);
    command.args([
        "--admin-password-file",
        &path("admin-password"),
        "--redis-url-file",
        &path("redis-url"),
    ]);
    let output = command.arg("--check-config").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    // Another password than the one in the address would be a riddle for later.
    fs::remove_file(folder.join("database-password")).unwrap();
    assert!(!make_secrets(&folder).status.success());
    assert!(!folder.join("database-password").exists());
}

/// A selector of a query: the metric, and its matchers as (label, operator, value).
type Selector = (String, Vec<(String, String, String)>);

/// The metrics of ours that a text names.
fn selectors(text: &str) -> Vec<Selector> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = text.match_indices("plancheck_").map(|(at, _)| at);
    starts
        .filter(|at| !text[..*at].ends_with(word))
        .map(|at| {
            let rest = &text[at..];
            let end = rest.find(|c: char| !word(c)).unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            let inside = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let inside = inside.map_or("", |(inside, _)| inside);
            let matchers = inside.split(',').filter(|matcher| !matcher.is_empty());
            let matchers = matchers.map(|matcher| {
                let end = matcher.find(|c: char| !word(c)).expect("a matcher");
                let (label, rest) = matcher.split_at(end);
                let (operator, value) = rest.split_once('"').expect("a value in quotes");
                (
                    label.to_owned(),
                    operator.to_owned(),
                    value.trim_end_matches('"').to_owned(),
                )
            });
            (name.to_owned(), matchers.collect())
        })
        .collect()
}

/// All `expr` of a dashboard.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("expr").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| queries(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| queries(value, found)),
        _ => {}
    }
}

#[test]
fn every_metric_that_is_asked_for_exists() {
    if !ready("every_metric_that_is_asked_for_exists") {
        return;
    }
    let redis = Redis::start();
    let host = Host::start(&["--redis-url", &redis.url()]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.7))
        .expect(200);
    let (mut live, _) = Live::join(&host, "house", admin.token.as_deref().unwrap());
    live.edit("a", "d1", "clear_width", &json!(0.9));
    live.wait_for("compliance_score");
    let metrics = host.client().get("/metrics").text();

    let mut asked = selectors(&read("deploy/alerts.yml"));
    let dashboard: Value =
        serde_json::from_str(&read("deploy/grafana/dashboards/plancheck.json")).unwrap();
    let mut found = Vec::new();
    queries(&dashboard, &mut found);
    assert!(found.len() > 20, "{found:?}");
    asked.extend(found.iter().flat_map(|query| selectors(query)));
    for (name, matchers) in asked {
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(&name);
        let histogram = metrics.contains(&format!("# TYPE {family} histogram\n"));
        let plain = metrics.contains(&format!("# TYPE {name} "));
        assert!(histogram || plain, "there is no metric {name}");
        assert!(
            !(plain && metrics.contains(&format!("# TYPE {name} histogram\n"))),
            "{name} is a histogram"
        );
        let samples = || {
            metrics
                .lines()
                .filter(|line| line.starts_with(&format!("{name}{{")))
        };
        for (label, operator, value) in matchers {
            // Prometheus gives these itself.
            if ["instance", "job"].contains(&label.as_str()) {
                continue;
            }
            assert!(
                samples().any(|line| line.contains(&format!("{label}=\""))),
                "{name} has no {label}"
            );
            // Statuses of answers and modules that did not occur here.
            if operator == "=" && label != "status" {
                let pair = format!("{label}=\"{value}\"");
                assert!(
                    samples().any(|line| line.contains(&pair)),
                    "{name} never has {pair}"
                );
            }
        }
    }
}

/// `from_secs(N)` of a constant in a source.
fn seconds(source: &str, constant: &str) -> u64 {
    let text = read(source);
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("const {constant}: Duration")));
    let line = line.unwrap_or_else(|| panic!("{source} has no {constant}"));
    let digits = line
        .split_once("from_secs(")
        .unwrap()
        .1
        .split_once(')')
        .unwrap()
        .0;
    digits.parse().unwrap()
}

#[test]
fn a_container_gets_the_time_that_the_way_out_takes() {
    let settings = read("docs/configuration.md");
    let timeout = settings
        .lines()
        .find(|line| line.starts_with("| `--timeout TIME`"))
        .unwrap();
    let timeout: u64 = timeout
        .split("| `")
        .nth(3)
        .unwrap()
        .split_once("s`")
        .unwrap()
        .0
        .parse()
        .unwrap();
    // For the last answers, for the last connections, and a second for what runs into its limits.
    let longest = timeout + 2 * seconds("host/src/api/server.rs", "LAST_BYTES") + 1;
    let compose = read("docker-compose.yml");
    let host = compose
        .split("  plancheck:\n")
        .nth(1)
        .unwrap()
        .split("  postgres:\n")
        .next()
        .unwrap();
    let grace = host
        .lines()
        .find_map(|line| line.trim().strip_prefix("stop_grace_period: "))
        .unwrap();
    let grace: u64 = grace.strip_suffix('s').unwrap().parse().unwrap();
    assert!(
        grace > longest,
        "stop_grace_period is {grace} s, and the way out may take {longest} s"
    );
    // Nobody outside reaches anything else; Grafana is for this machine.
    let ports: Vec<&str> = compose
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("ports:"))
        .collect();
    assert_eq!(
        ports,
        [
            r#"ports: ["${PLANCHECK_PUBLISH:-127.0.0.1:8080}:8080"]"#,
            r#"ports: ["${GRAFANA_PUBLISH:-127.0.0.1:3000}:3000"]"#,
        ]
    );
}

#[test]
fn the_lines_in_the_readme_work() {
    if !ready("the_lines_in_the_readme_work") {
        return;
    }
    let curl = Command::new("curl").arg("--help").arg("all").output();
    if !curl.is_ok_and(|output| said(&output).contains("--json")) {
        let why = "the_lines_in_the_readme_work: SKIPPED, curl 7.82 or newer is missing";
        assert!(std::env::var_os("CI").is_none(), "{why}");
        eprintln!("{why}");
        return;
    }
    let readme = read("README.md");
    let section = readme.split("## Run it as a service").nth(1).unwrap();
    let lines = section
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    // The program of this build, on another port; and it is ended.
    let (program, _data) = Host::command(&[]);
    let folder = Path::new(program.get_program())
        .parent()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let script = lines
        .replace("$PWD/target/debug", &folder)
        .replace("127.0.0.1:8080", &address);
    let script = format!("set -e\ntrap 'kill $!; wait $!; rm -r $data' EXIT\n{script}");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(root())
        .env("PLANCHECK_LISTEN", &address)
        .env(
            "PLANCHECK_CACHE_DIR",
            root().join("target/tmp/server-tests-cache"),
        )
        .output()
        .unwrap();
    let words = said(&output);
    assert!(output.status.success(), "{words}");
    assert!(words.contains(r#""id":"office""#), "{words}");
    let history = words
        .lines()
        .find(|line| line.contains(r#""items":[{"id":"rep_"#));
    assert!(
        history.is_some_and(|line| line.contains(r#""jurisdiction":"us""#)),
        "{words}"
    );
}
