//! Modules are swapped while the server runs: new ones are taken, whole or not at all; whatever is
//! wrong with a file leaves in use what was.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use plancheck_server_tests::{Host, Live, PATIENCE, door, program, ready, wait_until};
use serde_json::{Value, json};

/// A code with one number: doors of 0.9 m are 35.4 in.
fn rulebook(id: &str, version: &str, inches: u32) -> String {
    format!(
        r#"
[module]
id = "{id}"
title = "Doors"
version = "{version}"
publisher = "Tests"
limits = "Everything but doors."

[jurisdiction]
country = "us"
family = "Doors"
edition = "1"

[parameters.door_width]
title = "Least clear width of a door"
value = "{inches} in"
citation = "Doors §1"

[rules.door-width]
title = "Doors are wide enough"
citation = "Doors §1"
severity = "error"
category = "accessibility"
subject = "door"
require = "clear_width >= door_width"
page = """
Doors have a width.

# Example

A door of 20 in fails.

# Limits

None."""

[[rules.door-width.fixtures]]
name = "wide"
given = {{ clear_width = "60 in" }}
expect = "pass"

[[rules.door-width.fixtures]]
name = "narrow"
given = {{ clear_width = "20 in" }}
expect = "fail"

[[rules.door-width.fixtures]]
name = "nobody says"
given = {{ }}
expect = "undetermined"
"#
    )
}

/// A publisher's desk: a folder with a key, where modules are built and signed.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        desk.say(&["keygen", "city"]);
        desk.say(&["keygen", "stranger"]);
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn say(&self, arguments: &[&str]) {
        let done = Command::new(program())
            .arg("module")
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("PLANCHECK_KEY_PASSWORD")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{arguments:?}: {said}");
    }

    /// File and signature of a module.
    fn module(&self, id: &str, version: &str, inches: u32, key: &str) -> (Vec<u8>, Vec<u8>) {
        fs::write(self.at("book.toml"), rulebook(id, version, inches)).unwrap();
        self.say(&["build", "book.toml", "--output", "book.wasm"]);
        self.say(&["sign", "book.wasm", "--key", key]);
        let read = |name: &str| fs::read(self.at(name)).unwrap();
        (read("book.wasm"), read("book.wasm.minisig"))
    }
}

/// As a careful operator puts it there.
fn put(folder: &Path, name: &str, (file, signature): &(Vec<u8>, Vec<u8>)) {
    fs::write(folder.join(format!("{name}.wasm.minisig")), signature).unwrap();
    fs::write(folder.join(format!("{name}.wasm")), file).unwrap();
}

struct Town {
    desk: Desk,
    folder: tempfile::TempDir,
    host: Host,
}

impl Town {
    /// A server with the first version of one module.
    fn new(more: &[&str]) -> Town {
        let desk = Desk::new();
        let folder = tempfile::tempdir().unwrap();
        put(
            folder.path(),
            "doors",
            &desk.module("doors", "1.0.0", 32, "city.key"),
        );
        let key = desk.at("city.pub");
        let mut arguments = vec![
            "--no-builtin",
            "--modules-dir",
            folder.path().to_str().unwrap(),
            "--trusted-key",
            key.to_str().unwrap(),
        ];
        if more.is_empty() {
            arguments.extend(["--modules-poll", "1s", "--modules-settle", "4s"]);
        }
        arguments.extend(more);
        let host = Host::start(&arguments);
        Town { desk, folder, host }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn modules(&self) -> Value {
        self.host.client().get("/api/v1/modules").json(200)
    }

    /// Versions in use, by id.
    fn versions(&self) -> Vec<(String, String)> {
        let known = self.modules();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let modules = known["modules"].as_array().unwrap().iter();
        modules
            .map(|one| (text(&one["id"]), text(&one["version"])))
            .collect()
    }

    fn uses(&self, version: &str) -> bool {
        self.versions() == [("doors".to_owned(), version.to_owned())]
    }

    /// State and code of the reason of a file.
    fn file(&self, name: &str) -> (String, String) {
        let known = self.modules();
        let files = known["files"].as_array().unwrap();
        let Some(file) = files.iter().find(|one| one["file"] == name) else {
            return Default::default();
        };
        assert!(
            file["since"]
                .as_str()
                .is_some_and(|since| since.ends_with('Z')),
            "{file}"
        );
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&file["state"]), text(&file["problem"]["code"]))
    }

    /// How a door of 0.9 m is judged now.
    fn fails(&self) -> u64 {
        let report = self
            .host
            .client()
            .post("/api/v1/validate", &door(0.9))
            .json(200);
        report["summary"]["fail"].as_u64().unwrap()
    }

    fn reloads(&self, outcome: &str) -> u64 {
        let text = self.host.client().get("/metrics").text();
        let name = format!("plancheck_module_reloads_total{{outcome=\"{outcome}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name));
        line.and_then(|count| count.parse().ok())
            .unwrap_or_else(|| panic!("{text}"))
    }
}

#[test]
fn a_new_version_is_in_use_without_a_restart() {
    if !ready("a_new_version_is_in_use_without_a_restart") {
        return;
    }
    let town = Town::new(&[]);
    assert!(town.uses("1.0.0"), "{}", town.modules());
    assert_eq!(
        town.file("doors.wasm"),
        ("in-use".to_owned(), String::new())
    );
    let signed = town.modules()["modules"][0]["signed_by"].clone();
    assert!(
        signed.as_str().is_some_and(|key| key.len() == 16),
        "{signed}"
    );
    assert_eq!(town.fails(), 0);
    // A request that has begun: its head is read, half of its body is there.
    let body = door(0.9);
    let mut begun = TcpStream::connect(&town.host.address).unwrap();
    begun.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "POST /api/v1/validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    begun.write_all(head.as_bytes()).unwrap();
    begun.write_all(&body[..20]).unwrap();
    wait_until("the request has begun", || {
        town.host.client().get("/health").json(200)["in_flight"] == 1
    });

    put(
        town.folder.path(),
        "doors",
        &town.desk.module("doors", "2.0.0", 36, "city.key"),
    );
    wait_until("the new version is in use", || town.uses("2.0.0"));
    assert_eq!(
        town.fails(),
        1,
        "another number, another verdict, no old report"
    );
    begun.write_all(&body[20..]).unwrap();
    let mut answer = String::new();
    begun.read_to_string(&mut answer).unwrap();
    let report: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(
        report["summary"]["fail"], 0,
        "it ends with what it began with"
    );

    assert_eq!(town.reloads("loaded"), 1);
    assert_eq!(town.reloads("refused"), 0);
    let metrics = town.host.client().get("/metrics").text();
    let info: Vec<&str> = metrics
        .lines()
        .filter(|line| line.starts_with("plancheck_module_info{"))
        .collect();
    assert!(
        info.len() == 1 && info[0].contains("version=\"2.0.0\""),
        "{info:?}"
    );
    let log = town.host.log();
    let said = log
        .lines()
        .filter(|line| line.contains("plancheck::audit") && line.contains("module_loaded"));
    assert_eq!(said.count(), 2, "{log}");
}

#[test]
fn whoever_looks_at_a_building_gets_the_new_verdicts() {
    if !ready("whoever_looks_at_a_building_gets_the_new_verdicts") {
        return;
    }
    let town = Town::new(&[]);
    let admin = town.host.admin();
    admin.put("/api/v1/buildings/house", &door(0.6)).expect(200);
    let token = admin.token.clone().unwrap();
    let (mut live, status) = Live::join(&town.host, "house", &token);
    let first = live.wait_for("validation_update");
    assert_eq!(first["report"]["summary"]["fail"], 1);
    // More edits than a client's queue takes: they must not come again one by one.
    for number in 1..=70 {
        live.edit(&format!("r{number}"), "d1", "clear_width", &json!(0.9));
        while live.wait_for("validation_update")["seq"] != number {}
    }
    put(
        town.folder.path(),
        "doors",
        &town.desk.module("doors", "2.0.0", 36, "city.key"),
    );
    let full = live.wait_for("validation_update");
    assert_eq!((&full["kind"], &full["seq"]), (&json!("full"), &json!(70)));
    assert_ne!(full["epoch"], status["epoch"]);
    let model = |epoch: &Value| {
        epoch
            .as_str()
            .unwrap()
            .split('.')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        model(&full["epoch"]),
        model(&status["epoch"]),
        "it is the same model"
    );
    assert_eq!(
        full["report"]["summary"]["fail"], 1,
        "0.9 m is too narrow now"
    );
    live.edit("wider", "d1", "clear_width", &json!(1.0));
    let delta = live.wait_for("validation_update");
    assert_eq!(
        (&delta["epoch"], &delta["seq"]),
        (&full["epoch"], &json!(71))
    );
    assert_eq!(delta["delta"]["summary"]["fail"], 0);
}

#[test]
fn what_cannot_be_used_leaves_the_old_in_place() {
    if !ready("what_cannot_be_used_leaves_the_old_in_place") {
        return;
    }
    let town = Town::new(&[]);
    let good = town.desk.module("doors", "2.0.0", 36, "city.key");
    let theirs = town.desk.module("doors", "3.0.0", 36, "stranger.key");
    let mut tampered = good.clone();
    let middle = tampered.0.len() / 2;
    tampered.0[middle] ^= 1;
    let half = (good.0[..middle].to_vec(), good.1.clone());
    fs::write(town.desk.at("no.wasm"), b"no module").unwrap();
    town.desk.say(&["sign", "no.wasm", "--key", "city.key"]);
    let no_module = (
        b"no module".to_vec(),
        fs::read(town.desk.at("no.wasm.minisig")).unwrap(),
    );
    let cases = [
        ("tampered", tampered, "signature-wrong"),
        ("of a stranger", theirs, "key-unknown"),
        ("half of it", half, "signature-wrong"),
        ("no module", no_module, "not-a-component"),
        (
            "no signature",
            (good.0.clone(), b"hello".to_vec()),
            "signature-malformed",
        ),
        (
            "too large",
            (vec![0; (4 << 20) + 1], good.1.clone()),
            "too-large",
        ),
    ];
    for (count, (what, files, code)) in (1..).zip(cases) {
        put(town.folder.path(), "doors", &files);
        wait_until(what, || town.reloads("refused") == count);
        assert_eq!(
            town.file("doors.wasm"),
            ("refused".to_owned(), code.to_owned()),
            "{what}"
        );
        assert!(town.uses("1.0.0"), "{what}: {}", town.modules());
        assert_eq!(town.fails(), 0, "{what}");
    }
    let log = town.host.log();
    assert!(
        log.contains("module_refused") && log.contains("signature-wrong"),
        "{log}"
    );
    // A file that nobody knew before is no part of the ruleset either.
    fs::write(town.path("another.wasm"), &good.0).unwrap();
    wait_until("it is refused", || town.file("another.wasm").0 == "refused");
    assert_eq!(town.file("another.wasm").1, "signature-missing");
    assert!(town.uses("1.0.0"), "{}", town.modules());
    fs::remove_file(town.path("another.wasm")).unwrap();
    // And the first good one is taken.
    put(town.folder.path(), "doors", &good);
    wait_until("the good one is in use", || town.uses("2.0.0"));
    assert_eq!(
        town.file("doors.wasm"),
        ("in-use".to_owned(), String::new())
    );
    assert_eq!(town.fails(), 1);
}

#[test]
fn half_written_files_are_waited_for_and_files_that_come_together_are_swapped_together() {
    if !ready("half_written_files_are_waited_for_and_files_that_come_together_are_swapped_together")
    {
        return;
    }
    let town = Town::new(&["--modules-poll", "1s", "--modules-settle", "30s"]);
    let second = town.desk.module("doors", "2.0.0", 36, "city.key");
    let other = town.desk.module("gates", "2.0.0", 36, "city.key");
    // A copy that takes its time: the file first, the signature of the old one still beside it.
    let half = second.0.len() / 2;
    fs::write(town.path("doors.wasm"), &second.0[..half]).unwrap();
    put(town.folder.path(), "gates", &other);
    wait_until("it waits for its end", || {
        town.file("doors.wasm") == ("waiting".to_owned(), "signature-wrong".to_owned())
    });
    fs::write(town.path("doors.wasm"), &second.0).unwrap();
    wait_until("the other one is ready", || {
        town.file("gates.wasm") == ("waiting".to_owned(), "ready".to_owned())
    });
    assert!(town.uses("1.0.0"), "{}", town.modules());
    fs::write(town.path("doors.wasm.minisig"), &second.1).unwrap();
    let both = [("doors", "2.0.0"), ("gates", "2.0.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    wait_until("both are in use", || {
        let now = town.versions();
        assert!(
            now == both || town_is_old(&now),
            "one without the other: {now:?}"
        );
        now == both
    });
    assert_eq!(town.reloads("refused"), 0);
}

fn town_is_old(versions: &[(String, String)]) -> bool {
    versions == [("doors".to_owned(), "1.0.0".to_owned())]
}

#[test]
fn a_file_that_has_gone_takes_its_modules_with_it_but_never_the_last() {
    if !ready("a_file_that_has_gone_takes_its_modules_with_it_but_never_the_last") {
        return;
    }
    let town = Town::new(&[]);
    put(
        town.folder.path(),
        "gates",
        &town.desk.module("gates", "1.0.0", 36, "city.key"),
    );
    wait_until("both are in use", || town.versions().len() == 2);
    assert_eq!(town.fails(), 1);
    let began = Instant::now();
    fs::remove_file(town.path("gates.wasm")).unwrap();
    wait_until("it has gone", || town.uses("1.0.0"));
    assert!(
        began.elapsed() >= Duration::from_secs(3),
        "a moment is not enough"
    );
    assert_eq!(town.reloads("removed"), 1);
    assert_eq!(town.fails(), 0);
    // Without any module everything would pass.
    fs::remove_file(town.path("doors.wasm")).unwrap();
    wait_until("it is missed", || town.file("doors.wasm").1 == "gone");
    std::thread::sleep(Duration::from_secs(7));
    assert!(town.uses("1.0.0"), "{}", town.modules());
    // A folder that is away for a moment changes nothing.
    let aside = town.folder.path().with_extension("aside");
    fs::rename(town.folder.path(), &aside).unwrap();
    wait_until("it is said", || town.reloads("unreadable") == 1);
    assert!(town.uses("1.0.0"), "{}", town.modules());
    fs::rename(&aside, town.folder.path()).unwrap();
    put(
        town.folder.path(),
        "doors",
        &town.desk.module("doors", "2.0.0", 36, "city.key"),
    );
    wait_until("it is looked at again", || town.uses("2.0.0"));
}

#[test]
fn a_signal_asks_for_a_look_at_once() {
    if !ready("a_signal_asks_for_a_look_at_once") {
        return;
    }
    let town = Town::new(&["--modules-poll", "0s"]);
    put(
        town.folder.path(),
        "doors",
        &town.desk.module("doors", "2.0.0", 36, "city.key"),
    );
    std::thread::sleep(Duration::from_secs(2));
    assert!(town.uses("1.0.0"), "nobody looks by himself");
    town.host.hang_up();
    wait_until("the new version is in use", || town.uses("2.0.0"));
    // Who asks says that it is whole: nothing is waited for.
    fs::remove_file(town.path("doors.wasm.minisig")).unwrap();
    town.host.hang_up();
    wait_until("it is refused", || {
        town.file("doors.wasm") == ("refused".to_owned(), "signature-missing".to_owned())
    });
    assert!(town.uses("2.0.0"), "{}", town.modules());
}
