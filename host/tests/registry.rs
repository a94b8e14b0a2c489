//! Registries: modules go there and come back with their signatures; whatever a registry does wrong is
//! refused under its name, in bounded time and memory, and what was fetched once outlives it.

mod cli_support;
mod registry_support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cli_support::{code, complete, err, out, plancheck, run};
use plancheck_host::runtime::embedded_modules;
use registry_support::{Manners, Registry};

const USER: &str = "somebody";
const PASSWORD: &str = "a-secret-of-the-registry";

/// What a registry does wrong, how it comes to do so, and the code that names it.
type Wrong = (&'static str, fn(&mut Manners), &'static str);

struct Desk(tempfile::TempDir);

impl Desk {
    /// A folder with a module that is signed.
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let (_, bytes) = embedded_modules().first().unwrap();
        fs::write(desk.at().join("city.wasm"), bytes).unwrap();
        assert_eq!(desk.say(&["module", "keygen", "city"]).0, 0);
        assert_eq!(
            desk.say(&["module", "sign", "city.wasm", "--key", "city.key"])
                .0,
            0
        );
        desk
    }

    fn at(&self) -> &Path {
        self.0.path()
    }

    fn say(&self, arguments: &[&str]) -> (i32, String) {
        let done = run(plancheck()
            .args(arguments)
            .env("PLANCHECK_REGISTRY_USER", USER)
            .env("PLANCHECK_REGISTRY_PASSWORD", PASSWORD)
            .env("PLANCHECK_CACHE_DIR", self.at().join("cache"))
            .env("PLANCHECK_DATA_DIR", self.at().join("data"))
            .current_dir(self.at()));
        let said = format!("{}{}", out(&done), err(&done));
        assert!(!said.contains(PASSWORD), "{said}");
        (code(&done), said)
    }

    fn push(&self, artifact: &str) -> String {
        let (code, said) = self.say(&["module", "push", "city.wasm", artifact]);
        assert_eq!(code, 0, "{said}");
        let at = said.find("sha256:").unwrap();
        said[at..at + 71].to_owned()
    }

    fn pull(&self, artifact: &str, folder: &str) -> (i32, String) {
        self.say(&["module", "pull", artifact, "-o", folder])
    }

    /// Whether the rules of an artifact are used.
    fn rules(&self, artifact: &str) -> (i32, String) {
        self.say(&[
            "rules",
            "--no-builtin",
            "--trusted-key",
            "city.pub",
            "--module",
            artifact,
        ])
    }

    /// Forgets what was fetched.
    fn forget(&self) {
        let _ = fs::remove_dir_all(self.at().join("cache/registry"));
    }
}

#[test]
fn modules_go_there_and_come_back_and_are_kept() {
    if !complete("modules_go_there_and_come_back_and_are_kept") {
        return;
    }
    let desk = Desk::new();
    let registry = Registry::start(Manners::default());
    let tag = registry.artifact("codes/city:1.0.0");
    let digest = desk.push(&tag);
    let (code, said) = desk.pull(&tag, "taken");
    assert!(code == 0 && said.contains(&digest), "{said}");
    for name in ["city.wasm", "city.wasm.minisig"] {
        let read = |path: &Path| fs::read(path.join(name)).unwrap();
        assert_eq!(read(desk.at()), read(&desk.at().join("taken")), "{name}");
    }
    let pinned = registry.artifact(&format!("codes/city@{digest}"));
    for artifact in [&tag, &pinned] {
        let (code, said) = desk.rules(artifact);
        assert!(code == 0 && !said.contains("NOT SIGNED"), "{said}");
    }
    // A server keeps it beside its database.
    let check = [
        "serve",
        "--check-config",
        "--no-builtin",
        "--trusted-key",
        "city.pub",
        "--data-dir",
        "data",
        "--module",
        &pinned,
    ];
    let (code, said) = desk.say(&check);
    assert!(code == 0 && !said.contains("cannot be used"), "{said}");
    assert!(desk.at().join("data/registry").is_dir());
    // Pinned and kept: nobody is asked.
    let before = registry.requests();
    assert_eq!(desk.rules(&pinned).0, 0);
    assert_eq!(registry.requests(), before);
    // Who changes what is kept changes nothing: it is fetched again.
    for kept in fs::read_dir(desk.at().join("cache/registry")).unwrap() {
        let path = kept.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    for artifact in [&pinned, &tag] {
        let (code, said) = desk.rules(artifact);
        assert_eq!(code, 0, "{said}");
    }
    assert!(registry.requests() > before);
    // The registry has gone: what was fetched last is used.
    drop(registry);
    for artifact in [&tag, &pinned] {
        let (code, said) = desk.rules(artifact);
        assert_eq!(code, 0, "{said}");
    }
    desk.forget();
    let (code, said) = desk.rules(&pinned);
    assert!(code != 0 && said.contains("registry-unreachable"), "{said}");
}

#[test]
fn a_tag_that_moved_is_followed_and_a_digest_is_not() {
    if !complete("a_tag_that_moved_is_followed_and_a_digest_is_not") {
        return;
    }
    let desk = Desk::new();
    let registry = Registry::start(Manners::default());
    let tag = registry.artifact("codes/city:latest");
    let first = desk.push(&tag);
    let (_, other) = embedded_modules().last().unwrap();
    fs::write(desk.at().join("city.wasm"), other).unwrap();
    desk.say(&["module", "sign", "city.wasm", "--key", "city.key"]);
    let second = desk.push(&tag);
    assert_ne!(first, second);
    let of_first = desk.rules(&registry.artifact(&format!("codes/city:latest@{first}")));
    let of_tag = desk.rules(&tag);
    assert_eq!(
        (of_first.0, of_tag.0),
        (0, 0),
        "{} {}",
        of_first.1,
        of_tag.1
    );
    assert_ne!(of_first.1, of_tag.1);
}

#[test]
fn signatures_travel_with_modules_and_are_judged_like_those_of_files() {
    if !complete("signatures_travel_with_modules_and_are_judged_like_those_of_files") {
        return;
    }
    let desk = Desk::new();
    let registry = Registry::start(Manners::default());
    fs::remove_file(desk.at().join("city.wasm.minisig")).unwrap();
    let tag = registry.artifact("codes/city:unsigned");
    desk.push(&tag);
    let (code, said) = desk.rules(&tag);
    assert!(code != 0 && said.contains("signature-missing"), "{said}");
    desk.say(&["module", "keygen", "other"]);
    desk.say(&["module", "sign", "city.wasm", "--key", "other.key"]);
    let tag = registry.artifact("codes/city:other");
    desk.push(&tag);
    let (code, said) = desk.rules(&tag);
    assert!(code != 0 && said.contains("key-unknown"), "{said}");
}

#[test]
fn registries_that_want_a_login_get_one() {
    if !complete("registries_that_want_a_login_get_one") {
        return;
    }
    for manners in [
        Manners::basic(USER, PASSWORD),
        Manners::token(USER, PASSWORD),
    ] {
        let desk = Desk::new();
        let registry = Registry::start(manners);
        let tag = registry.artifact("codes/city:1");
        desk.push(&tag);
        let (code, said) = desk.pull(&tag, "taken");
        assert_eq!(code, 0, "{said}");
        // Others see nothing.
        let done = run(plancheck()
            .args(["module", "pull", &tag, "-o", "not-taken"])
            .env("DOCKER_CONFIG", desk.at())
            .env("PLANCHECK_CACHE_DIR", desk.at().join("another-cache"))
            .current_dir(desk.at()));
        assert_eq!(cli_support::code(&done), 2, "{}", err(&done));
        assert!(err(&done).contains("registry-denied"), "{}", err(&done));
        assert!(!desk.at().join("not-taken").exists());
    }
}

#[test]
fn whatever_a_registry_does_wrong_has_a_name() {
    if !complete("whatever_a_registry_does_wrong_has_a_name") {
        return;
    }
    let desk = Desk::new();
    let wrong: [Wrong; 9] = [
        (
            "other bytes of a layer",
            |m| m.other_blobs = true,
            "registry-wrong-digest",
        ),
        (
            "endless layers",
            |m| m.endless_blobs = true,
            "registry-too-large",
        ),
        (
            "an endless manifest",
            |m| m.endless_manifest = true,
            "registry-too-large",
        ),
        ("a circle", |m| m.circle = true, "registry-unreachable"),
        ("faults", |m| m.fails = true, "registry-unreachable"),
        (
            "another type",
            |m| m.manifest = Some(|text| text.replace("plancheck.modules", "x")),
            "registry-not-modules",
        ),
        (
            "a way out",
            |m| m.manifest = Some(|text| text.replace("\"city.wasm\"", "\"../city.wasm\"")),
            "registry-not-modules",
        ),
        (
            "a layer that says it is large",
            |m| m.manifest = Some(|text| text.replace("\"size\":", "\"size\":99999999")),
            "registry-too-large",
        ),
        (
            "no JSON",
            |m| m.manifest = Some(|_| "hello".to_owned()),
            "registry-not-modules",
        ),
    ];
    for (what, spoil, code) in wrong {
        desk.forget();
        let registry = Registry::start(Manners::default());
        let tag = registry.artifact("codes/city:1");
        desk.push(&tag);
        registry.behave(spoil);
        let (status, said) = desk.pull(&tag, "not-taken");
        assert!(status == 2 && said.contains(code), "{what}: {said}");
        assert!(!desk.at().join("not-taken").exists(), "{what}");
    }
    desk.forget();
    let registry = Registry::start(Manners::default());
    let tag = registry.artifact("codes/city:1");
    let digest = desk.push(&tag);
    let (_, said) = desk.pull(&registry.artifact("codes/city:2"), "not-taken");
    assert!(said.contains("registry-not-found"), "{said}");
    // A digest that names nothing, and one under which something else lies.
    let another = format!("sha256:{}", "0".repeat(64));
    let (_, said) = desk.pull(
        &registry.artifact(&format!("codes/city@{another}")),
        "not-taken",
    );
    assert!(said.contains("registry-not-found"), "{said}");
    registry
        .behave(|manners| manners.manifest = Some(|text| text.replace("schemaVersion", "schema")));
    let (_, said) = desk.pull(
        &registry.artifact(&format!("codes/city@{digest}")),
        "not-taken",
    );
    assert!(said.contains("registry-wrong-digest"), "{said}");
}

#[test]
fn a_registry_that_says_nothing_is_not_waited_for_long() {
    if !complete("a_registry_that_says_nothing_is_not_waited_for_long") {
        return;
    }
    let desk = Desk::new();
    let registry = Registry::start(Manners::default());
    let tag = registry.artifact("codes/city:1");
    desk.push(&tag);
    registry.behave(|manners| manners.silent = true);
    let began = Instant::now();
    let (code, said) = desk.pull(&tag, "not-taken");
    assert!(code == 2 && said.contains("registry-too-slow"), "{said}");
    assert!(
        began.elapsed() < Duration::from_secs(100),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn names_that_are_none_are_refused_before_anybody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "oci://codes",
        "oci://registry.example.org/codes",
        "oci://codes/city:1",
        "oci://registry.example.org/codes/city@sha256:12",
        "oci://user@registry.example.org/codes:1",
        "oci://registry.example.org/CODES:1",
        "oci://registry.example.org/codes:a b",
        "https://registry.example.org/codes:1",
    ] {
        let done = run(plancheck()
            .args(["module", "pull", name])
            .current_dir(folder.path()));
        assert_eq!(code(&done), 2, "{name}: {}", err(&done));
        assert!(
            err(&done).contains("oci://host/repository:tag"),
            "{name}: {}",
            err(&done)
        );
    }
}
