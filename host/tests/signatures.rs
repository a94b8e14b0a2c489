//! Whose modules are loaded: each way in which a signature can be wrong is refused under its own name.

mod cli_support;

use std::fs;
use std::path::Path;

use cli_support::{code, complete, err, out, plancheck, run};
use plancheck_host::runtime::embedded_modules;

fn say(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let done = run(plancheck().args(arguments).current_dir(folder));
    (code(&done), format!("{}{}", out(&done), err(&done)))
}

/// Whether a module of this folder is used, and what is said.
fn rules(folder: &Path, more: &[&str]) -> (i32, String) {
    let mut arguments = vec!["rules", "--no-builtin", "--modules-dir", "."];
    arguments.extend(more);
    say(folder, &arguments)
}

/// A folder with a module, and a pair of keys.
fn module() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = embedded_modules().first().unwrap();
    fs::write(folder.path().join("city.wasm"), bytes).unwrap();
    let (code, said) = say(folder.path(), &["module", "keygen", "city"]);
    assert_eq!(code, 0, "{said}");
    folder
}

fn public(folder: &Path, name: &str) -> String {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    text.lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_signed_module_is_taken_and_each_other_is_refused_by_name() {
    if !complete("a_signed_module_is_taken_and_each_other_is_refused_by_name") {
        return;
    }
    let folder = module();
    let at = folder.path();
    let key = public(at, "city.pub");
    let trust = |key: &str| rules(at, &["--trusted-key", key]);

    let (code, said) = trust(&key);
    assert!(code != 0 && said.contains("signature-missing"), "{said}");
    let (code, said) = say(at, &["module", "sign", "city.wasm", "--key", "city.key"]);
    assert_eq!(code, 0, "{said}");
    for good in [key.as_str(), "city.pub", &format!("{key} until 2999-12-31")] {
        let (code, said) = trust(good);
        assert!(code == 0 && !said.contains("NOT SIGNED"), "{good}: {said}");
    }

    let (_, said) = trust(&format!("{key} until 2020-12-31"));
    assert!(said.contains("key-expired"), "{said}");
    say(at, &["module", "keygen", "other"]);
    let (_, said) = trust("other.pub");
    assert!(said.contains("key-unknown"), "{said}");
    // Both are trusted: the one that signed it counts.
    let (code, said) = rules(
        at,
        &["--trusted-key", "other.pub", "--trusted-key", "city.pub"],
    );
    assert_eq!(code, 0, "{said}");

    let good = fs::read(at.join("city.wasm")).unwrap();
    let middle = good.len() / 2;
    for place in [0, middle, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        fs::write(at.join("city.wasm"), &bytes).unwrap();
        // Also where unsigned files are taken: this one was signed, and is another one.
        for more in [&[][..], &["--allow-unsigned"]] {
            let mut arguments = vec!["--trusted-key", "city.pub"];
            arguments.extend(more);
            let (code, said) = rules(at, &arguments);
            assert!(
                code != 0 && said.contains("signature-wrong"),
                "byte {place}: {said}"
            );
        }
    }
    fs::write(at.join("city.wasm"), &good).unwrap();
    fs::write(at.join("city.wasm.minisig"), "hello").unwrap();
    let (_, said) = trust(&key);
    assert!(said.contains("signature-malformed"), "{said}");
}

#[test]
fn unsigned_files_are_taken_loudly_or_not_at_all() {
    if !complete("unsigned_files_are_taken_loudly_or_not_at_all") {
        return;
    }
    let folder = module();
    let at = folder.path();
    // On the command line, where no key is named.
    let (code, said) = rules(at, &[]);
    assert!(
        code == 0 && said.contains("NOT SIGNED: module us-"),
        "{said}"
    );
    let (code, said) = rules(at, &["--trusted-key", "city.pub", "--allow-unsigned"]);
    assert!(code == 0 && said.contains("NOT SIGNED"), "{said}");
    // A server answers for what it loads.
    let serve = |more: &[&str]| {
        let mut arguments = vec![
            "serve",
            "--check-config",
            "--no-builtin",
            "--modules-dir",
            ".",
            "--data-dir",
            "data",
        ];
        arguments.extend(more);
        say(at, &arguments)
    };
    let (code, said) = serve(&[]);
    assert!(code == 1 && said.contains("it is not signed"), "{said}");
    let (code, said) = serve(&["--allow-unsigned"]);
    assert!(code == 0 && said.contains("NOT SIGNED"), "{said}");
    say(at, &["module", "sign", "city.wasm", "--key", "city.key"]);
    let (code, said) = serve(&["--trusted-key", "city.pub"]);
    assert!(code == 0 && !said.contains("NOT SIGNED"), "{said}");
}

#[test]
fn keys_are_kept_secret_and_never_overwritten() {
    if !complete("keys_are_kept_secret_and_never_overwritten") {
        return;
    }
    let folder = module();
    let at = folder.path();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(at.join("city.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (code, said) = say(at, &["module", "keygen", "city"]);
    assert!(code == 2 && said.contains("exists already"), "{said}");
    let with_password = |arguments: &[&str], password: &str| {
        let done = run(plancheck()
            .args(arguments)
            .env("PLANCHECK_KEY_PASSWORD", password)
            .current_dir(at));
        (
            cli_support::code(&done),
            format!("{}{}", out(&done), err(&done)),
        )
    };
    let (code, said) = with_password(&["module", "keygen", "closed"], "a quiet evening");
    assert!(code == 0 && !said.contains("is not encrypted"), "{said}");
    let sign = ["module", "sign", "city.wasm", "--key", "closed.key"];
    assert_eq!(say(at, &sign).0, 2);
    assert_eq!(with_password(&sign, "another one").0, 2);
    assert_eq!(with_password(&sign, "a quiet evening").0, 0);
    let (code, said) = rules(at, &["--trusted-key", "closed.pub"]);
    assert_eq!(code, 0, "{said}");
    // The last two are as long as a key and begin as one.
    let other = format!("RWA{}", &public(at, "city.pub")[3..]);
    let dashes = format!("RW{}", "-".repeat(54));
    for bad in ["hello", "RWQf", "/no/such/file", &dashes, &other] {
        let (code, said) = rules(at, &["--trusted-key", bad]);
        assert!(code == 2 && said.contains("--trusted-key"), "{bad}: {said}");
        assert!(said.contains(bad), "{bad}: {said}");
    }
}
